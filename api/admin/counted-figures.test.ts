import { afterAll, beforeEach, expect, test } from 'bun:test';
import { sql } from '#shared/db/sql.ts';
import { testDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/until.ts';
import { createCountedFigures } from './counted-figures.ts';

const database = await testDatabase();
const { pool } = database;
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => pool.query('truncate counted_figures; delete from genres'));

const put = (id: number) => pool.query("insert into genres (id, name) values ($1, 'a genre')", [id]);
let counts = 0;
let nowMs = Date.now();

/** As one process has it. @param takesSeconds how long PostgreSQL counts */
const open = (takesSeconds: number, minAgeMs = 0) =>
  createCountedFigures({
    pool,
    name: 'genres',
    minAgeMs,
    now: () => nowMs,
    statement: () => {
      counts++;
      return sql<{ genres: number }>`
        select count(*)::int as genres from genres, (select pg_sleep(${takesSeconds})) waited`;
    },
  });

test('what is counted in a moment is counted when asked for, and kept by nobody else', async () => {
  const [one, other] = [open(0), open(0)];
  expect(await one()).toEqual({ genres: 0 });
  await put(1);
  expect([await one(), await other()]).toEqual([{ genres: 1 }, { genres: 1 }]);
  expect((await pool.query('select 1 from counted_figures')).rowCount).toBe(0);
});

test('it is believed for as long as is said', async () => {
  const one = open(0, 2000);
  await one();
  await put(1);
  nowMs += 1999;
  expect(await one()).toEqual({ genres: 0 });
  nowMs += 1;
  expect(await one()).toEqual({ genres: 1 });
});

test('who asks at the same moment shares one count', async () => {
  const one = open(0.2);
  counts = 0;
  await Promise.all([one(), one(), one()]);
  expect(counts).toBe(1);
});

test('a count that took long is waited for once, and is then that of every process', async () => {
  await open(0.6)();
  await put(1);
  counts = 0;
  expect(await open(0.6)()).toEqual({ genres: 0 });
  expect(counts).toBe(0);
});

test('nobody waits for the next one: the last is shown meanwhile, also by a process that has just started', async () => {
  await open(1.5)();
  await put(1);
  nowMs += 60_001;
  const started = open(1.5);
  counts = 0;
  // Whoever waited would see the new one.
  expect(await started()).toEqual({ genres: 0 });
  await until(async () => (await started()).genres === 1);
  expect(counts).toBe(1);
});

test('one that failed is said, and tried again', async () => {
  const one = open(0);
  await pool.query('alter table genres rename to away');
  await expect(one()).rejects.toThrow('genres');
  await pool.query('alter table away rename to genres');
  expect(await one()).toEqual({ genres: 0 });
});
