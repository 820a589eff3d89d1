const defaultMs = 5000;
const longestMs = 60_000;

/** What goes into `Retry-After`: whole seconds, never none and never more than a minute. */
export function retrySeconds(waitMs: number = defaultMs): number {
  return Math.max(1, Math.ceil(Math.min(waitMs, longestMs) / 1000));
}
