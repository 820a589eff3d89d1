import type { Viewer } from '../callers/viewer.ts';
import type { ReadyBytes } from './ready-body.ts';

/** The answer to a request as it is by then, if there is nothing to be done for it. */
export type Again = NonNullable<ReadyBytes['again']>;

export interface HadAgain {
  again: Again;
  /** Who got it; `undefined` for a visitor. */
  viewer: Viewer | undefined;
  /**
   * Admits and counts whoever asks, where that is not for the gate in front of all routes; `false` if it is not known
   * at once. Neither a token nor a viewer means anything there.
   */
  admits?: ((request: Request) => boolean) | undefined;
}

const agains = new WeakMap<Request, HadAgain>();

/** Notes that a request was answered with what is kept. */
export const rememberAgain = (request: Request, had: HadAgain): void => void agains.set(request, had);

/** `undefined`: the answer is made anew each time. */
export const hadAgain = (request: Request): HadAgain | undefined => agains.get(request);
