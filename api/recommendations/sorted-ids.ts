/** All that is asked of a set of movies' ids. */
export type MovieIds = Pick<ReadonlySet<number>, 'has'>;

/**
 * Ids as PostgreSQL sends them: sorted, four bytes each. They are looked up where they stand, because somebody may have
 * seen a hundred thousand movies: to make a set of them would hold up everybody else.
 */
export function sortedIds(bytes: Buffer | null): MovieIds {
  if (bytes === null) return { has: () => false };
  const { buffer } = new Uint8Array(bytes);
  // PostgreSQL's bytes come in the other order.
  Buffer.from(buffer).swap32();
  const ids = new Int32Array(buffer);
  return {
    has(id) {
      let [from, until] = [0, ids.length];
      while (from < until) {
        const middle = (from + until) >>> 1;
        if ((ids[middle] ?? 0) < id) from = middle + 1;
        else until = middle;
      }
      return ids[from] === id;
    },
  };
}
