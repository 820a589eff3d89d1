import type { Interactions } from './interaction-matrix.ts';

export type Stage = 'neighbours' | 'transitions';

/** How far a computation is: before `next` all rows of the stage are done. The arrays are all that they have changed. */
export interface Work {
  stage: Stage;
  next: number;
  arrays: ReadonlyMap<string, Uint8Array>;
}

/** Keeps what is computed, and knows what was kept. */
export interface WorkKeeper {
  kept: Work | undefined;
  /** @param isEnd of the stage, so that it is kept in any case */
  keep(work: Work, isEnd: boolean): void;
}

/** What the thread of the arithmetic is told. */
export interface Order {
  interactions: Interactions;
  kept: Work | undefined;
  /** How much time is between two slices that are kept. */
  keepEveryMs: number;
  /** One while the other side writes a slice: the next one waits for it. */
  writing: Int32Array;
}

export const keepNothing: WorkKeeper = { kept: undefined, keep() {} };

/** Told after each slice of a stage: the rows before `next` are done, with what was inverted for them. */
export interface Slices {
  kept: { next: number; inverse: Uint8Array | undefined } | undefined;
  done(next: number, inverse: Uint8Array): void;
}

export const noSlices: Slices = { kept: undefined, done() {} };

type NumberArray = Int32Array | Float32Array | Float64Array;

export const bytesOf = ({ buffer, byteOffset, byteLength }: NumberArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

export function restore(array: NumberArray, kept: Uint8Array | undefined): void {
  if (kept?.byteLength !== array.byteLength) throw new Error('what was kept does not fit');
  bytesOf(array).set(kept);
}
