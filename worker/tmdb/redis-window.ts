import type { Redis } from 'ioredis';
import type { RatePlan } from './rate-plan.ts';
import { takeSlotsScript } from './redis-window-script.ts';
import type { SlotDemand, SlotWindow, TakenSlots } from './slot-window.ts';

/** How late after Redis said yes a grant may still be used. */
const slackMs = 100;
const maxSlackMs = 500;

/**
 * The account of all workers together: two sorted sets and Redis's own clock. A grant is logged at the last
 * moment at which it may be used, and put right with the next call, when it is known when it was. An answer that
 * comes later than that is given back and asked for anew, with more patience.
 */
export function createRedisWindow(redis: Redis, plan: RatePlan, keyPrefix = 'nexus:tmdb'): SlotWindow {
  const owner = crypto.randomUUID();
  const keys = [`${keyPrefix}:grants`, `${keyPrefix}:grants-on-demand`, `${keyPrefix}:counted-since`];
  const limits = [plan.all.limit, plan.all.spanMs, plan.onDemand.limit, plan.onDemand.spanMs];
  let made = 0;
  let patienceMs = slackMs;
  let last: { onDemand: string[]; sync: string[]; usedAt: number } = { onDemand: [], sync: [], usedAt: 0 };
  let returned: string[] = [];

  const take = async (demand: SlotDemand): Promise<TakenSlots> => {
    const args = [...limits, patienceMs, demand.slots, demand.onDemand, demand.sync, owner, made];
    const used = [...last.onDemand, ...last.sync].flatMap((id) => [id, last.usedAt]);
    const news = [returned.length, ...returned, ...used];
    returned = [];
    last = { onDemand: [], sync: [], usedAt: 0 };
    const asked = performance.now();
    const answer = await redis.eval(takeSlotsScript, keys.length, ...keys, ...args, ...news);
    const tookMs = Math.ceil(performance.now() - asked);
    const [onDemand = 0, sync = 0, waitMs = 0, at = 0] = answer as number[];
    const ids = Array.from({ length: onDemand + sync }, () => `${owner}:${made++}`);
    if (ids.length > 0 && tookMs > patienceMs) {
      patienceMs = Math.min(maxSlackMs, patienceMs * 2);
      returned = ids;
      return { onDemand: 0, sync: 0, waitMs: 1 };
    }
    if (tookMs < slackMs / 2) patienceMs = slackMs;
    last = { onDemand: ids.slice(0, onDemand), sync: ids.slice(onDemand), usedAt: at + tookMs + 1 };
    return { onDemand, sync, waitMs };
  };

  return {
    take,
    giveBack(unused) {
      if (unused.onDemand > 0) returned.push(...last.onDemand.splice(-unused.onDemand));
      if (unused.sync > 0) returned.push(...last.sync.splice(-unused.sync));
    },
  };
}
