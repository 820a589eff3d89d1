import { clockToleranceMs } from '#shared/db/store-clock.ts';
import { jobs, type RecordedJob, type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import type { CircuitState } from '#shared/upstream/upstream.ts';
import type { ServiceNotice } from './model.ts';

/** What is known of the service at one moment. Times are epoch milliseconds, by the database's clock. */
export interface ServiceFacts {
  nowMs: number;
  /** How far the clock of this process is ahead of the database's; negative if it is behind. */
  clockAheadMs: number;
  /** The same of the worker whose clock is the most wrong. */
  workerClock?: { worker: string; aheadMs: number } | null;
  circuit: CircuitState;
  /** A sentence of the worker's on why the circuit is not closed. */
  reason: string | null;
  openedAtMs: number | null;
  retryAtMs: number | null;
  /** When a worker last said that it is alive, and since when the longest-running one of those alive is. */
  workerSeenAtMs: number | null;
  workerStartedAtMs: number | null;
  jobs: readonly JobFacts[];
  /** The disk with the data folder; `undefined` where there is no such folder. */
  disk: { freeBytes: number; totalBytes: number } | undefined;
}

export interface JobFacts {
  job: string;
  lastSuccessMs: number | null;
  isRunning: boolean;
}

/** `sinceMs` is left out where nothing but this process can tell since when it is so. */
export interface FoundNotice extends Omit<ServiceNotice, 'since'> {
  sinceMs: number | undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A worker says every ten seconds that it is alive. */
const workerSilenceMs = minuteMs;
/** So long a worker that has just started may need to catch up. */
const catchUpMs = 15 * minuteMs;
const leastOldAfterMs = 6 * hourMs;
const gigabyte = 1e9;

/** What an operator should be told, the most urgent first. A pure function of the facts. */
export function noticesOf(facts: ServiceFacts): FoundNotice[] {
  return [upstreamNotice, workerNotice, diskNotice, clockNotice, ageNotice].flatMap(
    (find) => find(facts) ?? [],
  );
}

type FindNotice = (facts: ServiceFacts) => FoundNotice | undefined;

const upstreamNotice: FindNotice = ({ circuit, reason, openedAtMs, retryAtMs, nowMs }) => {
  if (circuit === 'closed') return undefined;
  const next = retryAtMs !== null && retryAtMs > nowMs ? `next at ${clockTime(retryAtMs)}` : 'now';
  if (circuit === 'stopped')
    return {
      code: 'tmdb_key_rejected',
      sentence: reason ?? 'TMDb rejects the key of this service.',
      sinceMs: openedAtMs ?? undefined,
      what_to_do: `Get a key at https://www.themoviedb.org/settings/api, put it into TMDB_ACCESS_TOKEN (or TMDB_API_KEY), and start the service again. Nothing is fetched until then; what is mirrored is served. The same key is tried again by itself, too (${next}).`,
    };
  return {
    code: 'tmdb_unreachable',
    sentence: reason ?? 'TMDb cannot be reached.',
    sinceMs: openedAtMs ?? undefined,
    what_to_do: `Check the network of this machine, TMDB_BASE_URL, and HTTPS_PROXY if you need a proxy. TMDb is tried again by itself (${next}), and all work then goes on at once. Meanwhile what is mirrored is served.`,
  };
};

const workerNotice: FindNotice = ({ workerSeenAtMs, nowMs }) =>
  workerSeenAtMs !== null && nowMs - workerSeenAtMs < workerSilenceMs
    ? undefined
    : {
        code: 'no_worker',
        sentence: 'No worker is running, so nothing is fetched from TMDb.',
        sinceMs: workerSeenAtMs ?? undefined,
        what_to_do: 'Start a worker (npm run worker), or look in its log for the reason why it ended.',
      };

const diskNotice: FindNotice = ({ disk }) => {
  if (disk === undefined || disk.totalBytes === 0) return undefined;
  const { freeBytes, totalBytes } = disk;
  const isShort = freeBytes < 2 * gigabyte || (freeBytes < 10 * gigabyte && freeBytes < totalBytes / 10);
  if (!isShort) return undefined;
  return {
    code: 'disk_fills',
    sentence: `The disk with NEXUS_DATA_DIR has ${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} left.`,
    sinceMs: undefined,
    what_to_do:
      'Free some space, or move the folder to a larger disk while the service is stopped. A full disk stops the embedded PostgreSQL.',
  };
};

const clockNotice: FindNotice = ({ clockAheadMs, workerClock }) => {
  const clocks = [{ name: 'this machine', aheadMs: clockAheadMs }];
  if (workerClock) clocks.push({ name: `the worker ${workerClock.worker}`, aheadMs: workerClock.aheadMs });
  const wrong = clocks.find(({ aheadMs }) => Math.abs(aheadMs) > clockToleranceMs);
  if (wrong === undefined) return undefined;
  const seconds = Math.round(Math.abs(wrong.aheadMs) / 1000);
  return {
    code: 'clock_differs',
    sentence: `The clock of ${wrong.name} is ${seconds} s ${wrong.aheadMs > 0 ? 'ahead of' : 'behind'} the clock of PostgreSQL.`,
    sinceMs: undefined,
    what_to_do:
      'Synchronize the clocks (NTP). The service goes by the clock of PostgreSQL. Schedules follow the clock of the worker, and nothing is deleted for its age while the clocks differ by minutes.',
  };
};

/** Which jobs have not succeeded for several times as long as they should take, although a worker had time for them. */
const ageNotice: FindNotice = ({ jobs: facts, nowMs, workerStartedAtMs }) => {
  if (workerStartedAtMs !== null && nowMs - workerStartedAtMs < catchUpMs) return undefined;
  const known = new Map(facts.map((fact) => [fact.job, fact]));
  const late = syncJobNames.flatMap((job) => {
    const oldAfterMs = oldAfterMsOf(job);
    const { lastSuccessMs, isRunning } = known.get(job) ?? { lastSuccessMs: null, isRunning: false };
    if (oldAfterMs === undefined || lastSuccessMs === null || isRunning) return [];
    return nowMs - lastSuccessMs > oldAfterMs ? [{ job, lastSuccessMs }] : [];
  });
  if (late.length === 0) return undefined;
  return {
    code: 'mirror_ages',
    sentence: `The mirror ages. Last success: ${late.map(({ job, lastSuccessMs }) => `${jobs[job].label} ${ago(nowMs - lastSuccessMs)} ago`).join(', ')}.`,
    sinceMs: Math.min(...late.map(({ lastSuccessMs }) => lastSuccessMs)),
    what_to_do: 'Look at the last runs of these jobs: a run that failed says why. Then run them again.',
  };
};

/** Three times its usual distance. `undefined` for jobs that nothing waits for. */
function oldAfterMsOf(job: SyncJobName): number | undefined {
  const { start }: RecordedJob = jobs[job];
  return start === 'nothing' ? undefined : Math.max(leastOldAfterMs, 3 * start.ifOlderThanMs);
}

const ago = (ms: number): string =>
  ms >= 48 * hourMs ? `${Math.floor(ms / (24 * hourMs))} days` : `${Math.floor(ms / hourMs)} hours`;
const gigabytes = (bytes: number) => `${(bytes / gigabyte).toFixed(1)} GB`;
const clockTime = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)} UTC`;
