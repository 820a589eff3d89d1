import type { NoticeHub } from '../../store/notice-hub.ts';
import { createReadyCache, type ReadyCache, type ReadyCacheOptions } from './ready-cache.ts';

/**
 * While movies change all the time, what is made of several of them may be so old: a running sync tells of some hundred
 * changes every second, and each would drop every list.
 */
export const mostLagMs = 5000;

/**
 * A cache of what is made of several movies or of a list. A list that was taken over clears it at once, and so does a
 * gap in the notices, during which changes would have been missed. A changed movie clears it at once, too, unless
 * another one has done so within `mostLagMs`: then as soon as these are over.
 */
export function createMirrorCache<K extends {}, V extends {}>(
  hub: NoticeHub,
  options: Omit<ReadyCacheOptions<V>, 'trusted'>,
): ReadyCache<K, V> {
  const cache = createReadyCache<K, V>({ ...options, trusted: () => hub.connected });
  let clearedAtMs = Number.NEGATIVE_INFINITY;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const clear = () => {
    clearTimeout(waiting);
    waiting = undefined;
    clearedAtMs = performance.now();
    cache.clear();
  };
  const clearInTime = () => {
    if (waiting !== undefined) return;
    const waitMs = clearedAtMs + mostLagMs - performance.now();
    if (waitMs <= 0) clear();
    else waiting = setTimeout(clear, waitMs).unref();
  };
  hub.subscribe({
    onGap: clear,
    onNotice({ kind }) {
      if (kind === 'list') clear();
      if (kind === 'movies') clearInTime();
    },
  });
  return cache;
}
