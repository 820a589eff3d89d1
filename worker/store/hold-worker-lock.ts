import pg from 'pg';
import { ConfigError } from '#shared/config.ts';
import type { Log } from '#shared/log.ts';

/** Names the lock in PostgreSQL. */
const workerLockKey = 7_269_002;
/** A killed worker's connection may take a moment to be noticed. */
const patienceMs = 3000;
const retryMs = 200;

/**
 * Without Redis there is one worker process: its limiter is its own. Holds a lock that PostgreSQL frees when this
 * process dies, however it dies.
 * @param onLost another process took it over while our connection was away: this one must end
 * @throws {ConfigError} when another worker holds it
 */
export async function holdWorkerLock(
  clientConfig: pg.ClientConfig,
  options: { log: Log; onLost: () => void },
): Promise<AsyncDisposable> {
  let closed = false;
  let client = await acquire(clientConfig, patienceMs);
  if (client === undefined)
    throw new ConfigError(
      'Another worker already works on this database. Without Redis there can be only one. Stop it, or set REDIS_URL to run several.',
    );
  const watch = (held: pg.Client) => {
    held.on('error', (error) => options.log.warn({ err: error }, 'the worker lock’s connection broke'));
    held.on('end', () => void regain());
  };
  const regain = async () => {
    while (!closed) {
      client = await acquire(clientConfig, patienceMs).catch(() => undefined);
      if (client !== undefined) return watch(client);
      if (await isHeldByAnother(clientConfig)) {
        options.onLost();
        return;
      }
      await Bun.sleep(retryMs);
    }
  };
  watch(client);
  return {
    async [Symbol.asyncDispose]() {
      closed = true;
      await client?.end().catch(() => {});
    },
  };
}

async function acquire(clientConfig: pg.ClientConfig, forMs: number): Promise<pg.Client | undefined> {
  const client = new pg.Client({ ...clientConfig, application_name: 'nexus-worker-lock', keepAlive: true });
  // A broken connection reports it twice: by the query's error and by this event, which needs a listener.
  client.on('error', () => {});
  try {
    if (await lockWithin(client, forMs)) return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  await client.end();
  return undefined;
}

async function lockWithin(client: pg.Client, forMs: number): Promise<boolean> {
  await client.connect();
  for (const until = performance.now() + forMs; performance.now() < until; await Bun.sleep(retryMs)) {
    const { rows } = await client.query('select pg_try_advisory_lock($1) as held', [workerLockKey]);
    if (rows[0]?.held === true) return true;
  }
  return false;
}

/** True only if the database answers and says so: a database that is away decides nothing. */
async function isHeldByAnother(clientConfig: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(clientConfig);
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      "select 1 from pg_locks where locktype = 'advisory' and objid = $1 and granted and database = (select oid from pg_database where datname = current_database())",
      [workerLockKey],
    );
    return rows.length > 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
