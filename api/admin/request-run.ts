import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { runLife } from '#shared/sync/run-life.ts';
import { queryStore } from '../store/query-store.ts';
import type { IdempotencyLocks } from './idempotency-locks.ts';
import type { RequestedRun } from './model.ts';

const earlierStatement = prepared<{ userId: string; key: string }, RequestedRun>(
  'api-sync-earlier',
  ({ userId, key }) => sql`
    select id as run_id, job from sync_runs
    where requested_by = ${userId} and idempotency_key = ${key} and queued_at > now() - interval '24 hours'
    order by queued_at desc limit 1`,
);

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
    await queryStore(pool, runLife.closeAbandoned({ job }));
    const id = Bun.randomUUIDv7();
    const asked = { id, job, userId, idempotencyKey: key ?? null, forced: force };
    const [run] = await queryStore(pool, runLife.request(asked));
    if (run === undefined) throw new NexusError('already_running', `The job ${job} is already running.`);
    await enqueue(job, id, force);
    return run;
  };

  const enqueue = async (job: SyncJobName, runId: string, force: boolean): Promise<void> => {
    try {
      await queues.enqueue(job, { trigger: 'admin', runId, force });
    } catch (cause) {
      const canceled = await queryStore(pool, runLife.cancel({ id: runId }));
      // The queue has the job and only answered late: a worker has it already.
      if (canceled.length === 0) return log.warn({ err: cause }, 'the queue took a run without saying so');
      throw new NexusError('unavailable', 'The queue does not answer. Please try again.', { cause });
    }
  };

  return async (request) => {
    const { job, userId, key } = request;
    if (!isSyncJob(job)) throw new NexusError('not_found', 'There is no job with this name.');
    if (key === undefined) return begin(job, request);
    return locks.hold(`${userId} ${key}`, async () => {
      const [earlier] = await queryStore(pool, earlierStatement({ userId, key }));
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
