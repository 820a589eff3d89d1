import { defaultRepeatStrategy, type Queue } from 'bullmq';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import {
  jobs,
  type RecordedJob,
  type ResumedJobName,
  type SyncJobName,
  syncJobNames,
} from '#shared/jobs/catalog.ts';
import { startJobId } from '#shared/jobs/job-ids.ts';
import { jobOptionsOf } from '#shared/jobs/job-options.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { newestRuns } from '#shared/sync/newest-runs.ts';
import type { Sql } from '../store/write-transaction.ts';

export interface Schedules {
  log: Log;
  /** Of jobs whose schedule is a setting, in place of the catalogue's. */
  crons?: Partial<Record<SyncJobName, string>>;
}

/** @param everyHours a part of a day */
export const listsCron = (everyHours: number): string => `33 */${everyHours} * * *`;

/** Makes the queue agree with the catalogue: what it lists is scheduled, what it no longer lists is removed. */
export async function agreeSchedules(queues: Queues, { log, crons = {} }: Schedules): Promise<void> {
  const queue = queues.queue('sync');
  const wanted = new Set<string>(syncJobNames);
  for (const name of syncJobNames) await putSchedule(queue, name, crons[name]);
  for (const scheduler of await queue.getJobSchedulers())
    if (!wanted.has(scheduler.key)) {
      await queue.removeJobScheduler(scheduler.key);
      log.info({ schedule: scheduler.key }, 'a schedule that is no longer in the catalogue was removed');
    }
}

/** States of the next run in which the queue replaces it. */
const replaceable: readonly string[] = ['delayed', 'waiting', 'prioritized', 'unknown'];

/**
 * Puts a schedule there, or right. Its runs leave nothing in the queue: where a clock was wrong, a run that is over
 * before its time would have the id of the next one, and end the schedule or refuse it.
 */
export async function putSchedule(
  queue: Queue,
  name: SyncJobName,
  pattern: string = jobs[name].cron,
): Promise<void> {
  const repeat = { pattern, tz: 'UTC' };
  const next = await defaultRepeatStrategy(Date.now(), repeat);
  // Under way before its time: the schedule goes on from it, or is missed and put there when it is over.
  if (!replaceable.includes(await queue.getJobState(`repeat:${name}:${next}`))) return;
  await queue.upsertJobScheduler(name, repeat, {
    name,
    data: { trigger: 'schedule' },
    opts: { ...jobOptionsOf(name), removeOnComplete: true, removeOnFail: true },
  });
}

/** Whether something took the schedules away: a Redis that was flushed, or came back empty. */
async function schedulesAreMissing(queues: Queues): Promise<boolean> {
  const there = new Set((await queues.queue('sync').getJobSchedulers()).map((scheduler) => scheduler.key));
  return syncJobNames.some((name) => !there.has(name));
}

const lookEveryMs = 15_000;

/** Checks from time to time whether the schedules are still in the queue, and puts them back if not. */
export function keepSchedules(queues: Queues, schedules: Schedules, everyMs = lookEveryMs): Disposable {
  const { log } = schedules;
  const look = async () => {
    if (!(await schedulesAreMissing(queues))) return;
    log.warn('the schedules were gone from the queue, putting them back');
    await agreeSchedules(queues, schedules);
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.warn({ err: error }, 'the schedules could not be looked at'));
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The jobs a start should run at once: never done, or missed while nothing ran. @param lastSuccess epoch ms by job */
export function dueAtStart(lastSuccess: ReadonlyMap<string, number>, nowMs: number): SyncJobName[] {
  const due = syncJobNames.filter((name) => {
    const rule = ruleOf(name);
    const lastMs = lastSuccess.get(name) ?? 0;
    // A success in the future was stamped by a clock that was wrong.
    return rule !== undefined && (lastMs > nowMs || nowMs - lastMs >= rule.ifOlderThanMs);
  });
  return due.filter((name) => !due.some((other) => other === ruleOf(name)?.leftTo));
}

function ruleOf(name: SyncJobName) {
  const { start }: RecordedJob = jobs[name];
  return start === 'nothing' ? undefined : start;
}

/** What puts back the jobs that a table says are under way. */
export type Resumers = {
  [N in ResumedJobName]: (on: Sql, queues: Pick<Queues, 'enqueue'>) => Promise<void>;
};

/** Queues the jobs that the catalog wants at start, so that a first start can serve movies within seconds. */
export async function startJobs(
  on: Sql,
  queues: Pick<Queues, 'enqueue'>,
  resumers: Resumers,
  nowMs: number,
): Promise<void> {
  const rows = await runStatement(
    on,
    sql<{ job: string; finished_ms: number }>`
      select jobs.job, extract(epoch from newest.finished_at)::float8 * 1000 as finished_ms
      from ${newestRuns(sql`finished_at`, sql`status = 'succeeded'`)} where newest.finished_at is not null`,
  );
  const lastSuccess = new Map(rows.map((row) => [row.job, row.finished_ms]));
  for (const name of dueAtStart(lastSuccess, nowMs))
    await queues.enqueue(name, { trigger: 'start' }, { jobId: startJobId(name) });
  for (const resume of Object.values(resumers)) await resume(on, queues);
}
