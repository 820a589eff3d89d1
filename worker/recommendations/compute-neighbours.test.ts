import { describe, expect, test } from 'bun:test';
import { type ComputedNeighbours, computeNeighbours, type NeighbourLimits } from './compute-neighbours.ts';
import type { Interactions } from './interaction-matrix.ts';
import { invertSymmetric } from './invert-symmetric.ts';

const noLimits: NeighbourLimits = { maxUsers: 4096, maxDense: 4096, maxMovies: 1000, minUsers: 1 };
const lambda = 200;

/** Users of two kinds, each with movies of its kind and a few of all, always the same. */
function someInteractions(users: number, movies: number): Interactions {
  const userStarts = [0];
  const movieIds: number[] = [];
  const values: number[] = [];
  for (let user = 0; user < users; user++) {
    for (let movie = 0; movie < movies; movie++) {
      const chance = Math.abs(Math.sin((user + 1) * 12.9898 + (movie + 1) * 78.233)) * (1 + movie / movies);
      if (chance > (user % 2 === movie % 2 ? 0.6 : 0.2)) continue;
      movieIds.push(1000 + movie);
      values.push((user * 7 + movie) % 3 === 0 ? 0.5 : 1);
    }
    userStarts.push(movieIds.length);
  }
  return {
    userStarts: Int32Array.from(userStarts),
    movieIds: Int32Array.from(movieIds),
    values: Float32Array.from(values),
  };
}

/** EASE as the paper writes it, by movie id. */
function straightforward({ userStarts, movieIds, values }: Interactions, ids: number[]): Map<string, number> {
  const n = ids.length;
  const p = new Float64Array(n * n);
  for (let user = 0; user + 1 < userStarts.length; user++)
    for (let a = userStarts[user] ?? 0; a < (userStarts[user + 1] ?? 0); a++)
      for (let b = userStarts[user] ?? 0; b < (userStarts[user + 1] ?? 0); b++) {
        const [i, j] = [ids.indexOf(movieIds[a] ?? 0), ids.indexOf(movieIds[b] ?? 0)];
        if (i >= 0 && j >= 0) p[i * n + j] = (p[i * n + j] ?? 0) + (values[a] ?? 0) * (values[b] ?? 0);
      }
  for (let i = 0; i < n; i++) p[i * n + i] = (p[i * n + i] ?? 0) + lambda;
  invertSymmetric(p, n);
  const scores = new Map<string, number>();
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (i !== j) scores.set(`${ids[i]}>${ids[j]}`, -(p[i * n + j] ?? 0) / (p[j * n + j] ?? 1));
  return scores;
}

function scoresOf(
  computed: ComputedNeighbours,
  { starts, movieIds, scores: said } = computed.neighbours,
): Map<string, number> {
  const scores = new Map<string, number>();
  for (let row = 0; row < computed.movieIds.length; row++)
    for (let n = starts[row] ?? 0; n < (starts[row + 1] ?? 0); n++)
      scores.set(`${computed.movieIds[row]}>${movieIds[n]}`, said[n] ?? 0);
  return scores;
}

function mustAgree(computed: Map<string, number>, expected: Map<string, number>): void {
  const positive = [...expected].filter(([, score]) => score > 1e-9);
  expect([...computed.keys()].sort()).toEqual(positive.map(([key]) => key).sort());
  for (const [key, score] of positive) expect(computed.get(key)).toBeCloseTo(score, 6);
}

describe('the inverse of a symmetric matrix', () => {
  test.each([1, 3, 63, 64, 65, 130])('times the matrix is one, %i × %i', (n) => {
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        a[i * n + j] = i === j ? n + 1 : Math.sin(Math.min(i, j) * 7 + Math.max(i, j) * 3) / 3;
    const inverse = a.slice();
    invertSymmetric(inverse, n);
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += (a[i * n + k] ?? 0) * (inverse[k * n + j] ?? 0);
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
      }
    expect(worst).toBeLessThan(1e-12);
  });

  test('is refused for one that is not positive definite', () => {
    expect(() => invertSymmetric(Float64Array.from([1, 2, 2, 1]), 2)).toThrow('positive definite');
  });
});

describe('neighbours', () => {
  const interactions = someInteractions(60, 40);
  const ids = Array.from({ length: 40 }, (_, movie) => 1000 + movie);
  const expected = straightforward(interactions, ids);

  test('through the users’ matrix are those of EASE', () => {
    mustAgree(scoresOf(computeNeighbours(interactions, noLimits)), expected);
  });

  test('through the movies’ matrix are the same', () => {
    mustAgree(scoresOf(computeNeighbours(interactions, { ...noLimits, maxUsers: 59 })), expected);
  });

  test('of a movie beyond the bound are those it has when it alone is put to the others', () => {
    const computed = computeNeighbours(interactions, { ...noLimits, maxUsers: 59, maxDense: 30 });
    const order = [...computed.movieIds];
    const last = order[35] ?? 0;
    const withLast = straightforward(interactions, [...order.slice(0, 30), last]);
    const scores = scoresOf(computed);
    for (const [key, score] of withLast)
      if (key.includes(String(last)) && score > 1e-9) expect(scores.get(key)).toBeCloseTo(score, 6);
    expect(
      [...scores.keys()].filter((key) => key.split('>').every((id) => order.indexOf(Number(id)) >= 30)),
    ).toEqual([]);
  });

  test('are best first, and the movies those with most interactions first', () => {
    const { neighbours, weights } = computeNeighbours(interactions, noLimits);
    const { starts, scores } = neighbours;
    for (let row = 0; row + 1 < starts.length; row++) {
      const list = [...scores.subarray(starts[row], starts[row + 1])];
      expect(list).toEqual(list.toSorted((a, b) => b - a));
    }
    expect([...weights]).toEqual([...weights].sort((a, b) => b - a));
  });

  test('come with what a missing entry stands for: the average of those left out', () => {
    const computed = computeNeighbours(interactions, noLimits);
    const kept = scoresOf(computed);
    const target = computed.neighbours.movieIds[0] ?? 0;
    let [sum, weight] = [0, 0];
    computed.movieIds.forEach((id, row) => {
      if (id === target || kept.has(`${id}>${target}`)) return;
      weight += computed.weights[row] ?? 0;
      sum += (computed.weights[row] ?? 0) * (expected.get(`${id}>${target}`) ?? 0);
    });
    expect(computed.neighbours.baselines[0]).toBeCloseTo(sum / weight, 6);
  });

  test('are not those of a movie that only one person knows', () => {
    const alone: Interactions = {
      userStarts: Int32Array.from([0, 3, 5]),
      movieIds: Int32Array.from([1, 2, 3, 1, 2]),
      values: Float32Array.from([1, 1, 1, 1, 1]),
    };
    expect([...computeNeighbours(alone).movieIds]).toEqual([1, 2]);
  });

  test('come with what follows them, in lists of the same kind', () => {
    const { transitions } = computeNeighbours(interactions, noLimits);
    expect(transitions.starts.length).toBe(41);
    expect(transitions.movieIds.length).toBeGreaterThan(100);
    expect(Math.min(...transitions.scores)).toBeGreaterThan(0);
  });

  test('of no interactions are none', () => {
    const none = { userStarts: new Int32Array(1), movieIds: new Int32Array(0), values: new Float32Array(0) };
    expect(computeNeighbours(none).movieIds.length).toBe(0);
  });
});
