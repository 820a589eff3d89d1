import type { RequestThrottle } from './request-throttle.ts';

/** Limits of every caller: one of their own, and a wider one of the address, over all users who call from it. */
export interface CallerThrottle {
  /** Counts a request if there is an answer without asking the store. */
  takeNow(caller: string, address: string): boolean;
  /** @throws {NexusError} `too_many_requests` */
  take(caller: string, address: string): Promise<void>;
}

/**
 * A caller who is over their own limit uses nothing of the wider one, so that nobody takes it away from the others at
 * the same address by asking on and on.
 */
export const createCallerThrottle = (limits: {
  own: RequestThrottle;
  address: RequestThrottle;
}): CallerThrottle => ({
  takeNow: (caller, address) => limits.own.takeNow(caller) && limits.address.takeNow(address),
  async take(caller, address) {
    await limits.own.take(caller);
    await limits.address.take(address);
  },
});
