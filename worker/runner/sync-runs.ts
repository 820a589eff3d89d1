import { hostname } from 'node:os';
import { CompiledQuery, sql } from 'kysely';
import type { SyncJobName } from '#shared/jobs/catalog.ts';
import { closeAbandonedStatement } from '#shared/sync/close-abandoned-statement.ts';
import type { RunTrigger } from '#shared/sync/sync-run.ts';
import type { Sql } from '../store/write-transaction.ts';
import type { Counts } from './handler.ts';

/** A run is live while its lease is; the process that works on it renews the lease this often… */
export const leaseRenewMs = 5000;
/** …and one that died loses it after so long. */
export const leaseMs = 20_000;

/** How long after its lease a run may still be taken up by another job of its kind; later it is closed as failed. */
const adoptable = sql`interval '10 minutes'`;
const lease = sql`interval '1 millisecond' * ${leaseMs}`;

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

interface RunRow extends Counts {
  id: string;
  forced: boolean;
}

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
  const mine = await resume(on, options);
  if (mine !== undefined) return mine;
  if (options.runId !== undefined) return { over: true };
  await on.getExecutor().executeQuery(CompiledQuery.raw(closeAbandonedStatement, [options.job]));
  const { rows } = await sql<RunRow>`
    insert into sync_runs (id, job, trigger, forced, status, started_at, queue_job_id, lease_owner, lease_until)
    values (${Bun.randomUUIDv7()}, ${options.job}, ${options.trigger}, ${options.forced ?? false}, 'running', now(),
      ${options.queueJobId}, ${leaseOwner}, now() + ${lease})
    on conflict (job) where status in ('queued', 'running') do nothing
    returning id, forced, seen, created, updated, unchanged, gone, failed`.execute(on);
  const row = rows[0];
  return row === undefined ? { busy: 'another run is live' } : { run: liveRun(row) };
}

/** A job that names its run takes up that one and no other. */
async function resume(on: Sql, { job, queueJobId, runId }: StartOptions): Promise<RunStart | undefined> {
  const named = runId ?? null;
  const { rows } = await sql<RunRow & { leased_until_ms: number | null }>`
    with mine as (
      -- A job that is handed on within its process goes on at once; two jobs of one run wait for each other.
      select id, lease_until > now() and status = 'running'
        and (lease_owner is distinct from ${leaseOwner} or queue_job_id is distinct from ${queueJobId}) as leased
      from sync_runs where job = ${job} and status in ('queued', 'running')
        and (id = ${named}::uuid or ${named}::uuid is null and (queue_job_id = ${queueJobId}
          or lease_until between now() - ${adoptable} and now())) for update)
    update sync_runs r set
      status = case when mine.leased then r.status else 'running' end,
      started_at = coalesce(r.started_at, now()),
      -- What failed is tried again, and counted again.
      seen = case when mine.leased then r.seen else r.seen - r.failed end,
      failed = case when mine.leased then r.failed else 0 end,
      queue_job_id = case when mine.leased then r.queue_job_id else ${queueJobId} end,
      lease_owner = case when mine.leased then r.lease_owner else ${leaseOwner} end,
      lease_until = case when mine.leased then r.lease_until else now() + ${lease} end
    from mine where r.id = mine.id
    returning r.id, r.forced, r.seen, r.created, r.updated, r.unchanged, r.gone, r.failed,
      case when mine.leased then extract(epoch from r.lease_until) * 1000 end::float8 as leased_until_ms`.execute(
    on,
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return row.leased_until_ms === null
    ? { run: liveRun(row) }
    : { busy: 'lease', untilMs: row.leased_until_ms };
}

/** For the one worker there can be without Redis: whoever held a lease before it is dead, and need not be waited for. */
export async function freeLeases(on: Sql): Promise<void> {
  await sql`update sync_runs set lease_until = now() where status = 'running' and lease_until > now()`.execute(
    on,
  );
}

/** Renews the lease and records how far the run is. @returns false if the run is no longer ours */
export async function recordProgress(
  on: Sql,
  id: string,
  counts: Counts,
  progress: number,
): Promise<boolean> {
  const { rows } = await sql`
    update sync_runs set lease_until = now() + ${lease}, progress = ${progress}, seen = ${counts.seen},
      created = ${counts.created}, updated = ${counts.updated}, unchanged = ${counts.unchanged},
      gone = ${counts.gone}, failed = ${counts.failed}
    where id = ${id} and status = 'running' and lease_owner = ${leaseOwner} returning id`.execute(on);
  return rows.length > 0;
}

/** The run waits in the queue again (TMDb is away, or the process ends): nobody holds it, its job will resume it. */
export async function releaseRun(on: Sql, id: string, counts: Counts, waitMs: number): Promise<void> {
  await sql`
    update sync_runs set status = 'queued', lease_owner = null,
      lease_until = now() + ${lease} + interval '1 millisecond' * ${waitMs}, seen = ${counts.seen},
      created = ${counts.created}, updated = ${counts.updated}, unchanged = ${counts.unchanged}, gone = ${counts.gone}
    where id = ${id} and lease_owner = ${leaseOwner}`.execute(on);
}

export async function finishRun(
  on: Sql,
  id: string,
  counts: Counts,
  failure?: { code: string; message: string },
): Promise<void> {
  await sql`
    update sync_runs set status = ${failure === undefined ? 'succeeded' : 'failed'}, finished_at = now(),
      progress = case when ${failure === undefined} then 1 else progress end,
      error = ${failure?.message ?? null}, error_code = ${failure?.code ?? null}, lease_owner = null, lease_until = null,
      seen = ${counts.seen}, created = ${counts.created}, updated = ${counts.updated},
      unchanged = ${counts.unchanged}, gone = ${counts.gone}, failed = ${counts.failed}
    where id = ${id} and lease_owner = ${leaseOwner}`.execute(on);
}

const liveRun = ({ id, forced, ...counts }: RunRow): LiveRun => ({ id, forced, counts });
