import type { NeighbourList } from '#shared/recommendations/neighbour-list.ts';
import { createSums, type Sums } from './neighbour-sums.ts';
import type { HistoryMovie } from './select-taste.ts';
import type { MovieIds } from './sorted-ids.ts';
import { historyWeights, mostTurns, recencyPlaces, turnPlaces, weights } from './weights.ts';

/** What a history says for one movie. */
export interface NeighbourScore {
  /** What is liked together with it. */
  neighbours: number;
  /** What people go on to after it. */
  transitions: number;
  /** The movie of the history that speaks for it most. Never one that speaks against it. */
  because: HistoryMovie | undefined;
  /** It speaks as what came before, more than as what is liked together. */
  isNext: boolean;
}

export interface NeighbourScores {
  of(movieId: number): NeighbourScore | undefined;
  /** The best of both together, ties by id; without the excluded ones. */
  best(most: number, excluded: MovieIds): number[];
}

/** What a movie of the history counts: the newer the more. */
export function weightOf({ kind, position }: Pick<HistoryMovie, 'kind' | 'position'>): number {
  return historyWeights[kind].weight * Math.exp(-position / recencyPlaces);
}

/** What it counts as one of the last that were liked or watched. */
const turnWeightOf = ({ turn }: HistoryMovie): number =>
  turn === undefined || turn >= mostTurns ? 0 : Math.exp(-turn / turnPlaces);

/**
 * What the whole history says for each of its neighbours and for what follows it: the sums of weight times score. Where
 * a movie of the history does not have it in its list, it says the average of what it leaves out, the baseline.
 */
export function scoreNeighbours(history: readonly HistoryMovie[]): NeighbourScores {
  const together = sumsOf(history, ({ neighbours }) => neighbours, weightOf);
  const after = sumsOf(history, ({ transitions }) => transitions, turnWeightOf);
  const worth = { together: weights.personal.neighbours, after: weights.personal.transitions };
  const worthOf = (movieId: number) =>
    worth.together * together.scoreOf(movieId) + worth.after * after.scoreOf(movieId);
  return {
    of(movieId) {
      if (!together.has(movieId) && !after.has(movieId)) return undefined;
      const isNext = worth.after * after.mostSaid(movieId) > worth.together * together.mostSaid(movieId);
      const by = (isNext ? after : together).saidMost(movieId);
      const because = by < 0 ? undefined : history[by];
      return {
        neighbours: together.scoreOf(movieId),
        transitions: after.scoreOf(movieId),
        because,
        isNext,
      };
    },
    best(most, excluded) {
      const ids = together.ids();
      for (const id of after.ids()) if (!together.has(id)) ids.push(id);
      const worths = new Float64Array(ids.length);
      ids.forEach((id, n) => {
        worths[n] = excluded.has(id) ? Number.NEGATIVE_INFINITY : worthOf(id);
      });
      // Numbers alone are sorted much faster than movies: only those that can be among the best are ordered.
      const least = worths.toSorted()[Math.max(0, worths.length - most)] ?? 0;
      const found: { id: number; worth: number }[] = [];
      ids.forEach((id, n) => {
        const worth = worths[n] as number;
        if (worth >= least && worth > Number.NEGATIVE_INFINITY) found.push({ id, worth });
      });
      return found
        .sort((a, b) => b.worth - a.worth || a.id - b.id)
        .slice(0, most)
        .map(({ id }) => id);
    },
  };
}

function sumsOf(
  history: readonly HistoryMovie[],
  listOf: (movie: HistoryMovie) => NeighbourList | undefined,
  weigh: (movie: HistoryMovie) => number,
): Sums {
  const sources = history.flatMap((movie, index) => {
    const list = listOf(movie);
    const weight = weigh(movie);
    return list === undefined || weight === 0 ? [] : [{ index, list, weight }];
  });
  const total = sources.reduce((sum, { weight }) => sum + weight, 0);
  const sums = createSums(sources.reduce((sum, { list }) => sum + list.movieIds.length, 0));
  for (const source of sources) sums.add(source, total);
  return sums;
}
