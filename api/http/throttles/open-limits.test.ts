import { afterAll, expect, test } from 'bun:test';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { testDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/until.ts';
import { openLimits } from './open-limits.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());
const { pool } = database;
const hourMs = 3_600_000;
const options = { name: 'test', points: 3, durationSeconds: 60 };

/** Whether it is let through, in a process whose own clock is ahead of the database's. */
async function passes(key: string, aheadMs: number): Promise<boolean> {
  const { now } = Date;
  Date.now = () => now() + aheadMs;
  try {
    const res = await openLimits({ pool, redis: undefined, now })(options).consume(key);
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
  await openLimits({ pool, redis: undefined, now: Date.now })(options)
    .consume('two')
    .catch(() => {});
  await until(() => passes('two', 0));
});
