import { readdir } from 'node:fs/promises';
import { MikroORM } from '@mikro-orm/postgresql';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { type CommonConfig, ConfigError } from '../config.ts';
import { storeWentAway } from '../db/store-away.ts';
import { waitForPostgres } from '../db/wait-for-postgres.ts';
import { sessionOptions, WatchedClient } from '../db/watched-client.ts';
import { prepareDataFolder } from '../embedded/data-folder.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { errorCodeOf } from '../embedded/error-code.ts';
import { keepPostgresRunning } from '../embedded/keep-postgres-running.ts';
import type { Log } from '../log.ts';
import { readPostgresUrl } from '../postgres-url.ts';
import { within } from '../within.ts';
import { refuseNewerSchema, sayOldestReader } from './newer-schema.ts';
import { ormOptions } from './orm-options.ts';

/** What both ways of having a PostgreSQL come down to. */
export type ConnectionTarget =
  | { url: string }
  | { host: string; port: number; user: string; database: string };

export interface Database extends AsyncDisposable {
  orm: MikroORM;
  /** The ORM's own pool: for prepared reads that want no ORM between. */
  pool: pg.Pool;
  /** For connections of their own kind: the queue's pool, LISTEN, advisory locks. */
  clientConfig: pg.ClientConfig;
}

interface DatabaseOptions {
  /** Whether a statement may keep only one processor of the database busy: for what anybody can ask for. */
  oneProcess?: boolean | undefined;
  /** The most connections of the pool. */
  poolMax?: number | undefined;
}

/** Serialises migrators: the migrator itself takes no lock. */
const migrationLockKey = 7_269_001;

/** A statement that takes longer than this is given up: no wait is unbounded. */
const statementTimeoutMs = 60_000;
/** What the server did not say by then, it never will. */
const answerTimeoutMs = statementTimeoutMs + 15_000;
/** A transaction that was left behind by its client frees its locks after so long. */
const idleTransactionMs = 40_000;

/** A right that is missing, and a schema that is there but not for us. */
const forbiddenCodes = ['42501', '3F000'];

/** Connections of one process that has no fewer to itself. */
export const poolMax = 12;

/** How long closing waits for connections to be given back. */
const closeTimeoutMs = 2000;

/**
 * Opens the database the configuration names: the given URL, or the embedded PostgreSQL, which is started, or
 * adopted if it runs already. Whoever started it stops it on dispose; with `inherit`, also one whose starter was killed.
 */
