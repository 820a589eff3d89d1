import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Registry } from 'prom-client';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { until } from '#tests/support/until.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { hashOfKey, makeKey } from './keys/make-key.ts';

let api: TestApi;
const overview = 'Words. '.repeat(1000);
const save = (...ids: number[]) =>
  saveMovies(
    api.database.orm.em.fork(),
    ids.map((id) =>
      mirroredMovie(id, { parts: answeredParts({ details: JSON.stringify({ id, overview }) }) }),
    ),
    { now: new Date() },
  );

beforeAll(async () => {
  api = await openTestApi();
  await save(550);
});
afterAll(() => api[Symbol.asyncDispose]());

const notFound = {
  success: false,
  status_code: 34,
  status_message: 'The resource you requested could not be found.',
};

test('what is not served fails softly, and never in our envelope', async () => {
  for (const path of [
    '',
    '/',
    '/tv/1399',
    '/search/tv?query=x',
    '/movie',
    '/account/1',
    '/movie/550/nothing/at/all',
  ]) {
    const answer = await api.get(`/3${path}`);
    expect({ path, status: answer.status, body: await answer.json() }).toEqual({
      path,
      status: 404,
      body: notFound,
    });
  }
});

test('a slash too many changes nothing', async () => {
  const whole = await (await api.get('/3/movie/550/credits')).json();
  for (const path of [
    '/3//movie/550/credits',
    '//3/movie/550/credits',
    '//3//movie//550///credits/',
    '/3/movie/550//credits//',
  ]) {
    const answer = await api.get(path);
    expect([path, answer.status, await answer.json()]).toEqual([path, 200, whole]);
  }
  expect(await (await api.get('/3//genre/movie/list')).json()).toHaveProperty('genres');
  for (const path of ['/3//nothing', '//3/tv/1399', '//3/', '/3//', '//3', '/3//movie/%ff', '/3//movie//']) {
    const answer = await api.get(path);
    expect([path, answer.status, await answer.json()]).toEqual([path, 404, notFound]);
  }
});

test('writing is refused in TMDb’s words', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const init = { method, body: '{', headers: { 'content-type': 'application/json' } };
    for (const path of ['/3/movie/550', '/3/nothing/at/all', '/3', '/3/', '//3/movie/550', '/3//movie/550']) {
      const answer = await api.request(path, init);
      expect([path, answer.status, (await answer.json()).status_code]).toEqual([path, 405, 42]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
  }
});

test('pages of any origin may read, and are told so before anything else', async () => {
  const closed = api.anotherRequest({ config: { facade: 'keys' } });
  for (const request of [api.request, closed])
    for (const path of ['/3/movie/550', '/3/movie/1/nothing', '/3', '/3//movie/550', '//3/movie/550']) {
      const preflight = await request(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.test', 'access-control-request-method': 'GET' },
      });
      expect(preflight.status).toBe(204);
      const headers = Object.fromEntries(preflight.headers);
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': expect.stringContaining('Authorization'),
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
      const answer = await request(path, { headers: { origin: 'https://app.test' } });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
    }
  expect(api.logged.some((line) => line.includes('another origin was refused'))).toBe(false);
});

