import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { idsOf, type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';
import { tell } from '#tests/support/api/movie-fixture.ts';
import { until } from '#tests/support/until.ts';
import { MirrorPageMeta } from '../http/answers/model.ts';
import { MovieListItem } from '../movies/model.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await putMovies(api.pool, [
    {
      tmdb_id: 1,
      title: 'Élan',
      popularity: 50,
      vote_average: 7,
      vote_count: 100,
      release_date: '1999-01-01',
      genres: [18],
      cast: [7],
    },
    {
      tmdb_id: 2,
      title: 'apple',
      popularity: 40,
      vote_average: 9,
      vote_count: 2000,
      release_date: '1999-12-31',
      genres: [18, 35],
      cast: [7, 8],
    },
    {
      tmdb_id: 3,
      title: 'Zebra',
      popularity: 40,
      vote_average: 9,
      vote_count: 10,
      release_date: '2000-01-01',
      genres: [35],
      crew: [7],
      state: 'listed',
    },
    {
      tmdb_id: 4,
      title: 'Banana',
      popularity: null,
      vote_average: 10,
      vote_count: 0,
      release_date: null,
      genres: [18],
    },
    {
      tmdb_id: 5,
      title: 'apple',
      popularity: 1,
      vote_average: null,
      vote_count: null,
      release_date: '1972-03-14',
    },
    { tmdb_id: 6, title: 'Adult', popularity: 999, adult: true, vote_average: 5, vote_count: 5 },
    { tmdb_id: 7, title: 'Restricted', popularity: 500, certification: 'R', vote_average: 5, vote_count: 5 },
    ...['gone', 'purged', 'unknown'].map((state, index) => ({
      tmdb_id: 90 + index,
      popularity: 1000,
      state,
    })),
  ]);
});
afterAll(() => api[Symbol.asyncDispose]());

const list = async (query = '', headers = {}): Promise<ListAnswer> => {
  const answer = await api.get(`/api/movies?${query}`, headers);
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.json();
};
const ids = async (query = '', headers = {}) => idsOf(await list(query, headers));

test('the most popular come first, and only what the mirror knows', async () => {
  const { data, meta } = await list();
  expect(data.map((movie) => movie.tmdb_id)).toEqual([7, 1, 2, 3, 5, 4]);
  for (const movie of data) MovieListItem.strict().parse(movie);
  expect(MirrorPageMeta.strict().parse(meta)).toMatchObject({
    source: 'mirror',
    stale: false,
    refresh: 'none',
    page: 1,
    limit: 20,
    total_results: 6,
    total_pages: 1,
  });
});

test('every sort goes both ways, and what is unknown comes last in both', async () => {
  expect(await ids('sort=popularity&order=asc')).toEqual([5, 3, 2, 1, 7, 4]);
  expect(await ids('sort=vote_average')).toEqual(
    [2, 3, 1, 7, 4, 5].filter((id) => ![4, 5].includes(id)).concat([4, 5]),
  );
  expect(await ids('sort=vote_average&order=asc')).toEqual([7, 1, 3, 2, 5, 4]);
  expect((await ids('sort=release_date')).slice(0, 4)).toEqual([3, 2, 1, 5]);
  expect((await ids('sort=release_date&order=asc')).slice(0, 4)).toEqual([5, 1, 2, 3]);
});

test('the best by rating are not those that one voter liked', async () => {
  // (100·7 + 1260) / 300 = 6.53; (2000·9 + 1260) / 2200 = 8.75; (10·9 + 1260) / 210 = 6.43; (5·5 + 1260) / 205 = 6.27
  expect(await ids('sort=rating')).toEqual([2, 1, 3, 7, 4, 5]);
  expect(await ids('sort=rating&order=asc')).toEqual([7, 3, 1, 2, 5, 4]);
  expect(await ids('sort=rating&min_vote=7&limit=2')).toEqual([2, 1]);
});

test('equal ratings: the one with more votes first, then the older id; without votes it is last', async () => {
  await using other = await openTestApi();
  await putMovies(other.pool, [
    { tmdb_id: 1, vote_average: 6.3, vote_count: 5 },
    { tmdb_id: 2, vote_average: 6.3, vote_count: 500 },
    { tmdb_id: 3, vote_average: 6.3, vote_count: 5 },
    { tmdb_id: 4, vote_average: 10, vote_count: 0 },
    { tmdb_id: 5, vote_average: 10, vote_count: null },
    { tmdb_id: 6, vote_average: null, vote_count: 9 },
    { tmdb_id: 7, vote_average: 0, vote_count: 2_000_000_000 },
  ]);
  const read = async (query: string) => idsOf(await (await other.get(`/api/movies?${query}`)).json());
  // Nobody knows the last three: their number of votes decides, and is null in one of them.
  expect(await read('sort=rating')).toEqual([2, 1, 3, 7, 6, 4, 5]);
  expect((await read('sort=rating&order=asc')).slice(0, 4)).toEqual([7, 3, 1, 2]);
});

