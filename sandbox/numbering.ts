import { mix, salts } from './random.ts';

/**
 * Ids of generated movies: number n owns a pair of neighbouring ids and bears one of them, so every other id is free.
 * Pairs wholly taken by well-known films are skipped. Works both ways without a table.
 */
export interface Numbering {
  idOf(n: number): number;
  /** The number of a generated movie, or undefined where the id belongs to none. */
  numberOf(id: number): number | undefined;
}

export function createNumbering(seed: number, takenIds: readonly number[]): Numbering {
  const taken = new Set(takenIds);
  const fullPairs = [...new Set(takenIds.map((id) => (id - 1) >> 1))]
    .filter((pair) => taken.has(2 * pair + 1) && taken.has(2 * pair + 2))
    .sort((a, b) => a - b);

  const idOfPair = (pair: number) => {
    const id = 2 * pair + 1 + (mix(seed, pair, salts.id) & 1);
    return taken.has(id) ? (id & 1 ? id + 1 : id - 1) : id;
  };
  return {
    idOf(n) {
      let pair = n;
      for (const full of fullPairs) if (full <= pair) pair++;
      return idOfPair(pair);
    },
    numberOf(id) {
      const pair = (id - 1) >> 1;
      if (id < 1 || fullPairs.includes(pair) || idOfPair(pair) !== id) return undefined;
      return pair - fullPairs.filter((full) => full < pair).length;
    },
  };
}
