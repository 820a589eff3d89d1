import { isNobodyListening } from '../db/store-away.ts';
import { SturdyClient } from '../db/sturdy-client.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded-postgres.ts';

interface KeepOptions {
  dataDir: string;
  postgres: EmbeddedPostgres;
  onRestart: () => void;
  onTrouble: (error: unknown) => void;
}

const lookEveryMs = 1000;
const connectTimeoutMs = 2000;

/**
 * Starts the embedded PostgreSQL again when it died under us (killed, out of memory). Committed rows are there
 * again after its crash recovery; whoever holds connections makes new ones. Dispose stops the server, if it is ours.
 */
export function keepPostgresRunning({
  dataDir,
  postgres,
  onRestart,
  onTrouble,
}: KeepOptions): AsyncDisposable {
  const stopping = new AbortController();
  let current = postgres;
  const look = async () => {
    if (await answers(current)) return;
    onRestart();
    current = await openEmbeddedPostgres({ dataDir, inherit: true, signal: stopping.signal });
  };
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await interruptibleSleep(lookEveryMs, stopping.signal);
      if (!stopping.signal.aborted) await look().catch(onTrouble);
    }
  };
  const watching = watch();
  // A second signal, or closing that takes too long, ends this process in the middle of it.
  const onExit = () => current.stopUnwatched();
  process.on('exit', onExit);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await watching;
      await current.stop();
      process.off('exit', onExit);
    },
  };
}

/** False only if there is no server at all: one that is slow, or recovering, is left in peace. */
async function answers({ host, port, user, database }: EmbeddedPostgres): Promise<boolean> {
  const client = new SturdyClient({ host, port, user, database, connectionTimeoutMillis: connectTimeoutMs });
  try {
    await client.connect();
    return true;
  } catch (error) {
    return !isNobodyListening(error);
  } finally {
    await client.end().catch(() => {});
  }
}

function interruptibleSleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
