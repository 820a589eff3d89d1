import { expect, test } from 'bun:test';
import { isSoonerCollected, isWalkedFar } from './list-costs.ts';

test('the more terms each movie is asked for, the sooner those that have one are collected', () => {
  const counts = { total: 3045, end: 100, movies: 199_000 };
  const isCollected = (terms: number | undefined) => isSoonerCollected({ ...counts, terms });
  expect([undefined, 1, 100].map(isCollected)).toEqual([false, false, true]);
});

test.each([
  ['nothing passes that has a common term', { total: 0, end: 20, movies: 1_000_000, terms: 'bits' }, true],
  ['the same in a mirror as most are', { total: 0, end: 20, movies: 30_000, terms: 'bits' }, false],
  [
    'one of fifty has any of a hundred terms',
    { total: 20_000, end: 100, movies: 1_000_000, terms: 100 },
    true,
  ],
  ['one of twenty has a term', { total: 50_000, end: 20, movies: 1_000_000, terms: 1 }, false],
  [
    'one of forty passes what rows say',
    { total: 25_000, end: 20, movies: 1_000_000, terms: undefined },
    false,
  ],
  ['the same, ten pages on', { total: 25_000, end: 200, movies: 1_000_000, terms: undefined }, true],
] as const)('whether a page is far along its order: %s', (_, counts, isFar) => {
  expect(isWalkedFar(counts)).toBe(isFar);
});
