import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { testSecret } from '#tests/support/api/api-fixture.ts';
import { putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { tookMs } from '#tests/support/took-ms.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { type Program, startProgram } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { until } from './support/until.ts';

let database: Database;
const apis: { program: Program; url: string }[] = [];
const movie = '/api/movies/100';

beforeAll(async () => {
  database = await testDatabase();
  await putWholeMovie(database.pool, 100);
  for (let i = 0; i < 2; i++) {
    const port = await freePort();
    const program = startProgram('api/main.ts', {
      DATABASE_URL: databaseUrl(database),
      JWT_SECRET: testSecret,
      PORT: String(port),
      RATE_LIMIT: 'off',
      TMDB_FACADE: 'keys',
      LOG_LEVEL: 'warn',
    });
    apis.push({ program, url: `http://127.0.0.1:${port}` });
  }
  for (const { url } of apis) await until(() => isReady(url), 60_000);
}, 120_000);
afterAll(async () => {
  for (const { program } of apis) await program[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

const get = (which: number, { headers }: TestAccount) => fetch(`${apis[which]?.url}${movie}`, { headers });
const post = (which: number, path: string, { headers }: TestAccount, body?: object) =>
  fetch(`${apis[which]?.url}${path}`, {
    method: 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const isLiked = async (which: number, user: TestAccount): Promise<unknown> => {
  const { data } = (await (await get(which, user)).json()) as { data: { viewer: { liked: boolean } } };
  return data.viewer.liked;
};

test('a logout at one process counts at the other as soon as it is answered', async () => {
  for (let turn = 0; turn < 40; turn++) {
    const [from, other] = [turn % 2, (turn + 1) % 2];
    const user = await openAccount(database);
    for (let times = 0; times < 2; times++) expect((await get(other, user)).status).toBe(200);
    expect((await post(from, '/api/auth/logout', user)).status).toBe(204);
    expect((await get(other, user)).status).toBe(401);
  }
}, 60_000);

test('a key that is issued or revoked at one process counts at the other as soon as it is answered', async () => {
  const admin = await openAccount(database, { role: 'admin' });
  const statusOf = async (which: number, key: string) =>
    (await fetch(`${apis[which]?.url}/3/configuration?api_key=${key}`)).status;
  for (let turn = 0; turn < 20; turn++) {
    const [from, other] = [turn % 2, (turn + 1) % 2];
    const issued = await post(from, '/api/admin/keys', admin, { name: `key ${turn}` });
    const { id, api_key: key } = ((await issued.json()) as { data: { id: string; api_key: string } }).data;
    for (let times = 0; times < 2; times++) expect(await statusOf(other, key)).toBe(200);
    const revoked = await fetch(`${apis[from]?.url}/api/admin/keys/${id}`, {
      method: 'DELETE',
      headers: admin.headers,
    });
    expect(revoked.status).toBe(204);
    expect([await statusOf(other, key), await statusOf(from, key)]).toEqual([401, 401]);
  }
}, 60_000);

test('what a user says at one process they read at the other', async () => {
  const user = await openAccount(database);
  for (let turn = 0; turn < 40; turn++) {
    const [from, other] = [turn % 2, (turn + 1) % 2];
    const type = turn % 4 < 2 ? 'liked' : 'disliked';
    expect((await post(from, '/api/user/interactions', user, { tmdb_id: 100, type })).status).toBe(200);
    expect([await isLiked(other, user), await isLiked(from, user)]).toEqual([
      type === 'liked',
      type === 'liked',
    ]);
  }
}, 60_000);

test('a process whose notices stand still acts on no session that has ended', async () => {
  const listeners = async (): Promise<number[]> =>
    (
      await database.pool.query(
        "select pid from pg_stat_activity where application_name = 'nexus-notices' and datname = current_database()",
      )
    ).rows.map(({ pid }) => pid);
  const [user, other] = [await openAccount(database), await openAccount(database)];
  for (const one of [user, other]) for (const which of [0, 1]) await get(which, one);
  const pids = await listeners();
  expect(pids).toHaveLength(2);
  try {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    expect((await post(0, '/api/auth/logout', user)).status).toBe(204);
    for (const which of [0, 1]) expect((await get(which, user)).status).toBe(401);
    for (const which of [0, 1]) expect((await get(which, other)).status).toBe(200);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}, 60_000);

test('after a process was killed, nobody waits for it for long', async () => {
  const user = await openAccount(database);
  await get(0, user);
  apis[1]?.program.kill('SIGKILL');
  await apis[1]?.program.exited;
  expect((await post(0, '/api/auth/logout', user)).status).toBe(204);
  expect((await get(0, user)).status).toBe(401);
  await Bun.sleep(3000);
  const loggingOut = async () => {
    const other = await openAccount(database);
    return tookMs(async () => expect((await post(0, '/api/auth/logout', other)).status).toBe(204));
  };
  expect(await leastOf(loggingOut, { enough: 2000, rounds: 8 })).toBeLessThan(2000);
}, 60_000);
