import { DelayedError, type Job, type Processor, UnrecoverableError } from 'bullmq';
import { storeTroubleOf } from '#shared/db/store-away.ts';
import type { StoreClock } from '#shared/db/store-clock.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { isJobName, type JobName, type JobPayload, jobs } from '#shared/jobs/catalog.ts';
import { followUpJobId } from '#shared/jobs/job-ids.ts';
import type { Log } from '#shared/log.ts';
import { movement } from '#shared/movement.ts';
import type { Database } from '#shared/orm/database.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { Tracing } from '#shared/tracing/tracing.ts';
import type { JobMetrics, JobOutcome } from '../metrics/job-metrics.ts';
import type { TmdbClient } from '../tmdb/tmdb-client.ts';
import {
  type Counts,
  type Handler,
  type Handlers,
  type JobContext,
  type MirrorSettings,
  PutOff,
} from './handler.ts';
import { forgetFailure, keepFailure } from './job-failures.ts';
import { nameStoreTrouble, type Verdict, verdictOf, waitMsOf } from './retry.ts';
import { busyRetryMs, openRecord, type RunRecord, type RunWatch } from './run-record.ts';
import { watchMovement } from './watch-movement.ts';

export interface RunnerDeps {
  database: Database;
  queues: Queues;
  handlers: Handlers;
  tmdb: TmdbClient;
  mirror: MirrorSettings;
  metrics?: Pick<JobMetrics, 'ended'>;
  tracing?: Tracing | undefined;
  log: Log;
  /** Fires when the process is to end. */
  stopping: AbortSignal;
  /** The process's own clock, without one. */
  clock?: Pick<StoreClock, 'now' | 'doubt'>;
  /** After how long without a statement, a call or progress a job counts as hung. */
  stillMs?: number;
}

/** No single wait of a job is as long. */
const defaultStillMs = 120_000;

/** The one shell around every job: parse, context, record, classify, one log line. */
export function createProcessor(deps: RunnerDeps): Processor<unknown, unknown, string> {
  // The third parameter must be declared, or the queue gives no signal.
  return async (job, token, signal) => {
    if (!isJobName(job.name)) throw unknownJob(deps, job);
    try {
      await runJob(deps, job.name, job, token, signal ?? new AbortController().signal);
    } catch (escaped) {
      await putOffForStore(deps, job, token, escaped);
    }
  };
}

/** Of another version, or not of this service: the queue keeps it among those that failed. */
function unknownJob({ log }: RunnerDeps, { name, id }: Job): UnrecoverableError {
  log.error({ job: name, job_id: id }, 'there is no such job: it failed');
  return new UnrecoverableError(`no such job: ${name}`);
}

/** The store may also go away while a run is opened, or while its end is written down. */
async function putOffForStore(
  { log }: RunnerDeps,
  job: Job,
  token: string | undefined,
  escaped: unknown,
): Promise<never> {
  const error = nameStoreTrouble(escaped);
  if (error === escaped) throw escaped;
  log.warn({ job: job.name, job_id: job.id, code: codeOf(error), err: error }, 'the job waits for the store');
  return postpone(job, token, waitMsOf(error));
}

async function runJob<N extends JobName>(
  deps: RunnerDeps,
  name: N,
  job: Job,
  token: string | undefined,
  jobSignal: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  const log = deps.log.child({
    job: name,
    job_id: job.id,
    ...requestOf(job.data),
    ...traceOf(deps),
    attempt: job.attemptsMade + 1,
  });
  const ended = (outcome: JobOutcome) => {
    const ms = Math.round(performance.now() - startedMs);
    deps.metrics?.ended(name, outcome, ms);
    return { outcome, ms };
  };
  const lost = new AbortController();
  using moves = watchMovement(deps.stillMs ?? defaultStillMs);
  const signal = AbortSignal.any([deps.stopping, jobSignal, lost.signal, moves.signal]);
  const { payload, record } = await open(
    deps,
    { name, job, token, ended, log },
    {
      onLost: () => lost.abort(shuttingDown('The run was lost.')),
      stillMoves: () => !moves.signal.aborted,
      moved: moves.note,
    },
  );
  if (record === 'finished elsewhere') return;
  if ('waitMs' in record) return postpone(job, token, record.waitMs);
  const context = contextFor(deps, record, signal, log);
  const on = deps.database.orm.em.getKysely();
  try {
    const handle = deps.handlers[name] as Handler<N>;
    const input = record.forced ? { ...payload, force: true } : payload;
    await Promise.race([movement.run(moves.note, () => handle(input, context)), moves.stoodStill]);
    await record.succeed();
    await remember(log, () => forgetFailure(on, name, payload));
    log.info({ ...ended('done'), ...context.counts, ...lossesOf(context) }, 'job done');
  } catch (caught) {
    if (caught instanceof PutOff) {
      log.info({ ...ended('postponed'), ...context.counts }, `job goes on later: ${caught.message}`);
      await record.release(caught.afterMs);
      if (caught.givesWay) await giveWay(job);
      return postpone(job, token, caught.afterMs);
    }
    const thrown = moves.signal.aborted ? moves.signal.reason : nameStoreTrouble(caught);
    const error =
      signal.aborted && !moves.signal.aborted && verdictOf(thrown) === 'retry'
        ? shuttingDown('The job was interrupted.', thrown)
        : thrown;
    const verdict = verdictOf(error);
    log[codeOf(error) === 'internal_error' ? 'error' : 'warn'](
      {
        ...ended(outcomeOf(job, verdict)),
        code: codeOf(error),
        err: error,
        ...context.counts,
        ...lossesOf(context),
      },
      'job ended early',
    );
    if (isFinal(job, verdict))
      await remember(log, () =>
        keepFailure(on, { job: name, payload, error, attempts: job.attemptsMade + 1 }),
      );
    await settleFailure({ job, token, record, error, verdict });
  }
  await followUp(deps, name, context.counts);
}

