import { hostname } from 'node:os';
import { CompiledQuery } from 'kysely';
import type { RunTrigger, SyncJobName } from '#shared/jobs/catalog.ts';
import { type RunRow, type RunStatement, runLife } from '#shared/sync/run-life.ts';
import type { Sql } from '../store/write-transaction.ts';
import type { Counts } from './handler.ts';

/** Who holds a lease: this process. */
export const leaseOwner = `${hostname()}:${process.pid}:${Bun.randomUUIDv7().slice(-8)}`;

export interface LiveRun {
  id: string;
  /** What the run had counted when it was taken up. */
  counts: Counts;
  forced: boolean;
}

export type RunStart =
  | { run: LiveRun }
  | { busy: 'another run is live' }
  | { busy: 'lease'; untilMs: number }
  /** The named run is over, or was taken back before it began: there is nothing to do for it. */
  | { over: true };

interface StartOptions {
  job: SyncJobName;
  trigger: RunTrigger;
  queueJobId: string;
  runId: string | undefined;
  forced?: boolean | undefined;
}

/** Runs one of the statements that the api and the worker share. */
export async function changeRuns<Row>(on: Sql, { text, values }: RunStatement): Promise<Row[]> {
  const { rows } = await on.getExecutor().executeQuery<Row>(CompiledQuery.raw(text, values));
  return rows;
}

/**
 * Takes up the run a queue job stands for: the one it names, the one it worked on before it was interrupted, one
 * whose process died lately, or a new one. A run that nobody took up for long is closed as abandoned.
 */
export async function startRun(on: Sql, options: StartOptions): Promise<RunStart> {
  const { job, forced = false } = options;
  const mine = await takeUpRun(on, options);
  if (mine !== undefined) return mine;
  if (options.runId !== undefined) return { over: true };
  await changeRuns(on, runLife.closeAbandoned(job));
  const [row] = await changeRuns<RunRow>(on, runLife.open({ ...options, forced, owner: leaseOwner }));
  return row === undefined ? { busy: 'another run is live' } : { run: liveRun(row) };
}

async function takeUpRun(on: Sql, options: StartOptions): Promise<RunStart | undefined> {
  const [row] = await changeRuns<RunRow & { leased_until_ms: number | null }>(
    on,
    runLife.takeUp({ ...options, owner: leaseOwner }),
  );
  if (row === undefined) return undefined;
  const { leased_until_ms: untilMs, ...run } = row;
  return untilMs === null ? { run: liveRun(run) } : { busy: 'lease', untilMs };
}

const liveRun = ({ id, forced, ...counts }: RunRow): LiveRun => ({ id, forced, counts });

/** Renews the lease and records how far the run is. @returns false if the run is no longer ours */
export async function recordProgress(
  on: Sql,
  id: string,
  counts: Counts,
  progress: number,
): Promise<boolean> {
  const rows = await changeRuns(on, runLife.renew({ id, owner: leaseOwner, counts }, progress));
  return rows.length > 0;
}

/** The run waits in the queue again (TMDb is away, or the process ends): nobody holds it, its job will resume it. */
export async function releaseRun(on: Sql, id: string, counts: Counts, waitMs: number): Promise<void> {
  await changeRuns(on, runLife.release({ id, owner: leaseOwner, counts }, waitMs));
}

export async function finishRun(
  on: Sql,
  id: string,
  counts: Counts,
  failure?: { code: string; message: string },
): Promise<void> {
  await changeRuns(on, runLife.finish({ id, owner: leaseOwner, counts }, failure));
}
