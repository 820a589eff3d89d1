import { isUntrusted, nameFailures, probe } from '../connection-failures.ts';
import type { PostgresUrl } from '../postgres-url.ts';

/** What our sessions are started with. */
const poolerIgnores = 'options,statement_timeout,idle_in_transaction_session_timeout';

/** By PostgreSQL's code: settings that are wrong. */
const refusals: Record<string, string> = {
  '28P01': 'refuses the password in it.',
  '28000': 'refuses the user in it.',
  '42501': 'does not let the user in it connect.',
  '3D000': 'has no such database: create it, or correct the name.',
  '55000': 'lets nobody connect to this database (allow_connections is off).',
};

/** By what a driver or PostgreSQL says, where the code says less. */
const refusalsInWords: readonly (readonly [RegExp, string])[] = [
  [
    /^no pg_hba\.conf entry .*no encryption$/,
    'lets us in only with TLS, if at all: add sslmode=verify-full to it, or a line to pg_hba.conf.',
  ],
  [/^no pg_hba\.conf entry /, 'has no line in pg_hba.conf for this machine, user and database.'],
  [/^SASL: .*password must be a/, 'asks for a password, and it has none.'],
  [
    /^The server does not support SSL connections$/,
    'speaks no TLS: take sslmode out of it, or let the server speak TLS.',
  ],
];

/** Why a connection was refused for good, in words for an operator; `undefined`: it was not. */
export function postgresRefusal(error: unknown): string | undefined {
  const { code = '', message = '', syscall } = error as { code?: string; message?: string; syscall?: string };
  const inWords = refusalsInWords.find(([words]) => words.test(message))?.[1];
  if (inWords !== undefined) return inWords;
  if (isUntrusted(code))
    return `shows a certificate that is not trusted here (${code}). Name its authority in it: sslrootcert=/path/to/ca.pem. To go without the check: uselibpqcompat=true&sslmode=require.`;
  if (syscall === 'open')
    return `names a file that cannot be read (${code}): look at sslrootcert, sslcert and sslkey in it.`;
  return refusals[code] ?? refusalOfPooler(message);
}

/** PgBouncer knows few of the settings that a session may be started with. */
function refusalOfPooler(message: string): string | undefined {
  const [, name] = /^unsupported startup parameter:? (?:in options: )?(\w+)/.exec(message) ?? [];
  return (
    name &&
    `is behind a pooler that refuses ${name}. Add to its settings: ignore_startup_parameters = ${poolerIgnores}.`
  );
}

/** What waiting may heal, by code. */
const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there yet',
  ...nameFailures,
  ENOENT: 'there is no socket in that folder yet',
  '53300': 'it has no connection left (max_connections, or the limit of this role or database)',
  '57P03': 'it is starting, or it recovers',
};

/** Why it does not serve us now, as far as that can be told. */
export async function postgresReason(error: unknown, { hosts }: PostgresUrl): Promise<string | undefined> {
  const { code = '' } = error as { code?: string };
  const [first] = hosts;
  if (reasons[code] !== undefined || first === undefined || first.host.startsWith('/')) return reasons[code];
  const { said } = await probe({
    ...{ host: first.host || 'localhost', port: first.port },
    ...{ greeting: sslRequest, isEnough: ({ length }) => length > 0 },
  });
  return 'SNE'.includes(said.toString('latin1', 0, 1)) ? undefined : 'what listens there is no PostgreSQL';
}

/** "Do you speak TLS?": a PostgreSQL says S, N, or E for an error. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
