import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { SyncRun } from '#api/admin/model.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { startSandbox } from '#sandbox/server.ts';
import type { Environment } from '#shared/config.ts';
import type { Database } from '#shared/orm/database.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { testSecret } from '#tests/support/api/api-fixture.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { type Program, startProgram } from './support/program.ts';
import { freePort, hasRedis, type TestRedis, testRedis } from './support/redis.ts';
import { testKey } from './support/service.ts';
import { until } from './support/until.ts';

const movies = 400;

describe.skipIf(!hasRedis)('two api and two worker processes on one Redis', () => {
  let redis: TestRedis;
  let database: Database;
  let sandbox: Sandbox;
  let admin: TestAccount;
  const apis: { program: Program; url: string }[] = [];
  const workers: Program[] = [];

  beforeAll(async () => {
    [redis, database, sandbox] = await Promise.all([
      testRedis(),
      testDatabase(),
      startSandbox({ movies, apiKeys: [testKey] }),
    ]);
    admin = await openAccount({ pool: database.pool }, { role: 'admin' });
    const common = { DATABASE_URL: databaseUrl(database), REDIS_URL: redis.url };
    const forWorkers: Environment = {
      ...common,
      TMDB_ACCESS_TOKEN: testKey,
      TMDB_BASE_URL: sandbox.url,
      TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
      TMDB_MAX_RPS: '80',
      MIRROR_SCOPE: 'full',
      LOG_LEVEL: 'warn',
    };
    for (let i = 0; i < 2; i++) {
      workers.push(startProgram('worker/main.ts', forWorkers));
      const port = await freePort();
      const program = startProgram('api/main.ts', {
        ...common,
        JWT_SECRET: testSecret,
        PORT: String(port),
        RATE_LIMIT: 'off',
      });
      apis.push({ program, url: `http://127.0.0.1:${port}` });
    }
    for (const { url } of apis) await until(() => isReady(url), 30_000);
  }, 90_000);
  afterAll(async () => {
    for (const { program } of apis) await program[Symbol.asyncDispose]();
    for (const worker of workers) await worker[Symbol.asyncDispose]();
    await sandbox?.stop();
    await database?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  const ask = (which: number, path: string, init: RequestInit = {}) =>
    fetch(`${apis[which]?.url}${path}`, { ...init, headers: admin.headers });
  const runOf = async (which: number, id: string): Promise<SyncRun> =>
    ((await (await ask(which, `/api/admin/sync/runs/${id}`)).json()) as TestBody).data;

  test('what one api is asked for either worker does, the other api shows, and no kill -9 loses', async () => {
    const idle = async () =>
      (await database.pool.query("select 1 from sync_runs where status in ('queued', 'running')"))
        .rowCount === 0;
    const filled = async () =>
      (await database.pool.query("select count(*)::int as n from movies where state = 'detailed'")).rows[0]
        .n === movies;
    const makeAllDue = () =>
      database.pool.query("update movies set fetched_at = now() - interval '30 days', refresh_due_at = null");
    await until(async () => (await filled()) && (await idle()), 120_000);

    const leaving = new AbortController();
    const stream = await ask(1, '/api/admin/sync/events?job=details', { signal: leaving.signal });
    const seen: SyncRun[] = [];
    const following = (async () => {
      let text = '';
      for await (const chunk of stream.body ?? []) {
        text += new TextDecoder().decode(chunk);
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data !== undefined) seen.push(JSON.parse(data));
        }
      }
    })().catch(() => {});

    // A job that has just ended may be followed by a run of this one, which nobody asked for.
    let id = '';
    await until(async () => {
      if (!(await idle())) return false;
      await makeAllDue();
      const asked = await ask(0, '/api/admin/sync/details', { method: 'POST' });
      if (asked.status === 409) return false;
      expect(asked.status).toBe(202);
      id = ((await asked.json()) as TestBody).data.run_id;
      return true;
    });
    await until(async () => (await runOf(1, id)).counts.seen > 40, 60_000);
    const { rows } = await database.pool.query('select lease_owner from sync_runs where id = $1', [id]);
    const victim = workers.find(({ pid }) => String(rows[0].lease_owner).includes(`:${pid}:`));
    expect(victim).toBeDefined();
    victim?.kill('SIGKILL');
    await victim?.exited;

    await until(async () => (await runOf(1, id)).status === 'succeeded', 120_000);
    const { counts, progress } = await runOf(0, id);
    expect({ ...counts, progress }).toMatchObject({ failed: 0, gone: 0, progress: 1 });
    expect(counts.seen).toBeGreaterThanOrEqual(movies - 100);
    const stale = await database.pool.query(
      "select 1 from movies where fetched_at < now() - interval '1 day'",
    );
    expect(stale.rowCount).toBe(0);

    await until(() => seen.some((run) => run.id === id && run.status === 'succeeded'));
    const steps = new Set(seen.filter((run) => run.id === id).map((run) => run.progress));
    expect(steps.size).toBeGreaterThan(3);
    leaving.abort();
    await following;
  }, 300_000);

  test('all that is left ends with exit 0 on SIGTERM, an open stream or not', async () => {
    const stream = await ask(0, '/api/admin/sync/events');
    const living = [...workers, ...apis.map(({ program }) => program)];
    for (const program of living) program.kill('SIGTERM');
    const codes = await Promise.all(living.map((program) => program.exited));
    expect(codes.filter((code) => code === 0)).toHaveLength(3);
    await stream.body?.cancel().catch(() => {});
  }, 60_000);
});
