import { afterAll, expect, spyOn, test } from 'bun:test';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { testDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/until.ts';
import { openLimits } from './open-limits.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());
const { pool } = database;
const hourMs = 3_600_000;
const { signal: stopping } = new AbortController();
const options = { name: 'test', points: 3, durationSeconds: 60 };

/** Whether it is let through, in a process whose own clock is ahead of the database's. */
async function passes(key: string, aheadMs: number): Promise<boolean> {
  const { now } = Date;
  Date.now = () => now() + aheadMs;
  try {
    const res = await openLimits({ pool, redis: undefined, now, stopping })(options).consume(key);
    expect(res.msBeforeNext).toBeLessThanOrEqual(60_000);
    return true;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    expect(refusal.msBeforeNext).toBeLessThanOrEqual(60_000);
    return false;
  } finally {
    Date.now = now;
  }
}

test('processes whose clocks are hours apart keep one limit', async () => {
  const passed: boolean[] = [];
  for (const aheadMs of [0, 2 * hourMs, -hourMs, 0, hourMs, -2 * hourMs])
    passed.push(await passes('one', aheadMs));
  expect(passed).toEqual([true, true, true, false, false, false]);
});

test('a window that a wrong clock made to end in a far future does not refuse for long', async () => {
  await pool.query("insert into rate_limits values ('nexus-test:two', 50, $1)", [
    Date.now() + 200 * 24 * hourMs,
  ]);
  await openLimits({ pool, redis: undefined, now: Date.now, stopping })(options)
    .consume('two')
    .catch(() => {});
  await until(() => passes('two', 0));
});

test('what ended over a minute ago is cleared by one timer, which ends with the process', async () => {
  const ended = new AbortController();
  const started = spyOn(globalThis, 'setInterval');
  const stopped = spyOn(globalThis, 'clearInterval');
  try {
    const open = openLimits({ pool, redis: undefined, now: Date.now, stopping: ended.signal });
    for (const name of ['one', 'two']) open({ ...options, name });
    expect(started).toHaveBeenCalledTimes(1);
    const rows = [
      ['old', Date.now() - 61_000],
      ['late', Date.now() - 30_000],
    ];
    for (const row of rows) await pool.query('insert into rate_limits values ($1, 1, $2)', row);
    const [clear] = started.mock.calls[0] as [() => Promise<void>];
    await clear();
    const { rows: left } = await pool.query("select key from rate_limits where key in ('old', 'late')");
    expect(left).toEqual([{ key: 'late' }]);
    ended.abort();
    expect(stopped).toHaveBeenCalledWith(started.mock.results[0]?.value);
  } finally {
    started.mockRestore();
    stopped.mockRestore();
  }
});
