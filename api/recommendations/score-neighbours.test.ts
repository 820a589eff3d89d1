import { expect, test } from 'bun:test';
import { scoreNeighbours } from './score-neighbours.ts';
import type { HistoryMovie } from './select-taste.ts';
import { mostTurns } from './weights.ts';

type Said = [movieId: number, score: number, baseline?: number][];
const listOf = (said: Said) => ({
  movieIds: Int32Array.from(said, ([id]) => id),
  scores: Float32Array.from(said, ([, score]) => score),
  baselines: Float32Array.from(said, ([, , baseline]) => baseline ?? 0),
});

const movie = (changes: Partial<HistoryMovie>): HistoryMovie => ({
  kind: 'liked',
  position: 0,
  movieId: 1,
  tmdbId: 1,
  title: 'One',
  collection: null,
  genreIds: [],
  language: null,
  neighbours: undefined,
  turn: undefined,
  transitions: undefined,
  content: undefined,
  users: 0,
  ...changes,
});

test('each movie of the history says its scores, the newer the more', () => {
  const history = [
    movie({ movieId: 1, position: 0, neighbours: listOf([[7, 0.5]]) }),
    movie({ movieId: 2, position: 10, neighbours: listOf([[7, 0.5]]) }),
  ];
  const said = scoreNeighbours(history).of(7);
  expect(said?.neighbours).toBeCloseTo(0.5 + 0.5 * Math.exp(-1), 6);
  expect(said?.because?.movieId).toBe(1);
  expect(scoreNeighbours(history).of(8)).toBeUndefined();
});

test('a movie that has it not among its neighbours says the baseline', () => {
  const history = [
    movie({ movieId: 1, neighbours: listOf([[7, 0.5, -0.01]]) }),
    movie({ movieId: 2, neighbours: listOf([[8, 0.5, 0]]) }),
  ];
  expect(scoreNeighbours(history).of(7)?.neighbours).toBeCloseTo(0.5 - 0.02, 6);
});

test('what comes next is told from what is liked together', () => {
  const history = [
    movie({ movieId: 1, neighbours: listOf([[7, 0.1]]) }),
    movie({ movieId: 2, kind: 'watched', turn: 0, transitions: listOf([[7, 0.9]]) }),
  ];
  const said = scoreNeighbours(history).of(7);
  expect(said).toMatchObject({ isNext: true, because: { movieId: 2 } });
  expect(said?.transitions).toBeCloseTo(0.9, 6);
});

test('only the last turns lead on', () => {
  const history = [movie({ turn: mostTurns, transitions: listOf([[7, 0.9]]) })];
  expect(scoreNeighbours(history).of(7)).toBeUndefined();
});

test('a dislike is never what a movie is there for', () => {
  const history = [movie({ kind: 'disliked', neighbours: listOf([[7, 0.5]]) })];
  const said = scoreNeighbours(history).of(7);
  expect(said?.neighbours).toBeLessThan(0);
  expect(said?.because).toBeUndefined();
});

test('the best are those of both together, without the excluded ones', () => {
  const far = Array.from({ length: 500 }, (_, n): [number, number] => [1000 + n, 0.001]);
  const history = [
    movie({
      neighbours: listOf([[7, 0.3], [8, 0.4], ...far]),
      turn: 0,
      transitions: listOf([
        [7, 0.5],
        [9, 0.9],
      ]),
    }),
  ];
  expect(scoreNeighbours(history).best(2, new Set())).toEqual([7, 9]);
  expect(scoreNeighbours(history).best(2, new Set([7]))).toEqual([9, 8]);
  expect(scoreNeighbours(history).best(1000, new Set())).toHaveLength(503);
});
