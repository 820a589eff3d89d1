import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { openEmbeddedPostgres } from '#shared/embedded/embedded-postgres.ts';
import { type Database, migrateDatabase, openDatabase } from '#shared/orm/database.ts';
import { withClient } from './write/copy.ts';

export interface BenchPostgres extends AsyncDisposable {
  /** A fresh database with the migrations' schema, dropped when disposed. */
  database(): Promise<Database>;
  /**
   * A database as `fill` fills it. With `--keep` it stays, and the next who names it finds it filled and migrated: so the
   * name says all that the rows hang on, and who opens it leaves the rows as they are.
   */
  filled(name: string, fill: (database: Database) => Promise<void>): Promise<Database>;
}

const template = 'bench_template';

/**
 * A PostgreSQL of the bench's own, as durable as the one a user has.
 * @param keepIn a folder that stays, and with it what `filled` fills
 */
export async function openBenchPostgres(keepIn: string | undefined): Promise<BenchPostgres> {
  await using stack = new AsyncDisposableStack();
  const dataDir = keepIn ?? (await mkdtemp(join(tmpdir(), 'nexus-bench-')));
  if (keepIn === undefined) stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const { host, port, user } = stack.use(await openEmbeddedPostgres({ dataDir }));
  const address = { host, port, user };
  const admin = { ...address, database: 'postgres' };
  const asAdmin = (...statements: string[]) => onClient(admin, ...statements);
  // As the api reads: without parallel workers.
  const open = (name: string) => openDatabase({ ...address, database: name }, { oneProcess: true });
  // What a killed run has left goes.
  const make = (name: string, from: string) =>
    asAdmin(`drop database if exists ${name} with (force)`, `create database ${name} template ${from}`);

  await make(template, 'template1');
  const empty = await open(template);
  await migrateDatabase(empty);
  await empty[Symbol.asyncDispose]();

  let made = 0;
  const fresh = async (): Promise<Database> => {
    const name = `bench_${++made}`;
    await make(name, template);
    const database = await open(name);
    return {
      ...database,
      async [Symbol.asyncDispose]() {
        await database[Symbol.asyncDispose]();
        await asAdmin(`drop database if exists ${name} with (force)`);
      },
    };
  };
  const owned = stack.move();
  return {
    database: fresh,
    async filled(name, fill) {
      const kept = `kept_${name}`;
      if (keepIn === undefined) {
        const database = await fresh();
        await fill(database);
        return database;
      }
      if (!(await hasDatabase(admin, kept))) {
        const filling = `filling_${name}`;
        await make(filling, template);
        const database = await open(filling);
        await fill(database);
        await database[Symbol.asyncDispose]();
        await asAdmin(`alter database ${filling} rename to ${kept}`);
      }
      const database = await open(kept);
      await migrateDatabase(database);
      return database;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const hasDatabase = (admin: pg.ClientConfig, name: string): Promise<boolean> =>
  withClient(admin, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    return rowCount === 1;
  });

/** Statements on a connection of their own, for which the service's time limits do not hold. */
export async function onClient(config: pg.ClientConfig, ...statements: string[]): Promise<void> {
  await withClient(config, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}
