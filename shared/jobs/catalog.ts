import { z } from 'zod';
import { upstreamSearchKinds } from '../search/upstream-search-key.ts';

/** The largest id TMDb's (and our) integer columns can hold. */
export const maxTmdbId = 2_147_483_647;
export const TmdbId = z.int().min(1).max(maxTmdbId);

/** What started a run; `follow-up`: a job that succeeded, and is followed by this one. */
export const runTriggers = ['schedule', 'admin', 'start', 'follow-up'] as const;
export type RunTrigger = (typeof runTriggers)[number];

export const queueNames = ['sync', 'on-demand', 'background', 'imports'] as const;
export type QueueName = (typeof queueNames)[number];

/** What the queue does with a job. */
interface QueueOptions {
  queue: QueueName;
  /** Tries at the same job; waiting for TMDb or the database burns none. */
  attempts: number;
  /** Before the first further try; it doubles each time. */
  backoffMs: number;
  /** How long the queue keeps jobs that ended, for the dashboard. One with an id never stays: no other could have that id. */
  kept?: { completedSeconds: number; failedSeconds: number; atMost: number };
  /** Of a job that nobody waits for: it comes after those without. */
  unhurriedPriority?: number;
}

interface AnyJob extends QueueOptions {
  payload: z.ZodType;
  /** The queue's id of a job is this and its subject, or its run. Two jobs of one id are one job. */
  idPrefix: string;
  /** What people call it… */
  label: string;
  /** …and what it does, in a sentence. */
  meaning: string;
  /** The recorded jobs that a success makes worth running. */
  followedBy?: readonly string[];
  /** Only after a run that created or updated something: most runs of such a job change nothing. */
  followedOnChange?: true;
}

/** Each run is recorded in `sync_runs`. Administrators can ask for one. */
export interface RecordedJob extends AnyJob {
  recorded: true;
  queue: 'sync';
  /** UTC. */
  cron: string;
  /** What makes it run when a worker starts: the age of its last success, or nothing. */
  start: AgeRule | 'nothing';
}

interface AgeRule {
  ifOlderThanMs: number;
  /** Not if this other job is due, too: that one queues this one when it succeeds. */
  leftTo?: string;
}

interface UnrecordedJob extends AnyJob {
  recorded: false;
  /** The field of the payload that says what one of them is about: failures are kept by it. */
  subject: string;
  /** A worker's start puts those back into the queue that a table says are under way, or nothing. */
  start: 'unfinished' | 'nothing';
}

export type JobSpec = RecordedJob | UnrecordedJob;

const hourMs = 3_600_000;
const daySeconds = 86_400;

const SyncPayload = z.object({
  trigger: z.enum(runTriggers).default('schedule'),
  /** The recorded run that waits for this job; without one the runner opens its own. */
  runId: z.uuid().optional(),
  /** An operator's word against a safety limit: `purge` may take more at once, a list may be that short. */
  force: z.boolean().optional(),
});

const recordedJob = {
  recorded: true,
  queue: 'sync',
  payload: SyncPayload,
  idPrefix: 'run',
  attempts: 5,
  backoffMs: 2000,
  kept: { completedSeconds: daySeconds, failedSeconds: 7 * daySeconds, atMost: 200 },
} as const;

const unrecordedJob = { recorded: false, attempts: 5, backoffMs: 2000, start: 'nothing' } as const;

/** One job for one subject, whoever asks for it. */
const fetchJob = {
  ...unrecordedJob,
  queue: 'on-demand',
  payload: z.object({ tmdbId: TmdbId, requestedAt: z.int() }),
  subject: 'tmdbId',
  unhurriedPriority: 10,
} as const;

