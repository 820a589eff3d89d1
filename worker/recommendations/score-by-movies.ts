import type { InteractionMatrix } from './interaction-matrix.ts';
import { invertSymmetric } from './invert-symmetric.ts';
import type { ScoreSink } from './score-sink.ts';

interface Head {
  size: number;
  /** (XᵀX + λI)⁻¹ over the movies of the head. */
  p: Float64Array;
}

/**
 * EASE through the movies' matrix: exact among the `maxDense` movies with most interactions, the head. Each movie of
 * the tail is put to the head by itself (a Schur complement), which is EASE over the head and that one; two of the tail
 * say nothing of each other. h head, t tail movies, c head movies met together with one of the tail: h³ + t·c·h
 * operations, 8h² bytes.
 */
export function scoreByMovies(
  matrix: InteractionMatrix,
  { lambda, maxDense }: { lambda: number; maxDense: number },
  sink: ScoreSink,
  progress: (done: number) => void,
): void {
  const movies = matrix.movieIds.length;
  const size = Math.min(maxDense, movies);
  const p = new Float64Array(size * size);
  for (let movie = 0; movie < size; movie++) {
    togetherWith(matrix, movie, p.subarray(movie * size, (movie + 1) * size));
    p[movie * size + movie] = (p[movie * size + movie] ?? 0) + lambda;
  }
  invertSymmetric(p, size, (done) => progress(done * 0.5));
  const head = { size, p };
  scoreHead(head, sink);
  for (let movie = size; movie < movies; movie++) {
    scoreOfTail(matrix, head, lambda, movie, sink);
    if (movie % 100 === 0) progress(0.5 + (0.5 * (movie - size)) / (movies - size));
  }
}

/** A movie's row of XᵀX over the head: how often it was met together with each. */
function togetherWith({ byMovie, byUser }: InteractionMatrix, movie: number, row: Float64Array): void {
  for (let n = byMovie.starts[movie] ?? 0; n < (byMovie.starts[movie + 1] ?? 0); n++) {
    const user = byMovie.columns[n] ?? 0;
    const value = byMovie.values[n] ?? 0;
    for (let o = byUser.starts[user] ?? 0; o < (byUser.starts[user + 1] ?? 0); o++) {
      const other = byUser.columns[o] ?? 0;
      if (other < row.length) row[other] = (row[other] ?? 0) + value * (byUser.values[o] ?? 0);
    }
  }
}

function scoreHead({ size, p }: Head, sink: ScoreSink): void {
  for (let from = 0; from < size; from++)
    for (let to = 0; to < size; to++)
      if (to !== from) sink.add(from, to, -(p[from * size + to] ?? 0) / (p[to * size + to] ?? 1));
}

function scoreOfTail(
  matrix: InteractionMatrix,
  { size, p }: Head,
  lambda: number,
  movie: number,
  sink: ScoreSink,
): void {
  const together = new Float64Array(size);
  togetherWith(matrix, movie, together);
  const v = new Float64Array(size);
  for (let other = 0; other < size; other++) {
    const times = together[other] as number;
    if (times === 0) continue;
    const row = other * size;
    for (let n = 0; n < size; n++) v[n] = (v[n] as number) + times * (p[row + n] as number);
  }
  let explained = 0;
  for (let n = 0; n < size; n++) explained += (together[n] as number) * (v[n] as number);
  const own = 1 / (squaresOf(matrix, movie) + lambda - explained);
  for (let n = 0; n < size; n++) {
    const value = v[n] as number;
    sink.add(n, movie, value);
    sink.add(movie, n, (value * own) / ((p[n * size + n] ?? 1) + value * value * own));
  }
}

function squaresOf({ byMovie }: InteractionMatrix, movie: number): number {
  let sum = 0;
  for (let n = byMovie.starts[movie] ?? 0; n < (byMovie.starts[movie + 1] ?? 0); n++)
    sum += (byMovie.values[n] ?? 0) ** 2;
  return sum;
}
