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
  /** Where the URL ends with an id, and has no query. */
  others?: OthersOf | undefined;
}

/** How the same route answers for another id: what one answer teaches of all others. */
export interface OthersOf {
  /**
   * @param asked.text the last part of the path, which may be no id
   * @param asked.admits admits and counts the caller. Nothing is read before
   * @returns at once what is ready, later what had to be read; `undefined` for what the route has to answer. Later,
   * the route finds what was read by the request
   */
  answer(asked: AskedOther): ReadyBytes | Promise<ReadyBytes | undefined> | undefined;
}

export interface AskedOther {
  text: string;
  request: Request;
  viewer: Viewer | undefined;
  admits: () => boolean;
}

const agains = new WeakMap<Request, HadAgain>();

/** Notes that a request was answered with what is kept. */
export const rememberAgain = (request: Request, had: HadAgain): void => void agains.set(request, had);

/** `undefined`: the answer is made anew each time. */
export const hadAgain = (request: Request): HadAgain | undefined => agains.get(request);
