import type { AppControllerRoute, BullBoardQueues, QueueJob } from '@bull-board/api/dist/types.js';
import { isPlainText } from '#shared/credentials.ts';
import { isJobName, jobs, queueNames } from '#shared/jobs/catalog.ts';
import { BoardRefusal, notPossible, notThere } from './board-refusal.ts';
import { canBeJobId, isOfSchedule } from './job-id.ts';

/** A request as the board's own handlers take it. */
type BoardRequest = Parameters<AppControllerRoute['handler']>[0] & {
  queues: BullBoardQueues;
  params: Readonly<Record<string, string>>;
};

/** More would overflow a number of the queue's store. */
const maxPage = 1_000_000;
const yearMs = 365 * 86_400_000;
const cleanable = new Set(['completed', 'failed']);
const names: ReadonlySet<unknown> = new Set(queueNames);

/** What the board's handlers would fail on, or do past what the service knows of, is refused before any is asked. */
export function checkInput(route: string, { params, query, body }: BoardRequest): void {
  if (!Object.values(params).every(isText)) throw notThere();
  const asked = [params.queueName, query.activeQueue, query.queueName];
  if (asked.some((name) => typeof name === 'string' && name !== '' && !names.has(name))) throw notThere();
  if (params.jobId !== undefined && !canBeJobId(params.jobId)) throw notThere();
  // The board takes a NUL for a mark of its own.
  if (!Object.values(query).flat().every(isText)) throw notPossible('The request contains invalid text.');
  if (Number(query.page) > maxPage) throw notPossible('There is no such page.');
  if (route.endsWith('/clean/:queueStatus') && !cleanable.has(params.queueStatus ?? ''))
    throw notPossible('Only completed or failed jobs can be removed.');
  if (route.endsWith('/delay')) checkTime(body.runAt);
}

/** What the framework cannot decode in an address is null. */
const isText = (value: unknown): boolean => typeof value === 'string' && isPlainText(value);

/** What is no number is told by the board itself. */
function checkTime(runAt: unknown): void {
  if (typeof runAt === 'number' && (!Number.isSafeInteger(runAt) || runAt > Date.now() + yearMs))
    throw notPossible('A job can be delayed by at most one year, in whole milliseconds.');
}

/** The same, for what only the job itself can tell. */
export async function checkJob(route: string, { queues, params }: BoardRequest): Promise<void> {
  const { queueName = '', jobId } = params;
  if (jobId === undefined) return;
  const job = await queues.get(queueName)?.getJob(jobId);
  if (!job || !isRealJob(job)) throw notThere();
  await checks[route.slice(route.lastIndexOf('/'))]?.(job, jobId);
}

const isRealJob = (job: QueueJob): boolean => {
  const { name, timestamp } = job.toJSON();
  return isJobName(name) && Number.isFinite(timestamp);
};

const checks: Readonly<Record<string, (job: QueueJob, id: string) => Promise<void> | void>> = {
  // The board leaves that to the queue, whose refusal would look like a fault of ours.
  '/promote': async (job) => {
    if ((await job.getState()) !== 'delayed')
      throw new BoardRefusal('not_found', 'The job is not delayed.', 'Not delayed');
  },
  '/clean': refuseImport,
  '/delay': (job, id) => {
    refuseOfSchedule(job, id);
    refuseImport(job);
  },
  '/priority': refuseOfSchedule,
};

/** A lost one is put back only at a worker's start, and its user may begin no other while it is under way. */
function refuseImport(job: QueueJob): void {
  const { name } = job.toJSON();
  if (isJobName(name) && jobs[name].start === 'unfinished')
    throw notPossible('An import cannot be removed or delayed: its user is waiting for it.');
}

/** The schedule goes on only when its job has run. */
function refuseOfSchedule(job: QueueJob, id: string): void {
  if (isOfSchedule(id) || job.repeatJobKey !== undefined)
    throw notPossible('This job belongs to a schedule, which decides when it runs.');
}
