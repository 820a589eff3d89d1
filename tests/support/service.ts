import { openApi } from '#api/main.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { type SandboxOptions, startSandbox } from '#sandbox/server.ts';
import { type Environment, readApiConfig, readWorkerConfig } from '#shared/config.ts';
import type { SyncJobName } from '#shared/jobs/catalog.ts';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { openWorker } from '#worker/main.ts';
import { testDatabase } from './database.ts';
import { until } from './until.ts';

export interface Service extends AsyncDisposable {
  url: string;
  sandbox: Sandbox;
  database: Database;
  queues: Queues;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Rows of a query. */
  rows(text: string, ...values: unknown[]): Promise<Record<string, unknown>[]>;
  /** Runs a job to its end, and what follows it by itself, and returns its recorded run. */
  sync(job: SyncJobName): Promise<Record<string, unknown>>;
}

export const testKey = 'a-key-of-the-tests';

export interface ServiceOptions {
  sandbox?: SandboxOptions;
  env?: Environment;
  /** Waits for the first sync to be through. */
  synced?: boolean;
  /** One that lives already, and goes on living. */
  database?: Database;
}

/** The whole service in this process: a sandbox as TMDb, a database, the worker, and the api on a port of its own. */
export async function openService(options: ServiceOptions = {}): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const sandbox = await startSandbox({ movies: 200, apiKeys: [testKey], ...options.sandbox });
  stack.defer(() => sandbox.stop());
  const database = options.database ?? stack.use(await testDatabase());
  const log = createLog({ level: process.env.TEST_LOG ?? 'silent', name: 'test' });
  const env: Environment = {
    PORT: '0',
    TMDB_ACCESS_TOKEN: testKey,
    TMDB_BASE_URL: sandbox.url,
    TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
    TMDB_MAX_RPS: '10000',
    JWT_SECRET: 'x'.repeat(32),
    // Tests look again and again until something is so.
    RATE_LIMIT: 'off',
    SHUTDOWN_GRACE_MS: '3000',
    ...options.env,
  };
  const queues = stack.use(await openQueues({ redisUrl: env.REDIS_URL, database, log, role: 'worker' }));
  const onFatal = (error: Error) => log.error({ err: error }, 'fatal');
  stack.use(await openWorker(readWorkerConfig(env), { database, queues, log, onFatal, resetMirror: false }));
  const api = stack.use(await openApi(readApiConfig(env), { database, queues, log }));
  const rows: Service['rows'] = async (text, ...values) => (await database.pool.query(text, values)).rows;
  const firstSyncDone = async () =>
    (await rows("select 1 from sync_runs where job = 'details' and status = 'succeeded' and seen > 0"))
      .length > 0;
  const atRest = async () => {
    const { active, waiting } = await queues.queue('sync').getJobCounts('active', 'waiting');
    return active === 0 && waiting === 0;
  };
  // Lists that were read meanwhile are followed by details of their own.
  if (options.synced ?? true) await until(async () => (await firstSyncDone()) && (await atRest()), 120_000);
  const owned = stack.move();
  return {
    url: api.url,
    sandbox,
    database,
    queues,
    get: (path, init) => fetch(`${api.url}${path}`, init),
    rows,
    async sync(job) {
      const id = await queues.enqueue(job, { trigger: 'admin' });
      const run = async () =>
        (await rows('select * from sync_runs where job = $1 and queue_job_id = $2', job, id))[0] ?? {};
      await until(async () => ['succeeded', 'failed'].includes(String((await run()).status)), 120_000);
      await until(atRest, 60_000);
      return run();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
