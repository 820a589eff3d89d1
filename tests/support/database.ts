import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import pg from 'pg';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#shared/embedded/embedded-postgres.ts';
import { type Database, migrateDatabase, openDatabase } from '#shared/orm/database.ts';

interface TestPostgres {
  postgres: EmbeddedPostgres;
  dataDir: string;
}

const template = 'nexus_template';
let running: Promise<TestPostgres> | undefined;
let made = 0;
/** Of tests that run side by side: to make all databases at once keeps each of them waiting for as long as all take. */
const inTurn = pLimit(1);

/** A fresh database with the migrations' schema: a clone of a template that they made once. Dispose it when done. */
export const testDatabase = (options: { poolMax?: number } = {}): Promise<Database> =>
  inTurn(() => makeDatabase(options));

async function makeDatabase(options: { poolMax?: number }): Promise<Database> {
  const { postgres } = await testPostgres();
  const name = `test_${process.pid}_${++made}`;
  // Its files are copied. By default each page is logged as well, and packed for that: several times the processor time.
  await asAdmin(postgres, `create database ${name} template ${template} strategy file_copy`);
  const database = await openDatabase({ ...address(postgres), database: name }, options);
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await asAdmin(postgres, `drop database if exists ${name} with (force)`);
    },
  };
}

/** A database without any schema. */
export async function emptyDatabase(): Promise<Database> {
  const { postgres } = await testPostgres();
  const name = `empty_${process.pid}_${++made}`;
  await asAdmin(postgres, `create database ${name}`);
  return openDatabase({ ...address(postgres), database: name });
}

/** A URL for programs of their own that a test starts. */
export function databaseUrl(database: Database): string {
  const { host, port, user, database: name } = database.clientConfig;
  return `postgresql://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host ?? '')}`;
}

/** Preloaded: stops the cluster when the last test is done. */
export async function stopTestPostgres(): Promise<void> {
  const started = await running?.catch(() => undefined);
  running = undefined;
  if (started === undefined) return;
  await started.postgres.stop();
  await rm(started.dataDir, { recursive: true, force: true });
}

function testPostgres(): Promise<TestPostgres> {
  running ??= startTestPostgres();
  return running;
}

async function startTestPostgres(): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'nexus-test-'));
  const postgres = await openEmbeddedPostgres({ dataDir, durable: false });
  await asAdmin(postgres, `create database ${template}`);
  const database = await openDatabase({ ...address(postgres), database: template });
  await migrateDatabase(database);
  await database[Symbol.asyncDispose]();
  return { postgres, dataDir };
}

async function asAdmin(postgres: EmbeddedPostgres, statement: string): Promise<void> {
  const client = new pg.Client({ ...address(postgres), database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const address = ({ host, port, user }: EmbeddedPostgres) => ({ host, port, user });
