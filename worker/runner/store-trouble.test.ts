import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Job, Queue } from 'bullmq';
import { createLog, type Log } from '#shared/log.ts';
import { type Database, openDatabase } from '#shared/orm/database.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { testDatabase } from '#tests/support/database.ts';
import { type PostgresAtPort, postgresAtPort } from '#tests/support/postgres-at-port.ts';
import { freePort, hasRedis, testRedis } from '#tests/support/redis.ts';
import { storeTroubleTable } from '#tests/support/store-trouble-table.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { handlers } from '../handlers.ts';
import { createTmdbClient } from '../tmdb/create-tmdb-client.ts';
import { openLimiter } from '../tmdb/limiter/limiter.ts';
import type { TmdbClient } from '../tmdb/tmdb-client.ts';
import { openUpstreamStatus } from '../tmdb/upstream/upstream-status.ts';
import { createProcessor } from './runner.ts';

const silent = createLog({ level: 'silent', name: 'test' });
let database: Database;
let stack: AsyncDisposableStack;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

interface Running {
  database: Database;
  queues: Queues;
  tmdb: Partial<TmdbClient>;
  log?: Log;
  /** Told before each execution. */
  onJob?: (job: Job) => void;
}

/** The real runner around the real handlers; the locks of its jobs soon run out. */
function runJobs({ tmdb, queues, onJob = () => {}, log = silent, ...deps }: Running): void {
  const stopping = new AbortController();
  const process = createProcessor({
    ...deps,
    queues,
    handlers,
    tmdb: tmdb as TmdbClient,
    mirror: { scope: 'trending', popularPages: 1, spareCallsPerSecond: 0, languages: 'all', regions: ['US'] },
    log,
    stopping: stopping.signal,
  });
  for (const name of ['on-demand', 'sync'] as const) {
    const worker = queues.worker(
      name,
      (job, token, signal) => {
        onJob(job);
        return process(job, token, signal);
      },
      { concurrency: 8, lockDuration: 1000, stalledInterval: 500, maxStalledCount: 1000 },
    );
    stack.defer(() => worker.close(true));
    void worker.run();
  }
  stack.defer(() => stopping.abort());
}

async function openTestQueues(of: Database, redisUrl?: string): Promise<Queues> {
  const queues = stack.use(await openQueues({ redisUrl, database: of, log: silent, role: 'worker' }));
  stack.defer(() =>
    queues
      .queue('on-demand')
      .obliterate({ force: true })
      .catch(() => {}),
  );
  return queues;
}

const fetchMovie = (queues: Queues, tmdbId: number) =>
  queues.enqueue('movies.fetch', { tmdbId, requestedAt: 0 }, { jobId: `movie-${tmdbId}` });

/** Attempts burnt, when the job's first execution is over and it waits for the next. */
async function attemptsOf(queue: Queue, jobId: string): Promise<number> {
  let burnt: number | undefined;
  await until(async () => {
    if ((await queue.getJobState(jobId)) !== 'delayed') return false;
    burnt = ((await queue.getJob(jobId)) as Job).attemptsMade;
    return true;
  }, 120_000);
  return Number(burnt);
}

test('a job waits without an attempt burnt for a store that is away, and burns one for anything else', async () => {
  const errors = await Promise.all(storeTroubleTable.map(({ makeError }) => makeError()));
  const queues = await openTestQueues(database);
  const movie: TmdbClient['movie'] = async (id) => {
    throw errors[id - 1];
  };
  const ids = await Promise.all(errors.map((_, row) => fetchMovie(queues, row + 1)));
  runJobs({ database, queues, tmdb: { movie } });
  const burnt = await Promise.all(ids.map((id) => attemptsOf(queues.queue('on-demand'), id)));
  const isBurnt = burnt.map((attempts, row) => [storeTroubleTable[row]?.name, attempts > 0]);
  expect(isBurnt).toEqual(storeTroubleTable.map(({ name, trouble }) => [name, trouble !== 'away']));
}, 60_000);

