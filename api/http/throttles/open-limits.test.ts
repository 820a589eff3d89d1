import { afterAll, describe, expect, spyOn, test } from 'bun:test';
import { Redis } from 'ioredis';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { testDatabase } from '#tests/support/database.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
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

describe.skipIf(!hasRedis)('in Redis', () => {
  const key = 'nexus-test:somebody';
  const odd: [string, (redis: Redis) => Promise<unknown>][] = [
    [
      'a window that a wrong clock made to end in a far future',
      (redis) => redis.set(key, 50, 'EX', 86_400 * 200),
    ],
    ['a count that never ends', (redis) => redis.set(key, 50)],
    ['a number that cannot be added to', (redis) => redis.set(key, '9'.repeat(19), 'EX', 60)],
    ['a list', (redis) => redis.lpush(key, 'a')],
  ];

  test.each(odd)('%s is counted anew, for all processes', async (_what, put) => {
    await using server = await testRedis();
    using connections = new DisposableStack();
    const connect = () => connections.adopt(new Redis(server.url), (redis) => redis.disconnect());
    const [one, other] = [connect(), connect()];
    await Promise.all([put(one), other.ping()]);
    const taken: boolean[] = [];
    for (const redis of [one, other, one, other]) {
      const limit = openLimits({ pool, redis, now: Date.now, stopping })(options);
      taken.push(
        await limit.consume('somebody').then(
          ({ msBeforeNext }) => msBeforeNext > 0 && msBeforeNext <= 60_000,
          () => false,
        ),
      );
    }
    expect(taken).toEqual([true, true, true, false]);
    expect(await one.pttl(key)).toBeWithin(1, 60_001);
  });
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
