import { randomBytes } from 'node:crypto';
import type { Registry } from 'prom-client';
import { type ApiConfig, readApiConfig } from '#shared/config.ts';
import { openStoreClock } from '#shared/db/store-clock.ts';
import { prepareDataFolder, readOrCreateSecret } from '#shared/embedded/data-folder.ts';
import { createLog, type Log } from '#shared/log.ts';
import {
  type Database,
  migrateDatabase,
  openConfiguredDatabase,
  openReadPool,
} from '#shared/orm/database.ts';
import { type ProgramControl, type Running, runProgram } from '#shared/program.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { settingsInEffect } from '#shared/settings-in-effect.ts';
import { openTracing } from '#shared/tracing/open-tracing.ts';
import type { Tracing } from '#shared/tracing/tracing.ts';
import { ensureAdmin } from '#shared/users/ensure-admin.ts';
import { createApp } from './app.ts';
import { keepSessionsPruned } from './auth/prune-sessions.ts';
import { createSecretBox } from './auth/secret-box.ts';
import { keepTotpSecretsSealed } from './auth/totp-secrets.ts';
import { openProcessMetrics } from './http/metrics/process-metrics.ts';
import { createServiceNotices } from './notices/service-notices.ts';
import { watchNotices } from './notices/watch-notices.ts';
import { openSandboxWatch } from './pictures/sandbox-watch.ts';
import type { PoolSizes } from './processes/messages.ts';
import { planProcesses } from './processes/pool-sizes.ts';
import type { ConnectionSpread } from './processes/spread-connections.ts';
import { watchOver } from './processes/watch-over.ts';
import { serve } from './serve.ts';
import { openReplica } from './store/lagging-reads.ts';
import { openNoticeHub } from './store/notice-hub.ts';

interface OpenApiDeps {
  log: Log;
  database: Database;
  /** Those of the process, if it has some; else its own are opened, and closed again. */
  queues?: Queues;
  signal?: AbortSignal;
  tracing?: Tracing | undefined;
  /** Where it shares its port and its connections with other processes. */
  shared?: SharedPort | undefined;
  /** Tells a person in front of the process what they should know. */
  say?: (line: string) => void;
}

export interface SharedPort {
  pools: PoolSizes;
  readAllMetrics: () => Promise<string>;
  spread: ConnectionSpread;
}

export interface RunningApi extends AsyncDisposable {
  url: string;
  metrics: Registry;
}

/** What of the grace is left for closing queues and database after the last request. */
const closingMs = 1500;

