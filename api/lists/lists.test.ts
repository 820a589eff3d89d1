import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putList, putMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { openUser } from '#tests/support/api/user-fixture.ts';
import { until } from '#tests/support/until.ts';
import { TrendingMovie } from '../trending/model.ts';
import { RegionalPageMeta } from './model.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
  for (let id = 1; id <= 5; id++)
    await putMovie(api.pool, { tmdbId: id, state: id === 2 ? 'listed' : 'detailed' });
});
afterEach(() => api[Symbol.asyncDispose]());

const page = async (path: string) => (await api.get(`/api/movies/${path}`)).json();
const ranksOf = (data: { rank: number; tmdb_id: number }[]) =>
  data.map(({ rank, tmdb_id }) => [rank, tmdb_id]);

test('before the first sync there is nothing to show, and none is invented', async () => {
  const answer = await api.get('/api/movies/popular');
  expect([answer.status, (await answer.json()).code]).toEqual([503, 'upstream_unavailable']);
});

test.each(['popular', 'top_rated', 'now_playing', 'upcoming'] as const)(
  '%s comes in TMDb’s order, each movie with its rank',
  async (list) => {
    await putList(api.pool, list, 'US', [5, 3, 1, 2]);
    const { status, data, meta } = await page(list);
    expect(status).toBe('success');
    expect(ranksOf(data)).toEqual([
      [1, 5],
      [2, 3],
      [3, 1],
      [4, 2],
    ]);
    for (const movie of data) TrendingMovie.strict().parse(movie);
    expect(RegionalPageMeta.strict().parse(meta)).toMatchObject({
      stale: false,
      page: 1,
      limit: 20,
      total_results: 4,
      total_pages: 1,
      region: { asked: 'US', shown: 'US' },
    });
    expect(ranksOf((await page(`${list}?page=2&limit=3`)).data)).toEqual([[4, 2]]);
  },
);

test('each region has its own list, and one that is not mirrored gets the default one, and is told so', async () => {
  await putList(api.pool, 'popular', 'US', [1, 2]);
  await putList(api.pool, 'popular', 'DE', [3]);
  const german = await page('popular?region=de');
  expect([ranksOf(german.data), german.meta.region]).toEqual([[[1, 3]], { asked: 'DE', shown: 'DE' }]);
  const french = await page('popular?region=FR');
  expect([french.data.length, french.meta.region]).toEqual([2, { asked: 'FR', shown: 'US' }]);
});

test('an unknown region, page or limit is refused by name', async () => {
  for (const [query, path] of [
    ['region=ZZ', 'region'],
    ['region=', 'region'],
    ['region=USA', 'region'],
    ['region=US&region=DE', 'region'],
    ['page=0', 'page'],
    ['limit=101', 'limit'],
    ['window=day', 'window'],
  ]) {
    const answer = await api.get(`/api/movies/popular?${query}`);
    const { details } = await answer.json();
    expect([query, answer.status, details.map((one: { path: string }) => one.path)]).toEqual([
      query,
      422,
      [path],
    ]);
  }
});

test('titles that are not for the caller are left out, and the ranks of the others stay', async () => {
  await putList(api.pool, 'upcoming', 'US', [1, 2, 3]);
  await putMovie(api.pool, { tmdbId: 1, adult: true });
  await api.pool.query("update movies set certification = 'R' where tmdb_id = 2");
  const ranks = async (headers: Record<string, string>) =>
    (await (await api.get('/api/movies/upcoming', headers)).json()).data.map(
      (one: { rank: number }) => one.rank,
    );
  const child = (await openAccount(api, { dateOfBirth: '2020-01-01' })).headers;
  const grown = (await openAccount(api, { dateOfBirth: '1980-01-01' })).headers;
  expect([await ranks({}), await ranks(child), await ranks(grown)]).toEqual([[2, 3], [3], [1, 2, 3]]);
});

test('a signed-in caller sees what they have said of each', async () => {
  await putList(api.pool, 'popular', 'US', [1]);
  const user = await openUser(api);
  await user.post('/api/user/interactions', { tmdb_id: 1, type: 'watched' });
  const { data } = await (await user.get('/api/movies/popular')).json();
  expect(data[0].viewer.watched).toBe(true);
});

test('a new list is shown once it is told of, and one is stale that was not taken over for more than a day', async () => {
  await putList(api.pool, 'popular', 'US', [1, 2]);
  await page('popular');
  await putList(api.pool, 'popular', 'US', [3]);
  await tell(api.pool, { kind: 'list', name: 'popular/US' });
  await until(async () => (await page('popular')).data.length === 1);
  expect((await page('popular')).meta.stale).toBe(false);
  api.advance(31 * 3_600_000);
  expect((await page('popular')).meta.stale).toBe(true);
});
