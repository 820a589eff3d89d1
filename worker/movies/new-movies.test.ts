import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { credit, listedMovie, mirroredMovie, person } from '#tests/support/mirrored-movie-factory.ts';
import { until } from '#tests/support/until.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import { saveListedMovies } from './save-listed-movies.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const now = new Date('2026-11-01T12:00:00Z');

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const em = () => database.orm.em.fork();
const rows = async (text: string, ...values: unknown[]) => (await database.pool.query(text, values)).rows;
const creditsOf = async (tmdbId: number) => {
  const found = await rows(
    'select c.credit_id from credits c join movies m on m.id = c.movie_id where m.tmdb_id = $1 order by 1',
    tmdbId,
  );
  return found.map((row) => row.credit_id);
};
const movie = (tmdbId: number, ...creditIds: string[]) =>
  mirroredMovie(tmdbId, {
    people: [person(77, 'Somebody')],
    credits: creditIds.map((credit_id, position) => credit(`${tmdbId}-${credit_id}`, 77, { position })),
  });

test('two who write the same new movies at the same time leave what one of them was answered', async () => {
  for (let round = 0; round < 10; round++) {
    const ids = [0, 1, 2].map((n) => 6000 + 10 * round + n);
    const writes = ['a', 'b', 'c'].map((credit) =>
      saveMovies(
        em(),
        ids.map((id) => movie(id, 'both', credit)),
        { now },
      ),
    );
    await Promise.all(writes);
    const left = await Promise.all(
      ids.map(async (id) => (await creditsOf(id)).map((name) => name.slice(5)).join()),
    );
    expect(['a,both', 'b,both', 'both,c']).toContain(left[0] ?? '');
    expect(new Set(left).size).toBe(1);
  }
});

test('a movie that was gone and comes back has nothing of what it was', async () => {
  await saveMovies(em(), [movie(7001, 'old', 'both')], { now });
  await rows("update movies set state = 'gone', gone_at = now() where tmdb_id = 7001");
  await saveMovies(em(), [movie(7001, 'both', 'new')], { now });
  expect(await creditsOf(7001)).toEqual(['7001-both', '7001-new']);
});

test('the genres that a list gave a movie give way to its own', async () => {
  await rows("insert into genres (id, name) values (1, 'One'), (2, 'Two'), (3, 'Three')");
  const listed = listedMovie(7101, { genre_ids: [1, 2] });
  await writeTransaction(em(), (on) => saveListedMovies(on, [listed], { scope: null, now }));
  const genres = [
    { id: 2, name: 'Two' },
    { id: 3, name: 'Three' },
  ];
  await saveMovies(em(), [mirroredMovie(7101, { genres })], { now });
  const found = await rows(
    'select g.genre_id from movie_genres g join movies m on m.id = g.movie_id where m.tmdb_id = 7101 order by position',
  );
  expect(found.map((row) => row.genre_id)).toEqual([2, 3]);
});

test('a movie keeps its relation to one that another writer details meanwhile', async () => {
  const other = await database.pool.connect();
  try {
    await other.query('begin');
    await other.query("insert into movies (tmdb_id, state, title) values (7201, 'detailed', 'Other')");
    const saved = saveMovies(em(), [mirroredMovie(7202, { similar: [listedMovie(7201)] })], { now });
    await until(async () => {
      const waiting = await rows(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    });
    await other.query('commit');
    await saved;
  } finally {
    other.release();
  }
  const related = await rows(
    `select r.tmdb_id from movie_relations l join movies m on m.id = l.movie_id join movies r on r.id = l.related_movie_id
      where m.tmdb_id = 7202`,
  );
  expect(related).toEqual([{ tmdb_id: 7201 }]);
});

test('movies that name each other and the same new people are written side by side, and none waits in a circle', async () => {
  const deadlocks = async () => {
    // What a connection knows of itself is told within a second of its next statement.
    await Bun.sleep(1100);
    await Promise.all(
      Array.from({ length: 12 }, () => rows('select pg_stat_force_next_flush(), pg_sleep(0.05)')),
    );
    const [row] = await rows(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    );
    return row?.deadlocks;
  };
  const before = await deadlocks();
  for (let round = 0; round < 5; round++) {
    const ids = Array.from({ length: 8 }, (_, n) => 8000 + 10 * round + n);
    await rows(
      "insert into movies (tmdb_id, state, title) select id, 'unknown', '' from unnest($1::int[]) id",
      ids,
    );
    const people = Array.from({ length: 20 }, (_, n) => person(8000 + 20 * round + n, 'Somebody'));
    await Promise.all(
      ids.map((id) => {
        const similar = ids.filter((other) => other !== id).map((other) => listedMovie(other));
        const credits = people.map(({ id: who }, position) => credit(`${id}-${who}`, who, { position }));
        return saveMovies(em(), [mirroredMovie(id, { people, credits, similar })], { now });
      }),
    );
    expect(await creditsOf(ids[0] ?? 0)).toHaveLength(20);
  }
  expect(await deadlocks()).toBe(before);
});
