import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { startSandbox } from '#sandbox/server.ts';
import type { MirrorScope } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { createTmdbClient } from '#worker/tmdb/create-tmdb-client.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import type { TmdbClient } from '#worker/tmdb/tmdb-client.ts';
import { openUpstreamStatus } from '#worker/tmdb/upstream/upstream-status.ts';
import { exportDates } from './export-date.ts';
import { syncExport } from './sync-export.ts';

const movies = 3000;
const log = createLog({ level: 'silent', name: 'test' });
let database: Database;
let sandbox: Sandbox;
let tmdb: TmdbClient;
let stack: AsyncDisposableStack;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  database = stack.use(await testDatabase());
  sandbox = await startSandbox({ movies, apiKeys: ['key'] });
  stack.defer(() => sandbox.stop());
  const status = stack.use(await openUpstreamStatus({ pool: database.pool, log }));
  const limiter = stack.use(openLimiter({ maxRps: 1000, log }));
  tmdb = stack.use(
    createTmdbClient({
      baseUrl: sandbox.url,
      exportBaseUrl: sandbox.exportUrl,
      credential: { kind: 'key', key: 'key' },
      limiter,
      status,
      log,
      retryBaseMs: 1,
    }),
  );
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  sandbox.misbehave([]);
  await emptyTables(database.pool, 'movies', 'list_snapshots', 'genres');
});

async function run(scope: MirrorScope, popularPages = 3) {
  const context = jobContext(database, {
    tmdb,
    mirror: { scope, popularPages, spareCallsPerSecond: 0, languages: 'all', regions: ['US'] },
    counts: noCounts(),
  });
  await syncExport({ trigger: 'schedule' }, context);
  return context.counts;
}

const summary = async () =>
  (
    await database.pool.query(
      'select state, scope, count(*)::int as n from movies where scope is not null group by 1, 2 order by 1, 2',
    )
  ).rows;

describe('the export', () => {
  test('feeds nothing while the scope is trending', async () => {
    expect(await run('trending')).toMatchObject({ seen: 0 });
    expect(await summary()).toEqual([]);
  });

  test('with the scope full names every movie there is, to be detailed', async () => {
    expect(await run('full')).toMatchObject({ seen: movies, created: movies });
    expect(await summary()).toEqual([{ state: 'unknown', scope: 3, n: movies }]);
  });

  test('a second time changes nothing', async () => {
    await run('full');
    expect(await run('full')).toMatchObject({ seen: movies, created: 0, updated: 0, unchanged: movies });
  });

  test('takes nothing from a movie that is detailed', async () => {
    const id = sandbox.catalogue.idAt(0);
    await saveMovies(database.orm.em.fork(), [mirroredMovie(id)], { now: new Date(), scope: 1 });
    await run('full');
    const { rows } = await database.pool.query('select state, scope, title from movies where tmdb_id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ state: 'detailed', scope: 1, title: `Movie ${id}` }]);
  });

  test.each(['truncated', 'truncated-gzip'] as const)('that comes %s changes nothing', async (kind) => {
    sandbox.misbehave([{ match: '/p/exports/{file}', kind }]);
    await expect(run('full')).rejects.toMatchObject({ code: 'export_incomplete' });
    expect(await summary()).toEqual([]);
  });

  test('that is much shorter than the last one is not believed', async () => {
    await run('full');
    await database.pool.query('delete from movies where tmdb_id = $1', [sandbox.catalogue.idAt(5)]);
    sandbox.misbehave([{ match: '/p/exports/{file}', kind: 'short-list' }]);
    await expect(run('full')).rejects.toMatchObject({ code: 'list_too_short' });
    expect(await summary()).toEqual([{ state: 'unknown', scope: 3, n: movies - 1 }]);
  });

  test('of yesterday is taken when today’s is not there', async () => {
    sandbox.misbehave([{ match: '/p/exports/{file}', kind: 'vanish', times: 1 }]);
    expect(await run('full')).toMatchObject({ seen: movies });
  });

  test('with the scope popular is the popular pages, each movie once', async () => {
    expect(await run('popular', 3)).toMatchObject({ seen: 60, created: 60 });
    expect(await summary()).toEqual([{ state: 'listed', scope: 2, n: 60 }]);
    expect(await run('popular', 1)).toMatchObject({ seen: 20, created: 0 });
  });
});

describe('which day’s export', () => {
  test('is today’s from 08:00 UTC on, then older ones', () => {
    expect(exportDates(new Date('2026-03-01T08:00:00Z'))).toEqual(['2026-03-01', '2026-02-28', '2026-02-27']);
    expect(exportDates(new Date('2026-03-01T07:59:59Z'))).toEqual(['2026-02-28', '2026-02-27', '2026-02-26']);
  });
});
