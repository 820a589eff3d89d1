import { ConfigError } from './config.ts';
import type { Log } from './log.ts';

export interface Waiting {
  log: Log;
  /** Ends the waiting: the process is to end. */
  signal?: AbortSignal | undefined;
  /** Also tells the person at the terminal, besides the log. */
  onWait?: ((sentence: string) => void) | undefined;
}

interface Store extends Waiting {
  /** `PostgreSQL at DATABASE_URL (db.example.org:5432)`: no credentials. */
  name: string;
  /** Whether waiting can help. */
  isAway: (error: unknown) => boolean;
  /** Why it cannot; `undefined`: the error speaks for itself. */
  refusal: (error: unknown) => string | undefined;
  /** What it says in place of an answer, as far as that is known. */
  reason?: (error: unknown) => Promise<string | undefined>;
}

const tryEveryMs = 500;
const sayEveryMs = 5000;

/**
 * Tries until a store that a process needs is there: when everything is started at once the store is often the last,
 * and a process that ends instead is only started again.
 * @throws {ConfigError} what waiting cannot heal: a wrong password, a database that does not exist
 */
export async function waitForStore<T>(attempt: () => Promise<T>, store: Store): Promise<T> {
  const { name, log, signal, onWait, reason } = store;
  let saidMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const refusal = store.refusal(error);
      if (refusal !== undefined) throw new ConfigError(`${name} ${refusal}`);
      if (!store.isAway(error)) throw error;
      if (performance.now() - saidMs >= sayEveryMs) {
        saidMs = performance.now();
        const sentence = `Waiting for ${name}: ${(await reason?.(error)) ?? 'it does not answer yet'}.`;
        log.warn({ code: (error as { code?: unknown }).code }, sentence);
        onWait?.(sentence);
      }
    }
    await pause(tryEveryMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
