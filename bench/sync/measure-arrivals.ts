import { createLog } from '#shared/log.ts';
import { openQueues } from '#shared/queues/queue.ts';
import type { BenchPostgres } from '../bench-postgres.ts';
import { cpuMs, currentMemoryMib, peakMemoryMib } from '../process-figures.ts';
import { startSandboxChild } from '../sandbox-child.ts';
import { startWorkerChild } from '../worker-child.ts';

export interface Arrivals {
  /** When requests reached the sandbox, in milliseconds. */
  times: number[];
  refused: number;
  /** In the seconds after the start, before the measurement. */
  refusedBefore: number;
  /** Of the worker that runs `details`. */
  worker: {
    peakMib: number;
    cpuMs: number;
    /** Each second. */
    mib: number[];
  };
}

interface ArrivalOptions {
  postgres: BenchPostgres;
  workers: number;
  /** None: queues in PostgreSQL, and so one worker. */
  redisUrl: string | undefined;
  maxRps: number;
  sandboxMaxRps: number;
  ms: number;
  /** More than the run gets through. */
  movies?: number;
  /** It begins when movies were asked for so often. */
  from?: number;
  /** How long an answer takes: one of these. By default no longer than it must. */
  answersTakeMs?: readonly number[];
}

const usualMovies = 20_000;
/** `details` is under way then. */
const underWay = 120;

/** What the sandbox sees of so many workers that fill a mirror for the first time. */
export async function measureArrivals(options: ArrivalOptions): Promise<Arrivals> {
  const { postgres, workers, redisUrl, maxRps, sandboxMaxRps, ms } = options;
  const { movies = usualMovies, from = underWay, answersTakeMs = [] } = options;
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  const sandbox = stack.use(await startSandboxChild({ movies, maxRps: sandboxMaxRps }));
  await sandbox.takeMs(answersTakeMs);
  const running = Array.from({ length: workers }, () =>
    stack.use(startWorkerChild({ database, sandbox, maxRps, redisUrl })),
  );
  const isUnderWay = async () => ((await sandbox.stats()).byRoute['GET /movie/{id}'] ?? 0) >= from;
  await running[0]?.until(isUnderWay, 120_000);
  const log = createLog({ level: 'warn', name: 'bench' });
  const queues = stack.use(await openQueues({ redisUrl, database, log, role: 'producer' }));
  // `details` is one job of one worker; readers' misses make the others ask for slots, too.
  const { rows } = await database.pool.query<{ tmdb_id: number }>(
    `select tmdb_id from movies where state = 'unknown' order by popularity limit ${Math.ceil(ms / 25)}`,
  );
  if (workers > 1)
    for (const { tmdb_id: tmdbId } of rows)
      await queues.enqueue('movies.fetch', { tmdbId, requestedAt: Date.now() });
  const refusedBefore = (await sandbox.stats()).rejected429;
  await sandbox.resetStats();
  const pid = running[0]?.pid ?? 0;
  const beforeMs = await cpuMs(pid);
  const mib: number[] = [];
  for (const endAt = performance.now() + ms; performance.now() < endAt; ) {
    await Bun.sleep(Math.min(1000, endAt - performance.now()));
    mib.push(await currentMemoryMib(pid));
  }
  const times = await sandbox.arrivals();
  const worker = { peakMib: await peakMemoryMib(pid), cpuMs: (await cpuMs(pid)) - beforeMs, mib };
  return { times, refused: (await sandbox.stats()).rejected429, refusedBefore, worker };
}
