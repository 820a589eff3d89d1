import { mostReached } from '../http/input/page-query.ts';

/**
 * In microseconds, at a million movies: a row of an index, one for which something is looked up, and one collected; one
 * that is held against a hashed set, and one that is looked up in an index by its id and sorted.
 */
export const costs = { walked: 0.1, lookedUp: 10, collected: 25, hashed: 0.3, byId: 1.2 };

/** How far lists are found at once: far pages cost most, and who asks for nearer ones does not pay for them. */
const reaches = [2500, 5000, mostReached];

/** How much of a list is found for a page that ends at this row. */
export const reachOf = (end: number): number => reaches.find((reach) => reach >= end) ?? mostReached;

/**
 * Whether movies with some terms are sooner looked up by their ids and sorted than found along the index of an order.
 * @param counts how many they are, how many of them are wanted at most, and how many movies there are
 */
export function isSoonerById({
  total,
  most,
  movies,
}: {
  total: number;
  most: number;
  movies: number;
}): boolean {
  const walked = Math.min(movies, (most * movies) / Math.max(1, total));
  return total * costs.byId < walked * costs.hashed;
}
