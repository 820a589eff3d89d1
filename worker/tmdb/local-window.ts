import type { RatePlan, WindowLimit } from './rate-plan.ts';
import type { SlotDemand, SlotWindow, TakenSlots } from './slot-window.ts';

/** By how much the window is wider than a second: the clock's own grain. */
const slackMs = 2;

/** The account of a worker that is the only one. */
export function createLocalWindow(plan: RatePlan): SlotWindow {
  const all = new GrantLog(plan.all);
  const onDemand = new GrantLog(plan.onDemand);
  return {
    take(demand: SlotDemand): Promise<TakenSlots> {
      const now = performance.now();
      const free = Math.min(demand.slots, all.free(now));
      const urgent = Math.min(demand.onDemand, free, onDemand.free(now));
      const sync = Math.min(demand.sync, free - urgent);
      onDemand.add(now, urgent);
      all.add(now, urgent + sync);
      const waitMs = all.free(now) === 0 ? all.waitMs(now) : onDemand.waitMs(now);
      return Promise.resolve({ onDemand: urgent, sync, waitMs });
    },
    giveBack(unused) {
      onDemand.drop(unused.onDemand);
      all.drop(unused.onDemand + unused.sync);
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
    const dropped = Math.min(count, this.#size);
    this.#next = (this.#next - dropped + this.#times.length) % this.#times.length;
    this.#size -= dropped;
  }

  #oldest(): number {
    const length = this.#times.length;
    return this.#times[(this.#next - this.#size + length) % length] ?? 0;
  }
}
