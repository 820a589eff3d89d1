import { join, type PlaceholdersOf, prepared, raw, sql } from '../db/sql.ts';
import type { RunTrigger, SyncJobName } from '../jobs/catalog.ts';
import { type RunCounts, type RunLoss, runCountNames } from './sync-run.ts';

/*
 * The life of a run. Nothing outside this file changes a run's status or its lease.
 *
 *             request                     open
 *                │                          │
 *    cancel      ▼         takeUp           ▼         finish                        deleteOld
 *  gone <───── queued ─────────────────> running ──────────────> succeeded, failed ──────────> gone
 *                  <────────────────────    ⟲ renew
 *                          release          ⟲ takeUp, after its worker died
 *
 *  queued, running ── closeAbandoned, after the lease ended ──> failed
 *
 * A run is live while it is queued or running. Each job has at most one live run (a unique index).
 * The lease says how long a live run can be counted on. After its end:
 *   at once        any job of its kind takes the run up, and who asks for a new run closes it as abandoned
 *   at once        if the queue no longer has its job, a worker enqueues one again (`unheld`)
 *   after 30 s     a worker does so in any case (`lost`)
 *   after 10 min   only a job that names the run, or worked on it before, takes it up; others close it as abandoned
 */

/** A worker renews the lease of a run this often… */
export const leaseRenewMs = 5000;
/** …and loses it after so long. */
export const leaseMs = 20_000;

/** How long a worker has to take up a run that was asked for. */
const pickUp = sql`interval '1 minute'`;
/** How long a run without a lease waits for any job of its kind. */
const adoptable = sql`interval '10 minutes'`;
/** The queue hands on by itself what a killed worker held: only after this long it has forgotten the run. */
const queueGrace = sql`interval '30 seconds'`;
/** A run that is asked for is a row first. So much later its job is in the queue, or never will be. */
const enqueueGrace = sql`interval '5 seconds'`;
/** How long finished runs are kept. */
const keptFor = sql`interval '180 days'`;

/** No lease is nearly as long: one that seems to be was written while the clock was wrong, and holds nobody off. */
const farthest = sql`(now() + interval '2 hours')`;
const isHeld = sql`lease_until > now() and lease_until <= ${farthest}`;
const lease = sql`interval '1 millisecond' * ${leaseMs}`;
const isLive = sql`status in ('queued', 'running')`;
const abandoned = raw("'The process that worked on it ended, and nothing took it up again.'");

/** What a run has counted so far, and whether it may go beyond its job's limit. */
export interface RunRow extends RunCounts {
  id: string;
  forced: boolean;
  losses: RunLoss[];
}

const rowColumns = (of = '') =>
  raw(['id', 'forced', 'losses', ...runCountNames].map((name) => of + name).join(', '));
const setCounts = (counts: PlaceholdersOf<RunCounts>) =>
  join(runCountNames.map((name) => sql`${raw(name)} = ${counts[name]}`));

interface Asked {
  id: string;
  job: SyncJobName;
  userId: string;
  idempotencyKey: string | null;
  forced: boolean;
}

interface Opened {
  id: string;
  job: SyncJobName;
  trigger: RunTrigger;
  forced: boolean;
  queueJobId: string;
  owner: string;
}

interface TakenUp extends Pick<Opened, 'job' | 'queueJobId' | 'owner'> {
  /** A job that names its run takes up that one and no other. */
  runId: string | null;
}

/** The run at hand, as its worker knows it, with what it has counted. */
interface Held extends RunCounts {
  id: string;
  owner: string;
}

