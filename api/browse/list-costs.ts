import { mostReached } from '../http/input/page-query.ts';

/**
 * In microseconds, at a million movies: a row of an index, one for which something is looked up (and more for each term
 * that it is asked for), and one collected; one of which bits say what it has, one of which a hashed set does, and one of
 * which bits do and what was written since; one that is looked up in an index by its id and sorted, for a list that is kept or for a page alone (most of it is not in
 * memory then); one of the sample that is found by its terms; one that bits have found, and whose row is read; and a unit
 * of the planner's.
 */
export const costs = {
  walked: 0.1,
  lookedUp: 10,
  asked: 0.1,
  collected: 25,
  bits: 0.15,
  hashed: 0.3,
  since: 0.3,
  byId: 4,
  foundById: 8,
  sampled: 3,
  ofBits: 3,
  planned: 4,
};

/** How far lists are found at once: far pages cost most, and who asks for nearer ones does not pay for them. */
const reaches = [2500, 5000, mostReached];

/** How much of a list is found for a page that ends at this row. */
export const reachOf = (end: number): number => reaches.find((reach) => reach >= end) ?? mostReached;

/**
 * Whether movies with some terms are sooner looked up by their ids and sorted than found along the index of an order.
 * @param counts how many they are, how many of them are wanted at most, how many movies there are, and how many sets of
 * ids would be looked into for each
 */
export function isSoonerById({
  total,
  most,
  movies,
  sets,
}: {
  total: number;
  most: number;
  movies: number;
  sets: number;
}): boolean {
  const walked = walkedRows({ total, end: most, movies });
  return total * costs.byId < walked * (costs.bits + sets * (costs.hashed - costs.bits));
}

/**
 * Whether bits are sooner looked at for all movies of the sample than those with some terms are looked up.
 * @param counts about how many these are, and how many movies there are
 */
export const isCountedByBits = ({ matches, movies }: { matches: number; movies: number }): boolean =>
  movies * costs.bits < matches * costs.sampled;

/**
 * Whether movies are sooner collected and sorted than a page of them is found along the index of its order.
 * @param counts how many they are, to which row of them the page reaches, how many movies there are, and how many terms
 * each of these would be asked for; `undefined`: nothing is looked up
 */
export function isSoonerCollected({
  total,
  end,
  movies,
  terms,
}: {
  total: number;
  end: number;
  movies: number;
  terms: number | undefined;
}): boolean {
  const rows = (end * movies) / Math.max(1, total);
  return rows * walkCost(terms) > total * costs.collected;
}

/**
 * What a row of the index of an order costs, in microseconds.
 * @param terms how many terms its movie is asked for; `undefined`: nothing is looked up
 */
const walkCost = (terms: number | undefined): number =>
  terms === undefined ? costs.walked : costs.lookedUp + terms * costs.asked;

/**
 * In a mirror of no more movies nothing is shown as it was noted: to look at all of them costs no more than to find a page.
 */
export const soonLookedAt = 12_000;

interface Walk {
  total: number;
  end: number;
  movies: number;
}

/** How many rows of the index of an order are looked at for a page. */
const walkedRows = ({ total, end, movies }: Walk): number =>
  Math.min(movies, (end * movies) / Math.max(1, total));

/** In microseconds: several times of what is done for a page besides. */
const mostWalking = 30_000;

/**
 * Whether to walk along the index of an order for a page costs so much that the page is rather shown as it was noted.
 * @param counts how many movies pass, to which row of them the page reaches, how many movies there are, and how many
 * terms each of these would be asked for; `bits`: these say what it has; `undefined`: its row is looked up alone
 */
export function isWalkedFar({ terms, ...counts }: Walk & { terms: number | 'bits' | undefined }): boolean {
  const ofEach = terms === 'bits' ? costs.since : walkCost(terms ?? 0);
  return walkedRows(counts) * ofEach > mostWalking;
}

/** What the shortest walk costs beside its rows: bits are read, and what was written since. */
const bitsRead = 1000;

/**
 * Whether a page is sooner found along the index of its order by bits than by looking up what terms each movie has, or
 * by collecting all that have them.
 * @param counts how many movies pass, how many have the terms, to which row of them the page reaches, and how many
 * movies there are
 */
export function isWalkedByBits({
  total,
  having,
  end,
  movies,
}: {
  total: number;
  having: number;
  end: number;
  movies: number;
}): boolean {
  const rows = walkedRows({ total, end, movies });
  const byBits = bitsRead + rows * costs.since + end * costs.lookedUp;
  return byBits < Math.min(rows * costs.lookedUp, having * costs.foundById);
}
