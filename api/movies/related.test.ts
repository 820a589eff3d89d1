import { afterAll, beforeAll, expect, test } from 'bun:test';
import { until } from '#tests/support/until.ts';
import { openTestApi, type TestApi } from '../api-fixture.ts';
import { openAccount } from '../auth/account-fixture.ts';
import { RelatedMovie } from './model.ts';
import { putMovie, relate, tell } from './movie-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const { pool } = api;
  await putMovie(pool, { tmdbId: 100, title: 'Heat' });
  for (const id of [101, 102, 103]) await putMovie(pool, { tmdbId: id });
  await putMovie(pool, { tmdbId: 104, state: 'listed' });
  await putMovie(pool, { tmdbId: 105, adult: true });
  await putMovie(pool, { tmdbId: 106, state: 'gone' });
  await putMovie(pool, { tmdbId: 107, state: 'purged' });
  await putMovie(pool, { tmdbId: 108, state: 'unknown' });
  await relate(pool, 100, 'recommendation', [105, 103, 101, 106]);
  await relate(pool, 100, 'similar', [107, 104, 103, 108, 102]);
});
afterAll(() => api[Symbol.asyncDispose]());

const related = async (query = '') => (await api.get(`/api/movies/100/recommendations${query}`)).json();

test("TMDb's recommendations come first, then what is only similar, and no title that may not be shown", async () => {
  const { data, meta } = await related();
  expect(data.map((one: { movie: { tmdb_id: number } }) => one.movie.tmdb_id)).toEqual([103, 101, 104, 102]);
  for (const one of data) RelatedMovie.strict().parse(one);
  expect(meta).toMatchObject({ source: 'mirror', stale: false, refresh: 'none' });
});

test('scores fall from one, and the reasons say whose word it is', async () => {
  const { data } = await related();
  expect(data.map((one: { score: number }) => one.score)).toEqual([1, 0.9091, 0.8333, 0.7692]);
  expect(data[0].reasons).toEqual([
    {
      type: 'tmdb_recommendation',
      id: 100,
      name: 'Heat',
      text: 'Recommended by TMDb for those who like Heat',
    },
    { type: 'tmdb_similar', id: 100, name: 'Heat', text: 'According to TMDb, similar to Heat' },
  ]);
  expect(data[2].reasons.map((reason: { type: string }) => reason.type)).toEqual(['tmdb_similar']);
});

test('the limit cuts the end off', async () => {
  const { data } = await related('?limit=2');
  expect(data.map((one: { movie: { tmdb_id: number } }) => one.movie.tmdb_id)).toEqual([103, 101]);
});

test('a limit out of bounds is refused by name', async () => {
  const answer = await api.get('/api/movies/100/recommendations?limit=101');
  expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, 'limit']);
});

test('an id that is none is refused by name, also one that cannot be decoded', async () => {
  for (const id of ['x', '0', '%00', '%zz']) {
    const refused = await api.get(`/api/movies/${id}/recommendations`);
    expect([id, refused.status]).toEqual([id, 422]);
    expect((await refused.json()).details).toEqual([
      { path: 'tmdb_movie_id', message: 'must be a whole number from 1 to 2147483647' },
    ]);
  }
});

test('a mirrored movie without relations has none', async () => {
  const answer = await api.get('/api/movies/101/recommendations');
  expect([answer.status, (await answer.json()).data]).toEqual([200, []]);
});

test('a related movie that changes is shown as it is then', async () => {
  await related();
  await putMovie(api.pool, { tmdbId: 103, title: 'Renamed' });
  await tell(api.pool, { kind: 'movies', ids: [103] });
  await until(async () => (await related()).data[0].movie.title === 'Renamed');
});

test('who has the answer already is told so', async () => {
  const first = await api.get('/api/movies/100/recommendations');
  const etag = first.headers.get('etag') ?? '';
  expect((await api.get('/api/movies/100/recommendations', { 'if-none-match': etag })).status).toBe(304);
});

test('each caller is shown what is for their age, and a visitor no adult titles', async () => {
  await putMovie(api.pool, { tmdbId: 200 });
  for (const [tmdbId, certification] of [
    [201, 'PG-13'],
    [202, 'R'],
    [203, 'NC-17'],
    [204, null],
  ] as const) {
    await putMovie(api.pool, { tmdbId });
    await api.pool.query('update movies set certification = $2 where tmdb_id = $1', [tmdbId, certification]);
  }
  await relate(api.pool, 200, 'recommendation', [201, 105, 202, 203, 204]);
  const years = (n: number) => `${new Date().getUTCFullYear() - n}-01-01`;
  const shownTo = async (dateOfBirth?: string) => {
    const { headers } = await openAccount(api, dateOfBirth === undefined ? {} : { dateOfBirth });
    const { data } = await (await api.get('/api/movies/200/recommendations', headers)).json();
    return data.map((one: { movie: { tmdb_id: number } }) => one.movie.tmdb_id);
  };
  // In turn, so that each finds the answers of the others ready.
  expect(await shownTo(years(40))).toEqual([201, 105, 202, 203, 204]);
  expect(await shownTo(years(8))).toEqual([204]);
  expect(await shownTo(years(15))).toEqual([201, 204]);
  expect(await shownTo(years(17))).toEqual([201, 202, 204]);
  expect(await shownTo()).toEqual([201, 202, 203, 204]);
  const anonymous = await (await api.get('/api/movies/200/recommendations')).json();
  expect(anonymous.data.map((one: { score: number }) => one.score)).toEqual([1, 0.9091, 0.8333, 0.7692]);
});
