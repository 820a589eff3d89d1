/**
 * The least that any round measures; the first one below `enough` is the last. A busy machine only makes work dearer, so
 * one round that was cheap tells that the work is.
 */
export async function leastOf(
  measure: () => Promise<number> | number,
  { enough, rounds = 40 }: { enough: number; rounds?: number },
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && least >= enough; round++) least = Math.min(least, await measure());
  return least;
}
