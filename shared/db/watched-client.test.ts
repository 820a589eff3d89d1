import { describe, expect, test } from 'bun:test';
import { openDatabase } from '#shared/orm/database.ts';
import { type BehindWire, openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { until } from '#tests/support/until.ts';
import { storeTroubleOf } from './store-away.ts';
import { WatchedClient } from './watched-client.ts';

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const sessions = async ({ behind }: BehindWire, name: string) =>
  (await behind.pool.query('select pid, state from pg_stat_activity where application_name = $1', [name]))
    .rows;

test('one that found no server to connect to is broken in silence', async () => {
  const client = new WatchedClient({ connectionString: 'postgresql://a@127.0.0.1:1,127.0.0.1:2/a' });
  expect(storeTroubleOf(await failureOf(client.connect()))).toBe('away');
  client.break('Connection terminated');
  // An error that nobody listens to would fail this test.
  await Bun.sleep(50);
});

describe.concurrent('a connection through which nothing comes any more', () => {
  test('fails its statement within 30 s, goes, and frees what its transaction held', async () => {
    await using opened = await openDatabaseBehindWire();
    const { behind, wire, target } = opened;
    await behind.pool.query('create table held (id int primary key, n int)');
    await behind.pool.query('insert into held values (1, 0)');
    await using database = await openDatabase(target, { poolMax: 1 });
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query('update held set n = 1');
    await wire.become('swallow');
    const began = performance.now();
    const asked = failureOf(client.query('select 1'));
    setTimeout(() => wire.become('pass'), 5000);
    expect(storeTroubleOf(await asked)).toBe('away');
    expect(performance.now() - began).toBeLessThan(30_000);
    client.release();
    expect(database.pool.totalCount).toBe(0);
    await behind.pool.query("set lock_timeout = '5s'; update held set n = 2");
    expect((await database.pool.query('select n from held')).rows).toEqual([{ n: 2 }]);
  }, 60_000);

  test('is left alone as long as the server works on its statement', async () => {
    await using opened = await openDatabaseBehindWire();
    await using database = await openDatabase(opened.target, { poolMax: 1 });
    const { rows } = await database.pool.query("select 'done' as said from pg_sleep(13)");
    expect(rows).toEqual([{ said: 'done' }]);
  }, 60_000);

  test('ends at the limit of a statement, in a transaction too, and is not used again', async () => {
    await using opened = await openDatabaseBehindWire();
    await using database = await openDatabase(opened.target, { poolMax: 1 });
    const client = await database.pool.connect();
    await client.query('begin');
    const slow = { text: 'select pg_sleep(30)', query_timeout: 300 };
    expect(storeTroubleOf(await failureOf(client.query(slow)))).toBe('busy');
    expect(await failureOf(client.query('rollback'))).toBeInstanceOf(Error);
    client.release();
    expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  }, 60_000);

  test('is not ended for the limit of a statement that was long answered, though it never rested since', async () => {
    await using opened = await openDatabaseBehindWire();
    await using database = await openDatabase(opened.target, { poolMax: 1 });
    const short = { text: 'select pg_backend_pid() as pid from pg_sleep(0.1)', query_timeout: 2000 };
    const pids: number[] = [];
    // The next one begins within the answer of the one before.
    const ask = (left: number): Promise<void> =>
      new Promise((resolve, reject) => {
        database.pool.query(short, (error: Error | undefined, { rows } = { rows: [] } as never) => {
          if (error) return reject(error);
          pids.push(rows[0].pid);
          if (left > 1) ask(left - 1).then(resolve, reject);
          else resolve();
        });
      });
    await Promise.all([ask(15), ask(15)]);
    expect(pids).toHaveLength(30);
    expect(new Set(pids).size).toBe(1);
  }, 60_000);

  test('is noticed while it only listens or holds something', async () => {
    await using opened = await openDatabaseBehindWire();
    const client = new WatchedClient({ ...opened.target, application_name: 'a-holder' });
    await client.connect();
    let ended = false;
    client.on('end', () => {
      ended = true;
    });
    client.startPulse('select 1', 100);
    await until(async () => (await sessions(opened, 'a-holder')).length === 1);
    await opened.wire.become('swallow');
    await until(() => ended, 20_000);
  }, 60_000);
});
