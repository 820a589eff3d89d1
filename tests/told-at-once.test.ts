import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { startSandbox } from '#sandbox/server.ts';
import { testDatabase } from './support/database.ts';
import { startProgram, temporaryFolder } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { openService, testKey } from './support/service.ts';
import { until } from './support/until.ts';

/** Of the shape of a token, so that only TMDb can tell that it is no good. */
const refusedToken = `${'h'.repeat(20)}.${'p'.repeat(80)}.${'s'.repeat(43)}`;

let sandbox: Sandbox;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  sandbox = await startSandbox({ movies: 200, apiKeys: [testKey] });
  folder = await temporaryFolder();
});
afterAll(async () => {
  await sandbox.stop();
  await folder[Symbol.asyncDispose]();
});

const envFor = async (name: string, baseUrl: string) => ({
  NEXUS_DATA_DIR: join(folder.path, name),
  PORT: String(await freePort()),
  TMDB_ACCESS_TOKEN: refusedToken,
  TMDB_BASE_URL: baseUrl,
  TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
});

/** The next schedule would say it after minutes. */
async function saidSoon(output: () => string, what: string): Promise<void> {
  // To start takes as long as the machine lets it.
  await until(() => output().includes('listening'), 200_000);
  await until(() => output().includes(what), 30_000);
}

describe('the terminal says at once', () => {
  test('that TMDb refuses the key, and what to do', async () => {
    await using running = startProgram('scripts/start.ts', await envFor('refused', sandbox.url));
    await saidSoon(running.output, '!  TMDb rejects the token in TMDB_ACCESS_TOKEN');
    expect(running.output()).toContain('What to do: Get a key at https://www.themoviedb.org/settings/api');
    expect(running.output()).not.toContain(refusedToken);
  }, 300_000);

  test('that TMDb cannot be reached', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    await using running = startProgram('scripts/start.ts', await envFor('away', nobody));
    await saidSoon(running.output, '!  TMDb cannot be reached');
    expect(running.output()).toContain('What to do: Check the network of this machine, TMDB_BASE_URL');
  }, 300_000);
});

describe('a key that was mended', () => {
  test('lets everything start at once, not with the next schedule', async () => {
    await using database = await testDatabase();
    const env = { TMDB_BASE_URL: sandbox.url, TMDB_EXPORT_BASE_URL: sandbox.exportUrl };
    {
      await using refused = await openService({
        database,
        env: { ...env, TMDB_ACCESS_TOKEN: refusedToken },
        synced: false,
      });
      // Its jobs have met the closed door, and were put off.
      await until(async () =>
        (await refused.queues.queue('sync').getDelayed()).some((job) => job.attemptsStarted > 0),
      );
      const { code, message } = (await (await refused.get('/api/movies/550')).json()) as Record<
        string,
        string
      >;
      expect(code).toBe('upstream_unavailable');
      expect(message).toContain('does not accept the key');
    }
    const startMs = performance.now();
    await using mended = await openService({ database, env: { ...env, TMDB_ACCESS_TOKEN: testKey } });
    expect(performance.now() - startMs).toBeLessThan(200_000);
    expect((await mended.get('/api/movies/trending')).status).toBe(200);
  }, 300_000);

  test('also where TMDb itself accepts it again, while the service runs', async () => {
    sandbox.misbehave([{ kind: 'suspended-key' }]);
    await using service = await openService({
      env: { TMDB_BASE_URL: sandbox.url, TMDB_EXPORT_BASE_URL: sandbox.exportUrl },
      synced: false,
    });
    await until(async () =>
      (await service.queues.queue('sync').getDelayed()).some((job) => job.attemptsStarted > 0),
    );
    sandbox.misbehave([]);
    const done = async () =>
      (
        await service.rows(
          "select 1 from sync_runs where job = 'details' and status = 'succeeded' and seen > 0",
        )
      ).length > 0;
    // The first probe is after 15 seconds.
    await until(done, 35_000);
  }, 300_000);
});
