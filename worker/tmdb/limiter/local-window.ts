import type { RatePlan, WindowLimit } from './rate-plan.ts';
import type { SlotDemand, SlotWindow, TakenSlots } from './slot-window.ts';

/** By how much the window is wider than it must be: the clock's own grain. */
const slackMs = 2;

/**
 * The account of a worker that is the only one. TMDb counts when calls arrive, which on a loaded machine may be much
 * later than they were sent, and is over when the answer comes. So a call counts from when it is granted until a second
 * after its answer. That holds however late anything is, and costs the time of an answer in each second.
 * But for the least time: the way there of one that is granted now, and the way back of one that was answered, take it
 * together. So the two arrive further apart than that by this time, and a slot is free so much sooner.
 * @param leastMs passes at least between asking and the answer
 */
export function createLocalWindow(plan: RatePlan, leastMs: () => number = () => 0): SlotWindow {
  const all = new CallCount(plan.all, leastMs);
  const onDemand = new CallCount(plan.onDemand, leastMs);
  return {
    take(demand: SlotDemand): Promise<TakenSlots> {
      const now = performance.now();
      const free = Math.min(demand.slots, all.free(now));
      const urgent = Math.min(demand.onDemand, free, onDemand.free(now));
      const sync = Math.min(demand.sync, free - urgent);
      onDemand.begin(urgent);
      all.begin(urgent + sync);
      const waitMs = all.free(now) === 0 ? all.waitMs(now) : onDemand.waitMs(now);
      return Promise.resolve({ onDemand: urgent, sync, waitMs });
    },
    settle(unused) {
      onDemand.begin(-unused.onDemand);
      all.begin(-unused.onDemand - unused.sync);
    },
    ended(slot) {
      const now = performance.now();
      all.end(now);
      if (slot.onDemand) onDemand.end(now);
    },
  };
}

/** The calls that are under way, and those that ended within the span: their ends in a ring, the oldest first. */
class CallCount {
  readonly #ends: Float64Array;
  readonly #limit: number;
  readonly #longestMs: number;
  readonly #leastMs: () => number;
  #underWay = 0;
  #oldest = 0;
  #ended = 0;

  constructor({ limit, spanMs }: WindowLimit, leastMs: () => number) {
    this.#ends = new Float64Array(limit);
    this.#limit = limit;
    this.#longestMs = spanMs + slackMs;
    this.#leastMs = leastMs;
  }

  /** How long one counts after its end: when fewer are known to take long, also those that ended before. */
  get #spanMs(): number {
    return this.#longestMs - this.#leastMs();
  }

  free(now: number): number {
    while (this.#ended > 0 && this.#oldestEnd() <= now - this.#spanMs) {
      this.#oldest = (this.#oldest + 1) % this.#limit;
      this.#ended -= 1;
    }
    return this.#limit - this.#underWay - this.#ended;
  }

  /** How long until one may be free; while all are under way, their ends tell sooner. */
  waitMs(now: number): number {
    if (this.#ended === 0) return this.#underWay === 0 ? 0 : this.#spanMs;
    return Math.max(0, this.#oldestEnd() + this.#spanMs - now);
  }

  begin(count: number): void {
    this.#underWay += count;
  }

  end(now: number): void {
    this.#underWay -= 1;
    this.#ends[(this.#oldest + this.#ended) % this.#limit] = now;
    this.#ended += 1;
  }

  #oldestEnd(): number {
    return this.#ends[this.#oldest] ?? 0;
  }
}
