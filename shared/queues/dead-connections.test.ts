import { describe, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';
import { openWire, type Wire } from '#tests/support/wire.ts';
import { openQueues, type Queues } from './queue.ts';

const log = createLog({ level: 'silent', name: 'test' });

/** The worker's network dies without a word, and comes back; the job that came meanwhile must be done by itself. */
async function expectWorkGoesOn(queues: Queues, past: Queues, wire: Wire) {
  const done: unknown[] = [];
  const worker = queues.worker(
    'on-demand',
    async (job) => void done.push((job.data as { tmdbId: number }).tmdbId),
    {
      concurrency: 2,
      lockDuration: 5000,
      stalledInterval: 2000,
      maxStalledCount: 10,
    },
  );
  void worker.run();
  const add = (tmdbId: number) => past.enqueue('movies.fetch', { tmdbId, requestedAt: Date.now() });
  await add(1);
  await until(() => done.includes(1), 10_000);
  // It waits for the next one.
  await Bun.sleep(1000);
  await wire.become('swallow');
  await add(2);
  await Bun.sleep(8000);
  await wire.become('pass');
  await until(() => done.includes(2), 30_000);
  // And what comes later is heard of at once again.
  await Bun.sleep(12_000);
  const began = performance.now();
  await add(3);
  await until(() => done.includes(3), 5000);
  expect(performance.now() - began).toBeLessThan(2000);
  await worker.close(true);
}

describe.concurrent('connections that died without a word', () => {
  test('a worker in PostgreSQL takes jobs again within 30 s', async () => {
    await using opened = await openDatabaseBehindWire();
    await using database = await openDatabase(opened.target);
    await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'worker' });
    await using past = await openQueues({
      redisUrl: undefined,
      database: opened.behind,
      log,
      role: 'producer',
    });
    await expectWorkGoesOn(queues, past, opened.wire);
  }, 120_000);

  test.skipIf(!hasRedis)(
    'a worker in Redis takes jobs again within 30 s',
    async () => {
      await using redis = await testRedis();
      await using opened = await openDatabaseBehindWire();
      const { behind: database } = opened;
      await using wire = await openWire({ port: Number(new URL(redis.url).port), host: '127.0.0.1' });
      const redisUrl = `redis://127.0.0.1:${wire.port}`;
      await using queues = await openQueues({ redisUrl, database, log, role: 'worker' });
      await using past = await openQueues({ redisUrl: redis.url, database, log, role: 'producer' });
      await expectWorkGoesOn(queues, past, wire);
    },
    120_000,
  );

  test.skipIf(!hasRedis)(
    'a producer whose Redis fell silent fails soon, and is connected again by itself',
    async () => {
      await using redis = await testRedis();
      await using opened = await openDatabaseBehindWire();
      await using wire = await openWire({ port: Number(new URL(redis.url).port), host: '127.0.0.1' });
      const redisUrl = `redis://127.0.0.1:${wire.port}`;
      await using queues = await openQueues({ redisUrl, database: opened.behind, log, role: 'producer' });
      const add = (tmdbId: number) => queues.enqueue('movies.fetch', { tmdbId, requestedAt: Date.now() });
      await add(1);
      await wire.become('swallow');
      await expect(add(2)).rejects.toThrow();
      await expect(queues.ping()).rejects.toThrow();
      await Bun.sleep(10_000);
      await wire.become('pass');
      await until(
        () =>
          queues.ping().then(
            () => true,
            () => false,
          ),
        20_000,
      );
      await add(3);
    },
    90_000,
  );
});
