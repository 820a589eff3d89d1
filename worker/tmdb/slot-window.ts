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
 * share. What was taken is to be used at once, or given back.
 */
export interface SlotWindow {
  take(demand: SlotDemand): Promise<TakenSlots>;
  giveBack(unused: { onDemand: number; sync: number }): void;
}
