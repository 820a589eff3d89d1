import type { ReadyBytes } from './ready-body.ts';

/** The answer to a request as it is by then, if there is nothing to be done for it. */
export type Again = NonNullable<ReadyBytes['again']>;

const agains = new WeakMap<Request, Again>();

/** Notes that a request was answered as any visitor's would be who sends the same. */
export const rememberAgain = (request: Request, again: Again): void => void agains.set(request, again);

/** `undefined`: the answer was this caller's alone, or is made anew each time. */
export const againOf = (request: Request): Again | undefined => agains.get(request);
