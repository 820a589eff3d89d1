import { expect, test } from 'bun:test';
import { Gauge, Registry } from 'prom-client';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { shareReading } from './share-reading.ts';

test('whoever asks while a reading is under way shares it', async () => {
  let readings = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const ask = shareReading(async () => {
    readings += 1;
    await promise;
    return readings;
  });
  const answers = Array.from({ length: 100 }, ask);
  resolve();
  expect(new Set(await Promise.all(answers))).toEqual(new Set([1]));
});

test('beyond so many a second the last reading is given again, also one that failed', async () => {
  let [readings, atMs] = [0, 0];
  const ask = shareReading(
    async () => {
      readings += 1;
      if (readings === 3) throw new Error('away');
      return readings;
    },
    { perSecond: 3, nowMs: () => atMs },
  );
  const three = [await ask(), await ask(), await ask().catch(() => 'failed')];
  expect(three).toEqual([1, 2, 'failed']);
  for (let times = 0; times < 50; times++) await expect(ask()).rejects.toThrow('away');
  expect(readings).toBe(3);
  atMs = 334;
  expect([await ask(), await ask()]).toEqual([4, 4]);
  atMs = 60_000;
  for (let times = 0; times < 50; times++) await ask();
  expect(readings).toBe(7);
});

test('routes that no limit counts cost little, however often they are asked', async () => {
  const metrics = new Registry();
  const counted = { '/metrics': 0, '/health/ready': 0 };
  new Gauge({
    name: 'asked',
    help: 'asked',
    registers: [metrics],
    collect: () => void counted['/metrics']++,
  });
  await using api = await openTestApi();
  const ping = async () => void counted['/health/ready']++;
  const { queue, enqueue, redis } = api.queues;
  const get = api.another({ metrics, queues: { queue, enqueue, redis, ping } });
  for (const path of ['/metrics', '/health/ready'] as const) {
    const answers = await Promise.all(Array.from({ length: 200 }, () => get(path)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(counted[path]).toBeGreaterThan(0);
    expect([path, counted[path] < 13]).toEqual([path, true]);
  }
});
