interface SharedReadingOptions {
  /** So many readings a second are made, and as many at once. */
  perSecond?: number;
  nowMs?: () => number;
}

/**
 * For what anybody may ask as often as they like, because no limit counts it. Whoever asks while a reading is under way
 * shares it, and beyond so many a second the last one is given again.
 */
export function shareReading<T>(
  read: () => Promise<T>,
  { perSecond = 10, nowMs = () => performance.now() }: SharedReadingOptions = {},
): () => Promise<T> {
  let left = perSecond;
  let filledMs = nowMs();
  let last: Promise<T> | undefined;
  let isRunning = false;
  const mayRead = (): boolean => {
    const atMs = nowMs();
    left = Math.min(perSecond, left + ((atMs - filledMs) / 1000) * perSecond);
    filledMs = atMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
  return () => {
    if (last !== undefined && isRunning) return last;
    if (!mayRead() && last !== undefined) return last;
    isRunning = true;
    const reading = read().finally(() => {
      isRunning = false;
    });
    last = reading;
    return reading;
  };
}
