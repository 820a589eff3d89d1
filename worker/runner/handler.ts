import type { EntityManager } from '@mikro-orm/postgresql';
import type { MirrorScope } from '#shared/config.ts';
import type { JobName, JobPayload } from '#shared/jobs/catalog.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { Log } from '#shared/log.ts';
import type { RunCounts } from '#shared/sync/sync-run.ts';
import type { TmdbClient } from '../tmdb/tmdb-client.ts';
import type { Losses } from '../tmdb/wire/losses.ts';

/** What a run has done so far; a job that is taken up again goes on counting. */
export type Counts = RunCounts;

export const noCounts = (): Counts => ({ seen: 0, created: 0, updated: 0, unchanged: 0, gone: 0, failed: 0 });

export interface MirrorSettings {
  scope: MirrorScope;
  popularPages: number;
  /** Calls that may refresh what is not due, the oldest first. */
  spareCallsPerSecond: number;
  languages: KeptLanguages;
  /** Whose lists are mirrored. */
  regions: readonly string[];
}

/** What a handler works with. It neither logs nor retries nor records: the runner does, for every job. */
export interface JobContext {
  em: EntityManager;
  tmdb: TmdbClient;
  mirror: MirrorSettings;
  /** Fires at shutdown and when the run was lost to another process. */
  signal: AbortSignal;
  /** By the database's clock. */
  now: () => Date;
  /** Why nothing may be deleted for its age now, as a sentence; `undefined` where the time is believed. */
  clockDoubt: () => string | undefined;
  log: Log;
  /** The run's counts, to be added to; recorded as the job goes. */
  counts: Counts;
  /** What of TMDb's answers could not be used: to be handed to its calls. */
  losses: Losses;
  /** Records how far the run is, 0…1. */
  progress: (done: number) => void;
}

/** A handler's word that it goes on later: no failure, and no attempt counted. */
export class PutOff extends Error {
  override readonly name = 'PutOff';
  readonly afterMs: number;
  /** Whether jobs of the queue that had fewer turns come first. */
  readonly givesWay: boolean;

  constructor(message: string, afterMs: number, { givesWay = false } = {}) {
    super(message);
    this.afterMs = afterMs;
    this.givesWay = givesWay;
  }
}

export type Handler<N extends JobName> = (payload: JobPayload<N>, context: JobContext) => Promise<void>;

/** One for each job of the catalogue: a forgotten one does not compile. */
export type Handlers = { [N in JobName]: Handler<N> };
