import { LRUCache } from 'lru-cache';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { NexusError } from '#shared/errors.ts';
import { mostEntries } from '#shared/most-entries.ts';
import type { Limit } from './limit.ts';

/** The general limit of every caller: 600 requests a minute, 300 of them at once. */
export const requestLimit = { name: 'requests', points: 300, durationSeconds: 30 } as const;
/** The wider one of an address, over all its users: many accounts at one address are not many times the limit. */
export const addressLimit = { name: 'address-requests', points: 3000, durationSeconds: 60 } as const;

/** Requests that a process takes from a caller's share at once. */
const leaseSize = 20;
/** The next ones are asked for when this many are left, so that hardly anybody waits for the store. */
const renewAt = 5;
const remembered = 50_000;

export interface RequestThrottle {
  /** Counts a request if there is an answer without asking the store. */
  takeNow(key: string): boolean;
  /** Takes back a count of `takeNow`: the request is counted otherwise. */
  putBack(key: string): void;
  /** @throws {NexusError} `too_many_requests` */
  take(key: string): Promise<void>;
}

interface Share {
  left: number;
  /** What was granted and the store has not been told of. */
  onCredit: number;
  /** Until when what is left may be used: the end of the store's window. */
  untilMs: number;
  /** Until when the store has no more for this caller. */
  refusedUntilMs: number;
  asking: Promise<void> | undefined;
}

/**
 * One limit for all API processes, without a question to the store at every request: a process takes a caller's
 * requests in leases. The first is granted without asking, so each process may let through at most one lease too many in
 * a window; what it does not use of a lease ends with the window. Whoever asks for little is never told to the store:
 * somebody with many addresses cannot make it keep a row for each.
 */
export function createRequestThrottle(limit: Limit, now: () => number): RequestThrottle {
  const shares = new LRUCache<string, Share>(mostEntries(remembered));

  const lease = async (key: string, share: Share) => {
    const asked = leaseSize + share.onCredit;
    const grant = (granted: number, untilMs: number) => {
      share.left += granted - share.onCredit;
      share.onCredit = 0;
      if (granted < asked) share.refusedUntilMs = untilMs;
      share.untilMs = untilMs;
    };
    try {
      const { msBeforeNext } = await limit.consume(key, asked);
      grant(asked, now() + msBeforeNext);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const before = refusal.consumedPoints - asked;
      grant(Math.max(0, limit.points - before), now() + refusal.msBeforeNext);
    } finally {
      share.asking = undefined;
    }
  };

  const ask = (key: string, share: Share) => {
    share.asking ??= lease(key, share);
    share.asking.catch(() => {});
  };

  const shareOf = (key: string): Share => {
    const nowMs = now();
    const found = shares.get(key);
    if (found !== undefined && (nowMs < found.untilMs || found.asking !== undefined)) return found;
    const credit = Math.min(leaseSize, limit.points);
    const untilMs = nowMs + limit.duration * 1000;
    const share = { left: credit, onCredit: credit, untilMs, refusedUntilMs: 0, asking: undefined };
    shares.set(key, share);
    return share;
  };

  const takeNow = (key: string) => {
    const share = shareOf(key);
    if (share.left <= 0) return false;
    share.left -= 1;
    if (share.left <= renewAt && share.asking === undefined && now() >= share.refusedUntilMs) ask(key, share);
    return true;
  };

  return {
    takeNow,
    putBack(key) {
      const share = shares.get(key);
      if (share !== undefined) share.left += 1;
    },
    async take(key) {
      while (!takeNow(key)) {
        const share = shareOf(key);
        const waitMs = share.refusedUntilMs - now();
        if (share.asking === undefined && waitMs > 0)
          throw new NexusError('too_many_requests', 'Too many requests. Please slow down.', {
            retryAfterMs: waitMs,
          });
        if (share.asking === undefined) ask(key, share);
        await share.asking;
      }
    },
  };
}
