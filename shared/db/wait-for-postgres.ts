import pg from 'pg';
import { ConfigError } from '../config.ts';
import { type Waiting, waitForStore } from '../wait-for-store.ts';
import { runStatement } from './run-statement.ts';
import { sql } from './sql.ts';
import { storeTroubleOf } from './store-away.ts';

/** What no waiting heals: settings that are wrong. */
const refusals: Record<string, string> = {
  '28P01': 'refuses the password in it.',
  '28000': 'refuses the user in it.',
  '42501': 'does not let the user in it connect.',
  '3D000': 'has no such database: create it, or correct the name.',
};

const connectTimeoutMs = 3000;

/** The first with the collation `pg_c_utf8`, which search compares by. */
const leastVersion = 17;

const serverStatement = sql<{ version: string; encoding: string }>`
  select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`;

/** Resolves when the PostgreSQL at the URL takes connections. @throws {ConfigError} also for one that is too old, or not in UTF-8 */
export async function waitForPostgres(url: string, waiting: Waiting): Promise<void> {
  const { hostname, port } = new URL(url);
  const name = `PostgreSQL at DATABASE_URL (${hostname}:${port || 5432})`;
  const attempt = async () => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: connectTimeoutMs,
    });
    client.on('error', () => {});
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
    refusal: (error) => refusals[codeOf(error)],
  });
  if (version < leastVersion)
    throw new ConfigError(`${name} is version ${version}: it must be ${leastVersion} or newer.`);
  if (encoding !== 'UTF8')
    throw new ConfigError(
      `${name} stores text as ${encoding}: it must be UTF8. Make a new database with: create database … encoding 'UTF8' template template0`,
    );
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');
