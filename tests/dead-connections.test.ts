import { describe, expect, test } from 'bun:test';
import { listenToNotices, noticeChannel } from '#shared/db/notices.ts';
import { storeTroubleOf } from '#shared/db/store-away.ts';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { tookMs } from '#tests/support/took-ms.ts';
import { holdWorkerLock } from '#worker/store/hold-worker-lock.ts';
import { type BehindWire, openDatabaseBehindWire } from './support/database-behind-wire.ts';
import { hasRedis, testRedis } from './support/redis.ts';
import { until } from './support/until.ts';
import { openWire, type Wire } from './support/wire.ts';

// All of them wait for the times after which each kind of connection is given up: here they do it side by side.

const log = createLog({ level: 'silent', name: 'test' });

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const sessions = async ({ behind }: BehindWire, name: string) =>
  (await behind.pool.query('select pid, state from pg_stat_activity where application_name = $1', [name]))
    .rows;

/** The worker's network dies without a word, and comes back; the job that came meanwhile must be done by itself. */
async function expectWorkGoesOn(queues: Queues, past: Queues, wire: Wire) {
  const done: unknown[] = [];
  const worker = queues.worker(
    'on-demand',
    async (job) => void done.push((job.data as { tmdbId: number }).tmdbId),
    {
      concurrency: 2,
      lockDuration: 5000,
      stalledInterval: 2000,
      maxStalledCount: 10,
    },
  );
  void worker.run();
  const add = (tmdbId: number) => past.enqueue('movies.fetch', { tmdbId, requestedAt: Date.now() });
  await add(1);
  await until(() => done.includes(1));
  // It waits for the next one.
  await Bun.sleep(1000);
  await wire.become('swallow');
  await add(2);
  await Bun.sleep(8000);
  await wire.become('pass');
  await until(() => done.includes(2), 30_000);
  // And what comes later is heard of at once again.
  await Bun.sleep(12_000);
  let next = 3;
  const doing = () =>
    tookMs(async () => {
      const id = next++;
      await add(id);
      await until(() => done.includes(id));
    });
  expect(await leastOf(doing, { enough: 2000, rounds: 8 })).toBeLessThan(2000);
  await worker.close(true);
}

describe.concurrent('connections that died without a word', () => {
  test('a worker in PostgreSQL takes jobs again within 30 s', async () => {
    await using opened = await openDatabaseBehindWire();
    await using database = await openDatabase(opened.target);
    await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'worker' });
    await using past = await openQueues({
      redisUrl: undefined,
      database: opened.behind,
      log,
      role: 'producer',
    });
    await expectWorkGoesOn(queues, past, opened.wire);
  }, 120_000);

  test.skipIf(!hasRedis)(
    'a worker in Redis takes jobs again within 30 s',
    async () => {
      await using redis = await testRedis();
      await using opened = await openDatabaseBehindWire();
      const { behind: database } = opened;
      await using wire = await openWire({ port: Number(new URL(redis.url).port), host: '127.0.0.1' });
      const redisUrl = `redis://127.0.0.1:${wire.port}`;
      await using queues = await openQueues({ redisUrl, database, log, role: 'worker' });
      await using past = await openQueues({ redisUrl: redis.url, database, log, role: 'producer' });
      await expectWorkGoesOn(queues, past, wire);
    },
    120_000,
  );

  test.skipIf(!hasRedis)(
    'a producer whose Redis fell silent fails soon, and is connected again by itself',
    async () => {
      await using redis = await testRedis();
      await using opened = await openDatabaseBehindWire();
      await using wire = await openWire({ port: Number(new URL(redis.url).port), host: '127.0.0.1' });
      const redisUrl = `redis://127.0.0.1:${wire.port}`;
      await using queues = await openQueues({ redisUrl, database: opened.behind, log, role: 'producer' });
      const add = (tmdbId: number) => queues.enqueue('movies.fetch', { tmdbId, requestedAt: Date.now() });
      await add(1);
      await wire.become('swallow');
      await expect(add(2)).rejects.toThrow();
      await expect(queues.ping()).rejects.toThrow();
      await Bun.sleep(10_000);
      await wire.become('pass');
      await until(
        () =>
          queues.ping().then(
            () => true,
            () => false,
          ),
        20_000,
      );
      await add(3);
    },
    90_000,
  );

  test('a listener that hears nothing any more says so, drops what it had, and hears again', async () => {
    await using opened = await openDatabaseBehindWire();
    const heard: unknown[] = [];
    let gaps = 0;
    await using listener = await listenToNotices({
      clientConfig: opened.target,
      onNotice: (notice) => heard.push(notice),
      onGap: () => {
        gaps += 1;
      },
      log,
    });
    const tell = (name: string) =>
      opened.behind.pool.query('select pg_notify($1, $2)', [
        noticeChannel,
        JSON.stringify({ kind: 'list', name }),
      ]);
    await tell('before');
    await until(() => heard.length === 1);
    expect(listener.connected).toBe(true);

    // Quiet for longer than it may go unheard: nobody else tells anything, and it stays trusted.
    await Bun.sleep(14_000);
    expect(listener.connected).toBe(true);
    expect(gaps).toBe(1);

    await opened.wire.become('swallow');
    await tell('meanwhile');
    await until(() => !listener.connected);
    await opened.wire.become('pass');
    await until(() => listener.connected);
    expect(gaps).toBeGreaterThan(1);
    await tell('after');
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      { kind: 'list', name: 'before' },
      { kind: 'list', name: 'after' },
    ]);
  }, 90_000);

  test('a lock whose connection died without a word is noticed, and taken again from itself', async () => {
    await using opened = await openDatabaseBehindWire();
    const holders = async (): Promise<number[]> =>
      (
        await opened.behind.pool.query<{ pid: number }>(
          "select pid from pg_locks where locktype = 'advisory' and objid = 7269002 and granted and database = (select oid from pg_database where datname = current_database())",
        )
      ).rows.map(({ pid }) => pid);
    let lost = false;
    const onLost = () => {
      lost = true;
    };
    await using _lock = await holdWorkerLock(opened.target, { log, onLost });
    const [first] = await holders();
    await opened.wire.become('swallow');
    await Bun.sleep(12_000);
    await opened.wire.become('pass');
    await until(async () => {
      const [now] = await holders();
      return now !== undefined && now !== first;
    }, 120_000);
    expect(lost).toBe(false);
    await expect(holdWorkerLock(opened.behind.clientConfig, { log, onLost })).rejects.toThrow(
      'Another worker',
    );
  }, 90_000);
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
    await until(() => ended);
  }, 60_000);
});
