import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { startSandbox } from '#sandbox/server.ts';
import type { Environment } from '#shared/config.ts';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { type Program, startProgram } from './support/program.ts';
import { hasRedis, type TestRedis, testRedis } from './support/redis.ts';
import { testKey } from './support/service.ts';
import { until } from './support/until.ts';

const movies = 600;

describe.skipIf(!hasRedis)('several workers on one Redis', () => {
  let redis: TestRedis;
  let database: Database;
  let sandbox: Sandbox;
  const workers: Program[] = [];

  beforeAll(async () => {
    [redis, database, sandbox] = await Promise.all([
      testRedis(),
      testDatabase(),
      startSandbox({ movies, apiKeys: [testKey] }),
    ]);
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    await sandbox.stop();
    await database[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const rows = async (text: string) => (await database.pool.query(text)).rows;
  const env = (): Environment => ({
    DATABASE_URL: databaseUrl(database),
    REDIS_URL: redis.url,
    TMDB_ACCESS_TOKEN: testKey,
    TMDB_BASE_URL: sandbox.url,
    TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
    TMDB_MAX_RPS: '100',
    MIRROR_SCOPE: 'full',
    LOG_LEVEL: 'warn',
  });
  const startWorker = () => {
    const worker = startProgram('worker/main.ts', env());
    workers.push(worker);
    return worker;
  };
  const detailed = async () =>
    (await rows("select count(*)::int as n from movies where state = 'detailed'"))[0].n;

  test('when the one that syncs is killed with -9, the others finish: nothing is missing, nothing twice', async () => {
    for (let i = 0; i < 3; i++) startWorker();
    await until(async () => (await detailed()) > 100, 60_000);
    const [run] = await rows(
      "select lease_owner from sync_runs where job = 'details' and status = 'running'",
    );
    const victim = workers.find((worker) => String(run.lease_owner).includes(`:${worker.pid}:`));
    expect(victim).toBeDefined();
    victim?.kill('SIGKILL');
    await victim?.exited;
    const before = await detailed();
    expect(before).toBeLessThan(movies);

    await until(async () => (await detailed()) === movies, 120_000);
    const followUp = async () =>
      (await rows("select 1 from sync_runs where job = 'details' and status in ('queued', 'running')"))
        .length === 0;
    await until(followUp, 60_000);

    const expected = Array.from({ length: movies }, (_, position) => {
      const movie = sandbox.catalogue.details(sandbox.catalogue.idAt(position), ['credits', 'keywords']);
      if (movie === undefined) throw new Error('the sandbox lost a movie');
      return {
        id: movie.id,
        cast: movie.credits?.cast.length ?? 0,
        keywords: movie.keywords?.keywords.length ?? 0,
      };
    }).sort((a, b) => a.id - b.id);
    expect(
      await rows(`select tmdb_id as id,
          (select count(*)::int from credits c where c.movie_id = m.id and kind = 'cast') as "cast",
          (select count(*)::int from movie_keywords k where k.movie_id = m.id) as keywords
        from movies m order by tmdb_id`),
    ).toEqual(expected);
    expect(await rows("select job from sync_runs where status = 'failed'")).toEqual([]);
  }, 240_000);

  test('each ends with exit 0 on SIGTERM', async () => {
    for (const worker of workers) worker.kill('SIGTERM');
    const codes = await Promise.all(workers.map((worker) => worker.exited));
    expect(codes.filter((code) => code === 0)).toHaveLength(2);
  });
});
