import { expect, spyOn, test } from 'bun:test';
import pg from 'pg';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { memoryLimit } from './memory-limit.ts';
import { openLimits } from './open-limits.ts';

const isRefused = async (asked: Promise<unknown>) => {
  const [{ status, reason }] = (await Promise.allSettled([asked])) as [PromiseRejectedResult];
  if (status === 'rejected') expect(reason).toBeInstanceOf(RateLimiterRes);
  return status === 'rejected';
};

test('counts, gives back and forgets, until the window is over', async () => {
  let nowMs = 0;
  const limit = memoryLimit({ points: 3, durationSeconds: 60, nowMs: () => nowMs });
  expect(await limit.consume('a', 2)).toMatchObject({ consumedPoints: 2, remainingPoints: 1 });
  nowMs = 20_000;
  expect(await isRefused(limit.consume('a', 2))).toBe(true);
  await limit.reward('a', 2);
  expect(await limit.consume('a')).toMatchObject({ remainingPoints: 0, msBeforeNext: 40_000 });
  expect(await isRefused(limit.consume('a'))).toBe(true);
  expect(await isRefused(limit.consume('b'))).toBe(false);
  await limit.delete('a');
  expect(await isRefused(limit.consume('a', 3))).toBe(false);
  nowMs = 80_000;
  expect(await isRefused(limit.consume('a', 3))).toBe(false);
});

test('of very many callers those who asked last are remembered: whoever goes on asking is still refused', async () => {
  const limit = memoryLimit({ points: 2, durationSeconds: 60, remembered: 100, nowMs: () => 0 });
  for (let i = 0; i < 2; i++) {
    await limit.consume('guesser');
    await limit.consume('once');
  }
  for (let i = 0; i < 1000; i++) {
    await limit.consume(`address-${i}`);
    expect(await isRefused(limit.consume('guesser'))).toBe(true);
  }
  expect(await isRefused(limit.consume('once'))).toBe(false);
});

test('while the store is away no caller costs a timer', async () => {
  const pool = new pg.Pool();
  await pool.end();
  const open = openLimits({
    pool,
    redis: undefined,
    now: Date.now,
    stopping: new AbortController().signal,
  });
  const limit = open({ name: 'test', points: 2, durationSeconds: 60 });
  const started = spyOn(globalThis, 'setTimeout');
  const cleared = spyOn(globalThis, 'clearTimeout');
  try {
    for (let i = 0; i < 1000; i++) await limit.consume(`address-${i}`);
    const ended = new Set(cleared.mock.calls.map(([timer]) => timer));
    const left = started.mock.results.filter(({ value }) => !ended.has(value as never));
    expect(left).toHaveLength(0);
  } finally {
    started.mockRestore();
    cleared.mockRestore();
  }
});
