import type { RunTrigger } from '#shared/jobs/catalog.ts';
import { type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { runLife } from '#shared/sync/run-life.ts';
import type { Sql } from '../store/write-transaction.ts';
import { changeRuns } from './sync-runs.ts';

interface LostRun {
  id: string;
  job: SyncJobName;
  trigger: RunTrigger;
}

/**
 * Puts the runs that nobody holds back into the queue: their jobs were lost with it (a flushed Redis), or never got
 * there. Where the job is only late, there are two for a while, and the second finds its run over.
 */
export async function requeueLostRuns(on: Sql, queues: Pick<Queues, 'enqueue'>, log: Log): Promise<void> {
  const rows = await changeRuns<LostRun>(on, runLife.lost(syncJobNames));
  for (const { id, job, trigger } of rows) {
    await queues.enqueue(job, { trigger, runId: id });
    log.warn({ job, run_id: id }, 'a run that nobody held was put into the queue again');
  }
}

const lookEveryMs = 30_000;

/** Looks now and then, until disposed. */
export function keepRuns(
  { on, queues, log }: { on: Sql; queues: Pick<Queues, 'enqueue'>; log: Log },
  everyMs = lookEveryMs,
): Disposable {
  const timer = setInterval(() => {
    requeueLostRuns(on, queues, log).catch((error: unknown) =>
      log.warn({ err: error }, 'lost runs could not be looked for'),
    );
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
