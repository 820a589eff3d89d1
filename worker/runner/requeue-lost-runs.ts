import { runStatement } from '#shared/db/run-statement.ts';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { runLife } from '#shared/sync/run-life.ts';
import type { Sql } from '../store/write-transaction.ts';

/**
 * Puts the runs that nobody holds back into the queue: their jobs were lost with it (a flushed Redis), or never got
 * there. Where the job is only late, there are two for a while, and the second finds its run over.
 */
export async function requeueLostRuns(on: Sql, queues: Pick<Queues, 'enqueue'>, log: Log): Promise<void> {
  const rows = await runStatement(on, runLife.lost({ jobs: syncJobNames }));
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
