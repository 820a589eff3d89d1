import { expect, test } from 'bun:test';
import { isSoonerCollected } from './list-costs.ts';

test('the more terms each movie is asked for, the sooner those that have one are collected', () => {
  const counts = { total: 3045, end: 100, movies: 199_000 };
  const isCollected = (terms: number | undefined) => isSoonerCollected({ ...counts, terms });
  expect([undefined, 1, 100].map(isCollected)).toEqual([false, false, true]);
});
