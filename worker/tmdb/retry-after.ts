const minMs = 1000;
const maxMs = 3_600_000;

/** `Retry-After` as seconds or an HTTP date, between 1 s and an hour; `undefined` where there is none that can be read. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(maxMs, Math.max(minMs, waitMs));
}
