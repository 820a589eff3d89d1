import { afterAll, beforeAll, expect, test } from 'bun:test';
import { appealOf, shownStates } from '#shared/movies/appeal.ts';
import { bitOfGenre } from '#shared/movies/genre-bits.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { selectGenreBests } from './genre-bests.ts';

/** More than are looked through. */
const movies = 6500;
const drama = 18;
const [sharing = 0] = Array.from({ length: 500 }, (_, n) => 1000 + n).filter(
  (id) => bitOfGenre(id) === bitOfGenre(drama),
);
const rare = 37;
const genres = [drama, sharing, 35, rare, 99];

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
  const { pool } = database;
  await pool.query('insert into genres (id, name) select id, id::text from unnest($1::int[]) as id', [
    genres,
  ]);
  await pool.query(
    `insert into movies (tmdb_id, title, state, vote_count, vote_average, fetched_at)
      select n, 'Movie ' || n, case when n % 50 = 0 then 'gone' else 'detailed' end, n * 7919 % 10007, n % 10, now()
      from generate_series(1, $1) as n`,
    [movies],
  );
  await pool.query(
    `insert into movie_genres (movie_id, genre_id, position)
      select id, $1::int, 0 from movies where tmdb_id % 3 > 0
      union all select id, $2::int, 1 from movies where tmdb_id % 4 = 0
      union all select id, $3::int, 2 from movies where tmdb_id % 7 = 0
      union all select id, $4::int, 3 from movies where tmdb_id % 1000 = 1`,
    genres.slice(0, 4),
  );
});
afterAll(() => database[Symbol.asyncDispose]());

/** As it is said, of one genre alone and without bits. */
async function bestsOf(genre: number): Promise<number[]> {
  const { rows } = await database.pool.query<{ id: number }>(
    `select id::int from (
        select id, row_number() over (order by ${appealOf('w')} desc, tmdb_id) as place
        from (select *, row_number() over (order by ${appealOf('m')} desc, tmdb_id) as of_all from movies m where ${shownStates}) w
        where of_all <= 6000 and id in (select movie_id from movie_genres where genre_id = $1)
      ) best where place <= 600
      union select id::int from (
        select movie_id as id from movie_genres where genre_id = $1 order by movie_id limit 600) any_of_it`,
    [genre],
  );
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

test('of all genres at once there are found whom each alone has, also where two share a bit', async () => {
  expect(sharing).toBeGreaterThan(0);
  const found = await selectGenreBests(database.pool, genres);
  for (const genre of genres) {
    const own = found.get(genre)?.toSorted((a, b) => a - b);
    expect([genre, own]).toEqual([genre, await bestsOf(genre)]);
  }
  expect(found.get(drama)?.length).toBeGreaterThan(600);
  expect(found.get(sharing)?.length).toBeGreaterThan(600);
  expect(found.get(rare)).toHaveLength(7);
  expect(found.get(99)).toEqual([]);
});
