import type { Pool, PoolClient } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';

/** So many waits in a row that ended without a word, and nobody else waits. */
const silencesToOpen = 3;
const probeEveryMs = 500;
const probeTimeoutMs = 2000;

/** What the drivers say when a wait ended without any answer. */
const silence =
  /^(Query read timeout|timeout exceeded when trying to connect|timeout expired|Connection terminated due to connection timeout|Connection terminated: it does not answer)$/;

/** Spares callers the wait for a store that answers nobody. */
export interface StoreBreaker {
  /** True while nobody is let through. */
  readonly isOpen: boolean;
  /** @param ask does not throw itself. @throws {NexusError} `unavailable`, at once, while the store answers nobody */
  run<T>(ask: () => Promise<T>): Promise<T>;
}

const breakers = new WeakMap<Pool | PoolClient, StoreBreaker>();

/** The breaker of a pool, or of a connection that `shareBreaker` named. */
export function breakerOf(on: Pool | PoolClient): StoreBreaker {
  const known = breakers.get(on);
  if (known !== undefined) return known;
  const made = createBreaker(() => runStatement(on, sql`select 1`, { timeoutMs: probeTimeoutMs }));
  breakers.set(on, made);
  return made;
}

/** A connection of a pool is as silent as the pool. */
export const shareBreaker = (pool: Pool, client: PoolClient): void =>
  void breakers.set(client, breakerOf(pool));

/**
 * Opens after a few silences with no answer between them: whatever the store answers, also a refusal, shows that it
 * is there. While it is open a probe asks, twice a second, and closes it with the first answer.
 */
function createBreaker(probe: () => Promise<unknown>): StoreBreaker {
  let silences = 0;
  let isOpen = false;
  const close = () => {
    silences = 0;
    isOpen = false;
  };
  const probeLater = () => void setTimeout(() => void look(), probeEveryMs).unref();
  const look = async () => {
    await probe().then(close, (error: unknown) => !isSilence(error) && close());
    if (isOpen) probeLater();
  };
  const answered = <T>(answer: T): T => {
    close();
    return answer;
  };
  const failed = (error: unknown): never => {
    if (!isSilence(error)) close();
    else if (++silences >= silencesToOpen && !isOpen) {
      isOpen = true;
      probeLater();
    }
    throw error;
  };
  return {
    get isOpen() {
      return isOpen;
    },
    run(ask) {
      return isOpen ? Promise.reject(overloaded()) : ask().then(answered, failed);
    },
  };
}

const overloaded = () =>
  new NexusError('unavailable', 'The service is overloaded or being restarted. Please try again.', {
    retryAfterMs: probeTimeoutMs,
  });

const isSilence = (error: unknown): boolean => error instanceof Error && silence.test(error.message);
