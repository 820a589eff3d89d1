import { expect, test } from 'bun:test';
import { openQueues } from '#shared/queues/queue.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { handlers } from '../handlers.ts';
import { createProcessor } from './runner.ts';

/** A worker on the queue `sync` whose `genres` succeed at once. */
async function open(stack: AsyncDisposableStack) {
  const database = stack.use(await testDatabase());
  const { log, lines } = rememberingLog();
  const queues = stack.use(await openQueues({ redisUrl: undefined, database, log, role: 'worker' }));
  const { mirror } = jobContext(database);
  const process = createProcessor({
    database,
    queues,
    handlers: { ...handlers, genres: async () => {} },
    // Not part of these tests.
    tmdb: {} as never,
    mirror,
    log,
    stopping: new AbortController().signal,
  });
  const worker = queues.worker('sync', process, { concurrency: 1 });
  stack.defer(() => worker.close());
  void worker.run();
  return { database, lines, sync: queues.queue('sync') };
}

test('a run that cannot be opened, because its table is busy, costs no attempt and is said', async () => {
  await using stack = new AsyncDisposableStack();
  const { database, lines, sync } = await open(stack);
  await database.pool.query(`
    create function busy() returns trigger language plpgsql as $$
    begin raise exception 'canceled' using errcode = '57014'; end $$;
    create trigger busy before insert on sync_runs execute function busy()`);
  // It has one attempt, and comes three times.
  const { id } = await sync.add('genres', { trigger: 'schedule' }, { attempts: 1 });
  const said = () => lines.filter((line) => line.includes('its run could not be opened')).length;
  await until(() => said() >= 3, 40_000);
  expect((await sync.getJob(String(id)))?.attemptsMade).toBe(0);
  await database.pool.query('drop trigger busy on sync_runs');
  const succeeded = async () =>
    (await database.pool.query("select 1 from sync_runs where status = 'succeeded'")).rows.length;
  await until(async () => (await succeeded()) === 1);
}, 90_000);

test('a job that fails before it begins says so each time, and is kept when it is for good', async () => {
  await using stack = new AsyncDisposableStack();
  const { database, lines, sync } = await open(stack);
  await sync.add('genres', { trigger: 'nobody' });
  await until(async () => (await database.pool.query('select 1 from job_failures')).rows.length === 1);
  const said = lines.filter((line) => line.includes('the job failed before it began'));
  expect(said).toHaveLength(1);
  await database.pool.query(`
    create function odd() returns trigger language plpgsql as $$ begin raise exception 'odd'; end $$;
    create trigger odd before insert on sync_runs execute function odd()`);
  await sync.add('genres', { trigger: 'schedule' }, { attempts: 2, backoff: { type: 'fixed', delay: 1 } });
  await until(() => lines.filter((line) => line.includes('the job failed before it began')).length === 3);
  await until(async () => (await database.pool.query('select times from job_failures')).rows[0]?.times === 2);
});

test.each(['no-job-of-ours', '__proto__', 'constructor', 'odd\u001b[31m\nname'])(
  'a job named %j fails and is said',
  async (name) => {
    await using stack = new AsyncDisposableStack();
    const { lines, sync } = await open(stack);
    await sync.add(name, {});
    await until(async () => (await sync.getJobCounts('failed')).failed === 1);
    const said = lines
      .filter((line) => line.includes('there is no such job'))
      .map((line) => JSON.parse(line).job);
    expect(said).toEqual([name]);
  },
);
