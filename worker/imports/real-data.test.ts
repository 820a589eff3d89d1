import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '#sandbox/catalogue.ts';
import { defaultApiKey, startSandbox } from '#sandbox/server.ts';
import { createLog } from '#shared/log.ts';
import { testDatabase } from '#tests/support/database.ts';
import { putImport } from '#tests/support/import-history-fixture.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { putUser } from '#tests/support/put-user.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import { createTmdbClient } from '#worker/tmdb/create-tmdb-client.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { openUpstreamStatus } from '#worker/tmdb/upstream/upstream-status.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { parseMoviePage } from '#worker/tmdb/wire/parse-answer.ts';
import { importHistory } from './import-history.ts';

const folder = process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../../shared/data');
const present = existsSync(join(folder, 'movies-30k.ndjson.gz'));
if (!present) process.stderr.write(`no real data at ${folder}: imports are not tested with it\n`);

const sample = 500;

/** As its lists have them: what an import goes by. The catalogue has read the files already. */
function readListed({ size, idAt, brief }: Catalogue): ListedMovie[] {
  const briefs = Array.from({ length: size }, (_, at) => brief(idAt(at)));
  const rest = { genre_ids: [], vote_average: null, adult: null };
  const listed: ListedMovie[] = [];
  for (let start = 0; start < size; start += 20) {
    const page = { page: 1, results: briefs.slice(start, start + 20), total_pages: 1 };
    listed.push(...parseMoviePage(page, 1).results.map((movie) => ({ ...movie, ...rest })));
  }
  expect(listed).toHaveLength(size);
  return listed;
}

test.skipIf(!present)(
  'real titles and years lead to the right movies, or to none, from the mirror and from TMDb',
  async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await testDatabase());
    const { pool } = database;
    const sandbox = await startSandbox({ realData: folder });
    stack.defer(() => sandbox.stop());
    const log = createLog({ level: 'silent', name: 'test' });
    const limiter = stack.use(openLimiter({ maxRps: 10_000, log }));
    const status = stack.use(await openUpstreamStatus({ pool, log }));
    const credential = { kind: 'token', token: defaultApiKey } as const;
    const tmdb = stack.use(
      createTmdbClient({
        baseUrl: sandbox.url,
        exportBaseUrl: sandbox.exportUrl,
        credential,
        limiter,
        status,
        log,
      }),
    );
    const movies = readListed(sandbox.catalogue);
    const dated = movies.filter(({ release_date }) => release_date !== null);
    const chosen = dated
      .filter((_, place) => place % Math.floor(dated.length / sample) === 0)
      .slice(0, sample);

    const share = async (where: string, of: readonly ListedMovie[], scope: 'trending' | 'full') => {
      const rows = of.map(({ title, release_date }) => ({ title, year: Number(release_date?.slice(0, 4)) }));
      const importId = await putImport(pool, await putUser(pool), 'watched', rows);
      const started = performance.now();
      await importHistory(
        { importId },
        jobContext(database, {
          tmdb,
          mirror: { scope, popularPages: 5, spareCallsPerSecond: 0, languages: 'all', regions: ['US'] },
        }),
      );
      const { rows: settled } = await pool.query(
        'select status, tmdb_id from user_import_rows where import_id = $1 order by line',
        [importId],
      );
      const right = settled.filter((row, place) => row.tmdb_id === of[place]?.tmdb_id).length;
      const wrong = settled.filter(
        (row, place) => row.tmdb_id !== null && row.tmdb_id !== of[place]?.tmdb_id,
      ).length;
      const ambiguous = settled.filter((row) => row.status === 'ambiguous').length;
      const ms = Math.round(performance.now() - started);
      process.stderr.write(
        `${where}: of ${of.length} real titles ${right} right, ${ambiguous} ambiguous, ${wrong} wrong, ${of.length - right - ambiguous - wrong} not found, ${ms} ms\n`,
      );
      expect(wrong).toBe(0);
      expect(right / of.length).toBeGreaterThan(0.95);
    };

    await share(
      'TMDb',
      chosen.filter((_, place) => place % 10 === 0),
      'trending',
    );
    await pool.query('truncate movies, users cascade');
    for (let start = 0; start < movies.length; start += 2000)
      await saveListedMovies(database.orm.em.getKysely(), movies.slice(start, start + 2000), {
        scope: null,
        now: new Date(),
      });
    await pool.query("insert into list_snapshots (name, size, fetched_at) values ('export', $1, now())", [
      movies.length,
    ]);
    await share('the mirror', chosen, 'full');
  },
  240_000,
);
