/** A limit of `limit` grants in any stretch of `spanMs`. */
export interface WindowLimit {
  limit: number;
  spanMs: number;
}

export interface RatePlan {
  all: WindowLimit;
  /** What somebody waits for may have half of the budget. */
  onDemand: WindowLimit;
  /** Slots that one turn of the pacer stands for: its timers cannot fire more often than this needs. */
  slotsPerTurn: number;
  turnMs: number;
  /** Turns booked ahead, so that a stall of the event loop costs none. */
  turnsAhead: number;
}

const turnsPerSecond = 100;
/** The pacer's rate stays under the limit, so that the window over it has something to make up stalls with. */
const paceStretch = 1.004;

/**
 * How `maxRps` is kept. The pacer spreads the slots evenly; the window over it is exact, whatever timers do.
 * What is booked ahead, others have to wait for: less where there are others.
 */
export function planRate(maxRps: number, aheadMs: number): RatePlan {
  const slotsPerTurn = Math.max(1, Math.floor(maxRps / turnsPerSecond));
  const turnMs = (1000 * paceStretch * slotsPerTurn) / maxRps;
  return {
    all: { limit: maxRps, spanMs: 1000 },
    onDemand: { limit: Math.max(1, Math.floor(maxRps / 2)), spanMs: maxRps === 1 ? 2000 : 1000 },
    slotsPerTurn,
    turnMs,
    turnsAhead: Math.max(1, Math.ceil(aheadMs / turnMs)),
  };
}
