import { expect, test } from 'bun:test';
import { baselinesOf } from './baselines.ts';

const at = new Date(0);
const user = (heldOut: number, ...liked: number[]) => ({
  heldOut,
  seen: liked.map((tmdbId) => ({ tmdbId, liked: true, at })),
});
/** Movies 1 to 4 are about one thing, 11 to 14 about another; 9 is liked with the first and is about the second. */
const features = new Map(
  [1, 2, 3, 4, 9, 11, 12, 13, 14].map((id) => [id, [id < 9 ? 'war' : 'love', `own ${id}`]] as const),
);
const users = [user(9, 1, 2), user(3, 1, 2, 9), user(4, 1, 2, 9), user(12, 11, 12), user(14, 11, 13)];

const firstsOf = (what: string) =>
  baselinesOf(users, features)
    .find((one) => one.what.startsWith(what))
    ?.rankings.map(({ list }) => list[0]);

test('by likes, who likes the same says what is liked next', () => {
  for (const what of ['item-to-item', 'plain EASE, λ', 'plain EASE, the newest', 'plain EASE + '])
    expect(firstsOf(what)?.[0]).toBe(9);
});

test('by content, what is about the same comes first; what was seen comes never', () => {
  expect(firstsOf('content')?.[0]).toBe(3);
  expect(firstsOf('content')?.[4]).toBe(9);
  for (const { rankings } of baselinesOf(users, features))
    for (const [n, { list }] of rankings.entries())
      expect(list.filter((id) => users[n]?.seen.some(({ tmdbId }) => tmdbId === id))).toEqual([]);
});