describe('a TMDb that is away is not our store', () => {
  test.each(['http://127.0.0.1:1', 'http://api.themoviedb.invalid'])('at %s', async (baseUrl) => {
    const { log, lines } = rememberingLog();
    const queues = await openTestQueues(database);
    const limiter = stack.use(openLimiter({ maxRps: 1000, log: silent }));
    const status = stack.use(await openUpstreamStatus({ pool: database.pool, log: silent }));
    const client = { baseUrl, exportBaseUrl: baseUrl, credential: undefined, limiter, status, log: silent };
    const tmdb = stack.use(createTmdbClient({ ...client, retryBaseMs: 10 }));
    runJobs({ database, queues, tmdb, log });
    const id = await fetchMovie(queues, baseUrl.length + 10_000);
    expect(await attemptsOf(queues.queue('on-demand'), id)).toBeGreaterThan(0);
    const ended = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'job ended early');
    expect(ended).toMatchObject({ code: 'upstream_unavailable', outcome: 'retried' });
  });
});

/** The database as it is at a port that can be cut off, as a server that is stopped. */
async function openAtPort() {
  const port = await freePort();
  let up: PostgresAtPort = await postgresAtPort(database, port);
  stack.defer(() => up.cut());
  const { user, database: name } = database.clientConfig;
  const target = { host: '127.0.0.1', port, user: String(user), database: String(name) };
  const remote = stack.use(await openDatabase(target));
  return {
    remote,
    stop: () => up.cut(),
    start: async () => {
      up = await postgresAtPort(database, port);
    },
  };
}

describe('a PostgreSQL that stops in the middle of a recorded run', () => {
  afterEach(() => database.pool.query('truncate sync_runs, genres, list_snapshots cascade'));
  const runs = async () =>
    (await database.pool.query('select status, seen, error_code from sync_runs order by queued_at')).rows;
  const freeLeases = () => database.pool.query('update sync_runs set lease_until = now()');
  const done = [{ status: 'succeeded', seen: 1, error_code: null }];

  test.skipIf(!hasRedis)(
    'costs no attempt, with queues on Redis',
    async () => {
      const redis = stack.use(await testRedis());
      const { remote, stop, start } = await openAtPort();
      const queues = await openTestQueues(remote, redis.url);
      const sync = queues.queue('sync');
      let calls = 0;
      const genres: TmdbClient['genres'] = async () => {
        if (++calls === 1) await stop();
        return [{ id: 1, name: 'One' }];
      };
      runJobs({ database: remote, queues, tmdb: { genres } });
      const id = await queues.enqueue('genres', { trigger: 'admin' });
      expect(await attemptsOf(sync, id)).toBe(0);

      // It is still away: not even a run can be opened.
      await sync.promoteJobs();
      await until(async () => (await sync.getJobState(id)) !== 'delayed');
      expect(await attemptsOf(sync, id)).toBe(0);

      await start();
      await freeLeases();
      await sync.promoteJobs();
      await until(async () => (await sync.getJobState(id)) === 'completed');
      expect([await runs(), calls]).toEqual([done, 2]);
    },
    60_000,
  );

  test('costs no attempt, with the queues in it as well', async () => {
    const { remote, stop, start } = await openAtPort();
    const queues = await openTestQueues(remote);
    const attempts: number[] = [];
    const genres: TmdbClient['genres'] = async () => {
      if (attempts.length === 1) await stop();
      return [{ id: 1, name: 'One' }];
    };
    runJobs({
      database: remote,
      queues,
      tmdb: { genres },
      onJob: (job) => attempts.push(job.attemptsMade),
    });
    await queues.enqueue('genres', { trigger: 'admin' });
    await until(async () => attempts.length === 1);
    await Bun.sleep(500);
    await start();
    await freeLeases();
    await until(async () => (await runs())[0]?.status === 'succeeded', 30_000);
    expect([await runs(), new Set(attempts)]).toEqual([done, new Set([0])]);
  }, 60_000);
});
