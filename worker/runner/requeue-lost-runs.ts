import { runStatement } from '#shared/db/run-statement.ts';
import { type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import { jobIdOf } from '#shared/jobs/job-ids.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { runLife } from '#shared/sync/run-life.ts';
import type { Sql } from '../store/write-transaction.ts';

/**
 * Puts the runs that nobody holds back into the queue: their jobs were lost with it (a flushed Redis), or never got
 * there. Where the job is only late, there are two for a while, and the second finds its run over.
 */
export async function requeueLostRuns(
  on: Sql,
  queues: Pick<Queues, 'enqueue' | 'queue'>,
  log: Log,
): Promise<void> {
  const lost = await runStatement(on, runLife.lost({ jobs: syncJobNames }));
  const runs = new Map(lost.map((run) => [run.id, run]));
  for (const run of await runStatement(on, runLife.unheld({ jobs: syncJobNames })))
    if (!runs.has(run.id) && !(await isQueued(queues, run))) runs.set(run.id, run);
  for (const { id, job, trigger } of runs.values()) {
    await queues.enqueue(job, { trigger, runId: id });
    log.warn({ job, run_id: id }, 'a run that nobody held was put into the queue again');
  }
}

interface WaitingRun {
  id: string;
  job: SyncJobName;
  queue_job_id: string | null;
}

async function isQueued(queues: Pick<Queues, 'queue'>, run: WaitingRun): Promise<boolean> {
  const ids = [run.queue_job_id, jobIdOf(run.job, { runId: run.id })];
  for (const id of ids) if (id != null && (await queues.queue('sync').getJob(id)) !== undefined) return true;
  return false;
}

const lookEveryMs = 5000;

/** Looks now and then, until disposed. */
export function keepRuns(
  { on, queues, log }: { on: Sql; queues: Pick<Queues, 'enqueue' | 'queue'>; log: Log },
  everyMs = lookEveryMs,
): Disposable {
  const timer = setInterval(() => {
    requeueLostRuns(on, queues, log).catch((error: unknown) =>
      log.warn({ err: error }, 'lost runs could not be looked for'),
    );
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
