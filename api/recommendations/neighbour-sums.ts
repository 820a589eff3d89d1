import type { NeighbourList } from '#shared/recommendations/neighbour-list.ts';

/** By our own ids: what many lists together say for each movie. */
export interface Sums {
  /** @param total the weights of all lists: what the baseline counts */
  add(source: { index: number; list: NeighbourList; weight: number }, total: number): void;
  has(movieId: number): boolean;
  scoreOf(movieId: number): number;
  /** The most that one list said for it, never below zero; and which one, or -1. */
  mostSaid(movieId: number): number;
  saidMost(movieId: number): number;
  ids(): number[];
}

/**
 * A hash table with open addressing: a long history has some 50,000 entries, and a `Map` of objects takes ten times as
 * long for them.
 */
export function createSums(mostEntries: number): Sums {
  const size = 2 ** Math.ceil(Math.log2(2 * mostEntries + 2));
  const ids = new Int32Array(size);
  const scores = new Float64Array(size);
  const most = new Float64Array(size);
  const saidBy = new Int32Array(size).fill(-1);

  /** Where the id stands, or where it would. Ids begin at one, so that zero is a free place. */
  const placeOf = (id: number): number => {
    let at = (Math.imul(id, 0x9e3779b1) >>> 0) & (size - 1);
    while (ids[at] !== id && ids[at] !== 0) at = (at + 1) & (size - 1);
    return at;
  };
  return {
    add({ index, list, weight }, total) {
      for (let n = 0; n < list.movieIds.length; n++) {
        const id = list.movieIds[n] as number;
        const at = placeOf(id);
        if (ids[at] === 0) {
          ids[at] = id;
          scores[at] = total * (list.baselines[n] as number);
        }
        const said = weight * (list.scores[n] as number);
        scores[at] = (scores[at] as number) + said;
        if (said <= (most[at] as number)) continue;
        most[at] = said;
        saidBy[at] = index;
      }
    },
    has: (id) => ids[placeOf(id)] === id,
    scoreOf: (id) => scores[placeOf(id)] as number,
    mostSaid: (id) => most[placeOf(id)] as number,
    saidMost: (id) => saidBy[placeOf(id)] as number,
    ids() {
      const found: number[] = [];
      for (let at = 0; at < size; at++) if (ids[at] !== 0) found.push(ids[at] as number);
      return found;
    },
  };
}
