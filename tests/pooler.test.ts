import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readCommonConfig } from '#shared/config.ts';
import { holdsSession } from '#shared/db/holds-session.ts';
import { createLog } from '#shared/log.ts';
import { migrateDatabase, openConfiguredDatabase, openDatabase } from '#shared/orm/database.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { hasPgbouncer, openPgbouncer } from './support/pgbouncer.ts';
import { openPostgresPair, type PostgresPair } from './support/postgres-pair.ts';
import { startProgram } from './support/program.ts';
import { until } from './support/until.ts';

const log = createLog({ level: 'silent', name: 'test' });

describe.skipIf(!hasPgbouncer)('PgBouncer in front of PostgreSQL', () => {
  let pair: PostgresPair;
  beforeAll(async () => {
    pair = await openPostgresPair();
  }, 60_000);
  afterAll(() => pair?.[Symbol.asyncDispose]());
  const pooler = (settings: Record<string, string | number>) =>
    openPgbouncer({ host: '127.0.0.1', port: pair.primary.port, user: pair.user }, settings);
  const ignored = {
    ignore_startup_parameters: 'options,statement_timeout,idle_in_transaction_session_timeout',
  };

  test.each([1, 20])(
    'that pools transactions with %d servers is refused in a sentence',
    async (default_pool_size) => {
      await using bouncer = await pooler({ ...ignored, pool_mode: 'transaction', default_pool_size });
      expect(await holdsSession(bouncer.url(pair.user))).toBe(false);
      await using program = startProgram('scripts/migrate.ts', { DATABASE_URL: bouncer.url(pair.user) });
      expect(await program.exited).toBe(1);
      expect(program.output()).toMatch(
        /^PostgreSQL at DATABASE_URL \(127\.0\.0\.1:\d+\) is behind a pooler that pools transactions[^\n]+\n$/,
      );
    },
    60_000,
  );

  test('that refuses what a session is started with is told which setting of it helps', async () => {
    await using bouncer = await pooler({ pool_mode: 'session' });
    await using program = startProgram('scripts/migrate.ts', { DATABASE_URL: bouncer.url(pair.user) });
    expect(await program.exited).toBe(1);
    expect(program.output()).toContain('ignore_startup_parameters');
  }, 60_000);

  test('that pools sessions works: migrations, the queue, its jobs', async () => {
    await using bouncer = await pooler({ ...ignored, pool_mode: 'session', default_pool_size: 60 });
    const url = bouncer.url(pair.user);
    await using database = await openConfiguredDatabase(readCommonConfig({ DATABASE_URL: url }), log);
    await migrateDatabase(database);
    await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'worker' });
    const done: string[] = [];
    const worker = queues.worker('on-demand', async (job) => void done.push(String(job.id)), {
      concurrency: 1,
    });
    void worker.run();
    await queues.enqueue('movies.fetch', { tmdbId: 5, requestedAt: 1 });
    await until(() => done.includes('movie-5'));
    await worker.close();
  }, 60_000);

  test('no pooler holds its session', async () => {
    await using database = await openDatabase({ url: pair.url() });
    expect(await holdsSession(pair.url())).toBe(true);
    await database.pool.query('select 1');
  });
});