/** The API on its port, over a database that is open and migrated. */
export async function openApi(config: ApiConfig, deps: OpenApiDeps): Promise<RunningApi> {
  const { log, database, shared } = deps;
  await using stack = new AsyncDisposableStack();
  const queues =
    deps.queues ??
    stack.use(
      await openQueues({
        redisUrl: config.redisUrl,
        redisSentinels: config.redisSentinels,
        database,
        log,
        role: 'producer',
        poolMax: shared?.pools.queue,
        tracing: deps.tracing,
        ...(deps.signal === undefined ? {} : { signal: deps.signal }),
      }),
    );
  if (config.admin !== undefined)
    log.info({ outcome: await ensureAdmin(database.pool, config.admin) }, 'the administrator of ADMIN_EMAIL');
  const clock = stack.use(await openStoreClock(database.pool, { log }));
  const notices = stack.use(await openNoticeHub(database, log));
  const { databaseReadUrl: readUrl } = config;
  const { pool } = database;
  const replica =
    readUrl &&
    stack.use(
      openReplica({
        pool,
        replica: openReadPool(readUrl, { oneProcess: true, poolMax: shared?.pools.reads }),
        log,
      }),
    );
  const hub = replica ? replica.echo(notices) : notices;
  const stopping = new AbortController();
  const jwtSecret = config.jwtSecret ?? (await readOrGenerateSecret(config.dataDir));
  const metrics = stack.use(openProcessMetrics(database.pool)).registry;
  const app = createApp({
    config: {
      ...config,
      jwtSecret,
      allowLoopbackOrigins: !config.production,
      settingsInEffect: settingsInEffect(process.env),
    },
    log,
    database,
    ...(replica ? { reads: replica } : {}),
    queues,
    hub,
    tracing: deps.tracing,
    isSandbox: await openSandboxWatch({ pool, hub, log }),
    metrics,
    readAllMetrics: shared?.readAllMetrics,
    stopping: stopping.signal,
    now: clock.now,
    wallClock: Date.now,
  });
  if (shared !== undefined) app.use(shared.spread.plugin(() => app.server));
  const graceMs = Math.max(0, config.shutdownGraceMs - closingMs);
  const { host, port } = config;
  const server = stack.use(serve(app, { host, port, graceMs, reusePort: shared !== undefined }));
  const forOperators = createServiceNotices({ pool: database.pool, dataDir: config.dataDir, now: Date.now });
  stack.use(watchNotices({ read: forOperators, hub, log, say: deps.say }));
  stack.use(keepSessionsPruned({ pool: database.pool, log, clock }));
  const others = [config.jwtSecretPrevious, config.jwtSecretRetired];
  const box = createSecretBox({ secret: jwtSecret, others });
  stack.use(keepTotpSecretsSealed({ pool: database.pool, box, log }));
  stack.defer(() => stopping.abort());
  log.info({ url: server.url }, 'the API is up');
  const owned = stack.move();
  return { url: server.url, metrics, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** As many API processes as the settings say: this one, or others that it watches over. */
export async function openApis(
  config: ApiConfig,
  deps: OpenApiDeps & { logTo?: string | number | undefined },
) {
  const { log, logTo, database } = deps;
  const { count, pools } = await planProcesses(config.apiProcesses, database.pool);
  if (count === 1) return openApi(config, deps);
  await using stack = new AsyncDisposableStack();
  const processes = stack.use(await watchOver(config, { count, pools, log, logTo }));
  process.on('SIGHUP', onHangup);
  stack.defer(() => void process.off('SIGHUP', onHangup));
  // Of a terminal it means that it was closed.
  function onHangup() {
    if (process.stdout.isTTY) process.kill(process.pid, 'SIGTERM');
    else
      processes
        .restart()
        .catch((error: unknown) => log.error({ err: error }, 'the API processes are not new'));
  }
  const owned = stack.move();
  return { url: processes.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** For development: made once, kept in the data folder. */
async function readOrGenerateSecret(dataDir: string): Promise<string> {
  const make = () => randomBytes(48).toString('base64url');
  return readOrCreateSecret(await prepareDataFolder(dataDir), 'jwt-secret', make);
}

/** A process of its own: `npm run api`. */
async function openStandalone({ signal }: ProgramControl): Promise<Running> {
  const config = readApiConfig(process.env);
  const log = createLog({ level: config.logLevel, name: 'api' });
  await using stack = new AsyncDisposableStack();
  const tracing = await openTracing({ target: config.tracing, serviceName: 'nexus-api', log });
  if (tracing !== undefined) stack.use(tracing);
  const database = stack.use(await openConfiguredDatabase(config, log, { signal, oneProcess: true }));
  await migrateDatabase(database);
  stack.use(await openApis(config, { log, database, signal, tracing }));
  const owned = stack.move();
  return {
    graceMs: config.shutdownGraceMs,
    log,
    async [Symbol.asyncDispose]() {
      log.info('stopping');
      await owned.disposeAsync();
    },
  };
}

if (import.meta.main) {
  readArguments({
    usage: `Usage: npm run api

Answers HTTP requests, over the stores that the settings name (docs/settings.md). A worker must run somewhere, too.`,
  });
  await runProgram({ open: openStandalone });
}
