import { LRUCache } from 'lru-cache';

export interface ReadyCacheOptions<V> {
  maxBytes: number;
  maxAgeMs: number;
  sizeOf: (value: V) => number;
  /**
   * What hardly anybody asks for, though there may be a great many of it: it gets an eighth of the room besides, so that
   * it never drives out the rest.
   */
  isOdd?: (value: V) => boolean;
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
  /** Drops all keys of this group (`groupOf`). */
  dropGroup(group: unknown): void;
  /** Looks at every key: for caches of few entries. */
  dropWhere(matches: (key: K) => boolean): void;
  clear(): void;
}

export interface ListedCache<K, V> extends ReadyCache<K, V> {
  /** All that is kept and not odd, what was asked for last first. */
  entries(): Iterable<[K, V]>;
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
  groupOf: (key: K) => unknown = (key) => key,
): ListedCache<K, V> {
  const { maxBytes, maxAgeMs, sizeOf, trusted, isOdd = () => false } = options;
  const groups = new Map<unknown, Set<K>>();
  const leaveGroup = (_: V, key: K) => {
    if (usual.has(key) || odd.has(key)) return;
    const group = groupOf(key);
    const keys = groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) groups.delete(group);
  };
  const open = (maxSize: number) =>
    new LRUCache<K, V>({
      maxSize,
      sizeCalculation: sizeOf,
      ttl: maxAgeMs,
      ttlResolution: 1000,
      // Never with `noDisposeOnSet`: what is driven out would then stay in memory until something is deleted.
      disposeAfter: leaveGroup,
    });
  const usual = open(maxBytes);
  const odd = open(Math.max(1, Math.ceil(maxBytes / 8)));
  const loads = new Map<K, Load>();

  const enter = (key: K, value: V) => {
    const [entries, others] = isOdd(value) ? [odd, usual] : [usual, odd];
    entries.set(key, value);
    others.delete(key);
    // What is larger than all the room is not kept.
    if (!entries.has(key)) return;
    const group = groupOf(key);
    const keys = groups.get(group);
    if (keys === undefined) groups.set(group, new Set([key]));
    else keys.add(key);
  };
  const drop = (key: K) => {
    usual.delete(key);
    odd.delete(key);
    outdate(key, loads.get(key));
  };

  const outdate = (key: K, load: Load | undefined) => {
    if (load === undefined) return;
    load.outdated = true;
    loads.delete(key);
  };

  return {
    get: (key) => (trusted() ? (usual.get(key) ?? odd.get(key)) : undefined),
    last: (key) => usual.get(key) ?? odd.get(key),
    load<R>(key: K, read: () => Promise<R>, kept: (result: R) => V | undefined): Promise<R> {
      if (!trusted()) return read();
      const running = loads.get(key);
      if (running !== undefined) return running.result as Promise<R>;
      const load: Load = { result: Promise.resolve(), outdated: false };
      const keep = (result: R) => {
        const value = load.outdated || !trusted() ? undefined : kept(result);
        if (value !== undefined) enter(key, value);
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
    entries: () => usual.entries(),
    drop,
    dropGroup(group) {
      for (const key of [...(groups.get(group) ?? [])]) drop(key);
      for (const [key, load] of loads) if (groupOf(key) === group) outdate(key, load);
    },
    dropWhere(matches) {
      for (const room of [usual, odd]) for (const key of room.keys()) if (matches(key)) drop(key);
      for (const [key, load] of loads) if (matches(key)) outdate(key, load);
    },
    clear() {
      usual.clear();
      odd.clear();
      groups.clear();
      for (const [key, load] of loads) outdate(key, load);
    },
  };
}
