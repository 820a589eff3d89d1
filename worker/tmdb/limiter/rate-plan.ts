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
  /** Of all processes together, one slot comes so long after the other. */
  slotMs: number;
  /** Turns booked ahead, so that a stall of the event loop costs none. */
  turnsAhead: number;
}

const turnsPerSecond = 100;
const aheadMs = 400;
/** The pacer is a little faster than the limit, so that turns lost to a stall are made up; the window holds the limit. */
const pace = 1.04;

/**
 * How `maxRps` is kept. The pacer spreads the slots evenly; the window over it is exact, whatever timers do.
 */
export function planRate(maxRps: number): RatePlan {
  const slotsPerTurn = Math.max(1, Math.floor(maxRps / turnsPerSecond));
  const turnMs = (1000 * slotsPerTurn) / (maxRps * pace);
  return {
    all: { limit: maxRps, spanMs: 1000 },
    onDemand: { limit: Math.max(1, Math.floor(maxRps / 2)), spanMs: maxRps === 1 ? 2000 : 1000 },
    slotsPerTurn,
    turnMs,
    slotMs: turnMs / slotsPerTurn,
    turnsAhead: Math.max(1, Math.ceil(aheadMs / turnMs)),
  };
}
