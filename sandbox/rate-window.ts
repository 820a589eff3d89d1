const WINDOW_MS = 1_000;

export interface RateWindow {
  limit(maxRps: number | null): void;
  /** Whether a request at this moment is still within the limit; if so it is counted. */
  admit(nowMs: number): boolean;
}

/** At most `maxRps` admitted requests in any second, counted back from each request. */
export function createRateWindow(initial: number | null): RateWindow {
  let maxRps = initial;
  let admitted: number[] = [];
  return {
    limit(next) {
      maxRps = next;
      admitted = [];
    },
    admit(nowMs) {
      if (maxRps === null) return true;
      while (admitted[0] !== undefined && admitted[0] <= nowMs - WINDOW_MS) admitted.shift();
      if (admitted.length >= maxRps) return false;
      admitted.push(nowMs);
      return true;
    },
  };
}
