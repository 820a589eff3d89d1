import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';

/** More than are looked at, of a word that only films have which hardly anybody knows. */
const mostOfAll = 1500;
const last = [
  'Dragonflies in Winter',
  'The Dragonflies',
  "Dragonflies' Return",
  'Adult Dragonflies',
  'Dragonflies, Adult',
];

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const unknown = (title: string, index: number): FixtureMovie => ({
    tmdb_id: index + 1,
    title,
    popularity: 0.5,
    vote_count: 1,
    release_date: '2001-01-01',
    adult: title.includes('Adult'),
  });
  const others = Array.from({ length: mostOfAll }, (_, n) => `Summer ${n} with dragonflies`);
  await putMovies(api.pool, [...others, ...last].map(unknown));
  await api.pool.query('vacuum analyze movies, movie_titles');
});
afterAll(() => api[Symbol.asyncDispose]());

const search = async (query: string, limit = 20): Promise<ListAnswer> =>
  (await api.get(`/api/movies?query=${encodeURIComponent(query)}&limit=${limit}`)).json();

test('of a word that too many have, those that begin with it are found, wherever their rows are', async () => {
  for (const query of ['dragonflies', 'Dragonfl']) {
    const { data, meta } = await search(query);
    const titles = data.map((movie) => movie.title);
    const shown = last.filter((title) => !title.includes('Adult'));
    expect([query, titles.slice(0, shown.length).toSorted()]).toEqual([query, shown.toSorted()]);
    expect(meta.total_results).toBeGreaterThanOrEqual(550);
    expect(meta.total_results).toBeLessThan(mostOfAll);
  }
});

test('of two titles that are folded alike, the one as it was sent comes first', async () => {
  const films: [string, number][] = [
    ['Über-Cafe', 0.6],
    ['Uber Café', 0.5],
  ];
  await putMovies(
    api.pool,
    films.map(([title, popularity], index) => ({ tmdb_id: 10_000 + index, title, popularity })),
  );
  for (const [title] of films) expect([title, (await search(title)).data[0]?.title]).toEqual([title, title]);
});

test('of movies with the very title that is asked for, the best known one comes first, however many there are', async () => {
  await putMovies(
    api.pool,
    Array.from({ length: 250 }, (_, n) => ({
      tmdb_id: 20_000 + n,
      title: 'Hummingbirds',
      popularity: n === 249 ? 10 : 1.9,
      vote_count: 90,
    })),
  );
  const { data } = await search('hummingbirds');
  expect(data[0]).toMatchObject({ title: 'Hummingbirds', popularity: 10 });
});

test('of other titles those that have the words as they stand are looked for before those that begin so', async () => {
  const films = Array.from({ length: 400 }, (_, n) => ({ tmdb_id: 30_000 + n, title: `Butterfly ${n}` }));
  await putMovies(
    api.pool,
    films.map((film, n) => ({ ...film, popularity: n === 399 ? 0.9 : 0.5 })),
  );
  await api.pool.query(
    `insert into movie_translations (movie_id, language, title)
      select id, 'de-DE', case when tmdb_id = 30399 then 'Ein Kart und Zitronenfalter' else 'Alte Zitronenfalter Karten ' || tmdb_id end
      from movies where tmdb_id between 30000 and 30399`,
  );
  const found = (await search('zitronenfalter kart', 100)).data.map((movie) => movie.tmdb_id);
  expect(found).toContain(30_399);
});
