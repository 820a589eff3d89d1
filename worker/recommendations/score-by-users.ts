import type { InteractionMatrix, SparseRows } from './interaction-matrix.ts';
import { invertSymmetric } from './invert-symmetric.ts';
import type { ScoreSink } from './score-sink.ts';
import { bytesOf, noSlices, restore, type Slices } from './work-keeper.ts';

/**
 * EASE over all movies through the users' matrix (Woodbury): λP = I − Xᵀ M X with M = (λI + XXᵀ)⁻¹, so that what is
 * inverted is as large as there are users. n users, m movies, z interactions: n³ + z(n + m) operations, 8n² bytes.
 */
export function scoreByUsers(
  { byUser, byMovie, movieIds }: InteractionMatrix,
  lambda: number,
  sink: ScoreSink,
  progress: (done: number) => void,
  slices: Slices = noSlices,
): void {
  const users = byUser.starts.length - 1;
  const movies = movieIds.length;
  const { kept } = slices;
  const m =
    kept === undefined ? gramOfUsers(byUser, byMovie, users, lambda) : new Float64Array(users * users);
  if (kept === undefined) invertSymmetric(m, users, (done) => progress(done * 0.4));
  else restore(m, kept.inverse);
  const diagonal = diagonalOf(byMovie, m, users, movies);
  const y = new Float64Array(users);
  for (let from = kept?.next ?? 0; from < movies; from++) {
    combineRows(byMovie, from, m, users, y);
    for (let to = 0; to < movies; to++) {
      if (to === from) continue;
      const score = dot(byMovie, to, y) / (diagonal[to] ?? 1);
      if (score !== 0) sink.add(from, to, score);
    }
    if (from % 100 !== 0) continue;
    progress(0.4 + (0.6 * from) / movies);
    slices.done(from + 1, bytesOf(m));
  }
}

/** XXᵀ + λI: what any two users have in common. */
function gramOfUsers(byUser: SparseRows, byMovie: SparseRows, users: number, lambda: number): Float64Array {
  const gram = new Float64Array(users * users);
  for (let user = 0; user < users; user++) {
    gram[user * users + user] = lambda;
    for (let n = byUser.starts[user] ?? 0; n < (byUser.starts[user + 1] ?? 0); n++) {
      const movie = byUser.columns[n] ?? 0;
      const value = byUser.values[n] ?? 0;
      for (let o = byMovie.starts[movie] ?? 0; o < (byMovie.starts[movie + 1] ?? 0); o++) {
        const at = user * users + (byMovie.columns[o] ?? 0);
        gram[at] = (gram[at] ?? 0) + value * (byMovie.values[o] ?? 0);
      }
    }
  }
  return gram;
}

/** λ times P's diagonal: 1 − xᵀ M x for every movie's column x. */
function diagonalOf({ starts, columns, values }: SparseRows, m: Float64Array, users: number, movies: number) {
  const diagonal = new Float64Array(movies);
  for (let movie = 0; movie < movies; movie++) {
    let sum = 0;
    for (let i = starts[movie] ?? 0; i < (starts[movie + 1] ?? 0); i++) {
      const row = (columns[i] ?? 0) * users;
      let inner = 0;
      for (let j = starts[movie] ?? 0; j < (starts[movie + 1] ?? 0); j++)
        inner += (m[row + (columns[j] ?? 0)] ?? 0) * (values[j] ?? 0);
      sum += inner * (values[i] ?? 0);
    }
    diagonal[movie] = 1 - sum;
  }
  return diagonal;
}

/** y = M x for a movie's column x. */
function combineRows(
  { starts, columns, values }: SparseRows,
  movie: number,
  m: Float64Array,
  users: number,
  y: Float64Array,
) {
  y.fill(0);
  for (let n = starts[movie] ?? 0; n < (starts[movie + 1] ?? 0); n++) {
    const row = (columns[n] ?? 0) * users;
    const value = values[n] ?? 0;
    for (let user = 0; user < users; user++)
      y[user] = (y[user] as number) + value * (m[row + user] as number);
  }
}

function dot({ starts, columns, values }: SparseRows, movie: number, y: Float64Array): number {
  let sum = 0;
  const end = starts[movie + 1] as number;
  for (let n = starts[movie] as number; n < end; n++)
    sum += (values[n] as number) * (y[columns[n] as number] as number);
  return sum;
}