/** All that is known of each job, once. What it does is in `worker/handlers.ts`. */
export const jobs = {
  genres: {
    ...recordedJob,
    cron: '17 4 * * *',
    start: { ifOlderThanMs: 24 * hourMs },
    label: 'Genres',
    meaning: 'Fetches TMDb’s list of genres.',
  },
  trending: {
    ...recordedJob,
    cron: '7 * * * *',
    start: { ifOlderThanMs: hourMs },
    followedBy: ['details'],
    label: 'Trending lists',
    meaning: 'Fetches both trending lists and replaces the old ones.',
  },
  lists: {
    ...recordedJob,
    // LISTS_EVERY_HOURS says how often.
    cron: '33 */6 * * *',
    start: { ifOlderThanMs: 6 * hourMs },
    followedBy: ['details'],
    label: 'Lists',
    meaning:
      'Fetches what is popular, now playing, upcoming and top rated in each country, and popular people.',
  },
  reference: {
    ...recordedJob,
    cron: '13 5 * * 1',
    start: { ifOlderThanMs: 7 * 24 * hourMs },
    label: 'Reference lists',
    meaning:
      'Fetches names of genres in all languages, certifications, providers and TMDb’s other lists of codes.',
  },
  export: {
    ...recordedJob,
    cron: '40 9 * * *',
    start: { ifOlderThanMs: 24 * hourMs },
    followedBy: ['details'],
    label: 'Movie ids',
    meaning: 'Finds more movies to mirror when MIRROR_SCOPE is popular or full.',
  },
  changes: {
    ...recordedJob,
    cron: '4,19,34,49 * * * *',
    start: { ifOlderThanMs: 0.25 * hourMs },
    followedBy: ['details'],
    followedOnChange: true,
    label: 'Changes',
    meaning: 'Asks TMDb which movies have changed, so that they are refreshed first.',
  },
  people: {
    ...recordedJob,
    cron: '52 */6 * * *',
    start: { ifOlderThanMs: 24 * hourMs },
    label: 'People',
    meaning: 'Refreshes people, collections and companies that somebody asked for.',
  },
  details: {
    ...recordedJob,
    cron: '*/15 * * * *',
    // It always looks. Before the first trending lists it has nothing to do.
    start: { ifOlderThanMs: 0, leftTo: 'trending' },
    label: 'Movie details',
    meaning: 'Fetches missing movie details and refreshes old ones.',
  },
  content: {
    ...recordedJob,
    attempts: 3,
    cron: '12,42 * * * *',
    start: { ifOlderThanMs: 0.5 * hourMs },
    label: 'Similar movies',
    meaning: 'Finds what new movies are like, by genres, keywords and people, for recommendations.',
  },
  neighbours: {
    ...recordedJob,
    attempts: 3,
    cron: '27 2 * * *',
    start: { ifOlderThanMs: 24 * hourMs },
    label: 'Neighbours',
    meaning: 'Learns which movies people like together, for recommendations.',
  },
  terms: {
    ...recordedJob,
    attempts: 3,
    cron: '57 * * * *',
    start: { ifOlderThanMs: hourMs },
    label: 'Common filters',
    meaning:
      'Notes which movies have the genres, years, keywords, providers and others that many have, for long lists and totals.',
  },
  purge: {
    ...recordedJob,
    attempts: 3,
    cron: '47 3 * * *',
    // Nothing waits for it.
    start: 'nothing',
    label: 'Purge',
    meaning: 'Deletes content that could not be refreshed for 180 days.',
  },
  'movies.fetch': {
    ...fetchJob,
    idPrefix: 'movie',
    label: 'One movie',
    meaning: 'Fetches one movie that somebody asked for, before everything else.',
  },
  // Nobody waits for it: whoever searches next finds more.
  'movies.search': {
    ...unrecordedJob,
    queue: 'background',
    payload: z.object({
      /** Made of the rest (`upstream-search-key.ts`). */
      key: z.uuid(),
      /** Movies where it is left out. */
      kind: z.enum(upstreamSearchKinds).optional(),
      query: z.string().max(100).optional(),
      year: z.int().optional(),
      /** TMDb's parameters of a discovery, as a query string. */
      filters: z.string().max(2000).optional(),
    }),
    idPrefix: 'search',
    subject: 'key',
    label: 'One search',
    meaning: 'Asks TMDb for a search of which the mirror had little.',
  },
  'movies.merge': {
    ...unrecordedJob,
    queue: 'background',
    payload: z.object({ tmdbId: TmdbId }),
    idPrefix: 'merge',
    subject: 'tmdbId',
    label: 'Merged movie',
    meaning: 'Moves what users saved of a movie to the one that TMDb merged it into.',
  },
  'people.fetch': {
    ...fetchJob,
    idPrefix: 'person',
    label: 'One person',
    meaning: 'Fetches one person that somebody asked for.',
  },
  'collections.fetch': {
    ...fetchJob,
    idPrefix: 'collection',
    label: 'One collection',
    meaning: 'Fetches one collection that somebody asked for.',
  },
  'companies.fetch': {
    ...fetchJob,
    idPrefix: 'company',
    label: 'One company',
    meaning: 'Fetches one company that somebody asked for.',
  },
  // In a queue of its own: nobody waits for what the mirror knows while TMDb is asked for others.
  'users.match': {
    ...unrecordedJob,
    queue: 'imports',
    payload: z.object({ importId: z.uuid() }),
    idPrefix: 'match',
    subject: 'importId',
    label: 'Import, mirror',
    meaning: 'Matches the history that a user imported with the movies in the mirror.',
  },
  // Not where readers wait: an import takes minutes. It makes room for others after some seconds.
  'users.import': {
    ...unrecordedJob,
    queue: 'background',
    payload: z.object({ importId: z.uuid() }),
    idPrefix: 'import',
    subject: 'importId',
    start: 'unfinished',
    followedBy: ['details'],
    label: 'Import',
    meaning: 'Matches the history that a user imported, in the mirror and then at TMDb.',
  },
  // Nobody waits for it, so it takes its turn with the imports.
  'preferences.discover': {
    ...unrecordedJob,
    queue: 'background',
    // What they prefer is read when it runs: saves in a row are served by one job.
    payload: z.object({ userId: z.uuid() }),
    idPrefix: 'discover',
    subject: 'userId',
    followedBy: ['details'],
    followedOnChange: true,
    label: 'Preferred movies',
    meaning: 'Adds the best known movies of the genres and actors that a user prefers.',
  },
} as const satisfies Record<string, JobSpec>;

/** A first sync ends with a run of this job that found something. */
export const lastOfFirstSync = 'details' satisfies SyncJobName;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]['payload']>;
export type SyncJobName = { [N in JobName]: (typeof jobs)[N]['recorded'] extends true ? N : never }[JobName];

/** The jobs of which a table says which are under way. */
export type ResumedJobName = {
  [N in JobName]: (typeof jobs)[N]['start'] extends 'unfinished' ? N : never;
}[JobName];

export const jobNames = Object.keys(jobs) as JobName[];
export const syncJobNames = jobNames.filter((name): name is SyncJobName => jobs[name].recorded);

/** What a job of this name and payload is about; empty where the name says it all. */
export function subjectOf(name: JobName, payload: unknown): string {
  const spec: JobSpec = jobs[name];
  return spec.recorded ? '' : String((payload as Record<string, unknown>)[spec.subject]);
}

export const isJobName = (name: string): name is JobName => Object.hasOwn(jobs, name);

/** The jobs that fetch one thing of TMDb's that somebody asked for. */
export type FetchJobName = 'movies.fetch' | 'people.fetch' | 'collections.fetch' | 'companies.fetch';
