import { describe, expect, test } from 'bun:test';
import { openStoreClock } from '#shared/db/store-clock.ts';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { testDatabase } from '#tests/support/database.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { keepDelays } from './keep-delays.ts';
import { agreeSchedules, keepSchedules, listsCron } from './schedules.ts';

const day = 86_400_000;

/** Runs as a process whose clock is ahead does. */
async function withClockAhead<T>(aheadMs: number, work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  Date.now = () => now() + aheadMs;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

describe.each([['postgres'], ['redis']])('with queues in %s', (kind) => {
  test.skipIf(kind === 'redis' && !hasRedis)(
    'schedules and jobs that a wrong clock put far away come in time again',
    async () => {
      await using stack = new AsyncDisposableStack();
      const database = stack.use(await testDatabase());
      const redis = kind === 'redis' ? stack.use(await testRedis()) : undefined;
      const { log } = rememberingLog();
      const queues = stack.use(await openQueues({ redisUrl: redis?.url, database, log, role: 'worker' }));
      const clock = stack.use(await openStoreClock(database.pool, { log }));
      const sync = queues.queue('sync');
      const farthest = async () =>
        Math.max(...(await sync.getJobSchedulers()).map(({ next = 0 }) => next - Date.now()));

      await withClockAhead(200 * day, async () => {
        await agreeSchedules(queues, { log });
        await queues.enqueue('movies.fetch', { tmdbId: 1, requestedAt: 1 }, { delayMs: 60_000 });
      });
      expect(await farthest()).toBeGreaterThan(199 * day);

      using _kept = keepDelays({ queues, pool: database.pool, log, clock }, { everyMs: 50, afterMs: 500 });
      // As a worker has both: the queue may lose a schedule that is taken away and put back.
      using _there = keepSchedules(queues, { log }, 500);
      await until(
        async () =>
          (await farthest()) <= 7 * day && (await sync.getJobSchedulers()).length === syncJobNames.length,
      );
      const schedulers = await sync.getJobSchedulers();
      expect(schedulers.map(({ key }) => key).toSorted()).toEqual([...syncJobNames].toSorted());
      // What is due by it is there, too, and nothing of what was.
      const delayed = await sync.getDelayed();
      expect(delayed.map(({ name }) => name).toSorted()).toEqual([...syncJobNames].toSorted());
      await until(async () => (await queues.queue('on-demand').getWaitingCount()) === 1);
    },
    30_000,
  );
});

describe.each([['postgres'], ['redis']])('with queues in %s', (kind) => {
  test.skipIf(kind === 'redis' && !hasRedis)(
    'runs that a wrong clock began too early keep no schedule and no worker away',
    async () => {
      await using stack = new AsyncDisposableStack();
      const database = stack.use(await testDatabase());
      const redis = kind === 'redis' ? stack.use(await testRedis()) : undefined;
      const { log } = rememberingLog();
      const queues = stack.use(await openQueues({ redisUrl: redis?.url, database, log, role: 'worker' }));
      const sync = queues.queue('sync');
      const crons = { lists: listsCron(1) };
      const nextOf = async (name: string) =>
        (await sync.getJobSchedulers()).find(({ key }) => key === name)?.next ?? 0;
      const workUntilNextIs = async (isSo: (nextMs: number) => boolean) => {
        const worker = queues.worker('sync', async () => {}, { concurrency: 4 });
        void worker.run();
        await until(async () => isSo(await nextOf('changes'))).finally(() => worker.close());
      };
      const minute = 60_000;
      const quarter = 15 * minute;
      // Every fifteen minutes. Whenever it is, the test begins five minutes before a run.
      const shouldBe = await agreeSchedules(queues, { log, crons }).then(() => nextOf('changes'));
      const startMs = shouldBe - 5 * minute - Date.now();
      const at = <T>(laterMs: number, work: () => Promise<T>) => withClockAhead(startMs + laterMs, work);
      const agree = () => at(0, () => agreeSchedules(queues, { log, crons }));
      await agree();
      // Two of them.
      await at(6 * minute, () => workUntilNextIs((next) => next > shouldBe));
      await at(21 * minute, () => workUntilNextIs((next) => next > shouldBe + quarter));

      // The next worker that starts.
      await agree();
      expect(await nextOf('changes')).toBe(shouldBe);
      const patterns = (await sync.getJobSchedulers()).map(({ key, pattern }) => [key, pattern]);
      expect(patterns).toContainEqual(['lists', listsCron(1)]);
      expect(patterns).toHaveLength(syncJobNames.length);

      // It goes on from there, past the runs that were had already.
      await at(6 * minute, () => workUntilNextIs((next) => next === shouldBe + quarter));
      await at(21 * minute, () => workUntilNextIs((next) => next === shouldBe + 2 * quarter));
      const delayed = await sync.getDelayed();
      expect(delayed.map(({ name }) => name).toSorted()).toEqual([...syncJobNames].toSorted());
    },
    60_000,
  );
});

test('while a worker’s clock is wrong, its schedules are left alone', async () => {
  await using database = await testDatabase();
  const { log } = rememberingLog();
  await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'worker' });
  await using clock = await openStoreClock(database.pool, { log });
  await database.pool.query(
    `insert into worker_processes (id, host, pid, started_at, seen_at, event_loop_lag_ms, resident_bytes, clock_ahead_ms)
     values ($1, 'here', 1, now(), now(), 1, 1, 3600000)`,
    [Bun.randomUUIDv7()],
  );
  const before = await withClockAhead(day, async () => {
    await agreeSchedules(queues, { log });
    return queues.queue('sync').getJobSchedulers();
  });
  using _kept = keepDelays({ queues, pool: database.pool, log, clock }, { everyMs: 20 });
  await Bun.sleep(300);
  expect(await queues.queue('sync').getJobSchedulers()).toEqual(before);
});
