import { LRUCache } from 'lru-cache';

export interface ReadyCacheOptions<V> {
  maxBytes: number;
  maxAgeMs: number;
  sizeOf: (value: V) => number;
  /** False while no notice can arrive: entries may then be outdated. */
  trusted: () => boolean;
}

export interface ReadyCache<K, V> {
  get(key: K): V | undefined;
  /** Also what may be outdated: to be shown as that, when the store answers nobody. */
  last(key: K): V | undefined;
  /** Reads once for all concurrent callers. Keeps the result if `kept` gives a value and no notice came. */
  load<R>(key: K, read: () => Promise<R>, kept: (result: R) => V | undefined): Promise<R>;
  drop(key: K): void;
  clear(): void;
}

interface Load {
  result: Promise<unknown>;
  /** Dropped while it ran: it may have seen what was there before. */
  outdated: boolean;
}

/**
 * Keeps answers that are ready to be sent until a notice drops them. A read that began before a notice is not
 * kept, and callers who come after the notice do not share it.
 */
export function createReadyCache<K extends {}, V extends {}>(
  options: ReadyCacheOptions<V>,
): ReadyCache<K, V> {
  const { maxBytes, maxAgeMs, sizeOf, trusted } = options;
  const entries = new LRUCache<K, V>({
    maxSize: maxBytes,
    sizeCalculation: sizeOf,
    ttl: maxAgeMs,
    ttlResolution: 1000,
  });
  const loads = new Map<K, Load>();

  const outdate = (key: K, load: Load | undefined) => {
    if (load === undefined) return;
    load.outdated = true;
    loads.delete(key);
  };

  return {
    get: (key) => (trusted() ? entries.get(key) : undefined),
    last: (key) => entries.get(key),
    load<R>(key: K, read: () => Promise<R>, kept: (result: R) => V | undefined): Promise<R> {
      if (!trusted()) return read();
      const running = loads.get(key);
      if (running !== undefined) return running.result as Promise<R>;
      const load: Load = { result: Promise.resolve(), outdated: false };
      const keep = (result: R) => {
        const value = load.outdated || !trusted() ? undefined : kept(result);
        if (value !== undefined) entries.set(key, value);
        return result;
      };
      const result = read()
        .then(keep)
        .finally(() => {
          if (loads.get(key) === load) loads.delete(key);
        });
      load.result = result;
      loads.set(key, load);
      return result;
    },
    drop(key) {
      entries.delete(key);
      outdate(key, loads.get(key));
    },
    clear() {
      entries.clear();
      for (const [key, load] of loads) outdate(key, load);
    },
  };
}
