import type { Slot } from './scored.ts';

export type SlotQueue = ReturnType<typeof createSlotQueue>;

/** Slots by what they are worth, equal ones by TMDb id. */
export function createSlotQueue(slots: readonly Slot[]) {
  /** The best is last. */
  const waiting = slots.toSorted((a, b) => compareBestFirst(b, a));
  return {
    best: (): Slot | undefined => waiting.at(-1),
    takeBest: (): Slot | undefined => waiting.pop(),
    takeBestOf(isMeant: (slot: Slot) => boolean): Slot | undefined {
      const at = waiting.findLastIndex(isMeant);
      return at < 0 ? undefined : waiting.splice(at, 1)[0];
    },
    putBack(slot: Slot): void {
      let [low, high] = [0, waiting.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = waiting[middle];
        if (other !== undefined && compareBestFirst(slot, other) < 0) low = middle + 1;
        else high = middle;
      }
      waiting.splice(low, 0, slot);
    },
  };
}

const compareBestFirst = (a: Slot, b: Slot) => b.value - a.value || a.candidate.tmdb_id - b.candidate.tmdb_id;