test('titles sort without regard to case and accents, from A unless asked otherwise', async () => {
  expect(await ids('sort=title')).toEqual([2, 5, 4, 1, 7, 3]);
  expect(await ids('sort=title&order=desc')).toEqual([3, 7, 1, 4, 5, 2]);
});

test('a rating that nobody gave wins nothing, and hides nothing', async () => {
  const rated = await ids('sort=vote_average');
  expect(rated.indexOf(4)).toBeGreaterThan(3);
  expect(rated).toContain(4);
});

test('pages of every sort join without a gap or an overlap', async () => {
  for (const sort of ['popularity', 'rating', 'vote_average', 'release_date', 'title'])
    for (const order of ['asc', 'desc']) {
      const whole = await ids(`sort=${sort}&order=${order}`);
      const pages = [];
      for (const page of [1, 2, 3, 4])
        pages.push(...(await ids(`sort=${sort}&order=${order}&limit=2&page=${page}`)));
      expect([sort, order, pages]).toEqual([sort, order, whole]);
    }
});

test('past the end is an empty page that still knows how many there are', async () => {
  const { data, meta } = await list('page=100&limit=100');
  expect(data).toEqual([]);
  expect(meta).toMatchObject({ total_results: 6, total_pages: 1 });
});

test('filters leave out, each alone and all together', async () => {
  expect(await ids('genre=18')).toEqual([1, 2, 4]);
  expect(await ids('genre=35,18')).toEqual([2]);
  expect(await ids('genre=999')).toEqual([]);
  expect(await ids('year=1999')).toEqual([1, 2]);
  expect(await ids('year=9999')).toEqual([]);
  expect(await ids('min_vote=9')).toEqual([2, 3, 4]);
  expect(await ids('min_vote=7.0')).toEqual([1, 2, 3, 4]);
  expect(await ids('min_vote_count=100')).toEqual([1, 2]);
  expect(await ids('min_vote_count=101')).toEqual([2]);
  expect(await ids('min_vote_count=0')).toEqual([7, 1, 2, 3, 4]);
  expect(await ids('released_from=1999-12-31')).toEqual([2, 3]);
  expect(await ids('released_to=1999-01-01')).toEqual([1, 5]);
  expect(await ids('released_from=1999-12-31&released_to=1999-12-31')).toEqual([2]);
  expect(await ids('released_from=1999-06-01&year=1999')).toEqual([2]);
  expect(await ids('released_from=9999-12-31')).toEqual([]);
  expect(await ids('actor=7')).toEqual([1, 2]);
  expect(await ids('actor=12345')).toEqual([]);
  const both = await list('genre=18&year=1999&min_vote=8&actor=8&sort=title');
  expect([idsOf(both), both.meta.total_results]).toEqual([[2], 1]);
});

test('filters hold for a search, too', async () => {
  expect(await ids('query=apple')).toEqual([2, 5]);
  expect(await ids('query=apple&year=1972')).toEqual([5]);
  expect(await ids('query=apple&genre=35')).toEqual([2]);
  expect(await ids('query=apple&min_vote_count=1')).toEqual([2]);
  expect(await ids('query=apple&released_to=1990-01-01')).toEqual([5]);
  expect(await ids('query=apple&sort=popularity&order=asc')).toEqual([5, 2]);
  expect(await ids('query=apple&sort=rating')).toEqual([2, 5]);
  expect(await ids('query=apple&sort=release_date')).toEqual([2, 5]);
});

test('who is too young sees neither adult titles nor those certified above their age', async () => {
  const born = async (dateOfBirth: string) => (await openAccount(api, { dateOfBirth })).headers;
  expect(await ids()).not.toContain(6);
  expect(await ids('query=adult')).toEqual([]);
  const child = await born('2020-01-01');
  expect(await ids('', child)).toEqual([1, 2, 3, 5, 4]);
  expect((await list('limit=2', child)).meta.total_results).toBe(5);
  expect(await ids('query=restricted', child)).toEqual([]);
  const grown = await born('1980-01-01');
  expect(await ids('', grown)).toEqual([6, 7, 1, 2, 3, 5, 4]);
  expect(await ids('query=adult', grown)).toEqual([6]);
  expect(await ids('', (await openAccount(api)).headers)).toEqual([7, 1, 2, 3, 5, 4]);
  expect(await ids()).toEqual([7, 1, 2, 3, 5, 4]);
});

