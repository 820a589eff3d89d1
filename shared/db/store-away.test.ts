import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Redis } from 'ioredis';
import { type QueryExecutorProvider, sql } from 'kysely';
import pg from 'pg';
import { ConfigError } from '#shared/config.ts';
import { Genre } from '#shared/genres/genre.ts';
import { createLog } from '#shared/log.ts';
import { testDatabase } from '#tests/support/database.ts';
import { postgresRefusing } from '#tests/support/postgres-refusing.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import {
  type AtStart,
  errorOfOurs,
  sqlStateTable,
  storeTroubleTable,
} from '#tests/support/store-trouble-table.ts';
import type { Database } from '../orm/database.ts';
import { isNobodyListening, storeTroubleOf } from './store-away.ts';
import { waitForPostgres } from './wait-for-postgres.ts';

const log = createLog({ level: 'silent', name: 'test' });

test('every error of the table says of our store what the table says', async () => {
  const said = await Promise.all(
    storeTroubleTable.map(async ({ name, makeError }) => [name, storeTroubleOf(await makeError())]),
  );
  expect(said).toEqual(storeTroubleTable.map(({ name, trouble }) => [name, trouble]));
});

test('an error of ours was judged already', () => {
  expect(storeTroubleOf(errorOfOurs)).toBeUndefined();
  expect(storeTroubleOf(new Error('a batch', { cause: errorOfOurs }))).toBeUndefined();
});

test('waiting at start waits for what can heal, and says in a sentence what cannot', async () => {
  const outcomes = await Promise.all(sqlStateTable.map(async ([code]) => [code, await atStart(code)]));
  expect(outcomes).toEqual(sqlStateTable.map(([code, , expected]) => [code, expected]));
});

async function atStart(sqlState: string): Promise<AtStart> {
  await using server = await postgresRefusing(sqlState);
  const stop = new AbortController();
  const url = `postgresql://nobody:hidden@127.0.0.1:${server.port}/none`;
  const error = await waitForPostgres(url, {
    log,
    signal: stop.signal,
    onWait: () => stop.abort(),
  }).catch((failure: unknown) => failure);
  if (stop.signal.aborted) return 'waits';
  if (!(error instanceof ConfigError)) return 'fails';
  expect(error.message).toMatch(/^PostgreSQL at DATABASE_URL \(127\.0\.0\.1:\d+\) [a-z].*\.$/);
  expect(error.message).not.toContain('hidden');
  return 'says why not';
}

describe('what a real PostgreSQL and the ORM make of it', () => {
  let database: Database;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  const troubleOf = (work: Promise<unknown>) =>
    work.then(
      () => 'it worked',
      (error: unknown) => storeTroubleOf(error),
    );
  const inTransaction = (work: (on: QueryExecutorProvider) => Promise<unknown>) =>
    database.orm.em.fork().transactional((em) => work(em.getKysely()));
  const connect = (changes: pg.ClientConfig) => {
    const client = new pg.Client({ ...database.clientConfig, ...changes });
    client.on('error', () => {});
    return client.connect().finally(() => client.end().catch(() => {}));
  };

  test('a statement that is too slow is busy, given up by the server or by the driver', async () => {
    const slow = inTransaction(async (on) => {
      await sql`set local statement_timeout = 20`.execute(on);
      await sql`select pg_sleep(5)`.execute(on);
    });
    expect(await troubleOf(slow)).toBe('busy');
    const query = { text: 'select pg_sleep(0.5)', query_timeout: 20 };
    expect(await troubleOf(database.pool.query(query))).toBe('busy');
  });

  test('a lock that is not had in time is busy', async () => {
    const blocked = inTransaction(async (holder) => {
      await sql`lock table genres`.execute(holder);
      await inTransaction(async (on) => {
        await sql`set local lock_timeout = 20`.execute(on);
        await sql`select 1 from genres`.execute(on);
      });
    });
    expect(await troubleOf(blocked)).toBe('busy');
  });

  test('a database that takes no writes is away', async () => {
    const refused = inTransaction(async (on) => {
      await sql`set transaction read only`.execute(on);
      await sql`delete from genres`.execute(on);
    });
    expect(await troubleOf(refused)).toBe('away');
  });

  test('a connection that the server ends is away, in SQL of our own and in the ORM’s', async () => {
    const end = async (on: QueryExecutorProvider) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on);
      await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    };
    const inSql = inTransaction(async (on) => {
      await end(on);
      await sql`select 1`.execute(on);
    });
    const inOrm = database.orm.em.fork().transactional(async (em) => {
      await end(em.getKysely());
      await em.find(Genre, {});
    });
    expect(await Promise.all([troubleOf(inSql), troubleOf(inOrm)])).toEqual(['away', 'away']);
  });

  test('a server without a place for us is away', async () => {
    const role = `crowd_${process.pid}`;
    await database.pool.query(`create role ${role} login connection limit 0`);
    expect(await troubleOf(connect({ user: role }))).toBe('away');
    await database.pool.query(`drop role ${role}`);
  });

  test('an address where nobody is, is away; a database that does not exist is not', async () => {
    expect(await troubleOf(connect({ host: '127.0.0.1', port: 1 }))).toBe('away');
    expect(await troubleOf(connect({ host: '/no/such/folder' }))).toBe('away');
    expect(await troubleOf(connect({ host: 'postgres.invalid' }))).toBe('away');
    expect(await troubleOf(connect({ database: 'no_such_database' }))).toBeUndefined();
  });

  test('only a socket without a server is one where nobody listens', async () => {
    const failure = (changes: pg.ClientConfig) => connect(changes).catch((error: unknown) => error);
    expect(isNobodyListening(await failure({ host: '127.0.0.1', port: 1 }))).toBe(true);
    expect(isNobodyListening(await failure({ host: '/no/such/folder' }))).toBe(true);
    await using starting = await postgresRefusing('57P03');
    expect(isNobodyListening(await failure({ host: '127.0.0.1', port: starting.port }))).toBe(false);
  });
});

describe.skipIf(!hasRedis)('what a real Redis makes of it', () => {
  test('a replica, a full one and one that is gone are away', async () => {
    const server = await testRedis();
    const redis = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => {});
    const troubleOf = (work: Promise<unknown>) => work.then(String, storeTroubleOf);
    await redis.call('replicaof', '127.0.0.1', '1');
    expect(await troubleOf(redis.set('a', '1'))).toBe('away');
    await redis.call('replicaof', 'no', 'one');
    await redis.config('SET', 'maxmemory', '1');
    expect(await troubleOf(redis.set('a', '1'))).toBe('away');
    await redis.config('SET', 'maxmemory', '0');
    expect(await troubleOf(redis.lpush('a', '1').then(() => redis.get('a')))).toBeUndefined();
    await server[Symbol.asyncDispose]();
    expect(await troubleOf(redis.get('a'))).toBe('away');
    redis.disconnect();
  });
});
