import { hostname } from 'node:os';
import { runStatement } from '#shared/db/run-statement.ts';
import type { RunTrigger, SyncJobName } from '#shared/jobs/catalog.ts';
import { type RunRow, runLife } from '#shared/sync/run-life.ts';
import type { RunLoss } from '#shared/sync/sync-run.ts';
import type { Sql } from '../store/write-transaction.ts';
import type { Counts } from './handler.ts';

/** Who holds a lease: this process. */
export const leaseOwner = `${hostname()}:${process.pid}:${Bun.randomUUIDv7().slice(-8)}`;

export interface LiveRun {
  id: string;
  /** What the run had counted when it was taken up. */
  counts: Counts;
  forced: boolean;
  /** And what of TMDb's answers could not be used. */
  losses: RunLoss[];
}

export type RunStart =
  | { run: LiveRun }
  | { busy: 'another run is live' }
  | { busy: 'lease'; leftMs: number }
  /** The named run is over, or was taken back before it began: there is nothing to do for it. */
  | { over: true };

interface StartOptions {
  job: SyncJobName;
  trigger: RunTrigger;
  queueJobId: string;
  runId: string | undefined;
  forced?: boolean | undefined;
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
  await runStatement(on, runLife.closeAbandoned({ job }));
  const id = Bun.randomUUIDv7();
  const [row] = await runStatement(on, runLife.open({ ...options, id, forced, owner: leaseOwner }));
  return row === undefined ? { busy: 'another run is live' } : { run: liveRun(row) };
}

async function takeUpRun(on: Sql, options: StartOptions): Promise<RunStart | undefined> {
  const asked = { ...options, runId: options.runId ?? null, owner: leaseOwner };
  const [row] = await runStatement(on, runLife.takeUp(asked));
  if (row === undefined) return undefined;
  const { leased_for_ms: leftMs, ...run } = row;
  return leftMs === null ? { run: liveRun(run) } : { busy: 'lease', leftMs };
}

const liveRun = ({ id, forced, losses, ...counts }: RunRow): LiveRun => ({ id, forced, losses, counts });

/** Renews the lease and records how far the run is. @returns false if the run is no longer ours */
export async function recordProgress(
  on: Sql,
  id: string,
  counts: Counts,
  progress: number,
): Promise<boolean> {
  const rows = await runStatement(on, runLife.renew({ ...counts, id, owner: leaseOwner, progress }));
  return rows.length > 0;
}

/** Records what of TMDb's answers could not be used. */
export async function noteLosses(on: Sql, id: string, losses: readonly RunLoss[]): Promise<void> {
  await runStatement(on, runLife.noteLosses({ id, owner: leaseOwner, losses: JSON.stringify(losses) }));
}

/** The run waits in the queue again (TMDb is away, or the process ends): nobody holds it, its job will resume it. */
export async function releaseRun(on: Sql, id: string, counts: Counts, waitMs: number): Promise<void> {
  await runStatement(on, runLife.release({ ...counts, id, owner: leaseOwner, waitMs }));
}

export async function finishRun(
  on: Sql,
  id: string,
  counts: Counts,
  failure?: { code: string; message: string },
): Promise<void> {
  const { code = null, message = null } = failure ?? {};
  await runStatement(on, runLife.finish({ ...counts, id, owner: leaseOwner, code, message }));
}
