import type { Redis } from 'ioredis';
import type { RatePlan } from './rate-plan.ts';
import { takeSlotsScript } from './redis-window-script.ts';
import type { SlotDemand, SlotWindow, TakenSlots } from './slot-window.ts';

/** A grant is logged this much later than Redis gave it: by then it should be in use. */
const slackMs = 5;
/** Later than that it is not used at all. */
const patienceMs = 500;

/**
 * The account of all workers together: two sorted sets and Redis's own clock. A grant that was used later than
 * it was logged (a slow answer, a stall) is put right afterwards: that matters only a second later.
 */
export function createRedisWindow(redis: Redis, plan: RatePlan, keyPrefix = 'nexus:tmdb'): SlotWindow {
  const owner = crypto.randomUUID();
  const keys = [
    `${keyPrefix}:grants`,
    `${keyPrefix}:grants-on-demand`,
    `${keyPrefix}:counted-since`,
    `${keyPrefix}:next-turn`,
  ] as const;
  const limits = [plan.all.limit, plan.all.spanMs, plan.onDemand.limit, plan.onDemand.spanMs, plan.slotMs];
  let made = 0;
  let last: { onDemand: string[]; sync: string[]; asked: number; at: number };

  // Nobody waits for these two; when Redis is away, the next `take` tells.
  const giveBack = (ids: string[]) => {
    if (ids.length === 0) return;
    for (const key of keys.slice(0, 2)) redis.zrem(key, ...ids).catch(() => {});
  };
  const logAs = (usedAt: number, ids: string[]) => {
    if (ids.length === 0) return;
    const scores = ids.flatMap((id) => [usedAt, id]);
    for (const key of keys.slice(0, 2)) redis.zadd(key, 'XX', ...scores).catch(() => {});
  };

  return {
    async take(demand: SlotDemand): Promise<TakenSlots> {
      const args = [...limits, slackMs, demand.slots, demand.onDemand, demand.sync, owner, made];
      const asked = performance.now();
      const answer = await redis.eval(takeSlotsScript, keys.length, ...keys, ...args);
      const [onDemand = 0, sync = 0, waitMs = 0, at = 0] = answer as number[];
      const ids = Array.from({ length: onDemand + sync }, () => `${owner}:${made++}`);
      if (performance.now() - asked > patienceMs) {
        giveBack(ids);
        return { onDemand: 0, sync: 0, waitMs: 1 };
      }
      last = { onDemand: ids.slice(0, onDemand), sync: ids.slice(onDemand), asked, at };
      return { onDemand, sync, waitMs };
    },
    settle(unused) {
      const { onDemand, sync } = last;
      const kept = (ids: string[], count: number) => ids.slice(0, ids.length - count);
      giveBack([
        ...onDemand.slice(onDemand.length - unused.onDemand),
        ...sync.slice(sync.length - unused.sync),
      ]);
      const tookMs = performance.now() - last.asked;
      if (tookMs <= slackMs) return;
      logAs(last.at + Math.ceil(tookMs) + 1, [
        ...kept(onDemand, unused.onDemand),
        ...kept(sync, unused.sync),
      ]);
    },
  };
}
