import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Registry } from 'prom-client';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putAbsence, putMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { until } from '#tests/support/until.ts';

let api: TestApi;
const metrics = new Registry();
let request: TestApi['request'];
beforeAll(async () => {
  api = await openTestApi();
  request = api.anotherRequest({ metrics, config: { onDemandWaitMs: 300 } });
});
afterAll(() => api[Symbol.asyncDispose]());

interface Line {
  msg: string;
  request_id: string;
  route: string;
  status: number;
  ms: number;
}
const lineOf = async (id: string) => {
  const lines = () =>
    api.logged
      .map((text): Line => JSON.parse(text))
      .filter(({ msg, request_id }) => msg === 'answered' && request_id === id);
  await until(() => lines().length > 0);
  expect(lines()).toHaveLength(1);
  return lines()[0] as Line;
};

test('each answer has one line and is counted once, as the caller saw it and for as long as they waited', async () => {
  await putMovie(api.pool, { tmdbId: 1 });
  await putMovie(api.pool, { tmdbId: 2, state: 'gone' });
  await putAbsence(api.pool, 3);
  const { headers } = await openAccount(api);
  const etag = (await request('/api/movies/1', {})).headers.get('etag') ?? '';
  const movie = '/api/movies/:tmdb_movie_id';
  const asked: [path: string, route: string | undefined, expected: number, init?: RequestInit][] = [
    ['/api/movies/1', movie, 200],
    ['/api/movies/1', movie, 304, { headers: { 'if-none-match': etag } }],
    ['/api/movies/1', movie, 200, { headers }],
    ['/api/movies/1', movie, 401, { headers: { authorization: 'Bearer x' } }],
    ['/api/movies/x', movie, 422],
    ['/api/movies/2', movie, 410],
    ['/api/movies/3', movie, 404],
    ['/api/movies/4', movie, 202],
    ['/api/movies/4/recommendations', `${movie}/recommendations`, 202],
    ['/api/user/profile', '/api/user/profile', 401],
    ['/nothing', undefined, 404],
  ];
  const counted = new Map<string, number>();
  for (const [n, [path, route, expected, init]] of asked.entries()) {
    const id = `asked-${n}`;
    const answer = await request(path, {
      ...init,
      headers: { ...init?.headers, 'x-request-id': id } as never,
    });
    const { status, ms, route: logged } = await lineOf(id);
    expect({ path, seen: answer.status, status, route: logged }).toEqual({
      path,
      seen: expected,
      status: expected,
      route: route as never,
    });
    if (expected === 202) expect(ms).toBeGreaterThan(250);
    const key = `${route ?? '(none)'} ${expected}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const text = await metrics.getSingleMetricAsString('nexus_http_requests_total');
  const of = (key: string) => {
    const [route, status] = key.split(' ');
    return Number(
      text.match(new RegExp(`route="${RegExp.escape(route ?? '')}",status="${status}"\\} (\\d+)`))?.[1],
    );
  };
  // One movie was asked for before, for its ETag.
  counted.set(`${movie} 200`, (counted.get(`${movie} 200`) ?? 0) + 1);
  expect(Object.fromEntries([...counted.keys()].map((key) => [key, of(key)]))).toEqual(
    Object.fromEntries(counted),
  );
});

test('a failure that comes late is no success: TMDb is away', async () => {
  await api.pool.query("update upstream set circuit = 'open', retry_at = now() + interval '7 seconds'");
  await tell(api.pool, { kind: 'upstream' });
  await until(async () => (await request('/api/movies/5', {})).status === 503);
  await request('/api/movies/6', { headers: { 'x-request-id': 'away' } });
  expect((await lineOf('away')).status).toBe(503);
});
