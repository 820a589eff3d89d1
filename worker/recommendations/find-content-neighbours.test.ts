import { afterEach, beforeEach, expect, test } from 'bun:test';
import { listenToNotices, noticeChannel } from '#shared/db/notices.ts';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { maxContentNeighbours } from '#shared/recommendations/content-neighbours.ts';
import { unpackNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { relate } from '#tests/support/api/movie-fixture.ts';
import { type CatalogueMovie, putCatalogueMovie } from '#tests/support/api/recommendations-fixture.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { until } from '#tests/support/until.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { findContentNeighbours } from './find-content-neighbours.ts';

let database: Database;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

async function put(...movies: (CatalogueMovie & { keywords?: number[]; director?: number })[]) {
  const { pool } = database;
  for (const movie of movies) {
    await putCatalogueMovie(pool, movie);
    await pool.query(
      "insert into keywords (id, name) select id, 'k' || id from unnest($1::int[]) id on conflict do nothing",
      [movie.keywords ?? []],
    );
    await pool.query(
      `insert into movie_keywords (movie_id, keyword_id, position)
       select m.id, k, place from movies m, unnest($2::int[]) with ordinality as k(k, place) where tmdb_id = $1`,
      [movie.tmdbId, movie.keywords ?? []],
    );
    if (movie.director === undefined) continue;
    await pool.query("insert into people (id, name) values ($1, 'Director') on conflict do nothing", [
      movie.director,
    ]);
    await pool.query(
      `insert into credits (movie_id, credit_id, person_id, kind, department, job, position)
       select id, 'd', $2, 'crew', 'Directing', 'Director', 0 from movies where tmdb_id = $1`,
      [movie.tmdbId, movie.director],
    );
  }
}

async function listOf(tmdbId: number): Promise<Map<number, number> | undefined> {
  const { rows } = await database.pool.query<{ list: Buffer }>(
    'select neighbours as list from content_neighbours join movies on id = movie_id where tmdb_id = $1',
    [tmdbId],
  );
  if (rows[0] === undefined) return undefined;
  const movies = await database.pool.query('select id::int, tmdb_id from movies');
  const tmdbIds = new Map(movies.rows.map(({ id, tmdb_id }) => [id, tmdb_id]));
  const { movieIds, scores } = unpackNeighbours(rows[0].list);
  return new Map(Array.from(movieIds, (id, n) => [tmdbIds.get(id), Number((scores[n] ?? 0).toFixed(4))]));
}
const run = (changes: Parameters<typeof jobContext>[1] = {}) =>
  findContentNeighbours({ trigger: 'admin' }, jobContext(database, changes));

test('a movie is like others by relations, collection, people, keywords and genres', async () => {
  await put(
    { tmdbId: 1, genres: [18, 35], cast: [7], collection: 9, keywords: [1, 2], director: 5 },
    { tmdbId: 2, genres: [18, 35] },
    { tmdbId: 3, genres: [99], cast: [7] },
    { tmdbId: 4, genres: [99], collection: 9 },
    { tmdbId: 5, genres: [99], keywords: [2, 1] },
    { tmdbId: 6, genres: [99], director: 5 },
    { tmdbId: 7, genres: [99] },
    { tmdbId: 8, genres: [18] },
    { tmdbId: 9, genres: [99] },
  );
  await relate(database.pool, 1, 'similar', [7]);
  await relate(database.pool, 9, 'recommendation', [1]);
  await run();
  expect(await listOf(1)).toEqual(
    new Map([
      [9, 1],
      [7, 0.5],
      [4, 0.5],
      [6, 0.2],
      [2, 0.2],
      [8, 0.1],
      [5, 0.1],
      [3, 0.1],
    ]),
  );
  expect((await listOf(9))?.get(1)).toBe(1);
});

test('a new movie has a list, and stands in those of others, with the next run', async () => {
  await put({ tmdbId: 1, keywords: [1] }, { tmdbId: 2, genres: [99] });
  await run();
  expect((await listOf(1))?.size).toBe(0);
  await put({ tmdbId: 3, genres: [35], keywords: [1] });
  const counts = noCounts();
  await run({ counts });
  expect(await listOf(3)).toEqual(new Map([[1, 0.05]]));
  expect(await listOf(1)).toEqual(new Map([[3, 0.05]]));
  expect(counts).toMatchObject({ seen: 1, created: 1, updated: 1 });
  await run({ counts });
  expect(counts).toMatchObject({ seen: 1, created: 1, updated: 1 });
});

test('a list keeps the most alike', async () => {
  await put(
    ...Array.from({ length: maxContentNeighbours + 5 }, (_, n) => ({
      tmdbId: 100 + n,
      genres: [99],
      keywords: [1],
    })),
  );
  await put({ tmdbId: 1, genres: [35], keywords: [1, 2] });
  await run();
  await put({ tmdbId: 2, genres: [35], keywords: [1, 2] });
  await run();
  const list = await listOf(1);
  expect(list?.size).toBe(maxContentNeighbours);
  expect([...(list ?? [])][0]).toEqual([2, 0.3]);
  expect(await listOf(100)).not.toContain(2);
});

test('what only lists know of, and what is gone, has no list and is in none', async () => {
  await put(
    { tmdbId: 1, keywords: [1] },
    { tmdbId: 2, keywords: [1], state: 'listed' },
    { tmdbId: 3, keywords: [1] },
  );
  await database.pool.query("update movies set state = 'gone' where tmdb_id = 3");
  await run();
  expect([...((await listOf(1)) ?? []).keys()]).toEqual([2]);
  expect([await listOf(2), await listOf(3)]).toEqual([undefined, undefined]);
});

test('a run that is stopped keeps what it has done, and the next one does the rest', async () => {
  await put(...Array.from({ length: 150 }, (_, n) => ({ tmdbId: 1 + n })));
  const stopping = new AbortController();
  const stopped = run({ signal: stopping.signal, progress: () => stopping.abort(new Error('stopped')) });
  await expect(stopped).rejects.toThrow('stopped');
  const counts = noCounts();
  await run({ counts });
  expect(counts.created).toBe(50);
  expect((await database.pool.query('select 1 from content_neighbours')).rows).toHaveLength(150);
});

test('lists that were made before are told of it, once a run, but not by a run that found nothing new', async () => {
  const told: string[] = [];
  await using _listening = await listenToNotices({
    clientConfig: database.clientConfig,
    onNotice: (notice) => {
      if (notice.kind === 'list') told.push(notice.name);
    },
    onGap: () => {},
    log: createLog({ level: 'silent', name: 'test' }),
  });
  await put({ tmdbId: 1, genres: [18] }, { tmdbId: 2, genres: [18] });
  await run();
  await until(() => told.length > 0);
  await run();
  const last = JSON.stringify({ kind: 'list', name: 'last' });
  await database.pool.query('select pg_notify($1, $2)', [noticeChannel, last]);
  await until(() => told.includes('last'));
  expect(told).toEqual(['content', 'last']);
});
