import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, putSnapshot, putTrending, tell } from '#tests/support/api/movie-fixture.ts';
import { until } from '#tests/support/until.ts';
import { MirrorPageMeta } from '../http/answers/model.ts';
import { TrendingMovie } from './model.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const trending = async (query = '') => (await api.get(`/api/movies/trending${query}`)).json();
const ranksOf = (data: { rank: number; tmdb_id: number }[]) =>
  data.map(({ rank, tmdb_id }) => [rank, tmdb_id]);

async function fill(): Promise<void> {
  for (let id = 1; id <= 5; id++)
    await putMovie(api.pool, { tmdbId: id, state: id === 2 ? 'listed' : 'detailed' });
  await putTrending(api.pool, 'week', [5, 3, 1, 2, 4]);
  await putTrending(api.pool, 'day', [2]);
}

test('before the first sync there is nothing to show, and none is invented', async () => {
  const answer = await api.get('/api/movies/trending');
  expect([answer.status, (await answer.clone().json()).code]).toEqual([503, 'upstream_unavailable']);
  expect(answer.headers.get('retry-after')).toBe('5');
});

test("the week's movies come in TMDb's order, each with its rank", async () => {
  await fill();
  const { status, data, meta } = await trending();
  expect(status).toBe('success');
  expect(ranksOf(data)).toEqual([
    [1, 5],
    [2, 3],
    [3, 1],
    [4, 2],
    [5, 4],
  ]);
  for (const movie of data) TrendingMovie.strict().parse(movie);
  expect(MirrorPageMeta.strict().parse(meta)).toMatchObject({
    stale: false,
    refresh: 'none',
    page: 1,
    limit: 20,
    total_results: 5,
    total_pages: 1,
  });
});

test('the day has a list of its own', async () => {
  await fill();
  expect(ranksOf((await trending('?window=day')).data)).toEqual([[1, 2]]);
});

test('pages follow each other, and past the end is an empty one', async () => {
  await fill();
  const second = await trending('?limit=2&page=2');
  expect(ranksOf(second.data)).toEqual([
    [3, 1],
    [4, 2],
  ]);
  expect(second.meta).toMatchObject({ page: 2, limit: 2, total_results: 5, total_pages: 3 });
  const beyond = await api.get('/api/movies/trending?limit=2&page=5000');
  expect([beyond.status, (await beyond.json()).data]).toEqual([200, []]);
});

test('adult, deleted and purged titles are left out, and the ranks of the others stay', async () => {
  await fill();
  await putMovie(api.pool, { tmdbId: 5, adult: true });
  await putMovie(api.pool, { tmdbId: 1, state: 'gone' });
  await putMovie(api.pool, { tmdbId: 4, state: 'purged' });
  const { data, meta } = await trending();
  expect(ranksOf(data)).toEqual([
    [2, 3],
    [4, 2],
  ]);
  expect(meta.total_results).toBe(2);
});

test('a bad window, page or limit is refused by name', async () => {
  for (const [query, path] of [
    ['window=month', 'window'],
    ['window=', 'window'],
    ['page=0', 'page'],
    ['limit=101', 'limit'],
    ['limit=5&limit=5', 'limit'],
  ]) {
    const answer = await api.get(`/api/movies/trending?${query}`);
    expect([query, answer.status, (await answer.json()).details[0].path]).toEqual([query, 422, path]);
  }
});

test('a new list is shown once it is told of', async () => {
  await fill();
  await trending();
  await putTrending(api.pool, 'week', [1, 2]);
  await tell(api.pool, { kind: 'list', name: 'trending/week' });
  await until(async () => (await trending()).meta.total_results === 2);
});

test('a list that was not taken over for three hours is stale', async () => {
  await fill();
  await putSnapshot(api.pool, 'trending/week', 5, new Date(Date.now() - 2.9 * 3_600_000));
  expect((await trending()).meta.stale).toBe(false);
  api.advance(0.2 * 3_600_000);
  expect((await trending()).meta.stale).toBe(true);
});

test('everybody gets the titles that are for them, each with their own count', async () => {
  await fill();
  await putMovie(api.pool, { tmdbId: 5, adult: true });
  await api.pool.query("update movies set certification = 'R' where tmdb_id = 3");
  const seenBy = async (headers: Record<string, string>) => {
    const { data, meta } = await (await api.get('/api/movies/trending', headers)).json();
    return [ranksOf(data).map(([rank]) => rank), meta.total_results];
  };
  const child = (await openAccount(api, { dateOfBirth: '2020-01-01' })).headers;
  const grown = (await openAccount(api, { dateOfBirth: '1980-01-01' })).headers;
  expect(await seenBy({})).toEqual([[2, 3, 4, 5], 4]);
  expect(await seenBy(child)).toEqual([[3, 4, 5], 3]);
  expect(await seenBy(grown)).toEqual([[1, 2, 3, 4, 5], 5]);
  expect(await seenBy({})).toEqual([[2, 3, 4, 5], 4]);
});
