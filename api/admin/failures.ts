import type { Pool } from 'pg';
import { type PlaceholdersOf, prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { isJobName, type JobName, type JobPayload, jobs } from '#shared/jobs/catalog.ts';
import { replayJobId } from '#shared/jobs/job-ids.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import { queryStore } from '../store/query-store.ts';
import type { FailuresQuery, JobFailure, ReplayedJob } from './failure-model.ts';
import type { RequestRun } from './request-run.ts';

const columns = sql`id, queue, job, subject, code, message, attempts, times,
  ${isoTime('first_failed_at')} as first_failed_at, ${isoTime('last_failed_at')} as last_failed_at`;

interface Asked {
  queue: string | null;
  job: string | null;
}

const isAsked = ({ queue, job }: PlaceholdersOf<Asked>) =>
  sql`(${queue}::text is null or queue = ${queue}) and (${job}::text is null or job = ${job})`;

const pageStatement = prepared<Asked & { limit: number; offset: number }, JobFailure>(
  'api-failures',
  (asked) => sql`
    select ${columns} from job_failures where ${isAsked(asked)}
    order by job_failures.last_failed_at desc, id limit ${asked.limit}::bigint offset ${asked.offset}::bigint`,
);
const totalStatement = prepared<Asked, { total: number }>(
  'api-failures-total',
  (asked) => sql`select count(*)::int as total from job_failures where ${isAsked(asked)}`,
);
const oneStatement = prepared<{ id: string }, { job: string; subject: string; payload: unknown }>(
  'api-failure',
  ({ id }) => sql`select job, subject, payload from job_failures where id = ${id}`,
);

export interface Failures {
  /** The latest first. */
  page(query: FailuresQuery): Promise<{ failures: JobFailure[]; total: number }>;
  /**
   * Asks for the job again; its failure is there until it succeeds.
   * @throws {NexusError} `not_found`, `invalid_input`, `already_running`, `unavailable`
   */
  replay(id: string, userId: string): Promise<ReplayedJob>;
}

interface FailuresDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue'>;
  requestRun: RequestRun;
}

export function createFailures({ pool, queues, requestRun }: FailuresDeps): Failures {
  return {
    async page({ queue = null, job = null, page, limit }) {
      const [failures, [counted]] = await Promise.all([
        queryInTurn(pool, pageStatement({ queue, job, limit, offset: (page - 1) * limit })),
        queryInTurn(pool, totalStatement({ queue, job })),
      ]);
      return { failures, total: counted?.total ?? 0 };
    },
    async replay(id, userId) {
      const [failure] = await queryStore(pool, oneStatement({ id }));
      if (failure === undefined || !isJobName(failure.job))
        throw new NexusError('not_found', 'There is no failed job with this id.');
      const { job, subject, payload } = failure;
      if (jobs[job].recorded)
        return { job, run_id: (await requestRun({ job, userId, key: undefined, force: false })).run_id };
      await enqueueAgain(queues, job, { subject, payload });
      return { job, run_id: null };
    },
  };
}

async function enqueueAgain<N extends JobName>(
  queues: Pick<Queues, 'enqueue'>,
  job: N,
  { subject, payload }: { subject: string; payload: unknown },
): Promise<void> {
  if (!jobs[job].payload.safeParse(payload).success)
    throw new NexusError('invalid_input', 'Some of the input is not valid.', {
      details: [{ path: 'id', message: 'belongs to a job saved in a format that this version cannot read' }],
    });
  try {
    // Two replays of one failure are one job.
    await queues.enqueue(job, payload as JobPayload<N>, { jobId: replayJobId(job, subject) });
  } catch (cause) {
    throw new NexusError('unavailable', 'The queue does not answer. Please try again.', { cause });
  }
}
