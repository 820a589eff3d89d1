import { RateLimiterRes } from 'rate-limiter-flexible';
import { NexusError } from '#shared/errors.ts';
import type { Limit } from './limit.ts';

interface ConsumeOptions {
  points?: number;
  /** What a refused caller is told. */
  message: string;
}

/** What is told to whoever tries too often what could be guessing. */
export const tooManyAttempts = { message: 'Too many attempts. Please wait a while.' } as const;

/**
 * Counts against a limit; what is refused counts, too.
 * @param limit `undefined`: none
 * @throws {NexusError} `too_many_requests`
 */
export async function consume(
  limit: Limit | undefined,
  key: string,
  { points = 1, message }: ConsumeOptions,
): Promise<void> {
  try {
    await limit?.consume(key, points);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new NexusError('too_many_requests', message, { retryAfterMs: refusal.msBeforeNext });
  }
}
