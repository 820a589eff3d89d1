import type { RunTrigger, SyncJobName } from '../jobs/catalog.ts';
import { type RunCounts, runCountNames } from './sync-run.ts';

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
 *   after 30 s     the queue has lost its job: a worker enqueues one again (`lost`)
 *   after 10 min   only a job that names the run, or worked on it before, takes it up; others close it as abandoned
 */

/** A worker renews the lease of a run this often… */
export const leaseRenewMs = 5000;
/** …and loses it after so long. */
export const leaseMs = 20_000;

/** How long a worker has to take up a run that was asked for. */
const pickUp = "interval '1 minute'";
/** How long a run without a lease waits for any job of its kind. */
const adoptable = "interval '10 minutes'";
/** The queue hands on by itself what a killed worker held: only after this long it has forgotten the run. */
const queueGrace = "interval '30 seconds'";
/** How long finished runs are kept. */
const keptFor = "interval '180 days'";

const isLive = "status in ('queued', 'running')";
const abandoned = 'The process that worked on it ended, and nothing took it up again.';

/** One statement, as the api and the worker run it. A name stands for one text, always. */
export interface RunStatement {
  name: string;
  text: string;
  values: unknown[];
}

/** What a run has counted so far, and whether it may go beyond its job's limit. */
export interface RunRow extends RunCounts {
  id: string;
  forced: boolean;
}

const rowColumns = (of = '') => ['id', 'forced', ...runCountNames].map((name) => of + name).join(', ');
const setCounts = (first: number) => runCountNames.map((name, i) => `${name} = $${first + i}`).join(', ');
const valuesOf = (counts: RunCounts) => runCountNames.map((name) => counts[name]);
const milliseconds = (parameter: string) => `interval '1 millisecond' * ${parameter}::float8`;

interface Asked {
  id: string;
  job: SyncJobName;
  userId: string;
  idempotencyKey: string | undefined;
  forced: boolean;
}

interface Opened {
  job: SyncJobName;
  trigger: RunTrigger;
  forced: boolean;
  queueJobId: string;
  owner: string;
}

interface TakenUp extends Pick<Opened, 'job' | 'queueJobId' | 'owner'> {
  /** A job that names its run takes up that one and no other. */
  runId: string | undefined;
}

/** The run at hand, as its worker knows it. */
interface Held {
  id: string;
  owner: string;
  counts: RunCounts;
}

