import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Pool, QueryConfig } from 'pg';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openPostgresPair, type PostgresPair } from '#tests/support/postgres-pair.ts';
import { until } from '#tests/support/until.ts';
import { listenToNotices } from './notices.ts';
import { waitForPostgres } from './wait-for-postgres.ts';
import { WatchedClient } from './watched-client.ts';

const log = createLog({ level: 'silent', name: 'test' });
let pair: PostgresPair;
beforeAll(async () => {
  pair = await openPostgresPair();
}, 60_000);
afterAll(() => pair?.[Symbol.asyncDispose]());

/** The standby stands first: who takes the first that answers is wrong. */
const url = () =>
  `postgresql://${pair.user}@127.0.0.1:${pair.standby.port},127.0.0.1:${pair.primary.port}/${pair.user}`;

const portOf = async (client: { query(text: string): Promise<{ rows: { port: number }[] }> }) =>
  (await client.query('select inet_server_port() as port')).rows[0]?.port;

test('writes under a failover: none that was acknowledged is lost, and all works again soon', async () => {
  const at = url();
  await waitForPostgres(at, { log });
  await using database = await openDatabase({ url: at });
  const pool: Pool = database.pool;
  pool.on('error', () => {});
  await pool.query('create table written (n int primary key)');
  const heard: unknown[] = [];
  await using notices = await listenToNotices({
    clientConfig: database.clientConfig,
    onNotice: (notice) => heard.push(notice),
    onGap: () => {},
    log,
  });
  const acknowledged: number[] = [];
  let isOver = false;
  let lastMs = 0;
  let longestMs = 0;
  const writer = async (first: number) => {
    for (let n = first; !isOver; n += 8) {
      await pool
        .query({ text: 'insert into written values ($1)', values: [n], query_timeout: 8000 } as QueryConfig)
        .then(
          () => {
            acknowledged.push(n);
            longestMs = Math.max(longestMs, performance.now() - lastMs);
            lastMs = performance.now();
          },
          () => Bun.sleep(50),
        );
    }
  };
  lastMs = performance.now();
  const writers = Array.from({ length: 8 }, (_, first) => writer(first));
  await until(() => acknowledged.length > 50);
  const before = acknowledged.length;
  expect(await portOf(pool)).toBe(pair.primary.port);
  await pair.primary.kill();
  // For a while none takes writes: what listens, or holds a lock, tries again and again.
  await Bun.sleep(1500);
  await pair.promote();
  await until(() => acknowledged.length > before + 200);
  await until(() => notices.connected);
  await pool.query('select pg_notify(\'nexus_notices\', \'{"kind":"upstream"}\')');
  await until(() => heard.length > 0);
  isOver = true;
  await Promise.all(writers);
  expect(longestMs).toBeLessThan(45_000);
  const { rows } = await pool.query<{ n: number }>('select n from written');
  const kept = new Set(rows.map(({ n }) => n));
  expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
  expect(await portOf(pool)).toBe(pair.primary.port);
}, 180_000);

test('a primary that became read-only is left, and its connections end', async () => {
  await pair.replaceStandby();
  const at = url();
  await using database = await openDatabase({ url: at });
  const { pool } = database;
  pool.on('error', () => {});
  expect(await portOf(pool)).toBe(pair.primary.port);
  await pair.primary.query('alter system set default_transaction_read_only = on');
  await pair.primary.query('select pg_reload_conf()');
  await expect(
    until(async () => {
      await pool.query('create table refused (n int)');
      return false;
    }),
  ).rejects.toMatchObject({ code: '25006' });
  await expect(new WatchedClient({ connectionString: at }).connect()).rejects.toThrow('takes writes');
  const old = pair.primary;
  await pair.promote();
  await until(
    () =>
      pool.query('create table if not exists accepted (n int)').then(
        () => true,
        () => false,
      ),
    10_000,
  );
  expect(await portOf(pool)).toBe(pair.primary.port);
  // It takes writes again, on a history that was left behind: nobody goes back, and nobody new goes there.
  await old.query('alter system reset default_transaction_read_only');
  await old.query('select pg_reload_conf()');
  const fresh = new WatchedClient({ connectionString: `${at}?application_name=fresh` });
  await fresh.connect();
  expect(await portOf(fresh)).toBe(pair.primary.port);
  await fresh.end();
}, 60_000);
