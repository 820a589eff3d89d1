import type { RequestThrottle } from './request-throttle.ts';
import { placesOf } from './throttle-key.ts';

/** Limits of every caller: one of their own, and wider ones of where they are, over all users who call from there. */
export interface CallerThrottle {
  /** Counts a request if there is an answer without asking the store; else it is not counted at all. */
  takeNow(caller: string, address: string): boolean;
  /** @throws {NexusError} `too_many_requests` */
  take(caller: string, address: string): Promise<void>;
}

interface CallerLimits {
  own: RequestThrottle;
  /** In the order of `placesOf`. */
  places: readonly RequestThrottle[];
}

/**
 * A caller who is over their own limit uses nothing of the wider ones, so that nobody takes it away from the others at
 * the same address by asking on and on. Nor does one who is over a wider limit use anything of the narrower ones.
 */
export const createCallerThrottle = ({ own, places }: CallerLimits): CallerThrottle => {
  const putBack = (caller: string, narrower: readonly string[]) => {
    own.putBack(caller);
    for (const [at, place] of narrower.entries()) places[at]?.putBack(place);
  };
  return {
    takeNow(caller, address) {
      if (!own.takeNow(caller)) return false;
      const around = placesOf(address);
      const refusing = around.findIndex((place, at) => places[at]?.takeNow(place) === false);
      if (refusing === -1) return true;
      putBack(caller, around.slice(0, refusing));
      return false;
    },
    async take(caller, address) {
      await own.take(caller);
      const around = placesOf(address);
      for (const [at, place] of around.entries())
        try {
          await places[at]?.take(place);
        } catch (refusal) {
          putBack(caller, around.slice(0, at));
          throw refusal;
        }
    },
  };
};
