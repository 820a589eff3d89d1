import { afterAll, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { testDatabase } from '#tests/support/database.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';
import { openQueues } from './queue.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

const right = { data: '{"tmdbId":5,"requestedAt":1}', opts: '{}' };
const broken: Record<string, Record<string, string>> = {
  'data cut off': { ...right, data: '{"tmdbId":' },
  'opts cut off': { ...right, opts: '{"attempts":' },
  'opts that are null': { ...right, opts: 'null' },
  'opts in a list': { ...right, opts: '[1]' },
  'progress cut off': { ...right, progress: '{' },
  'parent cut off': { ...right, parent: '{' },
};

test.skipIf(!hasRedis)(
  'jobs that nobody can read fail by themselves, and are shown',
  async () => {
    await using server = await testRedis();
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLog({ level: 'info', name: 'test', destination });
    await using queues = await openQueues({ redisUrl: server.url, database, log, role: 'worker' });
    const { redis } = queues;
    const queue = queues.queue('on-demand');
    for (const [index, fields] of Object.values(broken).entries()) {
      await redis?.hset(`nexus:on-demand:broken-${index}`, { name: 'movies.fetch', timestamp: 1, ...fields });
      await redis?.lpush('nexus:on-demand:wait', `broken-${index}`);
    }
    await queues.enqueue('movies.fetch', { tmdbId: 6, requestedAt: 1 }, { jobId: 'right' });
    expect(await queue.getJobs(['wait'])).toHaveLength(Object.keys(broken).length + 1);
    // As nobody has looked at them.
    for (const [index, fields] of Object.values(broken).entries())
      await redis?.hset(`nexus:on-demand:broken-${index}`, fields);

    const seen: unknown[] = [];
    const worker = queues.worker(
      'on-demand',
      async ({ id, data }) => {
        seen.push(id);
        if (typeof data === 'string') throw new Error('no payload');
      },
      { concurrency: 1 },
    );
    void worker.run();
    await until(
      async () => seen.includes('right') && (await queue.getJobCounts('active', 'wait')).active === 0,
    );
    await worker.close();
    expect(seen.toSorted()).toEqual(
      [...Object.keys(broken).map((_, index) => `broken-${index}`), 'right'].toSorted(),
    );
    expect((await queue.getJobs(['failed'])).map(({ id }) => id)).toEqual(['broken-0']);
    expect(lines).toEqual([]);
  },
  60_000,
);
