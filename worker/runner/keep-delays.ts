import { defaultRepeatStrategy, type Job } from 'bullmq';
import type { Pool } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { StoreClock } from '#shared/db/store-clock.ts';
import { queueNames, type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { putSchedule } from './schedules.ts';

/** The queue tells times by the clocks of the workers. Between clocks that are closer than this nothing is put right. */
const toleranceMs = 60_000;
/** No job is put off for longer than a minute. Whatever stays delayed for so long waits for a wrong time. */
const longestMs = 3 * 60_000;
/** Jobs of a queue that are looked at. */
const lookSize = 500;
const lookEveryMs = 60_000;

interface DelayDeps {
  queues: Pick<Queues, 'queue'>;
  pool: Pool;
  log: Log;
  clock: Pick<StoreClock, 'now' | 'aheadMs'>;
}

/**
 * Puts right what a clock that was wrong left in the queues, now and then, until disposed: schedules whose next run is
 * further away than their period, and jobs that were put off until a time far away.
 */
export function keepDelays(deps: DelayDeps, { everyMs = lookEveryMs, afterMs = longestMs } = {}): Disposable {
  const mendJobs = createJobMender(deps, afterMs);
  const look = async () => {
    await mendJobs();
    await mendSchedules(deps);
  };
  let isLooking = false;
  const timer = setInterval(async () => {
    // Two looks at once would take away what the other has just put back.
    if (isLooking) return;
    isLooking = true;
    await look().catch((error: unknown) =>
      deps.log.warn({ err: error }, 'delays in the queues could not be looked at'),
    );
    isLooking = false;
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** While the clock of any worker is wrong, its schedules follow that clock, and would be moved back and forth. */
async function mendSchedules({ queues, pool, log, clock }: DelayDeps): Promise<void> {
  if (Math.abs(clock.aheadMs()) > toleranceMs || (await isAnyClockWrong(pool))) return;
  const queue = queues.queue('sync');
  for (const { key, next, pattern } of await queue.getJobSchedulers()) {
    if (!isSyncJob(key) || next === undefined || pattern === undefined) continue;
    const due = await defaultRepeatStrategy(clock.now(), { pattern, tz: 'UTC' });
    if (due === undefined || next <= due + toleranceMs) continue;
    await queue.removeJobScheduler(key);
    await putSchedule(queue, key, pattern);
    log.warn({ job: key, was: new Date(next).toISOString() }, 'a schedule was further away than its period');
  }
}

const isSyncJob = (name: string): name is SyncJobName => (syncJobNames as string[]).includes(name);

async function isAnyClockWrong(pool: Pool): Promise<boolean> {
  const rows = await runStatement(
    pool,
    sql`
      select 1 from worker_processes
      where seen_at > now() - interval '1 minute' and abs(clock_ahead_ms) > ${toleranceMs} limit 1`,
  );
  return rows.length > 0;
}

/** No clock is asked: a job counts as stuck once it was seen delayed, and not begun, for so long. */
function createJobMender({ queues, log }: DelayDeps, afterMs: number): () => Promise<void> {
  let seen = new Map<string, number>();
  return async () => {
    const found = new Map<string, number>();
    for (const name of queueNames)
      for (const job of await queues.queue(name).getDelayed(0, lookSize - 1)) {
        if (waitsForItsSchedule(job)) continue;
        const key = `${name} ${job.id} ${job.attemptsStarted}`;
        const since = seen.get(key) ?? performance.now();
        if (performance.now() - since < afterMs) found.set(key, since);
        // One that began meanwhile is no longer there to be promoted.
        else if (
          await job.promote().then(
            () => true,
            () => false,
          )
        )
          log.warn({ job: job.name, job_id: job.id }, 'a job was put off for too long, and goes on now');
      }
    seen = found;
  };
}

const waitsForItsSchedule = (job: Job) => job.repeatJobKey !== undefined && job.attemptsStarted === 0;
