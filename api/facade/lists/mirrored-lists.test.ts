import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  for (let id = 1; id <= 25; id++) await putMovie(api.pool, { tmdbId: id, title: `Harbor ${id}` });
  await putMovie(api.pool, { tmdbId: 50, title: 'Harbor Nights', adult: true });
  const people = Array.from({ length: 21 }, (_, n) => ({ id: n + 1, name: `Ada ${n + 1}` }));
  const providers = [
    { provider_id: 8, display_priorities: { DE: 1 } },
    { provider_id: 9, display_priorities: { FR: 1 } },
  ];
  const put = (name: string, body: unknown) =>
    api.pool.query('insert into reference_documents (name, body, fetched_at) values ($1, $2, now())', [
      name,
      Buffer.from(JSON.stringify(body)),
    ]);
  await put('person/popular', { results: people });
  await put('watch/providers/movie', { results: providers });
  await put('configuration/countries', [
    { iso_3166_1: 'DE', english_name: 'Germany', native_name: 'Germany' },
  ]);
  await api.pool.query(`
    insert into list_entries (list, region, rank, movie_id)
      select 'popular', 'US', row_number() over (order by tmdb_id desc), id from movies;
    insert into list_entries (list, region, rank, movie_id) select 'upcoming', 'US', 1, id from movies where tmdb_id = 7;
    insert into list_snapshots (name, fetched_at, size, dates)
      values ('upcoming/US', now(), 1, '{ "maximum": "2026-12-24", "minimum": "2026-12-01" }')`);
});
afterAll(() => api[Symbol.asyncDispose]());

const ask = async (path: string) => {
  const answer = await api.get(`/3/${path}`);
  return { status: answer.status, body: await answer.json() };
};
const ids = async (path: string) => (await ask(path)).body.results.map(({ id }: { id: number }) => id);

test('a list of a country has TMDb’s order, pages and days, and no adult titles', async () => {
  const { body } = await ask('movie/popular');
  expect(body).toMatchObject({ page: 1, total_pages: 2, total_results: 25 });
  expect(await ids('movie/popular')).toEqual(Array.from({ length: 20 }, (_, n) => 25 - n));
  expect(await ids('movie/popular?page=2')).toEqual([5, 4, 3, 2, 1]);
  expect(body).not.toHaveProperty('dates');
  expect((await ask('movie/upcoming')).body).toMatchObject({
    dates: { maximum: '2026-12-24', minimum: '2026-12-01' },
    results: [{ id: 7 }],
    total_results: 1,
  });
  // A country whose lists are not mirrored, or that there is none of.
  for (const region of ['FR', 'zz', '%27']) expect(await ids(`movie/upcoming?region=${region}`)).toEqual([7]);
  expect((await ask('movie/popular?page=501')).body).toMatchObject({ status_code: 22 });
  expect((await ask('movie/top_rated')).body).toMatchObject({ results: [], total_results: 0 });
});

test('lists of codes are as TMDb sent them; people come in pages, providers by country', async () => {
  expect((await ask('configuration/countries')).body).toEqual([
    { iso_3166_1: 'DE', english_name: 'Germany', native_name: 'Germany' },
  ]);
  expect(await ids('person/popular?page=2')).toEqual([21]);
  expect((await ask('person/popular')).body).toMatchObject({ total_pages: 2, total_results: 21 });
  const providersOf = async (query: string) =>
    (await ask(`watch/providers/movie${query}`)).body.results.map(
      ({ provider_id }: { provider_id: number }) => provider_id,
    );
  expect(await providersOf('')).toEqual([8, 9]);
  expect(await providersOf('?watch_region=DE')).toEqual([8]);
  expect(await ask('configuration/jobs')).toMatchObject({ status: 503, body: { status_code: 9 } });
});