export const runLife = {
  /** An administrator asks for it. @returns `run_id` and `job`; nothing while a run of the job is live */
  request: ({ id, job, userId, idempotencyKey, forced }: Asked): RunStatement => ({
    name: 'run-request',
    text: `
      insert into sync_runs (id, job, trigger, requested_by, idempotency_key, forced, status, lease_until)
      values ($1, $2, 'admin', $3, $4, $5, 'queued', now() + ${pickUp})
      on conflict (job) where ${isLive} do nothing
      returning id as run_id, job`,
    values: [id, job, userId, idempotencyKey ?? null, forced],
  }),

  /** Its job did not get into the queue. @returns its `id`; nothing where a worker has it already */
  cancel: (id: string): RunStatement => ({
    name: 'run-cancel',
    text: "delete from sync_runs where id = $1 and status = 'queued' and started_at is null returning id",
    values: [id],
  }),

  /** A worker begins one that nobody asked for by name. @returns a `RunRow`; nothing while a run of the job is live */
  open: ({ job, trigger, forced, queueJobId, owner }: Opened): RunStatement => ({
    name: 'run-open',
    text: `
      insert into sync_runs (id, job, trigger, forced, status, started_at, queue_job_id, lease_owner, lease_until)
      values ($1, $2, $3, $4, 'running', now(), $5, $6, now() + ${milliseconds('$7')})
      on conflict (job) where ${isLive} do nothing
      returning ${rowColumns()}`,
    values: [Bun.randomUUIDv7(), job, trigger, forced, queueJobId, owner, leaseMs],
  }),

  /**
   * A job takes up the live run that it names, the one that it worked on before, or one whose worker died lately.
   * @returns a `RunRow`, and as `leased_until_ms` how long another one still holds it (then nothing was changed)
   */
  takeUp: ({ job, runId, queueJobId, owner }: TakenUp): RunStatement => ({
    name: 'run-take-up',
    text: `
      with mine as (
        -- A job that is handed on within its process goes on at once; two jobs of one run wait for each other.
        select id, lease_until > now() and status = 'running'
          and (lease_owner is distinct from $4 or queue_job_id is distinct from $3) as leased
        from sync_runs where job = $1 and ${isLive}
          and (id = $2::uuid or $2::uuid is null and (queue_job_id = $3
            or lease_until between now() - ${adoptable} and now())) for update)
      update sync_runs r set
        status = case when mine.leased then r.status else 'running' end,
        started_at = coalesce(r.started_at, now()),
        -- What failed is tried again, and counted again.
        seen = case when mine.leased then r.seen else r.seen - r.failed end,
        failed = case when mine.leased then r.failed else 0 end,
        queue_job_id = case when mine.leased then r.queue_job_id else $3 end,
        lease_owner = case when mine.leased then r.lease_owner else $4 end,
        lease_until = case when mine.leased then r.lease_until else now() + ${milliseconds('$5')} end
      from mine where r.id = mine.id
      returning ${rowColumns('r.')},
        case when mine.leased then extract(epoch from r.lease_until) * 1000 end::float8 as leased_until_ms`,
    values: [job, runId ?? null, queueJobId, owner, leaseMs],
  }),

  /** The worker is alive, and so far. @returns its `id`; nothing where the run is no longer this worker's */
  renew: ({ id, owner, counts }: Held, progress: number): RunStatement => ({
    name: 'run-renew',
    text: `
      update sync_runs set lease_until = now() + ${milliseconds('$3')}, progress = $4, ${setCounts(5)}
      where id = $1 and status = 'running' and lease_owner = $2 returning id`,
    values: [id, owner, leaseMs, progress, ...valuesOf(counts)],
  }),

  /** It waits in the queue again (for TMDb or the database, or its process ends). Its job takes it up after `waitMs`. */
  release: ({ id, owner, counts }: Held, waitMs: number): RunStatement => ({
    name: 'run-release',
    text: `
      update sync_runs set status = 'queued', lease_owner = null, lease_until = now() + ${milliseconds('$3')},
        ${setCounts(4)}
      where id = $1 and lease_owner = $2`,
    values: [id, owner, leaseMs + waitMs, ...valuesOf(counts)],
  }),

  /** It is over: with a failure it failed. */
  finish: ({ id, owner, counts }: Held, failure?: { code: string; message: string }): RunStatement => ({
    name: 'run-finish',
    text: `
      update sync_runs set status = case when $3::text is null then 'succeeded' else 'failed' end,
        progress = case when $3::text is null then 1 else progress end, error_code = $3, error = $4,
        finished_at = now(), lease_owner = null, lease_until = null, ${setCounts(5)}
      where id = $1 and lease_owner = $2`,
    values: [id, owner, failure?.code ?? null, failure?.message ?? null, ...valuesOf(counts)],
  }),

  /** Ends the live run of a job that nobody holds any more, so that another may begin. */
  closeAbandoned: (job: SyncJobName): RunStatement => ({
    name: 'run-close-abandoned',
    text: `
      update sync_runs set status = 'failed', finished_at = now(), lease_owner = null, lease_until = null,
        error_code = 'internal_error', error = $2
      where job = $1 and ${isLive} and (lease_until is null or lease_until < now())`,
    values: [job, abandoned],
  }),

  /** For the one worker that there can be without Redis: whoever held a lease before it is dead. */
  freeLeases: (): RunStatement => ({
    name: 'run-free-leases',
    text: "update sync_runs set lease_until = now() where status = 'running' and lease_until > now()",
    values: [],
  }),

  /** Live runs whose jobs the queue has lost. @returns `id`, `job` and `trigger` of each */
  lost: (known: readonly SyncJobName[]): RunStatement => ({
    name: 'run-lost',
    text: `
      select id, job, trigger from sync_runs
      where ${isLive} and lease_until < now() - ${queueGrace} and job = any($1::text[])`,
    values: [known],
  }),

  /** Those that ended long ago. */
  deleteOld: (now: Date): RunStatement => ({
    name: 'run-delete-old',
    text: `
      delete from sync_runs where status in ('succeeded', 'failed') and queued_at < $1::timestamptz - ${keptFor}`,
    values: [now],
  }),

  /** The mirror is emptied for another upstream: a run that is live counted movies of the former one. */
  deleteAll: (): RunStatement => ({ name: 'run-delete-all', text: 'delete from sync_runs', values: [] }),
};
