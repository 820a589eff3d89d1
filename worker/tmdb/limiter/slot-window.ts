export interface SlotDemand {
  /** How many at most. */
  slots: number;
  onDemand: number;
  sync: number;
}

export interface TakenSlots {
  onDemand: number;
  sync: number;
  /** When it is worth asking again, if less was given than wanted. */
  waitMs: number;
}

/**
 * The exact account: never more than the limit in any second. Those on demand are served first, within their
 * share. Slots that were given are to be used at once, and then settled: now is when they were used, at the latest.
 */
export interface SlotWindow {
  take(demand: SlotDemand): Promise<TakenSlots>;
  settle(unused: { onDemand: number; sync: number }): void;
  /** A slot that was settled has been used: the call has arrived, and was answered, or nothing of it is under way. */
  ended?(slot: { onDemand: boolean }): void;
}
