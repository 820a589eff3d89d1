import { blockSize, createDenseMatrix, type DenseMatrix } from './dense-matrix.ts';
import type { InteractionMatrix } from './interaction-matrix.ts';
import type { ScoreSink } from './score-sink.ts';
import { bytesOf, noSlices, restore, type Slices } from './work-keeper.ts';

/** (XᵀX + λI)⁻¹ over the movies of the head. */
interface Head extends DenseMatrix {
  size: number;
  lambda: number;
}

/**
 * EASE through the movies' matrix: exact among the `maxDense` movies with most interactions, the head. Each movie of
 * the tail is put to the head by itself (a Schur complement), which is EASE over the head and that one; two of the tail
 * say nothing of each other. h head, t tail movies: h³ + 2·t·h² operations, 4h² bytes.
 */
export function scoreByMovies(
  matrix: InteractionMatrix,
  { lambda, maxDense }: { lambda: number; maxDense: number },
  sink: ScoreSink,
  progress: (done: number) => void,
  slices: Slices = noSlices,
): void {
  const movies = matrix.movieIds.length;
  const size = Math.min(maxDense, movies);
  const head: Head = { ...createDenseMatrix(size), size, lambda };
  const { kept } = slices;
  if (kept === undefined) {
    invertHead(matrix, head, progress);
    scoreHead(head, sink);
  } else restore(head.values, kept.inverse);
  for (let first = kept?.next ?? size; first < movies; first += blockSize) {
    const end = Math.min(first + blockSize, movies);
    scoreOfTail(matrix, head, { first, end }, sink);
    progress(0.4 + (0.6 * (end - size)) / (movies - size));
    slices.done(end, bytesOf(head.values));
  }
}

function invertHead(matrix: InteractionMatrix, head: Head, progress: (done: number) => void): void {
  const { size, stride, values, lambda } = head;
  for (let movie = 0; movie < size; movie++) {
    togetherWith(matrix, movie, values.subarray(movie * stride, movie * stride + size));
    addTo(values, movie * stride + movie, lambda);
    if (movie % 100 === 0) progress((0.2 * movie) / size);
  }
  head.invert((done) => progress(0.2 + done * 0.2));
}

const addTo = (values: Float32Array | Float64Array, at: number, value: number) => {
  values[at] = (values[at] as number) + value;
};

/** A movie's row of XᵀX over the head: how often it was met together with each. */
function togetherWith({ byMovie, byUser }: InteractionMatrix, movie: number, row: Float32Array): void {
  const size = row.length;
  const { columns, values, starts } = byUser;
  for (let n = byMovie.starts[movie] as number; n < (byMovie.starts[movie + 1] as number); n++) {
    const user = byMovie.columns[n] as number;
    const value = byMovie.values[n] as number;
    const end = starts[user + 1] as number;
    for (let o = starts[user] as number; o < end; o++) {
      const other = columns[o] as number;
      if (other < size) row[other] = (row[other] as number) + value * (values[o] as number);
    }
  }
}

function scoreHead({ size, values, stride }: Head, sink: ScoreSink): void {
  for (let from = 0; from < size; from++)
    for (let to = 0; to < size; to++)
      if (to !== from)
        sink.add(from, to, -(values[from * stride + to] as number) / (values[to * stride + to] as number));
}

/** v = P · together for a block of the tail at once. */
function scoreOfTail(
  matrix: InteractionMatrix,
  head: Head,
  { first, end }: { first: number; end: number },
  sink: ScoreSink,
): void {
  const { size, stride, values, left, product, lambda } = head;
  left.fill(0);
  for (let movie = first; movie < end; movie++)
    togetherWith(matrix, movie, left.subarray((movie - first) * stride, (movie - first) * stride + size));
  head.multiply();
  for (let movie = first; movie < end; movie++) {
    const row = (movie - first) * stride;
    let explained = 0;
    for (let n = 0; n < size; n++) explained += (left[row + n] as number) * (product[row + n] as number);
    const own = 1 / (squaresOf(matrix, movie) + lambda - explained);
    for (let n = 0; n < size; n++) {
      const value = product[row + n] as number;
      sink.add(n, movie, value);
      sink.add(movie, n, (value * own) / ((values[n * stride + n] as number) + value * value * own));
    }
  }
}

function squaresOf({ byMovie }: InteractionMatrix, movie: number): number {
  let sum = 0;
  for (let n = byMovie.starts[movie] ?? 0; n < (byMovie.starts[movie + 1] ?? 0); n++)
    sum += (byMovie.values[n] ?? 0) ** 2;
  return sum;
}
