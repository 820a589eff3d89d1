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

const versionStatement = sql<{ version: string }>`select current_setting('server_version_num') as version`;

/** Resolves when the PostgreSQL at the URL takes connections. @throws {ConfigError} also for one that is too old */
export async function waitForPostgres(url: string, waiting: Waiting): Promise<void> {
  const { hostname, port } = new URL(url);
  const name = `PostgreSQL at DATABASE_URL (${hostname}:${port || 5432})`;
  const attempt = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
    client.on('error', () => {});
    try {
      await client.connect();
      const [row] = await runStatement(client, versionStatement);
      return Math.floor(Number(row?.version) / 10_000);
    } finally {
      await client.end().catch(() => {});
    }
  };
  const version = await waitForStore(attempt, {
    ...waiting,
    name,
    isAway: (error) => storeTroubleOf(error) !== undefined,
    refusal: (error) => refusals[codeOf(error)],
  });
  if (version < leastVersion)
    throw new ConfigError(`${name} is version ${version}: it must be ${leastVersion} or newer.`);
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');