test('what cannot be meant is refused by name', async () => {
  for (const [query, path] of [
    ['genre=', 'genre'],
    ['genre=x', 'genre'],
    ['genre=0', 'genre'],
    ['genre=18,', 'genre'],
    ['genre=2147483648', 'genre'],
    ['year=0', 'year'],
    ['year=x', 'year'],
    ['min_vote=10.1', 'min_vote'],
    ['min_vote=-1', 'min_vote'],
    ['min_vote=', 'min_vote'],
    ['actor=0', 'actor'],
    ['actor=2147483648', 'actor'],
    ['sort=best', 'sort'],
    ['min_vote_count=', 'min_vote_count'],
    ['min_vote_count=-1', 'min_vote_count'],
    ['min_vote_count=1.5', 'min_vote_count'],
    ['min_vote_count=2147483648', 'min_vote_count'],
    ['released_from=', 'released_from'],
    ['released_from=2023', 'released_from'],
    ['released_from=2023-02-30', 'released_from'],
    ['released_from=0000-01-01', 'released_from'],
    ['released_from=infinity', 'released_from'],
    ['released_to=2023-1-1', 'released_to'],
    ['released_to=2023-01-01T00:00:00Z', 'released_to'],
    ['released_from=2000-01-02&released_to=2000-01-01', 'released_to'],
    ['released_from=2000-01-01&released_from=2001-01-01', 'released_from'],
    ['sort=relevance', 'sort'],
    ['sort=relevance&query=%20', 'sort'],
    ['order=up', 'order'],
    ['page=0', 'page'],
    ['limit=101', 'limit'],
    ['query=a%00b', 'query'],
    ['query=%ED%A0%80', 'query'],
    ['query=%zz', 'query'],
    ['query=a&query=b', 'query'],
  ]) {
    const answer = await api.get(`/api/movies?${query}`);
    expect([query, answer.status]).toEqual([query, 422]);
    expect([query, (await answer.json()).details[0].path]).toEqual([query, path]);
  }
});

test('who has the answer already is told so, and whose answer it is matters', async () => {
  const first = await api.get('/api/movies?genre=18');
  expect(first.headers.get('cache-control')).toBe('public, max-age=60');
  expect(first.headers.get('vary')).toContain('Authorization');
  const etag = first.headers.get('etag') ?? '';
  expect((await api.get('/api/movies?genre=18', { 'if-none-match': etag })).status).toBe(304);
  const { headers } = await openAccount(api);
  const own = await api.get('/api/movies?genre=18', headers);
  expect(own.headers.get('cache-control')).toBe('private, no-cache');
  expect((await api.get('/api/movies', { authorization: 'Bearer no' })).status).toBe(401);
});

test('a mirror that was never filled has no list to show, and invents no time at which it was fetched', async () => {
  await using empty = await openTestApi();
  const paths = ['/api/movies', '/api/movies?query=x', '/api/movies?sort=title', '/api/people'];
  for (const path of paths) {
    const answer = await empty.get(path);
    expect([path, answer.status, (await answer.json()).code, answer.headers.get('retry-after')]).toEqual([
      path,
      503,
      'upstream_unavailable',
      '5',
    ]);
  }
  await empty.pool.query("insert into list_snapshots (name, fetched_at, size) values ('genres', now(), 19)");
  for (const path of paths) {
    const answer = await empty.get(path);
    expect([path, answer.status, (await answer.json()).data]).toEqual([path, 200, []]);
  }
});

test('fetched_at is the oldest of what is shown; of nothing, when the mirror last changed', async () => {
  // Not too old to be shown.
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const [older, newer] = [daysAgo(21), daysAgo(20)];
  await using other = await openTestApi();
  await putMovies(other.pool, [
    { tmdb_id: 1, popularity: 2, fetched_at: newer },
    { tmdb_id: 2, popularity: 1, fetched_at: older },
  ]);
  const at = async (query: string) => (await (await other.get(`/api/movies?${query}`)).json()).meta;
  expect(await at('')).toMatchObject({ fetched_at: older, stale: true });
  expect((await at('limit=1')).fetched_at).toBe(newer);
  expect((await at('page=9')).fetched_at).toBe(newer);
});

test('a movie that changes is shown as it is then, and counted', async () => {
  await using other = await openTestApi();
  await putMovies(other.pool, [{ tmdb_id: 1, title: 'Before' }]);
  const read = async (query: string): Promise<ListAnswer> => (await other.get(`/api/movies?${query}`)).json();
  expect((await read('query=before')).meta.total_results).toBe(1);
  expect(idsOf(await read('query=after'))).toEqual([]);
  await other.pool.query("update movies set title = 'After' where tmdb_id = 1");
  await putMovies(other.pool, [{ tmdb_id: 2 }, { tmdb_id: 3, state: 'listed' }]);
  await tell(other.pool, { kind: 'movies', ids: [1, 2, 3] });
  await until(async () => idsOf(await read('query=after')).length === 1);
  expect(idsOf(await read('query=before'))).toEqual([]);
  await until(async () => (await read('limit=1')).meta.total_results === 3);
});

test('of two genres that many have and few have both, those few are found', async () => {
  await using other = await openTestApi();
  const movies = Array.from({ length: 200 }, (_, index) => ({
    tmdb_id: index + 1,
    popularity: 1000 - index,
    genres: index === 199 ? [1, 2] : [1 + (index % 2)],
  }));
  await putMovies(other.pool, movies);
  const { data, meta } = await (await other.get('/api/movies?genre=2,1')).json();
  expect([data.map((movie: { tmdb_id: number }) => movie.tmdb_id), meta.total_results]).toEqual([[200], 1]);
});
