import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { type JobName, jobs, subjectOf } from '#shared/jobs/catalog.ts';
import type { Sql } from '../store/write-transaction.ts';

interface Failed {
  job: JobName;
  payload: unknown;
  error: unknown;
  attempts: number;
}

/** What failed for good is kept until it succeeds: the queue forgets, and an admin wants to know. */
export async function keepFailure(on: Sql, { job, payload, error, attempts }: Failed): Promise<void> {
  await runStatement(
    on,
    sql`
      insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
      values (${Bun.randomUUIDv7()}, ${jobs[job].queue}, ${job}, ${subjectOf(job, payload)},
        ${JSON.stringify(payload)}::jsonb, ${codeOf(error)}, ${sentenceOf(error)}, ${attempts})
      on conflict (job, subject) do update set payload = excluded.payload, code = excluded.code,
        message = excluded.message, attempts = excluded.attempts, times = job_failures.times + 1, last_failed_at = now()`,
  );
}

/** It succeeded. */
export async function forgetFailure(on: Sql, job: JobName, payload: unknown): Promise<void> {
  await runStatement(
    on,
    sql`delete from job_failures where job = ${job} and subject = ${subjectOf(job, payload)}`,
  );
}

const keptDays = 30;
const keptRows = 10_000;

/** Forgets the oldest: what nobody looked at for so long, nobody will. */
export async function pruneFailures(on: Sql): Promise<void> {
  await runStatement(
    on,
    sql`
      delete from job_failures where last_failed_at < now() - interval '1 day' * ${keptDays}
        or id in (select id from job_failures order by last_failed_at desc, id offset ${keptRows})`,
  );
}

/** What an admin may read of an error. */
export const sentenceOf = (error: unknown): string =>
  error instanceof NexusError ? error.message : 'Something went wrong inside the service. See the log.';
