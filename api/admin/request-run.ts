import type { Pool } from 'pg';
import { NexusError } from '#shared/errors.ts';
import { type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { closeAbandonedStatement } from '#shared/sync/close-abandoned-statement.ts';
import { runJobId } from '#shared/sync/run-job-id.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
import type { IdempotencyLocks } from './idempotency-locks.ts';
import type { RequestedRun } from './model.ts';

/** A worker has this long to take a run up; after that another may be asked for. */
const pickUp = "interval '1 minute'";

/** $1: admin, $2: key. */
const earlierStatement: Statement = {
  name: 'api-sync-earlier',
  text: `select id as run_id, job from sync_runs
    where requested_by = $1 and idempotency_key = $2 and queued_at > now() - interval '24 hours'
    order by queued_at desc limit 1`,
};
const closeStatement: Statement = { name: 'api-sync-close-abandoned', text: closeAbandonedStatement };
/** $1: id, $2: job, $3: admin, $4: key or null, $5: forced. */
const insertStatement: Statement = {
  name: 'api-sync-request',
  text: `insert into sync_runs (id, job, trigger, requested_by, idempotency_key, forced, status, lease_until)
    values ($1, $2, 'admin', $3, $4, $5, 'queued', now() + ${pickUp})
    on conflict (job) where status in ('queued', 'running') do nothing
    returning id as run_id, job`,
};
/** $1: id. */
const takeBackStatement: Statement = {
  name: 'api-sync-take-back',
  text: "delete from sync_runs where id = $1 and status = 'queued' and started_at is null returning id",
};

export interface RunRequest {
  job: string;
  userId: string;
  key: string | undefined;
  force: boolean;
}

/** @throws {NexusError} `not_found`, `already_running`, `invalid_input`, `unavailable` */
export type RequestRun = (request: RunRequest) => Promise<RequestedRun>;

interface RequestRunDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue'>;
  locks: IdempotencyLocks;
  log: Log;
}

/** Asks the worker for a run of a job, on behalf of an admin. */
export function createRequestRun({ pool, queues, locks, log }: RequestRunDeps): RequestRun {
  const begin = async (job: SyncJobName, { userId, key, force }: RunRequest): Promise<RequestedRun> => {
    // Judged by the lease alone: a crash leaves nothing stuck.
    await queryStore(pool, closeStatement, [job]);
    const id = Bun.randomUUIDv7();
    const values = [id, job, userId, key ?? null, force];
    const [run] = await queryStore<RequestedRun>(pool, insertStatement, values);
    if (run === undefined) throw new NexusError('already_running', `The job ${job} is already running.`);
    await enqueue(job, id, force);
    return run;
  };

  const enqueue = async (job: SyncJobName, runId: string, force: boolean): Promise<void> => {
    try {
      await queues.enqueue(job, { trigger: 'admin', runId, force }, { jobId: runJobId(runId) });
    } catch (cause) {
      const taken = await queryStore(pool, takeBackStatement, [runId]);
      // The queue was only late to say so: a worker has it already.
      if (taken.length === 0) return log.warn({ err: cause }, 'the queue took a run without saying so');
      throw new NexusError('unavailable', 'The queue does not answer. Please try again.', { cause });
    }
  };

  return async (request) => {
    const { job, userId, key } = request;
    if (!isSyncJob(job)) throw new NexusError('not_found', 'There is no job with this name.');
    if (key === undefined) return begin(job, request);
    return locks.hold(`${userId} ${key}`, async () => {
      const [earlier] = await queryStore<RequestedRun>(pool, earlierStatement, [userId, key]);
      if (earlier === undefined) return begin(job, request);
      if (earlier.job === job) return earlier;
      throw otherJobsKey(earlier.job);
    });
  };
}

const isSyncJob = (job: string): job is SyncJobName => (syncJobNames as string[]).includes(job);

function otherJobsKey(job: string): NexusError {
  const details = [{ path: 'idempotency-key', message: `was already used for a run of ${job}` }];
  return new NexusError('invalid_input', 'This key was already used for another request.', { details });
}
