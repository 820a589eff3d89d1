import Bottleneck from 'bottleneck';
import type { RatePlan } from './rate-plan.ts';

export interface Pacer {
  /** Turns booked and not come yet. */
  readonly booked: number;
  /** Books one turn; `onTurn` is called when it is there. */
  book(): void;
  close(): void;
}

export interface PacerOptions {
  plan: RatePlan;
  onTurn: () => void;
  /** The pacer has closed itself and is of no use any more: open another. */
  onBroken: (error: Error) => void;
}

/** After this long without the turn that is due, something is wrong with the pacer, not with the rate. */
const overdueMs = 5000;
/** Further than this between two turns the wall clock does not drift: somebody has set it. */
const stepMs = 50;

/**
 * Spreads the turns of this process evenly over time: Bottleneck, `minTime` only. What all processes share is kept by
 * the window, on Redis's clock.
 */
export function openPacer({ plan, onTurn, onBroken }: PacerOptions): Pacer {
  let bottleneck = new Bottleneck({ minTime: plan.turnMs });
  let offsetMs = wallOffsetMs();
  let booked = 0;
  let closed = false;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    closed = true;
    clearTimeout(watchdog);
    Promise.resolve(bottleneck.disconnect(false)).catch(() => {});
  };
  const broken = (error: unknown) => {
    if (closed) return;
    close();
    onBroken(error instanceof Error ? error : new Error(String(error)));
  };
  const turnWithinMs = overdueMs + plan.turnMs * plan.turnsAhead;
  const expectTurn = () => {
    clearTimeout(watchdog);
    if (booked > 0 && !closed)
      watchdog = setTimeout(() => broken(new Error('a turn of the pacer never came')), turnWithinMs);
  };
  const turn = async () => {
    if (closed) return;
    booked -= 1;
    expectTurn();
    onTurn();
  };
  /** Bottleneck counts from the wall clock: put back by an hour, it would let the next turn wait for an hour. */
  const followClock = () => {
    const nowMs = wallOffsetMs();
    // The turns that the old one has booked come: they are timers already.
    if (Math.abs(nowMs - offsetMs) > stepMs) bottleneck = new Bottleneck({ minTime: plan.turnMs });
    offsetMs = nowMs;
  };

  return {
    get booked() {
      return booked;
    },
    book() {
      followClock();
      booked += 1;
      if (booked === 1) expectTurn();
      bottleneck.schedule(turn).catch(broken);
    },
    close,
  };
}

const wallOffsetMs = () => Date.now() - performance.now();
