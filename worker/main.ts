import type { Processor } from 'bullmq';
import { ConfigError, readWorkerConfig, type TmdbCredential, type WorkerConfig } from '#shared/config.ts';
import { listenToNotices } from '#shared/db/notices.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { openStoreClock } from '#shared/db/store-clock.ts';
import { NexusError } from '#shared/errors.ts';
import { type QueueName, queueNames, syncJobNames } from '#shared/jobs/catalog.ts';
import { createLog, type Log } from '#shared/log.ts';
import { type Database, migrateDatabase, openConfiguredDatabase } from '#shared/orm/database.ts';
import { runProgram } from '#shared/program.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { leaseMs, runLife } from '#shared/sync/run-life.ts';
import { openTracing } from '#shared/tracing/open-tracing.ts';
import type { Tracing } from '#shared/tracing/tracing.ts';
import type { CircuitState } from '#shared/upstream/upstream.ts';
import { within } from '#shared/within.ts';
import { type ClaimedUpstream, claimUpstream } from './claim-upstream.ts';
import { handlers, resumers } from './handlers.ts';
import { keepImports } from './imports/resume-imports.ts';
import { createJobMetrics } from './metrics/job-metrics.ts';
import { recordCounts } from './metrics/record-counts.ts';
import { readKnownMovies } from './movies/read-known-movies.ts';
import { keepDelays } from './runner/keep-delays.ts';
import { keepRuns } from './runner/requeue-lost-runs.ts';
import { createProcessor } from './runner/runner.ts';
import { agreeSchedules, keepSchedules, listsCron, startJobs } from './runner/schedules.ts';
import { wakeJobs } from './runner/wake-jobs.ts';
import { sandboxKey, startSandboxProcess } from './sandbox-process.ts';
import { holdWorkerLock } from './store/hold-worker-lock.ts';
import { createTmdbClient } from './tmdb/create-tmdb-client.ts';
import { openLimiter } from './tmdb/limiter/limiter.ts';
import { openUpstreamStatus, type UpstreamStatus } from './tmdb/upstream/upstream-status.ts';

export interface WorkerDeps {
  database: Database;
  queues: Queues;
  log: Log;
  /** It cannot go on: another worker took over. */
  onFatal: (error: Error) => void;
  /** Empties a mirror that another upstream filled, instead of refusing to start. */
  resetMirror: boolean;
  /** Tells a person in front of the process what became of that. */
  say?: (line: string) => void;
  tracing?: Tracing | undefined;
}

export interface RunningWorker extends AsyncDisposable {
  /** Where the mirror comes from, as a sentence for the operator. */
  upstream: string;
}

/** What of the grace is left for closing everything else. */
const closingMs = 3000;
/** How long the queue may take to note how the last jobs ended. */
const bookkeepingMs = 1500;
/** A stalled job (its worker was killed) is handed on this soon… */
const stalledIntervalMs = 5000;
/** …and as often as it takes: a long job may outlive many deploys. */
const maxStalledCount = 10_000;
const backgroundAtOnce = 2;
/** Files that are looked up in the mirror at the same time. */
const importsAtOnce = 2;

