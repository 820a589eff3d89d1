import { codeOf, NexusError } from '#shared/errors.ts';

/** Movies of ours that TMDb surely has, the best known first. */
export type ReadKnownMovies = () => Promise<number[]>;

interface WitnessOptions {
  readKnownMovies: ReadKnownMovies;
  /** Asks TMDb for one of them. @throws {NexusError} */
  ask: (tmdbId: number) => Promise<void>;
  /** How soon after one look the next may begin. */
  everyMs?: number;
}

export interface AbsenceWitness {
  /**
   * To be called when TMDb said "no such movie", before that is believed. It is, if TMDb still has one of the movies
   * that it surely has, or if we know of too few to tell.
   * @throws {NexusError} `upstream_unavailable`: it says so of all of them, or does not answer
   */
  confirm(tmdbId: number | undefined): Promise<void>;
}

const defaultEveryMs = 1000;
/** With fewer to compare with, an absence is believed: the only one may really have been deleted. */
const leastKnown = 2;
const waveRetryMs = 30_000;

/** TMDb says that it has none of the best known movies: what it says of others is worth nothing now. */
export class AbsenceDoubtedError extends NexusError {
  constructor() {
    super('upstream_unavailable', 'TMDb cannot be reached right now.', {
      cause: new Error('TMDb says that it has none of the best known movies'),
      retryAfterMs: waveRetryMs,
    });
  }
}

/**
 * A TMDb that says "no such movie" of everything (a proxy, an index that is being built) looks like many movies that
 * were deleted. Looks go one after the other, so that many absences cost few calls.
 */
export function createAbsenceWitness({
  readKnownMovies,
  ask,
  everyMs = defaultEveryMs,
}: WitnessOptions): AbsenceWitness {
  let begunAt = Number.NEGATIVE_INFINITY;
  let next: Promise<void> | undefined;

  const look = async (tmdbId: number | undefined): Promise<void> => {
    const known = (await readKnownMovies()).filter((id) => id !== tmdbId);
    if (known.length < leastKnown) return;
    for (const id of known) {
      try {
        return await ask(id);
      } catch (error) {
        if (codeOf(error) !== 'upstream_not_found') throw error;
      }
    }
    throw new AbsenceDoubtedError();
  };
  /** Only a look that begins after the answer came says anything of it. */
  const lookLater = async (tmdbId: number | undefined): Promise<void> => {
    await Bun.sleep(Math.max(0, begunAt + everyMs - performance.now()));
    next = undefined;
    begunAt = performance.now();
    await look(tmdbId);
  };
  return {
    confirm: (tmdbId) => {
      next ??= lookLater(tmdbId);
      return next;
    },
  };
}
