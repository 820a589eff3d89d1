import { type ComputedLists, createCollector } from './collect-lists.ts';
import { type InteractionMatrix, type Interactions, interactionMatrix } from './interaction-matrix.ts';
import { scoreByMovies } from './score-by-movies.ts';
import { scoreByUsers } from './score-by-users.ts';
import { scoreTransitions, transitionRegularisation } from './score-transitions.ts';
import { bytesOf, keepNothing, restore, type Slices, type Stage, type WorkKeeper } from './work-keeper.ts';

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

/** What is kept of a computation fits only one with the same limits. The first number is this program's. */
export const workVersion = JSON.stringify([2, neighbourLimits, regularisation, transitionRegularisation]);

type Collector = ReturnType<typeof createCollector>;

/**
 * What each movie says for each other one, in two ways: EASE (Steck 2019), B = I − P · diag(1 / diag P) with
 * P = (XᵀX + λI)⁻¹, and what follows what (`scoreTransitions`).
 */
export function computeNeighbours(
  interactions: Interactions,
  limits: NeighbourLimits = neighbourLimits,
  progress: (done: number) => void = () => {},
): ComputedNeighbours {
  return computeFrom(interactionMatrix(interactions, limits), limits, progress, keepNothing);
}

/** The same from the matrix, when the interactions themselves need no memory any more; what is computed is kept. */
export function computeFrom(
  matrix: InteractionMatrix,
  limits: NeighbourLimits,
  progress: (done: number) => void,
  keeper: WorkKeeper,
): ComputedNeighbours {
  const { movieIds, users, weights } = matrix;
  const { maxDense } = limits;
  const neighbours = neighboursFrom(matrix, limits, (done) => progress(done * 0.5), keeper);
  const after = createCollector(matrix, Math.min(maxDense, movieIds.length));
  scoreTransitions(
    matrix,
    { lambda: transitionRegularisation, maxDense },
    after,
    (done) => progress(0.5 + done * 0.5),
    slicesOf(keeper, 'transitions', after),
  );
  return { movieIds, users, weights, neighbours, transitions: after.collected() };
}

/** A stage of its own, so that what it has collected is in memory only until it is done. */
function neighboursFrom(
  matrix: InteractionMatrix,
  { maxDense, maxUsers }: NeighbourLimits,
  progress: (done: number) => void,
  keeper: WorkKeeper,
): ComputedLists {
  const together = createCollector(matrix, matrix.movieIds.length);
  const slices = slicesOf(keeper, 'neighbours', together);
  if (keeper.kept?.stage !== 'transitions') {
    if (matrix.byUser.starts.length - 1 <= maxUsers)
      scoreByUsers(matrix, regularisation, together, progress, slices);
    else scoreByMovies(matrix, { lambda: regularisation, maxDense }, together, progress, slices);
    keeper.keep({ stage: 'transitions', next: 0, arrays: bytesBy('neighbours', together) }, true);
  }
  return together.collected();
}

const bytesBy = (stage: Stage, { arrays }: Collector) =>
  new Map(Object.entries(arrays).map(([name, array]) => [`${stage}.${name}`, bytesOf(array)]));

/** Takes over what was kept of a stage, and keeps what becomes of it. */
function slicesOf({ kept, keep }: WorkKeeper, stage: Stage, collector: Collector): Slices {
  const isPast = kept !== undefined && kept.stage !== stage && stage === 'neighbours';
  const isHere = kept?.stage === stage && kept.next > 0;
  if (isPast || isHere)
    for (const [name, array] of Object.entries(collector.arrays))
      restore(array, kept.arrays.get(`${stage}.${name}`));
  return {
    kept: isHere ? { next: kept.next, inverse: kept.arrays.get(`${stage}.inverse`) } : undefined,
    done(next, inverse) {
      const arrays = bytesBy(stage, collector).set(`${stage}.inverse`, inverse);
      keep({ stage, next, arrays }, false);
    },
  };
}
