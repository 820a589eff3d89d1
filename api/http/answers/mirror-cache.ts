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

/** As many as are read again for nobody in particular, when a change has cleared them. */
const mostReadAgain = 20;

/**
 * Who asks gets their answer first, and whatever else they ask for with it: on a machine that does all, the one who reads
 * the answer works there, too.
 */
const defaultRenewPauseMs = 20;

export interface MirrorCache<K extends {}, V extends {}> extends ReadyCache<K, V> {
  /**
   * What is there. If it may be shown for a moment only, it is read again for those who ask later, and packed as the last
   * one was; that nothing came of it is no harm. What is asked for like this every few seconds is also read again when a
   * change after a quiet time has cleared it.
   */
  getAndRenew(key: K, read: () => Promise<V>): V | undefined;
}

interface MirrorCacheOptions<V> extends Omit<ReadyCacheOptions<V>, 'trusted'> {
  /** What of a value is sent, and may be packed. */
  bytesOf?: (value: V) => Uint8Array;
  renewPauseMs?: number;
}

interface Entry<V> {
  value: V;
  /** When the reading of it began. */
  readAtMs: number;
  /** How often it was asked for since, by those who say how it is read again. */
  asks: number;
  read?: (() => Promise<V>) | undefined;
}

/**
 * A cache of what is made of several movies or of a list. A list that was taken over clears it at once, and so does a
 * gap in the notices, during which changes would have been missed. A changed movie clears it at once, too, unless
 * another one has changed within `mostLagMs`: then what was read before is shown until it is so old.
 */
export function createMirrorCache<K extends {}, V extends {}>(
  hub: NoticeHub,
  { sizeOf, isOdd, bytesOf, renewPauseMs = defaultRenewPauseMs, ...options }: MirrorCacheOptions<V>,
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
      if (nowMs - changedAtMs >= mostLagMs) clearAt(nowMs);
      changedAtMs = nowMs;
    },
  });
  const load: ReadyCache<K, V>['load'] = (key, read, kept) => {
    const readAtMs = performance.now();
    return cache.load(key, read, (result) => {
      const value = kept(result);
      return value === undefined ? undefined : { value, readAtMs, asks: 0 };
    });
  };
  const readAgain = (key: K, read: () => Promise<V>, last: V | undefined): Promise<unknown> => {
    const readAnew = async () => {
      const value = await read();
      if (bytesOf !== undefined && last !== undefined) await packLike(bytesOf(value), bytesOf(last));
      return value;
    };
    return load(key, readAnew, (value) => value).catch(() => {});
  };
  const renew = (key: K, read: () => Promise<V>) => {
    if (renewing.has(key)) return;
    renewing.add(key);
    const renewed = () => readAgain(key, read, cache.last(key)?.value).finally(() => renewing.delete(key));
    setTimeout(() => void renewed(), renewPauseMs);
  };
  /** What is asked for as often as it would be read again while changes never end is read again at once. */
  const clearAt = (nowMs: number) => {
    const busy = [...cache.entries()]
      .filter(([, { asks, readAtMs }]) => asks > 1 && asks * mostLagMs >= nowMs - readAtMs)
      .slice(0, mostReadAgain);
    cache.clear();
    void readAllAgain(busy);
  };
  /** One after the other: whoever asks meanwhile goes before those that nobody waits for. */
  const readAllAgain = async (busy: readonly [K, Entry<V>][]) => {
    for (const [key, { read, value }] of busy)
      if (read !== undefined && cache.get(key) === undefined) await readAgain(key, read, value);
  };
  /** One look, and no clock unless something has changed: this is most of what a ready list costs. */
  const get = (key: K, read?: () => Promise<V>): V | undefined => {
    const entry = cache.get(key);
    if (entry === undefined) return undefined;
    if (read !== undefined) {
      entry.asks++;
      entry.read = read;
    }
    if (entry.readAtMs > changedAtMs) return entry.value;
    const ageMs = performance.now() - entry.readAtMs;
    if (ageMs >= mostLagMs) return undefined;
    if (read !== undefined && ageMs >= renewAfterMs) renew(key, read);
    return entry.value;
  };
  return {
    ...cache,
    get: (key) => get(key),
    getAndRenew: get,
    last: (key) => cache.last(key)?.value,
    load,
  };
}
