import { expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import { databaseUrl, testDatabase } from '#tests/support/database.ts';
import { freePort } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';

const secret = 'a-secret-of-more-than-32-characters';

function startApi(environment: Record<string, string>) {
  return Bun.spawn([process.execPath, 'api/main.ts'], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

const isLive = (port: number) => async () =>
  (await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => undefined))?.status === 200;

test('bad settings end it with one message that names them all', async () => {
  const api = startApi({ PORT: 'x', LOG_LEVEL: 'loud', DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(await api.exited).toBe(1);
  const message = await new Response(api.stderr).text();
  for (const name of ['PORT', 'LOG_LEVEL']) expect(message).toContain(name);
  expect(message).not.toContain('    at ');
});

test('a port in use ends it with a message that names the port', async () => {
  await using database = await testDatabase();
  using taken = {
    server: Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() }),
    [Symbol.dispose]() {
      this.server.stop(true);
    },
  };
  const { port } = taken.server;
  const api = startApi({ PORT: String(port), DATABASE_URL: databaseUrl(database), JWT_SECRET: secret });
  expect(await api.exited).toBe(1);
  const message = await new Response(api.stderr).text();
  expect(message).toContain(`Port ${port}`);
  expect(message).not.toContain('    at ');
});

test('SIGTERM: no new work, what runs is finished, exit 0 in time', async () => {
  await using database = await testDatabase();
  const log = createLog({ level: 'silent', name: 'test' });
  await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'producer' });
  const port = await freePort();
  const api = startApi({
    PORT: String(port),
    DATABASE_URL: databaseUrl(database),
    JWT_SECRET: secret,
    ON_DEMAND_WAIT_MS: '30000',
    SHUTDOWN_GRACE_MS: '5000',
  });
  await until(isLive(port));
  await putMovie(database.pool, { tmdbId: 1 });
  expect((await fetch(`http://127.0.0.1:${port}/api/movies/1`)).status).toBe(200);
  const waiting = fetch(`http://127.0.0.1:${port}/api/movies/2`);
  await until(async () => (await queues.queue('on-demand').getJob('movie-2')) !== undefined);
  const started = performance.now();
  api.kill('SIGTERM');
  expect((await waiting).status).toBe(202);
  expect(await api.exited).toBe(0);
  // The reader alone would wait for half a minute.
  expect(performance.now() - started).toBeLessThan(25_000);
  expect(await isLive(port)()).toBe(false);
}, 120_000);
