import type { Job } from 'bullmq';
import { codeOf } from '#shared/errors.ts';
import { type JobName, type JobPayload, jobs, type SyncJobName } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { leaseRenewMs } from '#shared/sync/run-life.ts';
import { Losses } from '../tmdb/wire/losses.ts';
import { type Counts, noCounts } from './handler.ts';
import { sentenceOf } from './job-failures.ts';
import { finishRun, type LiveRun, noteLosses, recordProgress, releaseRun, startRun } from './sync-runs.ts';

interface RecordDeps {
  database: Database;
  log: Log;
}

/** How soon a job looks again whether the live run it met has ended. */
export const busyRetryMs = 5000;
/** Progress reaches the table at most this often. */
const progressEveryMs = 500;

/** The run of a job, as the runner holds it. */
export interface RunRecord {
  /** The run goes beyond its job's limit, whatever the job at hand says: it may have taken up another's. */
  forced: boolean;
  counts: Counts;
  losses: Losses;
  progress: (done: number) => void;
  succeed: () => Promise<void>;
  fail: (error: unknown) => Promise<void>;
  release: (waitMs: number) => Promise<void>;
}

function unrecorded(): RunRecord {
  const counts = noCounts();
  const nothing = async () => {};
  const losses = new Losses(counts);
  return {
    forced: false,
    counts,
    losses,
    progress: () => {},
    succeed: nothing,
    fail: nothing,
    release: nothing,
  };
}

export interface RunWatch {
  /** The run is no longer ours. */
  onLost: () => void;
  /** A lease lives only while the work moves. */
  stillMoves: () => boolean;
  /** It moved. Not `noteMovement`, which knows nothing of the job in what a thread's message calls. */
  moved: () => void;
}

/** Takes up or opens the run that a job stands for; a job that is not recorded has none. */
export async function openRecord(
  deps: RecordDeps,
  name: JobName,
  job: Job,
  payload: unknown,
  watch: RunWatch,
): Promise<RunRecord | { waitMs: number } | 'finished elsewhere'> {
  if (!jobs[name].recorded) return unrecorded();
  const { trigger, runId, force } = payload as JobPayload<SyncJobName>;
  const start = await startRun(deps.database.orm.em.getKysely(), {
    job: name as SyncJobName,
    trigger,
    runId,
    forced: force,
    queueJobId: String(job.id),
  });
  if ('run' in start) return recordOf(deps, start.run, watch);
  if ('over' in start) return 'finished elsewhere';
  if (start.busy === 'lease') return { waitMs: Math.max(500, start.leftMs) };
  // A tick of the schedule that meets a live run is served by that run; everything else waits for its turn.
  return trigger === 'schedule' ? 'finished elsewhere' : { waitMs: busyRetryMs };
}

/** Keeps the run's row up to date and its lease alive until one of its three endings. */
function recordOf(deps: RecordDeps, run: LiveRun, { onLost, stillMoves, moved }: RunWatch): RunRecord {
  const on = deps.database.orm.em.getKysely();
  let done = 0;
  let reportedMs = performance.now();
  let ended = false;
  const losses = new Losses(run.counts, run.losses);
  const keepLosses = async () => {
    if (losses.takeChanged()) await noteLosses(on, run.id, losses.list());
  };
  const report = async () => {
    reportedMs = performance.now();
    try {
      await keepLosses();
      if (!(await recordProgress(on, run.id, run.counts, done)) && !ended) onLost();
    } catch (error) {
      deps.log.warn({ err: error }, 'the progress of a run could not be recorded');
    }
  };
  const heartbeat = setInterval(() => stillMoves() && report(), leaseRenewMs);
  const end = async (finish: () => Promise<void>) => {
    ended = true;
    clearInterval(heartbeat);
    await keepLosses();
    await finish();
  };
  return {
    forced: run.forced,
    counts: run.counts,
    losses,
    progress(part) {
      moved();
      done = Math.min(1, Math.max(done, part));
      if (performance.now() - reportedMs >= progressEveryMs) void report();
    },
    succeed: () => end(() => finishRun(on, run.id, run.counts)),
    fail: (error) =>
      end(() => finishRun(on, run.id, run.counts, { code: codeOf(error), message: sentenceOf(error) })),
    release: (waitMs) => end(() => releaseRun(on, run.id, run.counts, waitMs)),
  };
}
