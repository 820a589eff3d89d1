import type { RatePlan, WindowLimit } from './rate-plan.ts';
import type { SlotDemand, SlotWindow, TakenSlots } from './slot-window.ts';

/** By how much the window is wider than it must be: the clock's own grain. */
const slackMs = 2;

/** The account of a worker that is the only one. */
export function createLocalWindow(plan: RatePlan): SlotWindow {
  const all = new GrantLog(plan.all);
  const onDemand = new GrantLog(plan.onDemand);
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
  };
}

/** The times of the last grants, in a ring. */
class GrantLog {
  readonly #times: Float64Array;
  readonly #spanMs: number;
  #next = 0;
  #size = 0;

  constructor({ limit, spanMs }: WindowLimit) {
    this.#times = new Float64Array(limit);
    this.#spanMs = spanMs + slackMs;
  }

  free(now: number): number {
    while (this.#size > 0 && this.#oldest() <= now - this.#spanMs) this.#size -= 1;
    return this.#times.length - this.#size;
  }

  waitMs(now: number): number {
    return this.#size === 0 ? 0 : Math.max(0, this.#oldest() + this.#spanMs - now);
  }

  add(now: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#times[this.#next] = now;
      this.#next = (this.#next + 1) % this.#times.length;
    }
    this.#size += count;
  }

  drop(count: number): void {
    const length = this.#times.length;
    this.#next = (this.#next - count + length) % length;
    this.#size -= count;
  }

  #oldest(): number {
    const length = this.#times.length;
    return this.#times[(this.#next - this.#size + length) % length] ?? 0;
  }
}
