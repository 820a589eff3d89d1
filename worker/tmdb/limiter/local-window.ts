import type { RatePlan, WindowLimit } from './rate-plan.ts';
import type { SlotDemand, SlotWindow, TakenSlots } from './slot-window.ts';

/** By how much the window is wider than it must be: the clock's own grain. */
const slackMs = 2;
/** A call is taken to have arrived at most this much later than it was sent. */
const mostLateMs = 300;

/**
 * The account of a worker that is the only one. TMDb counts when calls arrive, and on a loaded machine they arrive late:
 * a call is counted as late as its answer came later than the quickest of late. So no call that follows a second after
 * it can arrive within a second of it.
 */
export function createLocalWindow(plan: RatePlan): SlotWindow {
  const all = new GrantLog(plan.all);
  const onDemand = new GrantLog(plan.onDemand);
  const quickest = new QuickestOfLate();
  let last = { onDemand: 0, sync: 0 };
  return {
    take(demand: SlotDemand): Promise<TakenSlots> {
      const now = performance.now();
      const free = Math.min(demand.slots, all.free(now));
      const urgent = Math.min(demand.onDemand, free, onDemand.free(now));
      const sync = Math.min(demand.sync, free - urgent);
      onDemand.add(now, urgent);
      all.add(now, urgent + sync);
      last = { onDemand: urgent, sync };
      const waitMs = all.free(now) === 0 ? all.waitMs(now) : onDemand.waitMs(now);
      return Promise.resolve({ ...last, waitMs });
    },
    settle(unused) {
      // The process may have been put aside between taking and using.
      const now = performance.now();
      onDemand.drop(last.onDemand);
      onDemand.add(now, last.onDemand - unused.onDemand);
      all.drop(last.onDemand + last.sync);
      all.add(now, last.onDemand + last.sync - unused.onDemand - unused.sync);
      last = { onDemand: 0, sync: 0 };
    },
    ended(slot) {
      const tookMs = performance.now() - slot.grantedAt;
      const lateMs = Math.min(tookMs - quickest.after(tookMs), mostLateMs);
      all.arrived(slot.grantedAt, lateMs);
      if (slot.onDemand) onDemand.arrived(slot.grantedAt, lateMs);
    },
  };
}

/** How long the quickest of the last calls took. Before there were enough to know, it is taken that they may take no time. */
class QuickestOfLate {
  readonly #tookMs = new Float64Array(256);
  #calls = 0;

  after(tookMs: number): number {
    this.#tookMs[this.#calls++ % this.#tookMs.length] = tookMs;
    if (this.#calls < 32) return 0;
    return this.#tookMs.subarray(0, this.#calls).reduce((least, took) => Math.min(least, took));
  }
}

/** When the last grants were given, and from when they count, in a ring: the oldest first. */
class GrantLog {
  readonly #given: Float64Array;
  readonly #from: Float64Array;
  readonly #limit: number;
  readonly #spanMs: number;
  #next = 0;
  #size = 0;

  constructor({ limit, spanMs }: WindowLimit) {
    // One that arrived late keeps those behind it in the ring, which is no more than one limit of them.
    this.#given = new Float64Array(2 * limit + 1);
    this.#from = new Float64Array(2 * limit + 1);
    this.#limit = limit;
    this.#spanMs = spanMs + slackMs;
  }

  free(now: number): number {
    const before = now - this.#spanMs;
    while (this.#size > 0 && this.#fromOf(0) <= before) this.#size -= 1;
    let counting = this.#size;
    for (let i = 0; i < this.#size && this.#givenOf(i) <= before; i++)
      if (this.#fromOf(i) <= before) counting -= 1;
    // One whose answer came after all may count again.
    return Math.max(0, this.#limit - counting);
  }

  waitMs(now: number): number {
    const before = now - this.#spanMs;
    let first = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#size && this.#givenOf(i) < first; i++)
      if (this.#fromOf(i) > before) first = Math.min(first, this.#fromOf(i));
    return this.#size === 0 ? 0 : Math.max(0, first - before);
  }

  add(now: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#given[this.#next] = now;
      this.#from[this.#next] = now;
      this.#next = (this.#next + 1) % this.#given.length;
    }
    this.#size += count;
  }

  drop(count: number): void {
    this.#next = (this.#next - count + this.#given.length) % this.#given.length;
    this.#size -= count;
  }

  /** Of those that were given then, one more arrived so late. */
  arrived(grantedAt: number, lateMs: number): void {
    let found = this.#size;
    while (found > 0 && this.#givenOf(found - 1) >= grantedAt) found -= 1;
    while (found < this.#size && this.#fromOf(found) > this.#givenOf(found)) found += 1;
    if (found < this.#size) this.#from[this.#placeOf(found)] = this.#givenOf(found) + lateMs;
  }

  #placeOf(index: number): number {
    return (this.#next - this.#size + index + this.#given.length) % this.#given.length;
  }

  #givenOf(index: number): number {
    return this.#given[this.#placeOf(index)] ?? 0;
  }

  #fromOf(index: number): number {
    return this.#from[this.#placeOf(index)] ?? 0;
  }
}
