import type pg from 'pg';
import { ConfigError } from '#shared/config.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { WatchedClient } from '#shared/db/watched-client.ts';
import type { Log } from '#shared/log.ts';

/** Names the lock in PostgreSQL. */
const workerLockKey = 7_269_002;
/** A killed worker's connection may take a moment to be noticed. */
const patienceMs = 3000;
const retryMs = 200;
const answerMs = 5000;
const sessionName = 'nexus-worker-lock';

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
  const watch = (held: WatchedClient) => {
    held.startPulse();
    held.on('error', (error) => options.log.warn({ err: error }, 'the worker lock’s connection broke'));
    held.on('end', () => void regain(held));
  };
  const regain = async (before: WatchedClient) => {
    while (!closed) {
      client = await acquire(clientConfig, patienceMs, before).catch(() => undefined);
      if (client !== undefined) return watch(client);
      if (await isHeldByAnother(clientConfig, before)) {
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

async function acquire(
  clientConfig: pg.ClientConfig,
  forMs: number,
  before?: WatchedClient,
): Promise<WatchedClient | undefined> {
  const client = new WatchedClient({
    ...clientConfig,
    application_name: sessionName,
    query_timeout: answerMs,
  });
  try {
    await client.connect();
    if (before !== undefined) await endSession(client, before);
    if (await lockWithin(client, forMs)) return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  await client.end();
  return undefined;
}

/** What the network has cut in two, the server may take for alive: it would hold the lock against us. */
async function endSession(client: WatchedClient, { processId }: WatchedClient): Promise<void> {
  await runStatement(
    client,
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where pid = ${processId} and application_name = ${sessionName} and datname = current_database()`,
  );
}

async function lockWithin(client: WatchedClient, forMs: number): Promise<boolean> {
  for (const until = performance.now() + forMs; performance.now() < until; await Bun.sleep(retryMs)) {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [
      workerLockKey,
    ]);
    if (rows[0]?.held === true) return true;
  }
  return false;
}

/**
 * True only if the database answers and says so: a database that is away decides nothing. Nor does what our own lost
 * session still holds.
 */
async function isHeldByAnother(
  clientConfig: pg.ClientConfig,
  { processId }: WatchedClient,
): Promise<boolean> {
  const client = new WatchedClient({ ...clientConfig, query_timeout: answerMs });
  try {
    await client.connect();
    const rows = await runStatement(
      client,
      sql`select 1 from pg_locks where locktype = 'advisory' and objid = ${workerLockKey} and granted
        and pid <> ${processId} and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.length > 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
