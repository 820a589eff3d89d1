import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { Configuration } from './model.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test('says what is offered, as it was set', async () => {
  const get = api.another({
    config: {
      locales: {
        languages: ['de', 'en-US'],
        defaultLanguage: 'de-DE',
        regions: ['DE', 'AT'],
        defaultRegion: 'AT',
      },
    },
  });
  const answer = await get('/api/configuration');
  const { data } = await answer.json();
  expect(Configuration.strict().parse(data)).toMatchObject({
    images: {
      base_url: 'https://images.test/t/p',
      poster_url_size: 'w342',
      profile_sizes: ['w45', 'w185', 'h632', 'original'],
    },
    languages: ['de', 'en-US'],
    default_language: 'de-DE',
    regions: ['DE', 'AT'],
    default_region: 'AT',
  });
  expect(data.attribution.map(({ source }: { source: string }) => source)).toEqual(['TMDB', 'JustWatch']);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
  expect((await (await api.get('/api/configuration')).json()).data.languages).toBe('all');
});
