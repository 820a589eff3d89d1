import type { HistoryMovie } from './select-taste.ts';
import { historyWeights, recencyPlaces } from './weights.ts';

export interface NeighbourScore {
  movieId: number;
  score: number;
  /** The movie of the history that speaks for it most. Never one that speaks against it. */
  because: HistoryMovie | undefined;
}

/** What a movie of the history counts: the newer the more. */
export function weightOf({ kind, position }: Pick<HistoryMovie, 'kind' | 'position'>): number {
  return historyWeights[kind].weight * Math.exp(-position / recencyPlaces);
}

/**
 * What the whole history says for each of its neighbours: the sum of weight times score. Where a movie of the history
 * does not have it among its neighbours, it says the average of what it leaves out, the baseline.
 */
export function scoreNeighbours(history: readonly HistoryMovie[]): Map<number, NeighbourScore> {
  const found = new Map<number, NeighbourScore & { most: number }>();
  let total = 0;
  for (const movie of history) {
    if (movie.neighbours === undefined) continue;
    const weight = weightOf(movie);
    total += weight;
    const { movieIds, scores } = movie.neighbours;
    for (let n = 0; n < movieIds.length; n++) {
      const movieId = movieIds[n] as number;
      const said = weight * (scores[n] as number);
      const known = found.get(movieId);
      if (known === undefined)
        found.set(movieId, { movieId, score: said, because: said > 0 ? movie : undefined, most: said });
      else {
        known.score += said;
        if (said > known.most) {
          known.most = said;
          if (said > 0) known.because = movie;
        }
      }
    }
  }
  addBaselines(history, found, total);
  return found;
}

function addBaselines(
  history: readonly HistoryMovie[],
  found: Map<number, NeighbourScore>,
  total: number,
): void {
  const done = new Set<number>();
  for (const { neighbours } of history) {
    if (neighbours === undefined) continue;
    const { movieIds, baselines } = neighbours;
    for (let n = 0; n < movieIds.length; n++) {
      const movieId = movieIds[n] as number;
      if (done.has(movieId)) continue;
      done.add(movieId);
      const entry = found.get(movieId);
      if (entry !== undefined) entry.score += total * (baselines[n] as number);
    }
  }
}
