import { maxNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { createBestLists } from './best-lists.ts';
import type { InteractionMatrix } from './interaction-matrix.ts';
import type { ScoreSink } from './score-sink.ts';

/** One movie's list after the other, ready to travel between threads. */
export interface ComputedLists {
  /** Where each movie's list begins in the three below, and where the last one ends. */
  starts: Int32Array;
  movieIds: Int32Array;
  scores: Float32Array;
  baselines: Float32Array;
}

/**
 * Keeps the best of each row, and of what was not kept the average for each column, weighted with how often the row's
 * movie is met in a history: so that who reads the lists knows what a missing entry stands for.
 * @param sources only the first so many movies have a list
 */
export function createCollector({ movieIds, weights }: InteractionMatrix, sources: number) {
  const sums = new Float64Array(movieIds.length);
  const best = createBestLists(sources, maxNeighbours);
  const sink: ScoreSink = {
    add(from, to, score) {
      sums[to] = (sums[to] as number) + (weights[from] as number) * score;
      if (score > 0) best.offer(from, to, score);
    },
  };

  const baselinesOf = (): Float64Array => {
    const all = weights.subarray(0, sources).reduce((sum, weight) => sum + weight, 0);
    const rest = weights.map((weight, movie) => (movie < sources ? all - weight : all));
    for (let row = 0; row < sources; row++) {
      const weight = weights[row] ?? 0;
      const { columns, scores } = best.sorted(row);
      for (let n = 0; n < columns.length; n++) {
        const column = columns[n] as number;
        sums[column] = (sums[column] as number) - weight * (scores[n] as number);
        rest[column] = (rest[column] as number) - weight;
      }
    }
    return sums.map((sum, column) => ((rest[column] ?? 0) > 0 ? sum / (rest[column] ?? 1) : 0));
  };

  const collected = (): ComputedLists => {
    const baselines = baselinesOf();
    const starts = new Int32Array(movieIds.length + 1);
    for (let row = 0; row < movieIds.length; row++)
      starts[row + 1] = (starts[row] ?? 0) + (row < sources ? best.length(row) : 0);
    const length = starts.at(-1) ?? 0;
    const ids = new Int32Array(length);
    const scores = new Float32Array(length);
    const baselinesThere = new Float32Array(length);
    // Without arrays in between: those of thirty thousand movies would be hundreds of megabytes.
    for (let row = 0, at = 0; row < sources; row++) {
      const list = best.sorted(row);
      for (let n = 0; n < list.columns.length; n++, at++) {
        const column = list.columns[n] as number;
        ids[at] = movieIds[column] as number;
        scores[at] = list.scores[n] as number;
        baselinesThere[at] = baselines[column] as number;
      }
    }
    return { starts, movieIds: ids, scores, baselines: baselinesThere };
  };
  return { ...sink, arrays: { ...best.arrays, sums }, collected };
}
