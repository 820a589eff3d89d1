import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, relate, tell } from '#tests/support/api/movie-fixture.ts';
import { putCatalogueMovie, putNeighbours } from '#tests/support/api/recommendations-fixture.ts';
import { until } from '#tests/support/until.ts';
import { RelatedMovie } from './model.ts';

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

test('scores fall, two relations count more than one, and the reasons say whose word it is', async () => {
  const { data } = await related();
  // Places 2 of the recommendations and 3 of the similar ones; the latter count half.
  const [second, third] = [10 / 11, 10 / 12 / 2];
  expect(data[0].score).toBeCloseTo(second + third, 4);
  const scores = data.map((one: { score: number }) => one.score);
  expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a));
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

test('a mirrored movie that nothing is known of has none', async () => {
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
  expect(anonymous.data.map((one: { movie: { tmdb_id: number } }) => one.movie.tmdb_id)).toEqual([
    201, 202, 203, 204,
  ]);
});

describe('a movie without TMDb’s relations', () => {
  let other: TestApi;
  const ask = async (tmdbId: number) => (await other.get(`/api/movies/${tmdbId}/recommendations`)).json();
  const idsOf = ({ data }: { data: { movie: { tmdb_id: number } }[] }) =>
    data.map(({ movie }) => movie.tmdb_id);
  beforeAll(async () => {
    other = await openTestApi();
    const { pool } = other;
    await putCatalogueMovie(pool, { tmdbId: 1, genres: [18, 35], cast: [7, 8], collection: 3 });
    await putCatalogueMovie(pool, { tmdbId: 2, genres: [99], cast: [8] });
    await putCatalogueMovie(pool, { tmdbId: 3, genres: [99], collection: 3 });
    await putCatalogueMovie(pool, { tmdbId: 4, genres: [35] });
    await putCatalogueMovie(pool, { tmdbId: 5, genres: [99] });
    await putCatalogueMovie(pool, { tmdbId: 6, genres: [99] });
    await pool.query("insert into keywords values (1, 'sea')");
    await pool.query('insert into movie_keywords select id, 1, 0 from movies where tmdb_id in (1, 6)');
    await putNeighbours(pool, 1, [[5, 0.2]]);
    await putNeighbours(pool, 4, [[6, 0.2]], 4);
  });
  afterAll(() => other[Symbol.asyncDispose]());

  test('has those that are liked together with it, of its collection, people, genres and keywords, with the reasons', async () => {
    const answer = await ask(1);
    expect(idsOf(answer)).toEqual([5, 3, 2, 4, 6]);
    for (const one of answer.data) RelatedMovie.strict().parse(one);
    expect(answer.data.map((one: RelatedMovie) => one.reasons.map(({ text }) => text))).toEqual([
      ['Liked by those who like Movie 1'],
      ['Also in Collection 3'],
      ['Also with Person 8'],
      ['Also Genre 35'],
      ['Also about: sea'],
    ]);
  });

  test('is told of nobody’s likes where only a few know it', async () => {
    expect(JSON.stringify(await ask(4))).not.toContain('liked_together');
  });

  test('is never without any where another has its genre', async () => {
    expect(idsOf(await ask(4))).toEqual([1]);
  });
});