export async function openConfiguredDatabase(
  config: CommonConfig,
  log: Log,
  options: DatabaseOptions & {
    inherit?: boolean;
    signal?: AbortSignal;
    onWait?: (sentence: string) => void;
  } = {},
): Promise<Database> {
  const { oneProcess, poolMax } = options;
  if (config.database.kind === 'url') {
    const { url } = config.database;
    await waitForPostgres(url, { log, ...options });
    return openDatabase({ url }, { log, oneProcess, poolMax });
  }
  const dataDir = await prepareDataFolder(config.dataDir);
  await using stack = new AsyncDisposableStack();
  const postgres = await openEmbeddedPostgres({ dataDir, inherit: options.inherit });
  if (postgres.owned) stack.use(keepRunning(dataDir, postgres, log));
  log.info({ started: postgres.started, first_start: postgres.firstStart }, 'embedded PostgreSQL is up');
  const database = stack.use(await openDatabase(postgres, { log, oneProcess, poolMax }));
  const owned = stack.move();
  return { ...database, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const keepRunning = (dataDir: string, postgres: EmbeddedPostgres, log: Log) =>
  keepPostgresRunning({
    dataDir,
    postgres,
    onRestart: () => log.error('the embedded PostgreSQL died, starting it again'),
    onTrouble: (error) => log.error({ err: error }, 'the embedded PostgreSQL did not start'),
  });

const poolSettings = ({ oneProcess }: DatabaseOptions) => ({
  Client: WatchedClient,
  statement_timeout: statementTimeoutMs,
  query_timeout: answerTimeoutMs,
  idle_in_transaction_session_timeout: idleTransactionMs,
  connectionTimeoutMillis: 5000,
  application_name: 'nexus',
  options: sessionOptions(...(oneProcess ? ['max_parallel_workers_per_gather=0'] : [])),
});

/** A pool for what only reads, on a server that may lag. Connects when it is first used. */
export function openReadPool(url: string, options: DatabaseOptions = {}): pg.Pool {
  const max = options.poolMax ?? poolMax;
  const pool = new pg.Pool({ connectionString: url, max, ...poolSettings(options) });
  pool.on('error', () => {});
  return pool;
}

export async function openDatabase(
  target: ConnectionTarget,
  options: DatabaseOptions & { log?: Log } = {},
): Promise<Database> {
  const clientConfig: pg.ClientConfig =
    'url' in target
      ? { connectionString: target.url }
      : { host: target.host, port: target.port, user: target.user, database: target.database };
  const orm = new MikroORM({
    ...ormOptions,
    logger: (message) => options.log?.debug({ orm: message }),
    colors: false,
    dbName: databaseNameOf(target),
    ...('url' in target ? {} : { host: target.host, port: target.port, user: target.user }),
    pool: { min: 0, max: options.poolMax ?? poolMax, idleTimeoutMillis: 30_000 },
    driverOptions: {
      // Read by `pg` itself, which knows all that a URL may say (`?host=/socket/folder`, `sslmode`); the ORM does not.
      ...('url' in target ? { connectionString: target.url } : {}),
      ...poolSettings(options),
    },
  });
  const pool = await orm.em.getConnection().getNativeClient();
  await pool.query('select 1');
  // A connection that its server left behind may never be given back: what is over need not be waited for.
  const close = () => within(closeTimeoutMs, orm.close(true)).catch(() => {});
  return { orm, pool, clientConfig, [Symbol.asyncDispose]: close };
}

/**
 * Brings schema and, without Redis, the queue's own tables up to date. Safe to run from many processes at once.
 * A role that only works with the schema (see `grantAppRole`) makes sure that the owner has done so.
 * @throws {ConfigError} where the role may not
 */
export async function migrateDatabase(database: Database): Promise<void> {
  const client = new WatchedClient(database.clientConfig);
  await client.connect();
  try {
    const known = await knownMigrations(database.orm);
    await refuseNewerSchema(client, known);
    if (await isAppRole(client)) return await requireCurrentSchema(client, known);
    await client.query('select pg_advisory_lock($1)', [migrationLockKey]);
    await database.orm.migrator.up();
    await sayOldestReader(client);
    await runMigrations(client, 'bullmq');
  } catch (error) {
    throw refusalOf(error) ?? lossOf(error) ?? error;
  } finally {
    await client.end();
  }
}

/** One that may read which migrations ran, but may not run more. */
async function isAppRole(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`
    select not has_database_privilege(current_database(), 'create')
      and to_regclass('migrations') is not null and has_table_privilege('migrations', 'select') as is_app_role`);
  return rows[0]?.is_app_role === true;
}

async function knownMigrations(orm: MikroORM): Promise<string[]> {
  const files = await readdir(orm.config.get('migrations').pathTs ?? '');
  return files.filter((file) => /^Migration.*\.ts$/.test(file)).map((file) => file.replace(/\.ts$/, ''));
}

/** @throws {ConfigError} where migrations of this version have not run yet */
async function requireCurrentSchema(client: pg.Client, known: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select name from migrations');
  const done = new Set(rows.map(({ name }) => name));
  const missing = known.filter((name) => !done.has(name));
  if (missing.length > 0)
    throw new ConfigError(
      `The schema lacks ${missing.length} migration(s) of this version, and the role in DATABASE_URL may not run them: run "npm run migrate" with the owner's DATABASE_URL first.`,
    );
}

function refusalOf(error: unknown): ConfigError | undefined {
  if (!(error instanceof Error) || !forbiddenCodes.includes(errorCodeOf(error) ?? '')) return undefined;
  const [reason] = error.message.split('\n');
  return new ConfigError(
    `The schema cannot be created: ${reason}. The role in DATABASE_URL must own its database.`,
  );
}

/** Migrations are one transaction, and the queue's are one each. */
const lossOf = (error: unknown) =>
  readOnlyOf(error) ??
  storeWentAway(
    error,
    'while the schema was brought up to date. Nothing is half done, the next start goes on',
  );

const readOnlyOf = (error: unknown) =>
  errorCodeOf(error) === '25006'
    ? new ConfigError(
        'PostgreSQL at DATABASE_URL takes no writes: it is a standby, or default_transaction_read_only is on. Name the server that takes them.',
      )
    : undefined;

function databaseNameOf(target: ConnectionTarget): string {
  return 'url' in target ? (readPostgresUrl(target.url)?.database ?? '') : target.database;
}
