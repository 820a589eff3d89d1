import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { hasRedis, type TestRedis, testRedis } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';
import { openQueues, type Queues } from './queue.ts';

const log = createLog({ level: 'silent', name: 'test' });

for (const kind of hasRedis ? (['postgres', 'redis'] as const) : (['postgres'] as const))
  describe(`queues on ${kind}`, () => {
    let database: Database;
    let redis: TestRedis | undefined;
    let queues: Queues;
    const done: string[] = [];

    beforeAll(async () => {
      database = await testDatabase();
      redis = kind === 'redis' ? await testRedis() : undefined;
      queues = await openQueues({ redisUrl: redis?.url, database, log, role: 'worker' });
    });
    afterAll(async () => {
      await queues[Symbol.asyncDispose]();
      await redis?.[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    });

    test('are of the kind that was asked for, and answer', async () => {
      expect(queues.kind).toBe(kind);
      await queues.ping();
    });

    test('take two jobs of one id as one, while it waits', async () => {
      const payload = { tmdbId: 5, requestedAt: 1 };
      const ids = await Promise.all(
        [1, 2, 3].map(() => queues.enqueue('movies.fetch', payload, { jobId: 'movie-5' })),
      );
      expect(new Set(ids)).toEqual(new Set(['movie-5']));
      expect((await queues.queue('on-demand').getJobCounts('waiting')).waiting).toBe(1);
    });

    test.each(['movies.fetch', 'genres'] as const)(
      'free the id of a finished %s for the next',
      async (name) => {
        const queue = name === 'genres' ? 'sync' : 'on-demand';
        const worker = queues.worker(queue, async (job) => void done.push(`${job.name} ${job.id}`), {
          concurrency: 1,
        });
        void worker.run();
        const enqueue = () =>
          name === 'genres'
            ? queues.enqueue(name, { trigger: 'start' }, { jobId: `again-${name}` })
            : queues.enqueue(name, { tmdbId: 6, requestedAt: 1 }, { jobId: `again-${name}` });
        const times = () => done.filter((entry) => entry === `${name} again-${name}`).length;
        for (const time of [1, 2, 3]) {
          await enqueue();
          await until(() => times() === time);
          await until(async () => (await queues.queue(queue).getJobCounts('active')).active === 0);
        }
        await worker.close();
      },
    );

    test('refuse a payload that is none', async () => {
      await expect(queues.enqueue('movies.fetch', { tmdbId: 0, requestedAt: 1 })).rejects.toThrow();
    });
  });
