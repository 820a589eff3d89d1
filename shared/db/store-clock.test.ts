import { afterAll, expect, test } from 'bun:test';
import { testDatabase } from '#tests/support/database.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { openStoreClock } from './store-clock.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());
const { pool } = database;
const hourMs = 3_600_000;

const storeNow = async () =>
  Number((await pool.query('select extract(epoch from clock_timestamp()) * 1000 as ms')).rows[0].ms);

/** How far the clock tells another time than the database. */
const errorOf = async (clock: { now: () => number }) => Math.abs(clock.now() - (await storeNow()));

test.each([-hourMs, 0, 200 * 24 * hourMs])(
  'tells the database’s time in a process whose clock is %d ms ahead',
  async (aheadMs) => {
    const { log, lines } = rememberingLog();
    await using clock = await openStoreClock(pool, { log, wallClock: () => Date.now() + aheadMs });
    expect(await leastOf(() => errorOf(clock), { enough: 500 })).toBeLessThan(500);
    expect(Number.isInteger(clock.now())).toBe(true);
    expect(Math.abs(clock.aheadMs() - aheadMs)).toBeLessThan(500);
    expect(clock.doubt() === undefined).toBe(aheadMs === 0);
    expect(lines.some((line) => line.includes('differs'))).toBe(aheadMs !== 0);
  },
);

test('goes on evenly while the process’s clock is put back and forth', async () => {
  let wall = 0;
  await using clock = await openStoreClock(pool, { ...rememberingLog(), wallClock: () => Date.now() + wall });
  const times = [0, -5 * 60_000, 1000, 10 * hourMs].map((offset) => {
    wall = offset;
    return clock.now();
  });
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(60_000);
});

test('follows a database whose clock jumps, and does not believe it enough to delete', async () => {
  const { log, lines } = rememberingLog();
  let lost = 0;
  // To a process that lost an hour, the database's clock jumps.
  await using clock = await openStoreClock(pool, {
    log,
    everyMs: 20,
    monotonic: () => performance.now() + lost,
  });
  expect(clock.doubt()).toBeUndefined();
  lost = -hourMs;
  await until(async () => (await errorOf(clock)) < 500);
  expect(clock.doubt()).toBe('The clock of PostgreSQL jumped.');
  expect(lines.some((line) => line.includes('the clock of PostgreSQL jumped'))).toBe(true);
});

test.each(['-8 days', '200 days'])(
  'doubts a date that is far from when the service last did something (%s)',
  async (when) => {
    await pool.query(
      `insert into worker_processes (id, host, pid, started_at, seen_at, event_loop_lag_ms, resident_bytes)
     values ($1, 'here', 1, now(), now() + $2::interval, 1, 1)`,
      [Bun.randomUUIDv7(), when],
    );
    await using clock = await openStoreClock(pool, rememberingLog());
    expect(clock.doubt()).toContain('over a week');
    await pool.query('truncate worker_processes');
  },
);
