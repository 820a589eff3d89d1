import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';

let api: TestApi;
let get: TestApi['get'];
const drawn = { isSandbox: () => true };
const atTmdb = { imageBaseUrl: 'https://image.tmdb.org/t/p' };
const hostile = `<script>alert("1")</script> & 'Co' \u0001`;

beforeAll(async () => {
  api = await openTestApi();
  get = api.another({ ...drawn, config: atTmdb });
  await putWholeMovie(api.pool, 500);
  await putMovie(api.pool, {
    tmdbId: 501,
    title: hostile,
    posterPath: '/sandbox-501-poster.jpg',
  });
  await putMovie(api.pool, { tmdbId: 502, state: 'purged' });
});
afterAll(() => api[Symbol.asyncDispose]());

test('a picture of the sandbox is drawn, with title, year and genre, and is a program nowhere', async () => {
  const answer = await get('/t/p/w342/sandbox-500-poster.jpg');
  const svg = await answer.text();
  expect(answer.status).toBe(200);
  expect(svg).toStartWith('<svg xmlns="http://www.w3.org/2000/svg" width="342" height="513"');
  for (const said of ['Ünïcode', '1999', 'Comedy']) expect(svg).toContain(said);
  const headers = Object.fromEntries(answer.headers);
  expect(headers).toMatchObject({
    'content-type': 'image/svg+xml;charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/^default-src 'none';.* sandbox$/),
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=86400',
  });
  const etag = headers.etag ?? '';
  const again = await get('/t/p/w342/sandbox-500-poster.jpg', { 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect(
    await (
      await api
        .anotherApp({ ...drawn, config: atTmdb })
        .handle(new Request('http://nexus.test/t/p/w342/sandbox-500-poster.jpg'))
    ).text(),
  ).toBe(svg);
});

test('sizes and shapes are those of each kind', async () => {
  const sizeOf = async (path: string) => {
    const svg = await (await get(`/t/p/${path}`)).text();
    return /width="(\d+)" height="(\d+)"/.exec(svg)?.slice(1).map(Number);
  };
  expect(await sizeOf('w780/sandbox-500-backdrop.jpg')).toEqual([780, 439]);
  expect(await sizeOf('original/sandbox-500-backdrop-2.jpg')).toEqual([1920, 1080]);
  expect(await sizeOf('original/sandbox-500-poster-de.jpg')).toEqual([1000, 1500]);
  expect(await sizeOf('h632/sandbox-person-1.jpg')).toEqual([421, 632]);
  expect(await sizeOf('w185/sandbox-person-1.jpg')).toEqual([185, 278]);
  expect(await sizeOf('w300/sandbox-500-logo.png')).toEqual([300, 94]);
  expect(await sizeOf('w92/sandbox-provider-900001.jpg')).toEqual([92, 92]);
  expect(await sizeOf('w342/sandbox-collection-5-poster.jpg')).toEqual([342, 513]);
});

test('a title is never more than text', async () => {
  const svg = await (await get('/t/p/w342/sandbox-501-poster.jpg')).text();
  expect(svg).not.toContain('<script');
  expect(svg).toContain(
    '<title>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Co&#39; </title>',
  );
  // Every bracket that is left belongs to an element of ours.
  const elements = [...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, name]) => name);
  expect(
    [...new Set(elements)].filter(
      (name) => !/^(svg|title|defs|linearGradient|stop|rect|g|text|circle|path|ellipse)$/.test(name ?? ''),
    ),
  ).toEqual([]);
});

test.each([
  'w342/sandbox-502-poster.jpg',
  'w342/sandbox-503-poster.jpg',
  'w342/sandbox-99999999999-poster.jpg',
  'w342/sandbox-person-77.jpg',
  'w342/unknown.jpg',
  'w77/sandbox-500-poster.jpg',
  'w342/sandbox-500-poster.exe',
  'w342/..%2Fsandbox-500-poster.jpg',
  'w342/a/b.jpg',
])('%s is no picture', async (path) => {
  const answer = await get(`/t/p/${path}`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

test('records of TMDb served by the sandbox are drawn, too: their paths are looked for', async () => {
  expect(await (await get('/t/p/w342/p.jpg')).text()).toContain('Ünïcode');
  expect(await (await get('/t/p/w780/b.jpg')).text()).toContain('height="439"');
  expect(await (await get('/t/p/w185/ann.jpg')).text()).toContain('>AA</text>');
});

test('whole URLs lead to where the request came, to PUBLIC_URL, or to TMDb', async () => {
  const urlOf = async (ask: TestApi['get']) => {
    const { data } = await (await ask('/api/movies/500')).json();
    const { data: configuration } = await (await ask('/api/configuration')).json();
    const { images } = await (await ask('/3/configuration')).json();
    const bases = new Set([
      configuration.images.base_url,
      images.base_url.slice(0, -1),
      data.poster_url.replace('/w342/p.jpg', ''),
      data.images.backdrop.w300.replace('/w300/b.jpg', ''),
      data.cast[1].profile_url?.replace('/w185/ann.jpg', ''),
    ]);
    bases.delete(undefined);
    return [...bases];
  };
  expect(await urlOf(get)).toEqual(['http://nexus.test/t/p']);
  const behind = api.another({ ...drawn, config: { ...atTmdb, trustProxy: ['10.0.0.1'] } });
  expect(await urlOf((path) => behind(path, { 'x-forwarded-proto': 'https' }))).toEqual([
    'https://nexus.test/t/p',
  ]);
  const open = api.another({ ...drawn, config: { ...atTmdb, publicUrl: 'https://nexus.example' } });
  expect(await urlOf(open)).toEqual(['https://nexus.example/t/p']);
  // Pictures are where the operator says that they are.
  expect(await urlOf(api.another(drawn))).toEqual(['https://images.test/t/p']);
  expect((await api.another(drawn)('/t/p/w342/sandbox-500-poster.jpg')).status).toBe(404);
});

test('a host is never answered with what was made for another one', async () => {
  const app = api.anotherApp({ ...drawn, config: atTmdb });
  const posterAt = async (host: string) => {
    const answer = await app.handle(new Request(`http://${host}/api/movies/500`));
    return ((await answer.json()) as TestBody).data.poster_url;
  };
  for (const host of ['one.test', 'two.test:8080', '[fe80::1]:3000', 'one.test'])
    expect(await posterAt(host)).toBe(`http://${host}/t/p/w342/p.jpg`);
  expect(await posterAt('u"><b>@one.test')).toBe('/t/p/w342/p.jpg');
});