interface Opening<N extends JobName> {
  name: N;
  job: Job;
  token: string | undefined;
  ended: (outcome: JobOutcome) => object;
  log: Log;
}

/**
 * Before the job itself can fail. A store that is away or busy costs no attempt, because the job has not begun;
 * whatever else goes wrong is said, and kept if it is for good.
 */
async function open<N extends JobName>(
  deps: RunnerDeps,
  { name, job, token, ended, log }: Opening<N>,
  watch: RunWatch,
) {
  try {
    const payload = parsePayload(name, job.data);
    return { payload, record: await openRecord(deps, name, job, payload, watch) };
  } catch (error) {
    if (storeTroubleOf(error) !== undefined) {
      log.warn({ ...ended('postponed'), err: error }, 'the job waits, because its run could not be opened');
      return postpone(job, token, busyRetryMs);
    }
    const isOver = error instanceof UnrecoverableError || !hasAttemptsLeft(job);
    log.error(
      { ...ended(isOver ? 'failed' : 'retried'), code: codeOf(error), err: error },
      'the job failed before it began',
    );
    const failed = { job: name, payload: job.data ?? {}, error, attempts: job.attemptsMade + 1 };
    if (isOver) await remember(log, () => keepFailure(deps.database.orm.em.getKysely(), failed));
    throw error;
  }
}

function parsePayload<N extends JobName>(name: N, data: unknown): JobPayload<N> {
  const parsed = jobs[name].payload.safeParse(data ?? {});
  if (!parsed.success) throw new UnrecoverableError(`the payload of ${name} is not valid`);
  return parsed.data as JobPayload<N>;
}

function contextFor(deps: RunnerDeps, record: RunRecord, signal: AbortSignal, log: Log): JobContext {
  return {
    em: deps.database.orm.em.fork({ clear: true }),
    tmdb: deps.tmdb,
    mirror: deps.mirror,
    signal,
    now: () => new Date(deps.clock?.now() ?? Date.now()),
    clockDoubt: () => deps.clock?.doubt(),
    log,
    counts: record.counts,
    losses: record.losses,
    progress: record.progress,
  };
}

const lossesOf = ({ losses }: JobContext) => (losses.list().length > 0 ? { losses: losses.list() } : {});

/** If the list of failures cannot be updated, the job itself is not affected. */
async function remember(log: Log, write: () => Promise<void>): Promise<void> {
  await write().catch((error: unknown) => log.warn({ err: error }, 'the failures could not be saved'));
}

const hasAttemptsLeft = (job: Job) => job.attemptsMade + 1 < (job.opts.attempts ?? 1);
const isFinal = (job: Job, verdict: Verdict) =>
  verdict === 'give-up' || (verdict === 'retry' && !hasAttemptsLeft(job));

const outcomeOf = (job: Job, verdict: Verdict): JobOutcome =>
  isFinal(job, verdict) ? 'failed' : verdict === 'retry' ? 'retried' : 'postponed';

const traceOf = ({ tracing }: RunnerDeps): { trace_id?: string } => {
  const traceId = tracing?.traceId();
  return traceId === undefined ? {} : { trace_id: traceId };
};

/** Which request it is done for, if it is done for one. */
function requestOf(data: unknown): { request_id?: string } {
  const { requestId } = (data ?? {}) as { requestId?: unknown };
  return typeof requestId === 'string' ? { request_id: requestId } : {};
}

interface Failure {
  job: Job;
  token: string | undefined;
  record: RunRecord;
  error: unknown;
  verdict: Verdict;
}

async function settleFailure({ job, token, record, error, verdict }: Failure): Promise<never> {
  if (verdict === 'wait' || verdict === 'stop-all') {
    const waitMs = waitMsOf(error);
    await record.release(waitMs);
    return postpone(job, token, waitMs);
  }
  const isOver = isFinal(job, verdict);
  if (isOver) await record.fail(error);
  else await record.release(busyRetryMs);
  throw isOver ? new UnrecoverableError(codeOf(error)) : error;
}

/** Of BullMQ. */
const lowestPriority = 2 ** 21;

/**
 * Whoever had the fewest turns is next. By itself a job that was put off comes before all that were added after it, where
 * the queue is in PostgreSQL: as many of them as there are places would keep out all others.
 */
async function giveWay(job: Job): Promise<void> {
  const priority = Math.min(job.priority + 1, lowestPriority);
  await unlessAway(job.changePriority({ priority }));
}

/**
 * Back into the queue for later, with no attempt counted. Where the queue's own store is away, the job stays with this
 * worker until its lock runs out; then the queue hands it on as one that stalled, and counts no attempt either.
 */
async function postpone(job: Job, token: string | undefined, waitMs: number): Promise<never> {
  await unlessAway(job.moveToDelayed(Date.now() + waitMs, token));
  throw new DelayedError();
}

/** That the queue's own store is away is no failure of the job. */
const unlessAway = (change: Promise<void>): Promise<void> =>
  change.catch((error: unknown) => {
    if (storeTroubleOf(error) === undefined) throw error;
  });

async function followUp(deps: RunnerDeps, name: JobName, counts: Counts): Promise<void> {
  const spec = jobs[name];
  if (!('followedBy' in spec)) return;
  if ('followedOnChange' in spec && counts.created + counts.updated === 0) return;
  for (const next of spec.followedBy)
    await deps.queues.enqueue(next, { trigger: 'follow-up' }, { jobId: followUpJobId(name, next) });
}

const shuttingDown = (message: string, cause?: unknown) =>
  new NexusError('shutting_down', message, cause === undefined ? {} : { cause });
