import type { Scored } from './scored.ts';

/** The unseen parts of each series, the first by release first. A part without a day comes last. */
export function createSeries(scored: readonly Scored[]) {
  const parts = Map.groupBy(scored, ({ candidate }) => candidate.collection_id);
  parts.delete(null);
  for (const queue of parts.values()) queue.sort((a, b) => compareByRelease(b, a));
  return {
    /** What gets the place that one of its series has earned. What belongs to no series gets its own. */
    next(earned: Scored): Scored {
      return parts.get(earned.candidate.collection_id)?.pop() ?? earned;
    },
  };
}

function compareByRelease({ candidate: a }: Scored, { candidate: b }: Scored): number {
  const [x, y] = [a.release_date ?? '~', b.release_date ?? '~'];
  if (x !== y) return x < y ? -1 : 1;
  return a.tmdb_id - b.tmdb_id;
}
