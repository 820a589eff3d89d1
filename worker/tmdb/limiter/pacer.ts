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
/** A turn that is so late is looked after: was the clock set while it was booked? */
const lateMs = 100;
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

  const disconnect = () => void Promise.resolve(bottleneck.disconnect(false)).catch(() => {});
  const close = () => {
    closed = true;
    clearTimeout(watchdog);
    disconnect();
  };
  const broken = (error: unknown) => {
    if (closed) return;
    close();
    onBroken(error instanceof Error ? error : new Error(String(error)));
  };
  const dueWithinMs = plan.turnMs * plan.turnsAhead;
  const expectTurn = () => {
    clearTimeout(watchdog);
    if (booked > 0 && !closed) watchdog = setTimeout(lookAfterTurn, dueWithinMs + lateMs);
  };
  const lookAfterTurn = () => {
    if (followClock()) return expectTurn();
    watchdog = setTimeout(() => broken(new Error('a turn of the pacer never came')), overdueMs - lateMs);
  };
  const schedule = () => {
    const own = bottleneck;
    const turn = async () => {
      // It was booked again meanwhile.
      if (closed || own !== bottleneck) return;
      booked -= 1;
      expectTurn();
      onTurn();
    };
    own.schedule(turn).catch((error: unknown) => own === bottleneck && broken(error));
  };
  /**
   * Bottleneck counts from the wall clock: put back by an hour, also while it books a turn, it would let that one wait
   * for an hour. So all turns are booked anew. @returns whether the clock was set
   */
  const followClock = (): boolean => {
    const nowMs = wallOffsetMs();
    const isSet = Math.abs(nowMs - offsetMs) > stepMs;
    offsetMs = nowMs;
    if (!isSet) return false;
    disconnect();
    bottleneck = new Bottleneck({ minTime: plan.turnMs });
    for (let turn = 0; turn < booked; turn++) schedule();
    return true;
  };

  return {
    get booked() {
      return booked;
    },
    book() {
      followClock();
      booked += 1;
      if (booked === 1) expectTurn();
      schedule();
    },
    close,
  };
}

/** Between the two readings the process may have stood still. */
function wallOffsetMs(): number {
  for (let tries = 1; ; tries++) {
    const beforeMs = performance.now();
    const wallMs = Date.now();
    const afterMs = performance.now();
    if (afterMs - beforeMs < stepMs / 5 || tries === 5) return wallMs - (beforeMs + afterMs) / 2;
  }
}
