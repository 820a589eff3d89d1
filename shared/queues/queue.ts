import {
  createPostgresBackend,
  createRedisBackend,
  type Job,
  type PgPool,
  type Processor,
  type Queue,
  type Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { ConfigError, type SentinelTarget } from '../config.ts';
import { isUntrusted } from '../connection-failures.ts';
import { sessionOptions } from '../db/watched-client.ts';
import { type JobName, type JobPayload, jobs, type QueueName, queueNames } from '../jobs/catalog.ts';
import { jobIdOf } from '../jobs/job-ids.ts';
import { jobOptionsOf } from '../jobs/job-options.ts';
import type { Log } from '../log.ts';
import type { Database } from '../orm/database.ts';
import { requestContext } from '../request-context.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { type Waiting, waitForStore } from '../wait-for-store.ts';
import { within } from '../within.ts';
import { outlastingTrouble, QueueClient } from './postgres-backend.ts';
import { readingAnyJob } from './redis-backend.ts';
import { noCluster, RedisUnfitError, redisRisk, redisUnfitness, tryWriting } from './redis-fitness.ts';
import { type RedisTarget, redisAt, redisBehind } from './redis-target.ts';

export type QueueJob = Job<unknown, unknown, string>;

export interface EnqueueOptions {
  /** In place of the id that the catalogue gives it: one of `job-ids.ts`. */
  jobId?: string;
  delayMs?: number;
  /** Jobs with one come after those without, the smallest first. */
  priority?: number;
}

/** The queues, on Redis where there is one and in PostgreSQL where there is none: this file alone knows which. */
export interface Queues extends AsyncDisposable {
  readonly kind: 'redis' | 'postgres';
  /** @returns the queue's id of the job */
  enqueue<N extends JobName>(name: N, payload: JobPayload<N>, options?: EnqueueOptions): Promise<string>;
  queue(name: QueueName): Queue;
  /** A worker that does not run yet: call `run()`. Dispose it before the queues. */
  worker(name: QueueName, processor: Processor<unknown, unknown, string>, options: WorkerSettings): Worker;
  /** The Redis connection, for what else must be shared between processes; `undefined` without Redis. */
  readonly redis: Redis | undefined;
  /** Whether the queue's store answers. */
  ping(): Promise<void>;
}

export type WorkerSettings = Pick<
  WorkerOptions,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount'
>;

interface OpenQueuesOptions {
  redisUrl: string | undefined;
  /** In place of the URL. */
  redisSentinels?: SentinelTarget | undefined;
  database: Database;
  log: Log;
  /** A producer must fail fast when Redis is away; a worker waits for its return. */
  role: 'producer' | 'worker';
  /** Keeps the queues of two installations on one Redis apart. */
  prefix?: string;
  /** Ends the waiting for a Redis that is not there yet. */
  signal?: AbortSignal;
  onWait?: (sentence: string) => void;
  /** The most connections, where the queues are in PostgreSQL. */
  poolMax?: number | undefined;
  /** Traces go through the queue with each job. */
  tracing?: Tracing | undefined;
}

/** Connections of one process that has no fewer to itself. */
export const queuePoolMax = 12;
/** How long an enqueue may take before it counts as failed. */
const enqueueTimeoutMs = 3000;
/** How long Redis may take to say at start that it is there. */
const startTimeoutMs = 3000;
/** How long closing waits for the store. */
const closeTimeoutMs = 2000;
/** How long a store may be silent to a command that only asks, before the connection counts as dead. */
const answerTimeoutMs = 15_000;
/** No command of a producer waits longer. */
const commandTimeoutMs = 5000;
/** How long nothing is sent before the network is tried. */
const keepAliveMs = 10_000;
/** How soon a worker whose store went away looks for it again. */
const runRetryDelay = 1000;

/** With stale statistics the claim query is planned badly: leave the planner its index. */
const queueSettings = ['search_path=bullmq', 'enable_bitmapscan=off', 'enable_sort=off'];

export async function openQueues(options: OpenQueuesOptions): Promise<Queues> {
  const trouble = troubleLog(options.log);
  const { redisUrl, redisSentinels } = options;
  const target = redisSentinels === undefined ? redisUrl && redisAt(redisUrl) : redisBehind(redisSentinels);
  return target ? openRedisQueues(options, trouble, target) : openPostgresQueues(options, trouble);
}

/** Logs errors of the connections, but not while they are closed: then the server may hang up first. */
interface Trouble {
  note: (error: Error) => void;
  silence: () => void;
}

/** Without the store every connection fails again and again: one log line in this time is enough. */
const troubleEveryMs = 5000;

function troubleLog(log: Log): Trouble {
  let silent = false;
  let notedMs = Number.NEGATIVE_INFINITY;
  return {
    note: (error) => {
      if (silent || performance.now() - notedMs < troubleEveryMs) return;
      notedMs = performance.now();
      log.warn({ err: error }, 'queue connection trouble');
    },
    silence: () => {
      silent = true;
    },
  };
}

async function openRedisQueues(
  { role, prefix = 'nexus', tracing, ...waiting }: OpenQueuesOptions,
  trouble: Trouble,
  target: RedisTarget,
): Promise<Queues> {
  const redis = target.open({
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    enableOfflineQueue: role === 'worker',
    connectTimeout: 3000,
    keepAlive: keepAliveMs,
    // Longer than a worker's blocking wait for a job, which is ten seconds at most.
    socketTimeout: answerTimeoutMs,
    ...(role === 'producer' ? { commandTimeout: commandTimeoutMs } : {}),
    retryStrategy: (tries) => Math.min(tries * 200, 2000),
  });
  redis.on('error', trouble.note);
  await ready(redis, target, { ...waiting, writesTo: role === 'worker' ? `${prefix}:probe` : undefined });
  const connection = redis;
  // A queue whose first command fails, the question for the version, would never work again.
  const skipVersionCheck = role === 'producer';
  const onRedis = withBackend(readingAnyJob(createRedisBackend));
  const queues = new Map(
    queueNames.map((name) => [
      name,
      new onRedis.Queue(name, {
        connection,
        prefix,
        skipVersionCheck,
        ...telemetryOf(tracing),
      }) as unknown as Queue,
    ]),
  );
  return assemble({
    kind: 'redis',
    trouble,
    queues,
    makeWorker: (name, processor, settings) =>
      new onRedis.Worker(name, processor, {
        connection,
        prefix,
        autorun: false,
        runRetryDelay,
        ...telemetryOf(tracing),
        ...settings,
      }) as unknown as Worker,
    redis,
    ping: async () => void (await redis.ping()),
    close: async () => redis.disconnect(),
  });
}

interface RedisWaiting extends Waiting {
  /** A key to try a write with; `undefined` for who can serve without. */
  writesTo: string | undefined;
}

/** @throws {ConfigError} where it refuses us: waiting would not help */
async function ready(redis: Redis, { name, reason }: RedisTarget, waiting: RedisWaiting): Promise<void> {
  const { writesTo, log, onWait } = waiting;
  let trouble: Error | undefined;
  const note = (error: Error) => {
    trouble = error;
  };
  redis.on('error', note);
  const connected = async () => {
    if (redis.status === 'ready') return;
    trouble = undefined;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    redis.once('ready', resolve);
    redis.once('error', reject);
    await within(startTimeoutMs, promise).finally(() => {
      redis.off('ready', resolve);
      redis.off('error', reject);
    });
  };
  const attempt = async () => {
    await connected();
    const unfitness = await within(startTimeoutMs, redisUnfitness(redis));
    if (unfitness === undefined && writesTo !== undefined)
      await within(startTimeoutMs, tryWriting(redis, writesTo));
    return unfitness;
  };
  try {
    const unfitness = await waitForStore(attempt, {
      ...waiting,
      name,
      isAway: () => true,
      refusal: (error) => redisRefusal(trouble ?? error),
      reason: async (error) => (error instanceof RedisUnfitError ? error.message : reason()),
    });
    if (unfitness !== undefined) throw new ConfigError(`${name} ${unfitness}`);
    const risk = writesTo === undefined ? undefined : await redisRisk(redis);
    if (risk !== undefined) {
      log.warn(`${name} ${risk}`);
      onWait?.(`${name} ${risk}`);
    }
  } catch (error) {
    redis.disconnect();
    throw error;
  } finally {
    redis.off('error', note);
  }
}

function redisRefusal(error: unknown): string | undefined {
  const { code = '' } = error as { code?: string };
  const text = String(error);
  if (/NOPERM/.test(text))
    return 'lets the user in it do too little: it needs all commands (+@all) on all keys (~*).';
  if (/NOAUTH|WRONGPASS/.test(text)) return 'refuses the user or password in it.';
  if (/DB index is out of range|invalid DB index/.test(text))
    return 'has no database of this number: take the number out of it, or raise "databases" in the settings of Redis.';
  if (/SELECT is not allowed in cluster mode/.test(text)) return noCluster;
  return isUntrusted(code)
    ? `shows a certificate that is not trusted here (${code}). Name its authority in NODE_EXTRA_CA_CERTS.`
    : undefined;
}

const telemetryOf = (tracing: Tracing | undefined) =>
  tracing === undefined ? {} : { telemetry: tracing.telemetry };

async function openPostgresQueues(
  { database, tracing, poolMax = queuePoolMax }: OpenQueuesOptions,
  trouble: Trouble,
): Promise<Queues> {
  const pool = new pg.Pool({
    ...database.clientConfig,
    Client: QueueClient,
    max: poolMax,
    connectionTimeoutMillis: 3000,
    query_timeout: answerTimeoutMs,
    application_name: 'nexus-queue',
    options: sessionOptions(...queueSettings),
  });
  pool.on('error', trouble.note);
  // A pooler of sessions does not pass on what they are started with.
  const set = queueSettings.map((setting) => `set ${setting}`).join('; ');
  pool.on('connect', (client) => void client.query(set).catch(trouble.note));
  const onPostgres = withBackend(outlastingTrouble(createPostgresBackend));
  const connection = pool as unknown as PgPool;
  const queues = new Map(
    queueNames.map((name) => [
      name,
      new onPostgres.Queue(name, { connection, ...telemetryOf(tracing) }) as unknown as Queue,
    ]),
  );
  return assemble({
    kind: 'postgres',
    trouble,
    queues,
    makeWorker: (name, processor, settings) =>
      new onPostgres.Worker(name, processor, {
        connection,
        autorun: false,
        runRetryDelay,
        ...telemetryOf(tracing),
        ...settings,
      }) as unknown as Worker,
    redis: undefined,
    ping: async () => void (await pool.query('select 1')),
    close: () => pool.end(),
  });
}

interface Parts {
  kind: Queues['kind'];
  trouble: Trouble;
  queues: Map<QueueName, Queue>;
  makeWorker: Queues['worker'];
  redis: Redis | undefined;
  ping: () => Promise<void>;
  close: () => Promise<void>;
}

function assemble({ kind, trouble, queues, makeWorker, redis, ping, close }: Parts): Queues {
  const queueOf = (name: QueueName): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`no queue named ${name}`);
    return queue;
  };
  for (const queue of queues.values()) queue.on('error', trouble.note);
  return {
    kind,
    redis,
    ping,
    queue: queueOf,
    worker(name, processor, settings) {
      const worker = makeWorker(name, processor, settings);
      worker.on('error', trouble.note);
      return worker;
    },
    async enqueue(name, payload, { jobId = jobIdOf(name, payload), delayMs, priority } = {}) {
      const spec = jobs[name];
      const requestId = requestContext.getStore()?.requestId;
      const data = { ...spec.payload.parse(payload), ...(requestId !== undefined && { requestId }) };
      const added = queueOf(spec.queue).add(name, data, {
        ...jobOptionsOf(name, jobId),
        ...(delayMs === undefined ? {} : { delay: delayMs }),
        ...(priority === undefined ? {} : { priority }),
      });
      const job = await within(enqueueTimeoutMs, added);
      return String(job.id);
    },
    async [Symbol.asyncDispose]() {
      trouble.silence();
      // A store that is away would keep us waiting for its goodbye.
      await within(closeTimeoutMs, Promise.all([...queues.values()].map((queue) => queue.close()))).catch(
        () => {},
      );
      await within(closeTimeoutMs, close()).catch(() => {});
    },
  };
}
