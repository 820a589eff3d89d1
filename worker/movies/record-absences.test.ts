import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import { recordAbsences } from './record-absences.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const day = 86_400_000;
const start = new Date('2026-11-01T00:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  await emptyTables(database.pool, 'movies', 'movie_absences');
  await saveMovies(
    database.orm.em.fork(),
    Array.from({ length: 100 }, (_, i) => mirroredMovie(i + 1)),
    { now: start },
  );
});

const record = async (ids: number[], now: Date) => (await recorded(ids, now)).gone;
const recorded = (ids: number[], now: Date) =>
  writeTransaction(database.orm.em.fork(), (on) => recordAbsences(on, ids, now));
const gone = async () =>
  (await database.pool.query("select tmdb_id from movies where state = 'gone' order by 1")).rows.map(
    (r) => r.tmdb_id,
  );

describe('a movie that TMDb no longer has', () => {
  test('is gone after the second answer a day later, not before', async () => {
    expect(await record([5], start)).toBe(0);
    expect(await record([5], after(day - 1000))).toBe(0);
    expect(await gone()).toEqual([]);
    expect(await record([5], after(day))).toBe(1);
    expect(await gone()).toEqual([5]);
  });

  test('is stale to readers from the first answer on, and asked for again before all that is merely old', async () => {
    await record([5], start);
    const { rows } = await database.pool.query('select tmdb_id from movies where changed_at is not null');
    expect(rows).toEqual([{ tmdb_id: 5 }]);
    await saveMovies(database.orm.em.fork(), [mirroredMovie(5)], { now: after(1000) });
    expect((await database.pool.query('select 1 from movies where changed_at is not null')).rows).toEqual([]);
  });

  test('begins anew when it was found in between', async () => {
    await record([5], start);
    await saveMovies(database.orm.em.fork(), [mirroredMovie(5)], { now: after(1000) });
    expect(await record([5], after(day * 2))).toBe(0);
  });

  test('comes back whole when TMDb restores it', async () => {
    await record([5], start);
    await record([5], after(day));
    await saveMovies(database.orm.em.fork(), [mirroredMovie(5)], { now: after(day * 2) });
    expect(await gone()).toEqual([]);
    expect((await database.pool.query('select gone_at, state from movies where tmdb_id = 5')).rows).toEqual([
      { gone_at: null, state: 'detailed' },
    ]);
  });

  test('never takes more than 5 % of the mirror with it within a day', async () => {
    const six = [1, 2, 3, 4, 5, 6];
    await record(six, start);
    expect(await recorded(six, after(day))).toEqual({ gone: 0, refused: 6 });
    expect(await gone()).toEqual([]);
    expect(await record([1, 2, 3, 4, 5], after(day))).toBe(5);
    expect(await recorded([6], after(day + 1000))).toEqual({ gone: 0, refused: 1 });
    expect(await gone()).toEqual([1, 2, 3, 4, 5]);
    expect(await record([6], after(day * 2 + 1000))).toBe(1);
  });

  test('counts only those that were asked about: a mirror of which little is asked loses little', async () => {
    // Of the hundred, twenty were refreshed lately; the others stand for what nobody asks about.
    const twenty = Array.from({ length: 20 }, (_, i) => mirroredMovie(i + 1));
    await database.pool.query(
      "insert into movies (tmdb_id, title, state, fetched_at) select 1000 + n, 'Listed', 'listed', $1 from generate_series(1, 1000) n",
      [after(2 * day)],
    );
    await record([1, 2, 3], start);
    await database.pool.query('update movie_absences set last_seen_at = $1', [start]);
    await saveMovies(database.orm.em.fork(), twenty.slice(3), { now: after(2 * day) });
    expect(await recorded([1, 2, 3], after(2 * day))).toEqual({ gone: 0, refused: 3 });
    expect(await record([1], after(2 * day))).toBe(1);
  });

  test('an id that was never a movie here is remembered, and is nobody’s tombstone', async () => {
    await record([999_999], start);
    expect(await record([999_999], after(day * 3))).toBe(0);
    expect((await database.pool.query('select * from movies where tmdb_id = 999999')).rows).toEqual([]);
    expect((await database.pool.query('select tmdb_id from movie_absences')).rows).toEqual([
      { tmdb_id: 999_999 },
    ]);
  });
});
