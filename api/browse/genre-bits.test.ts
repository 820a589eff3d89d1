import { afterAll, beforeAll, expect, test } from 'bun:test';
import { genreBitsOf, genreMask } from '#shared/movies/genre-bits.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovies } from '#tests/support/api/browse-fixture.ts';

const tmdbGenres = [
  28, 12, 16, 35, 80, 99, 18, 10751, 14, 36, 27, 10402, 9648, 10749, 878, 10770, 53, 10752, 37,
];
/** It has the bit of 35. */
const twin = 35 + 251;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  const movies = Array.from({ length: 300 }, (_, n) => ({
    tmdb_id: n + 1,
    title: `Film ${n % 7}`,
    popularity: n % 11,
    vote_average: n % 10,
    vote_count: n % 5,
    genres: [35, 18, twin, 99].filter((_, at) => ((n * 7919) >> at) % 2 === 0),
  }));
  await putMovies(api.pool, movies);
});
afterAll(() => api[Symbol.asyncDispose]());

test("TMDb's genres have bits of their own, the same here and in PostgreSQL", async () => {
  expect(new Set(tmdbGenres.map((id) => genreMask([id]))).size).toBe(tmdbGenres.length);
  const ids = [...tmdbGenres, twin, 1, 2_147_483_647];
  const { rows } = await api.pool.query(
    `select ${genreBitsOf('id')}::text as bits from unnest($1::int[]) as id group by id order by id`,
    [ids],
  );
  expect(rows.map(({ bits }) => bits)).toEqual(ids.sort((a, b) => a - b).map((id) => genreMask([id])));
  expect(genreMask([twin])).toBe(genreMask([35]));
});

test('rows of movie_genres set the bits, whoever writes them', async () => {
  const { rows } = await api.pool.query(`
    select count(*)::int as wrong from movies m where genre_bits is distinct from
      (select ${genreBitsOf('genre_id')} from movie_genres g where g.movie_id = m.id)`);
  expect(rows).toEqual([{ wrong: 0 }]);
});

test.each([
  ...['35', '18', String(twin), `35,${twin}`, '18,99', `18,35,99,${twin}`, '4711', String(4711 * 251 + 35)],
])('genre=%s finds what is stored, also where genres share a bit', async (genre) => {
  for (const sort of ['popularity', 'rating', 'vote_average', 'release_date', 'title']) {
    const answer = await api.get(`/api/movies?genre=${genre}&sort=${sort}&min_vote=2&limit=100`);
    const { data, meta } = await answer.json();
    const { rows } = await api.pool.query(
      `select tmdb_id from movies m where vote_average >= 2 and (select count(*) from movie_genres g
         where g.movie_id = m.id and genre_id = any($1::int[])) = cardinality($1::int[])`,
      [genre.split(',')],
    );
    expect(meta.total_results).toBe(rows.length);
    const stored = new Set(rows.map(({ tmdb_id }) => tmdb_id));
    const found = new Set(
      data.map((movie: { tmdb_id: number }) => movie.tmdb_id).filter((id: number) => stored.has(id)),
    );
    expect(found.size).toBe(Math.min(100, rows.length));
  }
});
