import { expect, test } from 'bun:test';
import { type Database, openDatabase } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { until } from '#tests/support/until.ts';
import { readInBinary } from './run-statement.ts';
import { sql } from './sql.ts';
import { storeTroubleOf } from './store-away.ts';

const limitMs = 5000;
const pidOf = async ({ pool }: Pick<Database, 'pool'>, seconds = 0) => {
  const asked = sql<{ pid: number }>`select pg_backend_pid() as pid from pg_sleep(${seconds}::float8)`;
  const [row] = await readInBinary(pool, asked, limitMs);
  return row?.pid;
};
const counts = ({ pool }: Pick<Database, 'pool'>) => [pool.totalCount, pool.idleCount, pool.waitingCount];

test('reads use what the pool has, open no more than it may, and give all back', async () => {
  await using database = await testDatabase();
  const first = await pidOf(database);
  expect(await pidOf(database)).toBe(first as number);
  const before = counts(database);
  const pids = await Promise.all(Array.from({ length: 50 }, () => pidOf(database, 0.01)));
  expect(pids.filter((pid) => pid === undefined)).toEqual([]);
  expect(database.pool.totalCount).toBeLessThanOrEqual(12);
  expect(database.pool.totalCount).toBeGreaterThanOrEqual(before[0] ?? 0);
  expect(counts(database)).toEqual([database.pool.totalCount, database.pool.totalCount, 0]);
});

test('who waits for a connection has it before the next read, and reads end at their own failure', async () => {
  await using opened = await openDatabaseBehindWire();
  await using database = await openDatabase(opened.target, { poolMax: 1 });
  const order: string[] = [];
  const done = (what: string) => () => void order.push(what);
  await Promise.all([
    pidOf(database, 0.1).then(done('read')),
    database.pool.query('select 1').then(done('waiting')),
    pidOf(database).then(done('next read')),
  ]);
  expect(order).toEqual(['read', 'waiting', 'next read']);
  // An idle one that somebody was promised is not taken from them.
  const promised = database.pool.query('select 1').then(done('promised'));
  await Promise.all([pidOf(database).then(done('later')), promised]);
  expect(order.slice(3)).toEqual(['promised', 'later']);
  const failure = readInBinary(database.pool, sql`select 1 / 0 as n`, limitMs);
  await expect(failure).rejects.toThrow('division by zero');
  expect(await pidOf(database)).toBeNumber();
  await until(async () => counts(database).join() === '1,1,0');
});

test.each(['cut', 'silent'] as const)(
  'a read on a connection that is %s fails, and takes the connection with it',
  async (how) => {
    await using opened = await openDatabaseBehindWire();
    await using database = await openDatabase(opened.target, { poolMax: 1 });
    const pid = await pidOf(database);
    const asked = sql`select 1 as n from pg_sleep(30)`;
    const failure = readInBinary(database.pool, asked, how === 'cut' ? 60_000 : 300).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (how === 'cut') {
      await until(async () => {
        const { rows } = await opened.behind.pool.query('select pg_terminate_backend($1) as cut', [pid]);
        return rows[0].cut;
      });
    }
    expect(storeTroubleOf(await failure)).toBe(how === 'cut' ? 'away' : 'busy');
    expect(counts(database)).toEqual([0, 0, 0]);
    expect(await pidOf(database)).not.toBe(pid as number);
    expect(counts(database)).toEqual([1, 1, 0]);
  },
);

test('a pool that ends waits for the read that is under way', async () => {
  await using opened = await openDatabaseBehindWire();
  const database = await openDatabase(opened.target, { poolMax: 1 });
  const reading = pidOf(database, 0.3);
  const { pool } = database;
  await Promise.all([database[Symbol.asyncDispose](), reading]);
  expect(await reading).toBeNumber();
  expect(pool.totalCount).toBe(0);
});
