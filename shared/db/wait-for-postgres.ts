import pg from 'pg';
import { type Waiting, waitForStore } from '../wait-for-store.ts';

/** The network's, and the server's own ways of saying "not yet". */
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ENOENT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P03',
  '53300',
]);

const refusals: Record<string, string> = {
  '28P01': 'refuses the password in it.',
  '28000': 'refuses the user in it.',
  '3D000': 'has no such database: create it, or correct the name.',
};

const connectTimeoutMs = 3000;

/** Resolves when the PostgreSQL at the URL takes connections. @throws {ConfigError} */
export function waitForPostgres(url: string, waiting: Waiting): Promise<void> {
  const { hostname, port } = new URL(url);
  const attempt = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
    } finally {
      await client.end().catch(() => {});
    }
  };
  return waitForStore(attempt, {
    ...waiting,
    name: `PostgreSQL at DATABASE_URL (${hostname}:${port || 5432})`,
    isAway: (error) => awayCodes.has(codeOf(error)) || /timeout|terminated/i.test(String(error)),
    refusal: (error) => refusals[codeOf(error)],
  });
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');
