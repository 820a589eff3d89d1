import { describe, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { openAccount, testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putSnapshot } from '#tests/support/api/movie-fixture.ts';
import { testDatabase } from '#tests/support/database.ts';
import { postgresAtPort } from '#tests/support/postgres-at-port.ts';
import { freePort, hasRedis, testRedis } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';

const putGenres = async ({ pool }: TestApi) => {
  await pool.query("insert into genres (id, name, listed) values (1, 'Western', true)");
  await putSnapshot(pool, 'genres', 1, new Date());
};

/** What came of it, and after how long. */
async function timed(asked: ReturnType<TestApi['request']>) {
  const began = performance.now();
  const { status } = await asked;
  return { status, ms: performance.now() - began };
}

const login = (ask: TestApi['request'], userId: string) =>
  ask('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${userId}@example.org`, password: testPassword }),
  });

/** More than is granted before the store has answered. */
async function expectServedAtOnce(get: () => ReturnType<TestApi['request']>): Promise<void> {
  const each: Awaited<ReturnType<typeof timed>>[] = [];
  for (let i = 0; i < 60; i++) each.push(await timed(get()));
  expect([...new Set(each.map(({ status }) => status))]).toEqual([200]);
  // If each waited for the store, they would take a minute.
  expect(each.reduce((sum, { ms }) => sum + ms, 0)).toBeLessThan(25_000);
}

describe.skipIf(!hasRedis)('while Redis takes every command and answers none', () => {
  test('cached reads and logins are served, and once it is back it counts again', async () => {
    await using redis = await testRedis();
    await using api = await openTestApi();
    const log = createLog({ level: 'silent', name: 'test' });
    await using queues = await openQueues({
      redisUrl: redis.url,
      database: api.database,
      log,
      role: 'producer',
    });
    await putGenres(api);
    const { userId } = await openAccount(api);
    const ask = api.anotherRequest({ queues });
    const get = () => ask('/api/genres', {});
    expect((await get()).status).toBe(200);

    redis.hang();
    await expectServedAtOnce(get);
    const entered = await timed(login(ask, userId));
    expect(entered.status).toBe(200);
    expect(entered.ms).toBeLessThan(40_000);

    redis.resume();
    await queues.redis?.del('nexus-requests:address:');
    const counted = async () => Number(await queues.redis?.get('nexus-requests:address:')) > 0;
    await until(async () => (await get()).status === 200 && (await counted()));
  }, 120_000);
});

describe('while PostgreSQL takes every statement and answers none', () => {
  test('cached reads are served, logins are told so, and once it is back it counts again', async () => {
    await using behind = await testDatabase();
    const port = await freePort();
    await using postgres = await postgresAtPort(behind, port);
    const { user = '', database: name = '' } = behind.clientConfig;
    await using database = await openDatabase({ host: '127.0.0.1', port, user, database: name });
    await using api = await openTestApi({ database });
    await putGenres(api);
    const { userId } = await openAccount(api);
    const get = () => api.get('/api/genres');
    expect((await get()).status).toBe(200);

    postgres.hang();
    await expectServedAtOnce(get);
    const entered = await timed(login(api.request, userId));
    expect(entered.status).toBe(503);
    expect(entered.ms).toBeLessThan(40_000);

    postgres.resume();
    await behind.pool.query('delete from rate_limits');
    const counted = async () =>
      (await behind.pool.query("select 1 from rate_limits where key like 'nexus-requests:%'")).rowCount === 1;
    await until(async () => (await get()).status === 200 && (await counted()));
    await until(async () => (await login(api.request, userId)).status === 200);
  }, 120_000);
});
