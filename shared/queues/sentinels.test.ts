import { expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { testDatabase } from '#tests/support/database.ts';
import { hasRedis } from '#tests/support/redis.ts';
import { openWatchedRedis } from '#tests/support/redis-sentinels.ts';
import { takePrecedence } from '#tests/support/take-precedence.ts';
import { until } from '#tests/support/until.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { openQueues } from './queue.ts';

const log = createLog({ level: 'silent', name: 'test' });

test.skipIf(!hasRedis)(
  'a Redis that fails over is followed: jobs are taken and done again within 15 s, and the limiter grants',
  async () => {
    using _precedence = takePrecedence();
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await testDatabase());
    const redis = stack.use(await openWatchedRedis());
    const open = (role: 'worker' | 'producer') =>
      openQueues({ redisUrl: undefined, redisSentinels: redis.target, database, log, role });
    const queues = stack.use(await open('worker'));
    const producer = stack.use(await open('producer'));
    expect(queues.kind).toBe('redis');
    const done = new Set<string>();
    const worker = queues.worker('on-demand', async (job) => void done.add(String(job.id)), {
      concurrency: 4,
      stalledInterval: 5000,
    });
    void worker.run();
    stack.defer(() => worker.close(true));
    const limiter = stack.use(openLimiter({ maxRps: 50, redis: queues.redis, log }));

    let sent = 0;
    let isOver = false;
    const accepted: { id: string; at: number }[] = [];
    const producing = (async () => {
      for (; !isOver; await Bun.sleep(20)) {
        const tmdbId = ++sent;
        await producer.enqueue('movies.fetch', { tmdbId, requestedAt: 1 }).then(
          (id) => accepted.push({ id, at: performance.now() }),
          () => {},
        );
      }
    })();
    await until(() => done.size > 20);
    const before = await redis.primaryPort();
    await redis.killPrimary();
    const killedMs = performance.now();
    await until(() => accepted.some(({ id, at }) => at > killedMs + 500 && done.has(id)));
    // The sentinel that is asked may hear of it last.
    await until(async () => (await redis.primaryPort()) !== before);
    const ran = await limiter.run(async () => 'ran', { signal: new AbortController().signal });
    expect(ran).toBe('ran');
    isOver = true;
    await producing;
    // What the new one took is done to the end.
    const late = accepted.filter(({ at }) => at > killedMs + 500).map(({ id }) => id);
    await until(() => late.every((id) => done.has(id)));

    // And back again.
    await redis.startKilled();
    await redis.killPrimary();
    await until(
      () =>
        producer.enqueue('movies.fetch', { tmdbId: 1_000_000, requestedAt: 1 }).then(
          () => true,
          () => false,
        ),
      15_000,
    );
    await until(() => done.has('movie-1000000'));
  },
  90_000,
);
