import { NexusError } from '#shared/errors.ts';

/** Turns at something: one at a time of each key, and only so many of all keys together. */
export interface Turns {
  /**
   * @returns ends it
   * @throws {NexusError} `unavailable` when it does not come in time
   */
  take(key: string, patienceMs: number): Promise<() => void>;
}

interface Waiting {
  key: string;
  go: () => void;
}

export function createTurns(atOnce: number): Turns {
  const taken = new Set<string>();
  const queue: Waiting[] = [];
  const isFree = (key: string) => taken.size < atOnce && !taken.has(key);

  const leave = (key: string) => {
    taken.delete(key);
    const next = queue.find((each) => isFree(each.key));
    if (next === undefined) return;
    queue.splice(queue.indexOf(next), 1);
    taken.add(next.key);
    next.go();
  };

  const wait = async (key: string, patienceMs: number): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { key, go: resolve };
    queue.push(waiting);
    const late = setTimeout(() => {
      const place = queue.indexOf(waiting);
      if (place >= 0) queue.splice(place, 1);
      reject(new NexusError('unavailable', 'Too many requests at once. Please try again.'));
    }, patienceMs);
    await promise.finally(() => clearTimeout(late));
  };

  return {
    async take(key, patienceMs) {
      if (isFree(key)) taken.add(key);
      else await wait(key, patienceMs);
      return () => leave(key);
    },
  };
}
