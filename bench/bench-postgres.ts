import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbeddedPostgres } from '#shared/embedded/embedded-postgres.ts';
import { type Database, migrateDatabase, openDatabase } from '#shared/orm/database.ts';

export interface BenchPostgres extends AsyncDisposable {
  /** A fresh database with the migrations' schema, dropped when disposed. */
  database(): Promise<Database>;
}

const template = 'bench_template';

/** A PostgreSQL of the bench's own, as durable as the one a user has. */
export async function openBenchPostgres(): Promise<BenchPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'nexus-bench-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const { host, port, user } = stack.use(await openEmbeddedPostgres({ dataDir }));
  const address = { host, port, user };
  const asAdmin = (statement: string) => onClient({ ...address, database: 'postgres' }, statement);

  await asAdmin(`create database ${template}`);
  const empty = await openDatabase({ ...address, database: template });
  await migrateDatabase(empty);
  await empty[Symbol.asyncDispose]();

  let made = 0;
  const owned = stack.move();
  return {
    async database() {
      const name = `bench_${++made}`;
      await asAdmin(`create database ${name} template ${template}`);
      const database = await openDatabase({ ...address, database: name });
      return {
        ...database,
        async [Symbol.asyncDispose]() {
          await database[Symbol.asyncDispose]();
          await asAdmin(`drop database if exists ${name} with (force)`);
        },
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Statements on a connection of their own, for which the service's time limits do not hold. */
export async function onClient(config: pg.ClientConfig, ...statements: string[]): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
