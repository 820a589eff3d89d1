import { maxNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { type BestLists, createBestLists } from './best-lists.ts';
import { type InteractionMatrix, type Interactions, interactionMatrix } from './interaction-matrix.ts';
import { scoreByMovies } from './score-by-movies.ts';
import { scoreByUsers } from './score-by-users.ts';
import type { ScoreSink } from './score-sink.ts';

export interface NeighbourLimits {
  /** The largest matrix that is inverted, of users or of movies: 4,096 take 128 MiB and about a minute. */
  maxDense: number;
  /** Only so many movies, those with most interactions, get neighbours. */
  maxMovies: number;
  /** A movie of fewer users says nothing yet, and its neighbours would tell of one person. */
  minUsers: number;
}

export const neighbourLimits: NeighbourLimits = { maxDense: 4096, maxMovies: 30_000, minUsers: 2 };

/** EASE's λ, as Steck (2019) found it for MovieLens; 100 to 400 measured alike here. */
export const regularisation = 200;

/** One list after the other, ready to travel between threads. */
export interface ComputedNeighbours {
  movieIds: Int32Array;
  users: Int32Array;
  weights: Float64Array;
  /** Where each movie's list begins in the three below, and where the last one ends. */
  starts: Int32Array;
  neighbourIds: Int32Array;
  scores: Float32Array;
  baselines: Float32Array;
}

/**
 * EASE (Steck 2019), B = I − P · diag(1 / diag P), P = (XᵀX + λI)⁻¹: what each movie says for each other one. With few
 * users through their matrix, else through that of the movies with most interactions.
 */
export function computeNeighbours(
  interactions: Interactions,
  limits: NeighbourLimits = neighbourLimits,
  progress: (done: number) => void = () => {},
): ComputedNeighbours {
  const matrix = interactionMatrix(interactions, limits);
  const collector = createCollector(matrix);
  const users = matrix.byUser.starts.length - 1;
  if (users <= limits.maxDense) scoreByUsers(matrix, regularisation, collector, progress);
  else scoreByMovies(matrix, { lambda: regularisation, maxDense: limits.maxDense }, collector, progress);
  return collector.collected();
}

/**
 * Keeps the best of each row, and of what was not kept the average for each column, weighted with how often the row's
 * movie is met in a history: so that who reads the lists knows what a missing entry stands for.
 */
function createCollector({ movieIds, users, weights }: InteractionMatrix) {
  const movies = movieIds.length;
  const best: BestLists = createBestLists(movies, maxNeighbours);
  const sums = new Float64Array(movies);
  const sink: ScoreSink = {
    add(from, to, score) {
      sums[to] = (sums[to] ?? 0) + (weights[from] ?? 0) * score;
      if (score > 0) best.offer(from, to, score);
    },
  };
  const allWeights = weights.reduce((sum, weight) => sum + weight, 0);

  const collected = (): ComputedNeighbours => {
    const rest = weights.map((weight) => allWeights - weight);
    const lists = Array.from({ length: movies }, (_, row) => best.sorted(row));
    lists.forEach(({ columns, scores }, row) => {
      const weight = weights[row] ?? 0;
      columns.forEach((column, n) => {
        sums[column] = (sums[column] ?? 0) - weight * (scores[n] ?? 0);
        rest[column] = (rest[column] ?? 0) - weight;
      });
    });
    const baselines = sums.map((sum, column) => ((rest[column] ?? 0) > 0 ? sum / (rest[column] ?? 1) : 0));
    return flatten(lists, { movieIds, users, weights }, baselines);
  };
  return { ...sink, collected };
}

function flatten(
  lists: { columns: Int32Array; scores: Float32Array }[],
  movies: Pick<InteractionMatrix, 'movieIds' | 'users' | 'weights'>,
  baselines: Float64Array,
): ComputedNeighbours {
  const length = lists.reduce((sum, { columns }) => sum + columns.length, 0);
  const into: ComputedNeighbours = {
    ...movies,
    starts: new Int32Array(lists.length + 1),
    neighbourIds: new Int32Array(length),
    scores: new Float32Array(length),
    baselines: new Float32Array(length),
  };
  let at = 0;
  lists.forEach(({ columns, scores }, row) => {
    columns.forEach((column, n) => {
      into.neighbourIds[at] = movies.movieIds[column] ?? 0;
      into.scores[at] = scores[n] ?? 0;
      into.baselines[at++] = baselines[column] ?? 0;
    });
    into.starts[row + 1] = at;
  });
  return into;
}
