const defaultMs = 5000;
/** What is away may be back at any time; a limit tells exactly when it is over. */
const longestMs = { 503: 60_000, 429: Number.POSITIVE_INFINITY } as const;

/** What goes into `Retry-After`: whole seconds, never none, and for what is away never more than a minute. */
export function retrySeconds(http: 429 | 503, waitMs: number = defaultMs): number {
  return Math.max(1, Math.ceil(Math.min(waitMs, longestMs[http]) / 1000));
}

/** `Retry-After` on whatever says 429 or 503, in whichever form; nothing on the rest. */
export const retryHeaders = (http: number, waitMs?: number): { 'retry-after'?: string } =>
  http === 429 || http === 503 ? { 'retry-after': String(retrySeconds(http, waitMs)) } : {};
