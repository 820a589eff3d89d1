import { z } from 'zod';
import { runTriggers } from '../sync/sync-run.ts';

/** The largest id TMDb's (and our) integer columns can hold. */
export const maxTmdbId = 2_147_483_647;
export const TmdbId = z.int().min(1).max(maxTmdbId);

export const queueNames = ['sync', 'on-demand', 'background'] as const;
export type QueueName = (typeof queueNames)[number];

interface JobSpec {
  queue: QueueName;
  payload: z.ZodType;
  /** Tries at the same job; waiting for an upstream that is down burns none. */
  attempts: number;
  /** UTC. */
  cron?: string;
  /** What one of them is about, where its name does not say it all: failures are kept by it. */
  subject?: string;
  /** Whether each run is recorded in `sync_runs`: these an admin can trigger. */
  recorded: boolean;
  /** The jobs that a success makes worth running. */
  followedBy?: readonly string[];
  /** Only one that took something in: most runs of such a job find that there is nothing to do. */
  followedOnChange?: true;
}

const SyncPayload = z.object({
  trigger: z.enum(runTriggers).default('schedule'),
  /** The recorded run that waits for this job; without one the runner opens its own. */
  runId: z.uuid().optional(),
  /** An operator's word against a safety limit: `purge` may take more at once, a list may be that short. */
  force: z.boolean().optional(),
});

/** Everything that runs in the background, as data. Handlers are the worker's. */
export const jobs = {
  genres: { queue: 'sync', payload: SyncPayload, attempts: 5, cron: '17 4 * * *', recorded: true },
  trending: {
    queue: 'sync',
    payload: SyncPayload,
    attempts: 5,
    cron: '7 * * * *',
    recorded: true,
    followedBy: ['details'],
  },
  export: {
    queue: 'sync',
    payload: SyncPayload,
    attempts: 5,
    cron: '40 9 * * *',
    recorded: true,
    followedBy: ['details'],
  },
  details: { queue: 'sync', payload: SyncPayload, attempts: 5, cron: '*/15 * * * *', recorded: true },
  neighbours: { queue: 'sync', payload: SyncPayload, attempts: 3, cron: '27 2 * * *', recorded: true },
  purge: { queue: 'sync', payload: SyncPayload, attempts: 3, cron: '47 3 * * *', recorded: true },
  'movies.fetch': {
    queue: 'on-demand',
    payload: z.object({ tmdbId: TmdbId, requestedAt: z.int() }),
    subject: 'tmdbId',
    attempts: 5,
    recorded: false,
  },
  // In a queue of its own: an import takes minutes, and readers must not wait behind it.
  'users.import': {
    queue: 'background',
    payload: z.object({ importId: z.uuid() }),
    subject: 'importId',
    attempts: 5,
    recorded: false,
    followedBy: ['details'],
  },
  // Nobody waits for it, so it takes its turn with the imports.
  'preferences.discover': {
    queue: 'background',
    // What they prefer is read when it runs: the newest counts.
    payload: z.object({ userId: z.uuid() }),
    subject: 'userId',
    attempts: 5,
    recorded: false,
    followedBy: ['details'],
    followedOnChange: true,
  },
} as const satisfies Record<string, JobSpec>;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]['payload']>;
export type SyncJobName = { [N in JobName]: (typeof jobs)[N]['recorded'] extends true ? N : never }[JobName];

export const jobNames = Object.keys(jobs) as JobName[];
export const syncJobNames = jobNames.filter((name): name is SyncJobName => jobs[name].recorded);

/** What a job of this name and payload is about; empty where the name says it all. */
export function subjectOf(name: JobName, payload: unknown): string {
  const spec: JobSpec = jobs[name];
  return spec.subject === undefined ? '' : String((payload as Record<string, unknown>)[spec.subject]);
}

export const isJobName = (name: string): name is JobName => Object.hasOwn(jobs, name);
