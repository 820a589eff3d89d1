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

const search = async (query: string): Promise<ListAnswer> =>
  (await api.get(`/api/movies?query=${encodeURIComponent(query)}`)).json();

test('of a word that too many have, those that begin with it are found, wherever their rows are', async () => {
  for (const query of ['dragonflies', 'Dragonfl']) {
    const { data, meta } = await search(query);
    const titles = data.map((movie) => movie.title);
    const shown = last.filter((title) => !title.includes('Adult'));
    expect([query, titles.slice(0, shown.length).toSorted()]).toEqual([query, shown.toSorted()]);
    expect(meta.total_results).toBeGreaterThanOrEqual(750);
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
