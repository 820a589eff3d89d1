/** After the circuit opened: probes 2, 4, 8, then every 15 seconds, told from how long it has been open. */
export function probeDelayMs(openForMs: number): number {
  return Math.min(15_000, 2000 + Math.max(0, openForMs));
}

/** After the key was rejected: probes after 15 s, 30 s, a minute and so on, at last every 15 minutes. */
export function keyProbeDelayMs(stoppedForMs: number): number {
  return Math.min(15 * 60_000, 15_000 + Math.max(0, stoppedForMs));
}

const firstPauseMs = 1000;
const maxPauseMs = 60_000;

/** How long all calls pause after a 429 that did not say how long: doubles with each in a row, up to a minute. */
export function pauseMs(pausesInARow: number, random: number): number {
  const base = firstPauseMs * 2 ** Math.min(pausesInARow, 10);
  return Math.min(maxPauseMs, base * (1 + random / 4));
}

/** A pause that is longer than this is looked into before its end. */
export const longPauseMs = 60_000;

/** In a long pause: one call after a minute, then after two, four and so on, at last every 15 minutes. */
export function pauseLookDelayMs(looks: number): number {
  return Math.min(15 * 60_000, longPauseMs * 2 ** Math.min(looks, 10));
}
