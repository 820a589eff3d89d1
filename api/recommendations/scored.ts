import type { PartName } from './model.ts';
import type { Candidate } from './select-candidates.ts';

/** A candidate with what speaks for it. */
export interface Scored {
  candidate: Candidate;
  parts: Record<PartName, number>;
  /** The sum of the parts. */
  base: number;
}

/** A place to be had: by what it is worth, and for how much at most. Which movie gets it, its series decides. */
export interface Slot extends Scored {
  value: number;
  most: number;
}