export const runLife = {
  /** An administrator asks for it. Nothing is selected while a run of the job is live. */
  request: prepared<Asked, { run_id: string; job: SyncJobName }>(
    'run-request',
    ({ id, job, userId, idempotencyKey, forced }) => sql`
      insert into sync_runs (id, job, trigger, requested_by, idempotency_key, forced, status, lease_until)
      values (${id}, ${job}, 'admin', ${userId}, ${idempotencyKey}, ${forced}, 'queued', now() + ${pickUp})
      on conflict (job) where ${isLive} do nothing
      returning id as run_id, job`,
  ),

  /** Its job did not get into the queue. Nothing is selected where a worker has it already. */
  cancel: prepared<{ id: string }, { id: string }>(
    'run-cancel',
    ({ id }) => sql`
      delete from sync_runs where id = ${id} and status = 'queued' and started_at is null returning id`,
  ),

  /** A worker begins one that nobody asked for by name. Nothing is selected while a run of the job is live. */
  open: prepared<Opened, RunRow>(
    'run-open',
    ({ id, job, trigger, forced, queueJobId, owner }) => sql`
      insert into sync_runs (id, job, trigger, forced, status, started_at, queue_job_id, lease_owner, lease_until)
      values (${id}, ${job}, ${trigger}, ${forced}, 'running', now(), ${queueJobId}, ${owner}, now() + ${lease})
      on conflict (job) where ${isLive} do nothing
      returning ${rowColumns()}`,
  ),

  /**
   * A job takes up the live run that it names, the one that it worked on before, or one whose worker died lately.
   * `leased_for_ms`: how long another one still holds it; then nothing was changed.
   */
  takeUp: prepared<TakenUp, RunRow & { leased_for_ms: number | null }>(
    'run-take-up',
    ({ job, runId, queueJobId, owner }) => sql`
      with mine as (
        -- A job that is handed on within its process goes on at once; two jobs of one run wait for each other.
        select id, ${isHeld} and status = 'running'
          and (lease_owner is distinct from ${owner} or queue_job_id is distinct from ${queueJobId}) as leased
        from sync_runs where job = ${job} and ${isLive}
          and (id = ${runId}::uuid or ${runId}::uuid is null and (queue_job_id = ${queueJobId}
            or lease_until >= now() - ${adoptable} and not (${isHeld}))) for update)
      update sync_runs r set
        status = case when mine.leased then r.status else 'running' end,
        started_at = coalesce(r.started_at, now()),
        -- Whoever held it did not say how far it was when it ended.
        at_least = r.at_least or (r.status = 'running' and not mine.leased),
        -- What failed is tried again, and counted again.
        seen = case when mine.leased then r.seen else r.seen - r.failed end,
        failed = case when mine.leased then r.failed else 0 end,
        queue_job_id = case when mine.leased then r.queue_job_id else ${queueJobId} end,
        lease_owner = case when mine.leased then r.lease_owner else ${owner} end,
        lease_until = case when mine.leased then r.lease_until else now() + ${lease} end
      from mine where r.id = mine.id
      returning ${rowColumns('r.')},
        case when mine.leased then extract(epoch from r.lease_until - now()) * 1000 end::float8 as leased_for_ms`,
  ),

  /** The worker is alive, and so far. Nothing is selected where the run is no longer this worker's. */
  renew: prepared<Held & { progress: number }, { id: string }>(
    'run-renew',
    (held) => sql`
      update sync_runs set lease_until = now() + ${lease}, progress = ${held.progress}, ${setCounts(held)}
      where id = ${held.id} and status = 'running' and lease_owner = ${held.owner} returning id`,
  ),

  /** What of TMDb's answers could not be used so far. @param losses as JSON */
  noteLosses: prepared<{ id: string; owner: string; losses: string }>(
    'run-note-losses',
    ({ id, owner, losses }) => sql`
      update sync_runs set losses = ${losses}::jsonb where id = ${id} and lease_owner = ${owner}`,
  ),

  /** It waits in the queue again (for TMDb or the database, or its process ends). Its job takes it up after `waitMs`. */
  release: prepared<Held & { waitMs: number }>(
    'run-release',
    (held) => sql`
      update sync_runs set status = 'queued', lease_owner = null,
        lease_until = now() + ${lease} + interval '1 millisecond' * ${held.waitMs}::float8, ${setCounts(held)}
      where id = ${held.id} and lease_owner = ${held.owner}`,
  ),

  /** It is over: with a code it failed. */
  finish: prepared<Held & { code: string | null; message: string | null }>(
    'run-finish',
    (held) => sql`
      update sync_runs set status = case when ${held.code}::text is null then 'succeeded' else 'failed' end,
        progress = case when ${held.code}::text is null then 1 else progress end, error_code = ${held.code},
        error = ${held.message}, finished_at = now(), lease_owner = null, lease_until = null, ${setCounts(held)}
      where id = ${held.id} and lease_owner = ${held.owner}`,
  ),

  /** Ends the live run of a job that nobody holds any more, so that another may begin. */
  closeAbandoned: prepared<{ job: SyncJobName }>(
    'run-close-abandoned',
    ({ job }) => sql`
      update sync_runs set status = 'failed', finished_at = now(), lease_owner = null, lease_until = null,
        error_code = 'internal_error', error = ${abandoned}
      where job = ${job} and ${isLive} and (lease_until is null or not (${isHeld}))`,
  ),

  /** For the one worker that there can be without Redis: whoever held a lease before it is dead. */
  freeLeases: prepared(
    'run-free-leases',
    () => sql`update sync_runs set lease_until = now() where status = 'running' and lease_until > now()`,
  ),

  /** Live runs of these jobs that no worker holds, and which job of the queue each of them waits for. */
  unheld: prepared<
    { jobs: readonly SyncJobName[] },
    { id: string; job: SyncJobName; trigger: RunTrigger; queue_job_id: string | null }
  >(
    'run-unheld',
    ({ jobs }) => sql`
      select id, job, trigger, queue_job_id from sync_runs
      where ${isLive} and not (status = 'running' and ${isHeld}) and queued_at < now() - ${enqueueGrace}
        and job = any(${jobs}::text[])`,
  ),

  /** Live runs of these jobs that the queue has lost. */
  lost: prepared<{ jobs: readonly SyncJobName[] }, { id: string; job: SyncJobName; trigger: RunTrigger }>(
    'run-lost',
    ({ jobs }) => sql`
      select id, job, trigger from sync_runs
      where ${isLive} and (lease_until < now() - ${queueGrace} or lease_until > ${farthest}) and job = any(${jobs}::text[])`,
  ),

  /** Those that ended long ago. */
  deleteOld: prepared<{ now: Date }>(
    'run-delete-old',
    ({ now }) => sql`
      delete from sync_runs where status in ('succeeded', 'failed') and queued_at < ${now}::timestamptz - ${keptFor}`,
  ),

  /** The mirror is emptied for another upstream: a run that is live counted movies of the former one. */
  deleteAll: prepared('run-delete-all', () => sql`delete from sync_runs`),
};
