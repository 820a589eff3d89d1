import { consume } from './consume.ts';
import type { Limit } from './limit.ts';

export interface CountedKey {
  /** `undefined`: none */
  limit: Limit | undefined;
  key: string;
}

interface ConsumeAllOptions {
  points?: number;
  message: string;
}

/**
 * Counts against several limits, one after the other, until one refuses. Those behind it are not told, and those before
 * it get back what was counted: who is refused by one uses nothing of the others. The widest belongs first, so that
 * nobody who is over it makes the store keep more and more keys of what is narrower.
 * @throws {NexusError} `too_many_requests`
 */
export async function consumeAll(
  counted: readonly CountedKey[],
  { points = 1, message }: ConsumeAllOptions,
): Promise<void> {
  for (const [at, { limit, key }] of counted.entries())
    try {
      await consume(limit, key, { points, message });
    } catch (refusal) {
      for (const before of counted.slice(0, at)) await before.limit?.reward(before.key, points);
      throw refusal;
    }
}
