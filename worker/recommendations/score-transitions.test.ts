import { expect, test } from 'bun:test';
import { isOften } from '#shared/recommendations/neighbour-list.ts';
import { chance } from '#tests/support/chance.ts';
import { interactionMatrix } from './interaction-matrix.ts';
import { invertSymmetric } from './invert-symmetric.ts';
import { scoreTransitions, transitionPlaces } from './score-transitions.ts';

const lambda = 20;

function matrixOf(histories: number[][]) {
  const userStarts = [0];
  for (const history of histories) userStarts.push((userStarts.at(-1) ?? 0) + history.length);
  const movieIds = Int32Array.from(histories.flat());
  const interactions = {
    userStarts: Int32Array.from(userStarts),
    movieIds,
    values: new Float32Array(movieIds.length).fill(1),
  };
  return interactionMatrix(interactions, { maxMovies: 1000, minUsers: 1 });
}

function scored(histories: number[][], maxDense = 4096): Map<string, number> {
  const matrix = matrixOf(histories);
  const scores = new Map<string, number>();
  const idOf = (movie: number) => matrix.movieIds[movie];
  const add = (from: number, to: number, score: number) => scores.set(`${idOf(from)}>${idOf(to)}`, score);
  scoreTransitions(matrix, { lambda, maxDense }, { add }, () => {});
  return scores;
}

/** As the paper writes it: a row of S and of T for each place that has a future. */
function asWritten(histories: number[][]): Map<string, number> {
  const ids = [...new Set(histories.flat())];
  const n = ids.length;
  const [past, leading] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (const history of histories)
    for (let place = 0; place + 1 < history.length; place++) {
      const [s, t] = [new Float64Array(n), new Float64Array(n)];
      history.forEach((id, at) => {
        const apart = Math.abs(place - at);
        if (at <= place && apart < transitionPlaces) s[ids.indexOf(id)] = Math.exp(-apart / 5);
        if (at > place) t[ids.indexOf(id)] = Math.exp(-(apart - 1) / 5);
      });
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          past[i * n + j] = (past[i * n + j] ?? 0) + (s[i] ?? 0) * (s[j] ?? 0);
          leading[i * n + j] = (leading[i * n + j] ?? 0) + (s[i] ?? 0) * (t[j] ?? 0);
        }
    }
  for (let i = 0; i < n; i++) past[i * n + i] = (past[i * n + i] ?? 0) + lambda;
  invertSymmetric(past, n);
  const scores = new Map<string, number>();
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (past[i * n + k] ?? 0) * (leading[k * n + j] ?? 0);
      scores.set(`${ids[i]}>${ids[j]}`, sum);
    }
  return scores;
}

test('the transitions are those of SLIT', () => {
  const histories = Array.from({ length: 40 }, (_, user) =>
    Array.from({ length: 12 }, (_, place) => 100 + ((user * 5 + place * (1 + (user % 3))) % 29)).filter(
      (id, at, all) => all.indexOf(id) === at,
    ),
  );
  const expected = asWritten(histories);
  const found = scored(histories);
  expect(found.size).toBe(expected.size);
  for (const [key, score] of expected) expect(found.get(key)).toBeCloseTo(score, 5);
});

test('what comes after says nothing of what came before', () => {
  const scores = scored(Array.from({ length: 50 }, () => [1, 2]));
  expect(scores.get('1>2')).toBeGreaterThan(0.3);
  expect(scores.get('2>1')).toBeCloseTo(0, 5);
});

test('that one often comes after another is told only where five people or more went that way', () => {
  const scores = scored([
    ...Array.from({ length: 20 }, () => [1, 2]),
    ...Array.from({ length: 4 }, () => [1, 10, 11, 12, 13, 3]),
    ...Array.from({ length: 20 }, () => [2, 3]),
  ]);
  expect(isOften(scores.get('1>2') ?? 0)).toBe(true);
  expect(isOften(scores.get('2>1') ?? 0)).toBe(false);
  expect(scores.get('1>3')).toBeGreaterThan(0);
  expect(isOften(scores.get('1>3') ?? 0)).toBe(false);
});

test('and never where fewer did, whatever their histories are', () => {
  const random = chance(7);
  const histories = Array.from({ length: 200 }, () => [
    ...new Set(Array.from({ length: 12 }, () => Math.floor(random() ** 2 * 60))),
  ]);
  let [often, few] = [0, 0];
  for (const [key, score] of scored(histories)) {
    const [from, to] = key.split('>').map(Number);
    const people = histories.filter((history) => {
      const [x, y] = [history.indexOf(from ?? -1), history.indexOf(to ?? -1)];
      return x >= 0 && y > x;
    }).length;
    if (people < 5) {
      few++;
      expect([key, isOften(score)]).toEqual([key, false]);
    } else if (isOften(score)) often++;
  }
  expect(few).toBeGreaterThan(100);
  expect(often).toBeGreaterThan(100);
});

test('only the movies with most interactions lead anywhere', () => {
  const scores = scored([[1, 2, 3], [1, 2], [1]], 2);
  expect([...scores.keys()].sort()).toEqual(['1>2', '1>3', '2>1', '2>3']);
});