test('answers can be kept, asked for again, packed, and looked at without a body', async () => {
  const answer = await api.get('/3/movie/550');
  expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
  const etag = answer.headers.get('etag') ?? '';
  expect(etag).toStartWith('W/"');
  const again = await api.get('/3/movie/550', { 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const packed = await api.get('/3/movie/550', { 'accept-encoding': 'gzip' });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(JSON.parse(new TextDecoder().decode(Bun.gunzipSync(await packed.arrayBuffer())))).toEqual({
    id: 550,
    overview,
  });
  const head = await api.request('/3/movie/550', { method: 'HEAD' });
  expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
});

test('a token that is none of ours is no reason to refuse', async () => {
  for (const authorization of ['Bearer eyJh.eyJh.c2ln', 'Bearer x', 'Basic eDp5'])
    expect((await api.get('/3/movie/550', { authorization })).status).toBe(200);
});

describe('with keys', () => {
  const key = makeKey('0192f0c1-2b3c-7d4e-8f50-617283940a1b');
  let closed: TestApi['get'];
  const metrics = new Registry();
  beforeAll(async () => {
    await api.pool.query(
      'insert into facade_keys (id, name, api_key_hash, token_hash) values ($1, $2, $3, $4)',
      ['0192f0c1-2b3c-7d4e-8f50-617283940a1b', 'living room', hashOfKey(key.api_key), hashOfKey(key.token)],
    );
    closed = api.another({ config: { facade: 'keys' }, metrics });
  });

  test('both shapes open, and nothing else', async () => {
    expect(key.api_key).toMatch(/^[0-9a-f]{32}$/);
    expect(key.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    for (let tries = 0; tries < 2; tries++) {
      expect((await closed(`/3/movie/550?api_key=${key.api_key}`)).status).toBe(200);
      expect((await closed('/3/movie/550', { authorization: `Bearer ${key.token}` })).status).toBe(200);
    }
    for (const [path, authorization] of [
      ['/3/movie/550', ''],
      ['/3/movie/550?api_key=', ''],
      ['/3/movie/550?api_key=00000000000000000000000000000000', ''],
      ['/3/movie/550', `Bearer ${key.token}x`],
      ['/3/nothing', ''],
      [`/3/movie/550?api_key=${'x'.repeat(5000)}`, ''],
    ] as const) {
      const answer = await closed(path, authorization === '' ? {} : { authorization });
      expect({ path, status: answer.status, body: await answer.json() }).toEqual({
        path,
        status: 401,
        body: {
          success: false,
          status_code: 7,
          status_message: 'Invalid API key: You must be granted a valid key.',
        },
      });
    }
  });

  test('their use is counted by name and route', async () => {
    const text = await metrics.metrics();
    expect(text).toContain('nexus_facade_requests_total{key="living room",route="movie/:id"} 4');
  });

  test('no key stands in any log line', async () => {
    await closed(`/3/movie/550&api_key=${key.api_key}`);
    await closed(`/3/movie/550/nothing%3Fapi_key%3D${key.api_key}`);
    await closed(`/3/movie/550?api_key=${key.api_key}&page=0&append_to_response=similar`);
    await until(() => api.logged.filter((line) => line.includes('redacted')).length >= 2);
    expect(api.logged.filter((line) => line.includes(key.api_key) || line.includes(key.token))).toEqual([]);
    expect(await metrics.metrics()).not.toContain(key.api_key);
  });
});

test('where it is switched off, nothing is there', async () => {
  const off = api.another({ config: { facade: 'off' } });
  const answer = await off('/3/movie/550');
  expect([answer.status, (await answer.json()).code]).toEqual([404, 'route_not_found']);
});

test('who asks too often is told when to come back', async () => {
  const ask = api.another({ config: { facade: 'open' } });
  let refused: Awaited<ReturnType<typeof ask>> | undefined;
  for (let asked = 0; asked < 10_000 && refused === undefined; asked++) {
    const answer = await ask('/3/movie/550');
    if (answer.status !== 200) refused = answer;
  }
  if (refused === undefined) throw new Error('nobody was refused');
  expect([refused.status, (await refused.json()).status_code]).toEqual([429, 25]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});

describe('a movie that the mirror lacks', () => {
  const asked = (path: string) => api.anotherRequest({ config: { rateLimit: false } })(path, {});

  test('is fetched, and waited for', async () => {
    await putMovie(api.pool, { tmdbId: 700, state: 'listed' });
    const answer = asked('/3/movie/700');
    await until(
      async () => (await api.queues.queue('on-demand').getJobCountByTypes('waiting', 'prioritized')) > 0,
    );
    await save(700);
    await tell(api.pool, { kind: 'movies', ids: [700] });
    expect((await answer).status).toBe(200);
  });

  test('is fetched where it is mirrored without its parts', async () => {
    await putMovie(api.pool, { tmdbId: 701 });
    const answer = asked('/3/movie/701/credits');
    await Bun.sleep(600);
    await save(701);
    await tell(api.pool, { kind: 'movies', ids: [701] });
    expect(await (await answer).json()).toEqual({ id: 701, cast: [], crew: [] });
  });

  test('is to be asked for again when it takes too long', async () => {
    const began = performance.now();
    const answer = await asked('/3/movie/702?append_to_response=credits');
    expect([answer.status, (await answer.json()).status_code]).toEqual([503, 9]);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(performance.now() - began).toBeWithin(4500, 40_000);
  });
});

test('a store that is away is an offline service', async () => {
  const pool = {
    query: () =>
      Promise.reject(
        Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      ),
  };
  const ask = api.another({ database: { pool: pool as never }, config: { rateLimit: false } });
  const answer = await ask('/3/movie/550');
  expect([answer.status, (await answer.json()).status_code]).toEqual([503, 9]);
  expect(answer.headers.get('retry-after')).not.toBeNull();
});
