import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { notingPool } from '#tests/support/api/noting-pool.ts';
import {
  type CatalogueMovie,
  prefer,
  putCatalogueMovie,
  putNeighbours,
} from '#tests/support/api/recommendations-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  const movies: CatalogueMovie[] = [
    { tmdbId: 550, title: 'Fight Club', genres: [18], votes: 20_000 },
    { tmdbId: 13, title: 'Forrest Gump', genres: [35], votes: 20_000 },
    { tmdbId: 20, genres: [35], votes: 50 },
    { tmdbId: 21, genres: [18], votes: 900 },
    { tmdbId: 22, genres: [18], votes: 800, adult: true },
    { tmdbId: 23, genres: [18], votes: 700, released: '2999-01-01' },
    { tmdbId: 24, genres: [27], votes: 30 },
    ...Array.from({ length: 5 }, (_, n) => ({
      tmdbId: 200 + n,
      genres: [18],
      votes: 9000 - n,
      collection: 8,
    })),
    ...Array.from({ length: 12 }, (_, n) => ({
      ...{ tmdbId: 100 + n, genres: [18], votes: 5000 - n, released: `19${80 + n}-01-01` },
      ...(n < 5 ? { collection: 7 } : {}),
    })),
  ];
  for (const movie of movies) await putCatalogueMovie(api.pool, movie);
  await putNeighbours(api.pool, 550, [
    [24, 0.9],
    [22, 0.8],
    [23, 0.7],
  ]);
});
afterAll(() => api[Symbol.asyncDispose]());

const ask = async (query: string, headers?: Record<string, string>) => {
  const answer = await api.get(`/api/recommendations?${query}`, headers);
  return { ...(await answer.json()), status: answer.status, headers: answer.headers };
};
const idsIn = ({ data }: { data: { movie: { tmdb_id: number } }[] }) =>
  data.map(({ movie }) => movie.tmdb_id);

test('what is asked with leads to others, and is not among them; nor is what nobody may see yet', async () => {
  const answer = await ask('movies=550,13&limit=100');
  const ids = idsIn(answer);
  expect([answer.status, ids[0], answer.meta.strategy]).toEqual([200, 24, 'preferences']);
  for (const id of [550, 13, 22, 23]) expect(ids).not.toContain(id);
  expect(answer.data[0].reasons[0]).toMatchObject({ type: 'favorite_movie', id: 550 });
});

test('the list is the one that a user with these favorites gets', async () => {
  const account = await openAccount(api);
  await prefer(api.pool, account.userId, { movies: [13, 550], genres: [18, 35] });
  const own = await (await api.get('/api/user/recommendations?limit=100', account.headers)).json();
  const asked = await ask('movies=13,550&genres=18,35&limit=100');
  // A visitor has said nothing of any movie.
  for (const { movie } of own.data) delete movie.viewer;
  expect([asked.data, asked.meta]).toEqual([own.data, own.meta]);
});

test('at most two of a collection are in the first ten', async () => {
  const first = idsIn(await ask('genres=18&limit=10'));
  expect(first.filter((id) => id >= 200)).toHaveLength(2);
  expect(first.filter((id) => id >= 100 && id < 105).length).toBeLessThanOrEqual(2);
});

test('reasons are in the language', async () => {
  const german = await ask('movies=550&language=de-DE&limit=1');
  expect(german.data[0].reasons[0].text).toMatch(/^Weil |Fight Club/);
  expect([german.headers.get('content-language'), german.meta.language.asked]).toEqual(['de-DE', 'de-DE']);
  expect(german.data[0].reasons[0].text).not.toBe((await ask('movies=550&limit=1')).data[0].reasons[0].text);
});

test('nothing asked with, or nothing known of it, is a cold start', async () => {
  expect((await ask('')).meta.strategy).toBe('cold_start');
  const unknown = await ask('movies=999999');
  expect([unknown.status, unknown.meta.strategy]).toEqual([200, 'cold_start']);
  expect((await ask('genres=18')).meta.strategy).toBe('preferences');
});

test('it is answered from the cache, and anybody may keep it', async () => {
  const first = await ask('movies=550&genres=18');
  const again = await api.get('/api/recommendations?movies=550&genres=18', {
    'if-none-match': first.headers.get('etag') ?? '',
  });
  expect(again.status).toBe(304);
  expect(first.headers.get('cache-control')).toContain('public');
});

test('what a caller has said is shown with the movies, and changes no place', async () => {
  const account = await openAccount(api);
  const mine = await ask('movies=550', account.headers);
  expect(idsIn(mine)).toEqual(idsIn(await ask('movies=550')));
  expect(mine.data[0].movie.viewer.liked).toBe(false);
});

test('a minor is not shown what is adult, an adult is', async () => {
  const grown = await openAccount(api, { dateOfBirth: '1980-01-01' });
  expect(idsIn(await ask('movies=550&limit=100', grown.headers))).toContain(22);
});

test.each([
  ['genres=999', 'genres'],
  ['genres=18,x', 'genres'],
  ['genres=0', 'genres'],
  [`genres=${Array.from({ length: 11 }, (_, n) => n + 1)}`, 'genres'],
  [`movies=${Array.from({ length: 51 }, (_, n) => n + 1)}`, 'movies'],
  ['movies=', 'movies'],
  ['movies=2147483648', 'movies'],
  ['actors=1', 'actors'],
  ['limit=101', 'limit'],
  ['language=qq', 'language'],
])('%p is refused, naming %p', async (query, path) => {
  const { status, code, details } = await ask(query);
  expect([status, code, details?.[0]?.path]).toEqual([422, 'invalid_input', path]);
});

test('any number of genres are read at once', async () => {
  const run: string[] = [];
  const database = { pool: notingPool(api.database.pool, run) };
  const get = api.another({ config: { rateLimit: false }, database });
  const readWith = async (genres: string) => {
    run.length = 0;
    expect((await get(`/api/recommendations?genres=${genres}`)).status).toBe(200);
    return run.length;
  };
  await api.pool.query(
    "insert into genres (id, name) values (28, 'Action'), (12, 'Adventure'), (37, 'Western')",
  );
  await readWith('18');
  const ofOne = await readWith('35');
  expect(await readWith('28,12,37')).toBeLessThanOrEqual(ofOne);
});
