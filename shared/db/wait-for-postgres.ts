import { ConfigError } from '../config.ts';
import { hostNames, readPostgresUrl } from '../postgres-url.ts';
import { type Waiting, waitForStore } from '../wait-for-store.ts';
import { holdsSession } from './holds-session.ts';
import { postgresReason, postgresRefusal } from './postgres-reason.ts';
import { runStatement } from './run-statement.ts';
import { sql } from './sql.ts';
import { StoreAwayError, storeTroubleOf } from './store-away.ts';
import { WatchedClient } from './watched-client.ts';

const connectTimeoutMs = 3000;

/** The first with the collation `pg_c_utf8`, which search compares by. */
const leastVersion = 17;

const serverStatement = sql<{ version: string; encoding: string }>`
  select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`;

/** Resolves when the PostgreSQL at the URL takes connections. @throws {ConfigError} also for one that is too old, or not in UTF-8 */
export async function waitForPostgres(url: string, waiting: Waiting): Promise<void> {
  const read = readPostgresUrl(url);
  const name = `PostgreSQL at DATABASE_URL (${read === undefined ? '' : hostNames(read)})`;
  const attempt = async () => {
    const client = new WatchedClient({
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: connectTimeoutMs,
    });
    try {
      await client.connect();
      const [row] = await runStatement(client, serverStatement);
      return { version: Math.floor(Number(row?.version) / 10_000), encoding: row?.encoding };
    } finally {
      await client.end().catch(() => {});
    }
  };
  const { version, encoding } = await waitForStore(attempt, {
    ...waiting,
    name,
    isAway: (error) => storeTroubleOf(error) !== undefined,
    refusal: postgresRefusal,
    reason: async (error) => {
      if (error instanceof StoreAwayError) return 'none of them takes writes yet';
      return read && postgresReason(error, read);
    },
  });
  if (version < leastVersion)
    throw new ConfigError(`${name} is version ${version}: it must be ${leastVersion} or newer.`);
  if (encoding !== 'UTF8')
    throw new ConfigError(
      `${name} stores text as ${encoding}: it must be UTF8. Make a new database with: create database … encoding 'UTF8' template template0`,
    );
  if (!(await holdsSession(url)))
    throw new ConfigError(
      `${name} is behind a pooler that pools transactions, which loses notices, locks and prepared statements. Let it pool sessions (pool_mode = session), or connect without it.`,
    );
}
