import type { NoticeHub } from '../../store/notice-hub.ts';
import { packLike } from './packed.ts';
import { createReadyCache, type ReadyCache, type ReadyCacheOptions } from './ready-cache.ts';

/**
 * While movies change all the time, what is made of several of them may be so old: a running sync tells of some hundred
 * changes every second, and each would drop every list.
 */
export const mostLagMs = 5000;
/** So old, it is read again when somebody asks for it, who gets what is there: nobody waits for what many ask for. */
const renewAfterMs = 3000;

export interface MirrorCache<K extends {}, V extends {}> extends ReadyCache<K, V> {
  /**
   * Reads it again for those who ask later, if it may be shown for a moment only, and packs it as the last one was; that
   * nothing came of it is no harm.
   */
  renew(key: K, read: () => Promise<V>): void;
}

interface MirrorCacheOptions<V> extends Omit<ReadyCacheOptions<V>, 'trusted'> {
  /** What of a value is sent, and may be packed. */
  bytesOf?: (value: V) => Uint8Array;
}

interface Entry<V> {
  value: V;
  /** When the reading of it began. */
  readAtMs: number;
}

/**
 * A cache of what is made of several movies or of a list. A list that was taken over clears it at once, and so does a
 * gap in the notices, during which changes would have been missed. A changed movie clears it at once, too, unless
 * another one has changed within `mostLagMs`: then what was read before is shown until it is so old.
 */
export function createMirrorCache<K extends {}, V extends {}>(
  hub: NoticeHub,
  { sizeOf, isOdd, bytesOf, ...options }: MirrorCacheOptions<V>,
): MirrorCache<K, V> {
  const cache = createReadyCache<K, Entry<V>>({
    ...options,
    sizeOf: ({ value }) => sizeOf(value),
    ...(isOdd && { isOdd: ({ value }: Entry<V>) => isOdd(value) }),
    trusted: () => hub.connected,
  });
  const renewing = new Set<K>();
  let changedAtMs = Number.NEGATIVE_INFINITY;
  hub.subscribe({
    onGap: cache.clear,
    onNotice({ kind }) {
      if (kind === 'list') cache.clear();
      if (kind !== 'movies') return;
      const nowMs = performance.now();
      if (nowMs - changedAtMs >= mostLagMs) cache.clear();
      changedAtMs = nowMs;
    },
  });
  const isOlder = ({ readAtMs }: Entry<V>, ms: number) =>
    readAtMs <= changedAtMs && performance.now() - readAtMs >= ms;
  const load: ReadyCache<K, V>['load'] = (key, read, kept) => {
    const readAtMs = performance.now();
    return cache.load(key, read, (result) => {
      const value = kept(result);
      return value === undefined ? undefined : { value, readAtMs };
    });
  };
  const readAnew = async (key: K, read: () => Promise<V>): Promise<V> => {
    const last = cache.last(key)?.value;
    const value = await read();
    if (bytesOf !== undefined && last !== undefined) await packLike(bytesOf(value), bytesOf(last));
    return value;
  };
  const isAging = (key: K) => {
    const entry = cache.get(key);
    return entry !== undefined && isOlder(entry, renewAfterMs);
  };
  return {
    ...cache,
    get(key) {
      const entry = cache.get(key);
      return entry === undefined || isOlder(entry, mostLagMs) ? undefined : entry.value;
    },
    last: (key) => cache.last(key)?.value,
    load,
    renew(key, read) {
      if (renewing.has(key) || !isAging(key)) return;
      renewing.add(key);
      const renewed = () =>
        load(
          key,
          () => readAnew(key, read),
          (value) => value,
        )
          .catch(() => {})
          .finally(() => renewing.delete(key));
      // Who asks gets their answer first.
      setImmediate(() => void renewed());
    },
  };
}
