import { expect, test } from 'bun:test';
import { openQueues } from '#shared/queues/queue.ts';
import { testDatabase } from '#tests/support/database.ts';
import { putImport } from '#tests/support/import-history-fixture.ts';
import { putUser } from '#tests/support/put-user.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { keepImports } from '../imports/resume-imports.ts';
import { keepRuns } from './requeue-lost-runs.ts';

test.skipIf(!hasRedis)(
  'runs and imports that a Redis lost are back within seconds, and what is still there is left alone',
  async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await testDatabase());
    const redis = stack.use(await testRedis());
    const { log, lines } = rememberingLog();
    const queues = stack.use(await openQueues({ redisUrl: redis.url, database, log, role: 'worker' }));
    const on = database.orm.em.getKysely();
    const { pool } = database;
    const [asked, interrupted] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
    await pool.query(
      `insert into sync_runs (id, job, trigger, status, queued_at, lease_until, queue_job_id)
       values ($1, 'trending', 'admin', 'queued', now() - interval '10 s', now() + interval '50 s', null),
         ($2, 'details', 'schedule', 'running', now() - interval '1 min', now() - interval '1 s', 'tick')`,
      [asked, interrupted],
    );
    const importId = await putImport(pool, await putUser(pool), 'watched', []);
    await pool.query("update user_imports set created_at = now() - interval '1 minute'");
    await queues.enqueue('trending', { trigger: 'admin', runId: asked });
    await queues.queue('sync').add('details', { trigger: 'schedule' }, { jobId: 'tick' });
    await queues.enqueue('users.import', { importId });

    using _runs = keepRuns({ on, queues, log }, 100);
    using _imports = keepImports({ on, queues, log }, 100);
    await Bun.sleep(500);
    expect(lines).toEqual([]);

    await queues.redis?.flushall();
    const ids = async (queue: 'sync' | 'background' | 'imports') =>
      (await queues.queue(queue).getWaiting()).map(({ id }) => id).toSorted();
    await until(async () => (await ids('sync')).length === 2 && (await ids('imports')).length === 1);
    expect(await ids('sync')).toEqual([`run-${asked}`, `run-${interrupted}`].toSorted());
    expect(await ids('background')).toEqual([`import-${importId}`]);
  },
  30_000,
);
