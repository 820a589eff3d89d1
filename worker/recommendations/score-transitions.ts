import { markScore } from '#shared/recommendations/neighbour-list.ts';
import { blockSize, createDenseMatrix } from './dense-matrix.ts';
import type { InteractionMatrix } from './interaction-matrix.ts';
import type { ScoreSink } from './score-sink.ts';
import { bytesOf, noSlices, restore, type Slices } from './work-keeper.ts';

/** So many places back and forth count, each e^(-1/5) of the one before it. */
export const transitionPlaces = 30;
const decayPlaces = 5;
/** As Choi et al. and the issue's own trials; 5 to 50 measured alike. */
export const transitionRegularisation = 20;

/** From so many people on it is told that one movie often comes after another, and no single one's order is revealed. */
const toldFrom = 5;
/** What one person adds to SᵀT at most: d · e^(-(d - 1)/5) for d places apart. */
const mostOfOne = decayPlaces * Math.exp(1 / decayPlaces - 1);

const decay = Float64Array.from({ length: transitionPlaces + 1 }, (_, n) => Math.exp(-n / decayPlaces));

/**
 * What follows what: SLIT (Choi, Kim, Lee, Shim, Lee, WWW 2021), W = (SᵀS + λI)⁻¹ SᵀT. Each place in a user's
 * history is a row: S has what came up to there, T what came after, each the less the further away. Only the
 * `maxDense` movies with most interactions lead anywhere. A score is marked where five people or more went that way.
 * h of them, m movies, z interactions: h³ + 2·m·h² + 90·z operations, 4h² bytes.
 */
export function scoreTransitions(
  matrix: InteractionMatrix,
  { lambda, maxDense }: { lambda: number; maxDense: number },
  sink: ScoreSink,
  progress: (done: number) => void,
  slices: Slices = noSlices,
): void {
  const movies = matrix.movieIds.length;
  const size = Math.min(maxDense, movies);
  const head = createDenseMatrix(size);
  const { values, stride, left, product } = head;
  const { kept } = slices;
  for (let movie = 0; kept === undefined && movie < size; movie++) {
    const row = values.subarray(movie * stride, movie * stride + size);
    addPasts(matrix, movie, row);
    row[movie] = (row[movie] as number) + lambda;
    if (movie % 100 === 0) progress((0.1 * movie) / size);
  }
  if (kept === undefined) head.invert((done) => progress(0.1 + done * 0.1));
  else restore(values, kept.inverse);
  for (let first = kept?.next ?? 0; first < movies; first += blockSize) {
    const end = Math.min(first + blockSize, movies);
    left.fill(0);
    for (let to = first; to < end; to++)
      addLeading(matrix, to, left.subarray((to - first) * stride, (to - first) * stride + size));
    head.multiply();
    for (let to = first; to < end; to++)
      for (let from = 0, at = (to - first) * stride; from < size; from++, at++)
        if (from !== to)
          sink.add(from, to, markScore(product[at] as number, (left[at] as number) >= toldFrom * mostOfOne));
    progress(0.2 + (0.8 * end) / movies);
    slices.done(end, bytesOf(values));
  }
}

/**
 * A movie's row of SᵀS. The sum over all places from the later of two movies on depends only on how far they are
 * apart, and how many places with a future are left.
 */
function addPasts({ byMovie, byUser }: InteractionMatrix, movie: number, row: Float32Array): void {
  for (let n = byMovie.starts[movie] as number; n < (byMovie.starts[movie + 1] as number); n++) {
    const user = byMovie.columns[n] as number;
    const place = byMovie.places[n] as number;
    const first = byUser.starts[user] as number;
    const end = byUser.starts[user + 1] as number;
    const until = Math.min(end, place + transitionPlaces);
    for (let other = Math.max(first, place - transitionPlaces + 1); other < until; other++) {
      const column = byUser.columns[other] as number;
      if (column >= row.length) continue;
      const apart = Math.abs(other - place);
      const left = Math.min(end - 2 - Math.max(other, place), transitionPlaces - 1 - apart);
      if (left >= 0)
        row[column] = (row[column] as number) + (decay[apart] as number) * (squares[left] as number);
    }
  }
}

/** Σ e^(-2k/5) for k from 0 to n. */
const squares = new Float64Array(transitionPlaces);
for (let n = 0, sum = 0; n < transitionPlaces; n++) {
  sum += Math.exp((-2 * n) / decayPlaces);
  squares[n] = sum;
}

/** A movie's column of SᵀT: what stood before it. d places apart there are d places to look from. */
function addLeading({ byMovie, byUser }: InteractionMatrix, movie: number, row: Float32Array): void {
  for (let n = byMovie.starts[movie] as number; n < (byMovie.starts[movie + 1] as number); n++) {
    const place = byMovie.places[n] as number;
    const first = Math.max(byUser.starts[byMovie.columns[n] as number] as number, place - transitionPlaces);
    for (let other = first; other < place; other++) {
      const column = byUser.columns[other] as number;
      const apart = place - other;
      if (column < row.length) row[column] = (row[column] as number) + apart * (decay[apart - 1] as number);
    }
  }
}
