import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { documentFields, documentVersion } from '#shared/movies/document-fields.ts';
import { mirrored } from '#shared/movies/mirrored-columns.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { fullMovie, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { until } from '#tests/support/until.ts';
import { rebuildDocuments } from './rebuild-documents.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const now = new Date('2026-11-01T12:00:00Z');
const never = new AbortController().signal;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'movies', 'people', 'keywords', 'collections'));

const em = () => database.orm.em.fork();
const save = (...movies: Parameters<typeof saveMovies>[1]) => saveMovies(em(), movies, { now });
const rebuild = (signal = never, sliceSize = 3) => rebuildDocuments({ em: em(), signal }, sliceSize);
const makeOld = (version = 'default') =>
  database.pool.query(`update movie_documents set document = '{}', version = ${version}`);
const documents = async () =>
  (
    await database.pool.query<{ document: string; version: number }>(
      'select document, version from movie_documents d join movies m on m.id = d.movie_id order by m.tmdb_id',
    )
  ).rows.map(({ document, version }) => ({ document: JSON.parse(document), version }));
const countOld = async () => (await documents()).filter(({ version }) => version !== documentVersion).length;

test('the version of documents is one that PostgreSQL can hold, and none that old rows have', () => {
  expect(documentVersion).toBeGreaterThan(0);
  expect(documentVersion).toBeLessThan(2 ** 31);
});

test('a document holds the fields that the table says, with their keys, whether from an answer or from rows', async () => {
  await save(fullMovie(1));
  const [fromAnswer] = await documents();
  await makeOld();
  await rebuild();
  const [fromRows] = await documents();
  for (const { document } of [fromAnswer, fromRows].flatMap((found) => found ?? [])) {
    expect(Object.keys(document)).toEqual([...documentFields]);
    for (const [field, spec] of Object.entries(mirrored)) {
      if (!('shown' in spec && 'keys' in spec)) continue;
      for (const row of [document[field]].flat())
        expect([field, Object.keys(row)]).toEqual([field, [...spec.keys]]);
      expect([document[field]].flat()).not.toBeEmpty();
    }
  }
  expect(fromRows).toEqual(fromAnswer as NonNullable<typeof fromAnswer>);
});

test('a field that is newly shown reaches a movie of which TMDb says nothing new', async () => {
  await save(mirroredMovie(1));
  const before = await documents();
  await makeOld();
  expect(await save(mirroredMovie(1))).toMatchObject({ unchanged: 1 });
  expect(await countOld()).toBe(1);
  await rebuild();
  expect(await documents()).toEqual(before);
});

test('documents of every other version are built again, older and newer ones, and current ones are left alone', async () => {
  const movies = Array.from({ length: 8 }, (_, index) => mirroredMovie(index + 1));
  await save(...movies);
  const before = await documents();
  await makeOld();
  await database.pool.query(
    'update movie_documents set version = $1 where movie_id in (select id from movies where tmdb_id > 6)',
    [documentVersion + 1],
  );
  await database.pool.query(
    `update movie_documents set document = '{"kept":true}', version = $1
     where movie_id in (select id from movies where tmdb_id = 4)`,
    [documentVersion],
  );
  await rebuild();
  expect(await documents()).toEqual(
    before.map((one, index) => (index === 3 ? { ...one, document: { kept: true } } : one)),
  );
});

test('what an interruption leaves old is built by the next run, and only that', async () => {
  await save(...Array.from({ length: 8 }, (_, index) => mirroredMovie(index + 1)));
  await makeOld();
  let slices = 0;
  const interrupted = Object.assign(new AbortController().signal, {
    throwIfAborted() {
      if (slices++ === 1) throw new Error('interrupted');
    },
  });
  await expect(rebuild(interrupted)).rejects.toThrow('interrupted');
  expect(await countOld()).toBe(5);
  await rebuild();
  expect(await countOld()).toBe(0);
});

test('a movie that changes meanwhile keeps its newer document', async () => {
  const movies = Array.from({ length: 30 }, (_, index) => mirroredMovie(index + 1));
  await save(...movies);
  for (let round = 0; round < 5; round++) {
    await makeOld();
    const changed = movies.map((movie) => ({ ...movie, tagline: `as of round ${round}` }));
    await Promise.all([rebuild(), save(...changed), rebuild()]);
    const found = await documents();
    expect(new Set(found.map(({ document, version }) => `${document.tagline}, ${version}`))).toEqual(
      new Set([`as of round ${round}, ${documentVersion}`]),
    );
  }
});

test('it waits for a worker of the version before, and builds what that one wrote', async () => {
  await save(mirroredMovie(1));
  await makeOld();
  const older = await database.pool.connect();
  try {
    await older.query('begin');
    await older.query("update movies set tagline = 'newer'");
    await older.query("update movie_documents set document = '{}', version = default");
    const rebuilding = rebuild();
    await until(async () => (await waiting()) > 0);
    await older.query('commit');
    await rebuilding;
  } finally {
    older.release();
  }
  expect(await documents()).toMatchObject([{ document: { tagline: 'newer' }, version: documentVersion }]);
});

const waiting = async () =>
  (
    await database.pool.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
  ).rows.length;
