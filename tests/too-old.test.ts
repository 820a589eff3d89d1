import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putSnapshot, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { openUser } from '#tests/support/api/user-fixture.ts';

let api: TestApi;
let get: TestApi['get'];
beforeAll(async () => {
  api = await openTestApi({ config: { onDemandWaitMs: 50 } });
  get = api.get;
});
afterAll(() => api[Symbol.asyncDispose]());

/** The ids anywhere in an answer. */
const idsIn = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await get(path, headers);
  return [...(await answer.text()).matchAll(/"tmdb_id":(\d+)/g)].map(([, id]) => Number(id));
};

test('what is older than 180 days is served nowhere, though nothing was purged', async () => {
  const { pool } = api;
  await putWholeMovie(pool, 550);
  await putSnapshot(pool, 'trending/week', 1, new Date());
  await pool.query(
    "insert into trending_entries (time_window, rank, movie_id) select 'week', 1, id from movies where tmdb_id = 550",
  );
  const user = await openUser(api);
  const mine = user.headers;
  await user.post('/api/user/interactions', { tmdb_id: 550, type: 'bookmarked' });
  const routes: [string, Record<string, string>][] = [
    ['/api/movies/550', {}],
    ['/api/movies?limit=100', {}],
    ['/api/movies?query=Title', {}],
    ['/api/movies/trending?window=week', {}],
    ['/api/user/recommendations', mine],
  ];
  for (const [path, headers] of routes)
    expect([path, (await idsIn(path, headers)).includes(550)]).toEqual([path, true]);
  const actors = async () => (await (await get('/api/people')).json()).data.length;
  expect(await actors()).toBeGreaterThan(0);

  await pool.query("update movies set fetched_at = now() - interval '181 days'");
  await pool.query("update people set fetched_at = now() - interval '181 days'");
  // Another process, which remembers nothing.
  get = api.another({});
  for (const [path, headers] of routes)
    expect([path, (await idsIn(path, headers)).includes(550)]).toEqual([path, false]);
  expect([202, 503]).toContain((await get('/api/movies/550')).status);
  expect(await actors()).toBe(0);
  // What the user said stays, and of the movie nothing is shown.
  const [said] = (await (await get('/api/user/interactions', mine)).json()).data;
  expect(said).toMatchObject({ tmdb_id: 550, movie: null });
});
