import { type ComputedLists, createCollector } from './collect-lists.ts';
import { type Interactions, interactionMatrix } from './interaction-matrix.ts';
import { scoreByMovies } from './score-by-movies.ts';
import { scoreByUsers } from './score-by-users.ts';
import { scoreTransitions, transitionRegularisation } from './score-transitions.ts';

export interface NeighbourLimits {
  /** With so many users at most their matrix is inverted, not that of the movies. */
  maxUsers: number;
  /** The largest matrix of movies that is inverted: 4,096 take 64 MiB. */
  maxDense: number;
  /** Only so many movies, those with most interactions, get neighbours. */
  maxMovies: number;
  /** A movie of fewer users says nothing yet, and its neighbours would tell of one person. */
  minUsers: number;
}

export const neighbourLimits: NeighbourLimits = {
  maxUsers: 1024,
  maxDense: 4096,
  maxMovies: 30_000,
  minUsers: 2,
};

/** EASE's λ, as Steck (2019) found it for MovieLens; 100 to 400 measured alike here. */
export const regularisation = 200;

export interface ComputedNeighbours {
  movieIds: Int32Array;
  users: Int32Array;
  weights: Float64Array;
  /** What is liked together. */
  neighbours: ComputedLists;
  /** What follows what. */
  transitions: ComputedLists;
}

/**
 * What each movie says for each other one, in two ways: EASE (Steck 2019), B = I − P · diag(1 / diag P) with
 * P = (XᵀX + λI)⁻¹, and what follows what (`scoreTransitions`).
 */
export function computeNeighbours(
  interactions: Interactions,
  limits: NeighbourLimits = neighbourLimits,
  progress: (done: number) => void = () => {},
): ComputedNeighbours {
  const matrix = interactionMatrix(interactions, limits);
  const { movieIds, users, weights } = matrix;
  const { maxDense, maxUsers } = limits;
  const together = createCollector(matrix, movieIds.length);
  const toHalf = (done: number) => progress(done * 0.5);
  if (matrix.byUser.starts.length - 1 <= maxUsers) scoreByUsers(matrix, regularisation, together, toHalf);
  else scoreByMovies(matrix, { lambda: regularisation, maxDense }, together, toHalf);
  const neighbours = together.collected();
  const after = createCollector(matrix, Math.min(maxDense, movieIds.length));
  scoreTransitions(matrix, { lambda: transitionRegularisation, maxDense }, after, (done) =>
    progress(0.5 + done * 0.5),
  );
  return { movieIds, users, weights, neighbours, transitions: after.collected() };
}
