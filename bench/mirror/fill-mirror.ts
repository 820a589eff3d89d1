import type { Pool } from 'pg';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { connectionTimes, cpuMs, peakMemoryMib, spentSince } from '../process-figures.ts';
import type { SandboxChild } from '../sandbox-child.ts';
import { startWorkerChild } from '../worker-child.ts';
import { mirrorRows } from '../write/copy-mirror.ts';

export interface RunCounts {
  seen: number;
  created: number;
  updated: number;
  unchanged: number;
  gone: number;
  failed: number;
}

interface Spent {
  movies: number;
  /** Rows of the mirror that came with them. */
  rows: number;
  /** Processor time of the worker and of PostgreSQL. */
  cpuMs: { worker: number; postgres: number };
}

export interface FilledMirror {
  /** From the start of the worker's process to the last movie. */
  wholeMs: number;
  /** Of that, spent in `details`. */
  detailsMs: number;
  /** While `details` ran alone, with more to come: what jobs of the start take is not counted as its own. */
  alone: Spent;
  /** Of that, when so many were written before that most code is compiled and most people are known. */
  warm: Spent;
  /** The most memory the worker had. */
  workerMib: number;
}

export interface RunningMirror extends AsyncDisposable {
  filled: FilledMirror;
  /** Runs `details` once more. */
  syncAgain(): Promise<{ ms: number; counts: RunCounts }>;
  workerMib(): Promise<number>;
}

/** No limit to speak of: what is measured is us. */
const maxRps = 10_000;
const patienceMs = 15 * 60_000;

/**
 * Starts a worker for the whole catalogue of a sandbox, and waits until it has mirrored everything.
 * @param warmAfter so many movies
 */
export async function fillMirror({
  database,
  sandbox,
  warmAfter = 0,
}: {
  database: Database;
  sandbox: SandboxChild;
  warmAfter?: number;
}): Promise<RunningMirror> {
  await using stack = new AsyncDisposableStack();
  const { pool } = database;
  const startedAt = performance.now();
  const worker = stack.use(startWorkerChild({ database, sandbox, maxRps }));
  const used = async () => ({
    ...(await countMirrored(pool)),
    worker: await cpuMs(worker.pid),
    postgres: await connectionTimes(pool),
  });
  await worker.until(() => runsAlone(pool), patienceMs);
  const before = await used();
  await worker.until(
    async () => (await countDetailed(pool)) >= warmAfter || isNearlyFilled(pool),
    patienceMs,
  );
  const middle = await used();
  await worker.until(() => isNearlyFilled(pool), patienceMs);
  const after = await used();
  await worker.until(() => isFilled(pool), patienceMs);
  const wholeMs = performance.now() - startedAt;
  const filled = {
    wholeMs,
    detailsMs: await detailsMs(pool),
    alone: spentBetween(before, after),
    warm: spentBetween(middle, after),
    workerMib: await peakMemoryMib(worker.pid),
  };
  const log = createLog({ level: 'warn', name: 'bench' });
  const queues = stack.use(await openQueues({ redisUrl: undefined, database, log, role: 'producer' }));
  const owned = stack.move();
  return {
    filled,
    workerMib: () => peakMemoryMib(worker.pid),
    async syncAgain() {
      const before = await lastRun(pool);
      await queues.enqueue('details', { trigger: 'admin' });
      await worker.until(async () => {
        const run = await lastRun(pool);
        return run !== undefined && run.id !== before?.id && run.finished;
      }, patienceMs);
      const run = await lastRun(pool);
      if (run?.status !== 'succeeded') throw new Error(`the second run ${run?.status}`);
      return { ms: run.ms, counts: run.counts };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Used {
  movies: number;
  rows: number;
  worker: number;
  postgres: ReadonlyMap<number, number>;
}

const spentBetween = (before: Used, after: Used): Spent => ({
  movies: after.movies - before.movies,
  rows: after.rows - before.rows,
  cpuMs: { worker: after.worker - before.worker, postgres: spentSince(before.postgres, after.postgres) },
});

/** Movies with their details, and all rows, at the same moment. */
async function countMirrored(pool: Pool): Promise<{ movies: number; rows: number }> {
  const { rows } = await pool.query<{ movies: number; rows: number }>(
    `select count(*)::int as movies, (${mirrorRows})::int as rows from movies where state = 'detailed'`,
  );
  return rows[0] ?? { movies: 0, rows: 0 };
}

async function countDetailed(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    "select count(*)::int as n from movies where state = 'detailed'",
  );
  return rows[0]?.n ?? 0;
}

/** Whether `details` has the whole export before it and no other job beside it, or has ended already. */
async function runsAlone(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ alone: boolean }>(`
    select exists (select 1 from sync_runs where job = 'export' and status = 'succeeded')
      and exists (select 1 from sync_runs where job = 'details' and status = 'running')
      and not exists (select 1 from sync_runs where job <> 'details' and status in ('queued', 'running')) as alone`);
  return rows[0]?.alone === true || isFilled(pool);
}

/** As many are fetched and not written yet, at most: what is measured begins and ends with as many of them. */
const underWay = 300;

async function isNearlyFilled(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ left: number }>(`
    select count(*)::int as left from movies where scope is not null and state in ('unknown', 'listed', 'purged')`);
  return (rows[0]?.left ?? 0) < underWay || isFilled(pool);
}

/** The export is taken over, every movie of it is detailed or known to be absent, and no run is live. */
async function isFilled(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ filled: boolean }>(`
    select exists (select 1 from sync_runs where job = 'export' and status = 'succeeded')
      and not exists (select 1 from sync_runs where status in ('queued', 'running'))
      and not exists (select 1 from movies m where m.scope is not null and m.state in ('unknown', 'listed', 'purged')
        and not exists (select 1 from movie_absences a where a.tmdb_id = m.tmdb_id)) as filled`);
  const failed = await pool.query<{ job: string; error: string | null }>(
    "select job, error from sync_runs where status = 'failed'",
  );
  const [failure] = failed.rows;
  if (failure !== undefined) throw new Error(`the job ${failure.job} failed: ${failure.error}`);
  return rows[0]?.filled ?? false;
}

/** The job may have been run for the trending lists before it was run for the export. */
async function detailsMs(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ ms: number }>(`
    select sum(extract(epoch from finished_at - started_at) * 1000)::float8 as ms from sync_runs where job = 'details'`);
  return rows[0]?.ms ?? 0;
}

async function lastRun(pool: Pool) {
  const { rows } = await pool.query<
    RunCounts & { id: string; status: string; finished: boolean; ms: number }
  >(`
    select id, status, finished_at is not null as finished,
      extract(epoch from finished_at - started_at)::float8 * 1000 as ms,
      seen, created, updated, unchanged, gone, failed
    from sync_runs where job = 'details' order by id desc limit 1`);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { id, status, finished, ms, ...counts } = row;
  return { id, status, finished, ms, counts };
}