/** Takes up the work: agrees on the upstream, the schedules and the limiter, then runs jobs until disposed. */
export async function openWorker(config: WorkerConfig, deps: WorkerDeps): Promise<RunningWorker> {
  const { database, queues, log } = deps;
  await using stack = new AsyncDisposableStack();
  if (queues.kind === 'postgres') {
    const onLost = () =>
      deps.onFatal(new ConfigError('Another worker took over this database, so this one stops.'));
    stack.use(await holdWorkerLock(database.clientConfig, { log, onLost }));
    await runStatement(database.pool, runLife.freeLeases());
  }
  const upstream = await findUpstream(config, log, stack);
  const claimed = await claimUpstream(database.orm.em.fork(), upstream.identity, deps.resetMirror);
  if (deps.resetMirror) tellOfReset(claimed, deps);
  const status = stack.use(await openUpstreamStatus({ pool: database.pool, log }));
  const clock = stack.use(await openStoreClock(database.pool, { log }));
  const { tmdbMaxRps: maxRps } = config;
  const limiter = stack.use(openLimiter({ maxRps, redis: queues.redis, log }));
  const { pool } = database;
  const jobMetrics = createJobMetrics();
  const { languages, regions } = config.locales;
  const { lostParts: onLostParts } = jobMetrics;
  const tmdb = stack.use(
    createTmdbClient({
      ...upstream,
      limiter,
      status,
      log,
      tracing: deps.tracing,
      languages,
      onLostParts,
      readKnownMovies: () => readKnownMovies(pool),
    }),
  );
  const source = { requests: tmdb.stats, limiter: limiter.stats };
  const clockAheadMs = clock.aheadMs;
  stack.use(recordCounts({ pool, jobs: jobMetrics.registry, source, maxRps, clockAheadMs, log }));
  const stopping = new AbortController();
  const silence = await tmdb.checkKey(stopping.signal);
  if (silence !== undefined) await status.doubt(silence);
  stack.use(await followUpstream({ database, queues, status, log }));
  const schedules = { log, crons: { lists: listsCron(config.listsEveryHours) } };
  await agreeSchedules(queues, schedules);
  stack.use(keepSchedules(queues, schedules));
  stack.use(keepDelays({ queues, pool, log, clock }));
  stack.use(keepRuns({ on: database.orm.em.getKysely(), queues, log }));
  stack.use(keepImports({ on: database.orm.em.getKysely(), queues, log }));
  const process = createProcessor({
    database,
    queues,
    handlers,
    tmdb,
    metrics: jobMetrics,
    tracing: deps.tracing,
    log,
    clock,
    mirror: {
      scope: config.mirrorScope,
      popularPages: config.mirrorPopularPages,
      spareCallsPerSecond: (config.tmdbMaxRps * config.refreshSparePercent) / 100,
      languages,
      regions,
    },
    stopping: stopping.signal,
  });
  stack.use(takeJobs({ queues, process, config, log }));
  stack.defer(() => stopping.abort(new NexusError('shutting_down', 'The process is ending.')));
  await startJobs(database.orm.em.getKysely(), queues, resumers, clock.now());
  log.info({ upstream: upstream.identity, max_rps: maxRps, queues: queues.kind }, 'the worker is up');
  const owned = stack.move();
  return { upstream: upstream.sentence, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Whoever asked for it is told, also where there was nothing to do. */
function tellOfReset({ before, after, isReset }: ClaimedUpstream, { log, say }: WorkerDeps): void {
  const sentence = isReset
    ? `--reset-mirror: the mirror from ${before} was emptied. It is filled again from ${after}. Users and what they saved stayed.`
    : before === null
      ? '--reset-mirror: nothing was emptied, because no upstream has filled this database yet.'
      : `--reset-mirror: nothing was emptied, because the mirror comes from ${after}, which is what the settings name.`;
  log.warn({ before, after, emptied: isReset }, sentence);
  say?.(`  ${sentence}`);
}

interface FoundUpstream {
  baseUrl: string;
  exportBaseUrl: string;
  credential: TmdbCredential;
  /** What the database remembers of it. */
  identity: string;
  sentence: string;
}

async function findUpstream(
  config: WorkerConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<FoundUpstream> {
  const { credential, tmdbBaseUrl, tmdbExportBaseUrl } = config;
  if (credential !== undefined)
    return {
      baseUrl: tmdbBaseUrl,
      exportBaseUrl: tmdbExportBaseUrl,
      credential,
      identity: tmdbBaseUrl,
      sentence: tmdbBaseUrl,
    };
  const sandbox = stack.use(await startSandboxProcess({ ...config.sandbox, log }));
  const data = config.sandbox.realData === undefined ? 'invented movies' : 'the records of NEXUS_REAL_DATA';
  return {
    baseUrl: sandbox.url,
    exportBaseUrl: sandbox.exportUrl,
    credential: { kind: 'token', token: sandboxKey },
    identity: sandbox.identity,
    sentence: `the built-in sandbox with ${data}, NOT the real TMDb (set TMDB_ACCESS_TOKEN for that)`,
  };
}

interface TakeJobsOptions {
  queues: Queues;
  process: Processor<unknown, unknown, string>;
  config: WorkerConfig;
  log: Log;
}

/** Works on the queues until disposed: then nothing new is taken, and what runs may finish within the grace. */
function takeJobs({ queues, process, config, log }: TakeJobsOptions): AsyncDisposable {
  const running = new Set<Promise<unknown>>();
  const tracked: typeof process = (job, token, signal) => {
    const work = process(job, token, signal);
    running.add(work);
    const done = () => running.delete(work);
    work.then(done, done);
    return work;
  };
  const settings = { lockDuration: leaseMs, stalledInterval: stalledIntervalMs, maxStalledCount };
  const atOnce: Record<QueueName, number> = {
    sync: syncJobNames.length,
    'on-demand': config.workerConcurrency,
    background: backgroundAtOnce,
    imports: importsAtOnce,
  };
  const workers = queueNames.map((name) =>
    queues.worker(name, tracked, { ...settings, concurrency: atOnce[name] }),
  );
  for (const worker of workers) void worker.run();
  // What then still runs is taken up again by the next worker; the rest of the grace is for closing what is open.
  const finishMs = Math.max(1000, config.shutdownGraceMs - closingMs);
  return {
    async [Symbol.asyncDispose]() {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      // A queue whose connection was lost may never say that it is closed; our jobs are what counts.
      const idle = Promise.allSettled([...running]).then(() => Bun.sleep(bookkeepingMs));
      await within(finishMs, Promise.race([closed, idle])).catch(() => log.warn('jobs were cut off'));
    },
  };
}

/** Keeps in step with what other processes learn of TMDb, and wakes those who waited for its return. */
async function followUpstream(deps: {
  database: Database;
  queues: Queues;
  status: UpstreamStatus;
  log: Log;
}): Promise<AsyncDisposable> {
  const { database, queues, status, log } = deps;
  // Jobs that waited for TMDb may be left from before this start: with a key that was mended, they go on now.
  let before: CircuitState = 'open';
  const refresh = async () => {
    await status.refresh();
    const after = status.circuit;
    if (before !== 'closed' && after === 'closed') await wakeJobs(queues);
    before = after;
  };
  const onChange = () =>
    void refresh().catch((error: unknown) => log.warn({ err: error }, 'TMDb’s state could not be followed'));
  return listenToNotices({
    clientConfig: database.clientConfig,
    onNotice: (notice) => {
      if (notice.kind === 'upstream') onChange();
    },
    onGap: onChange,
    log,
  });
}

if (import.meta.main) {
  const { values } = readArguments({
    usage: `Usage: npm run worker -- [--reset-mirror]

Fetches from TMDb and does all other jobs, over the stores that the settings name (docs/settings.md).
--reset-mirror  empties the mirror first if another upstream filled it; users and what they saved stay`,
    options: { 'reset-mirror': { type: 'boolean', default: false } },
  });
  await runProgram({
    async open({ fail, signal }) {
      const config = readWorkerConfig(process.env);
      const log = createLog({ level: config.logLevel, name: 'worker' });
      await using stack = new AsyncDisposableStack();
      const tracing = await openTracing({ target: config.tracing, serviceName: 'nexus-worker', log });
      if (tracing !== undefined) stack.use(tracing);
      const database = stack.use(await openConfiguredDatabase(config, log, { signal }));
      await migrateDatabase(database);
      const queues = stack.use(
        await openQueues({ ...config, database, log, role: 'worker', signal, tracing }),
      );
      stack.use(
        await openWorker(config, {
          database,
          queues,
          log,
          onFatal: fail,
          tracing,
          resetMirror: values['reset-mirror'],
        }),
      );
      const owned = stack.move();
      const graceMs = config.shutdownGraceMs;
      return { graceMs, log, [Symbol.asyncDispose]: () => owned.disposeAsync() };
    },
  });
}
