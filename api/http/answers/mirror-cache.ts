import type { NoticeHub } from '../../store/notice-hub.ts';
import { createReadyCache, type ReadyCache, type ReadyCacheOptions } from './ready-cache.ts';

/**
 * A cache of what is made of several movies or of a list: any change of a movie or a list clears it, and so does a gap
 * in the notices, during which changes would have been missed.
 */
export function createMirrorCache<K extends {}, V extends {}>(
  hub: NoticeHub,
  options: Omit<ReadyCacheOptions<V>, 'trusted'>,
): ReadyCache<K, V> {
  const cache = createReadyCache<K, V>({ ...options, trusted: () => hub.connected });
  hub.subscribe({
    onGap: () => cache.clear(),
    onNotice: ({ kind }) => (kind === 'movies' || kind === 'list') && cache.clear(),
  });
  return cache;
}
