import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import type { Database } from '../orm/database.ts';
import { appendedParts, emptyParts, moviePartNames } from './movie-parts.ts';
import { packPart, readMovieParts, unpackPart } from './stored-parts.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'movies'));

const now = new Date();
const long = JSON.stringify({
  translations: Array.from({ length: 40 }, (_, n) => ({ n, name: '日本語 🎬' })),
});
const save = (id: number, at = now) =>
  saveMovies(
    database.orm.em.fork(),
    [
      mirroredMovie(id, {
        parts: answeredParts({ details: '{"id":1,"title":"One"}', translations: long }),
      }),
    ],
    { now: at },
  );

test('a text comes back as it was, long or short, and takes less room where it can', async () => {
  for (const text of ['{}', emptyParts.external_ids, long]) {
    const body = await packPart(text);
    expect(unpackPart(body)).toBe(text);
    expect(body.length).toBeLessThanOrEqual(Buffer.byteLength(text));
  }
  expect((await packPart(long)).length).toBeLessThan(Buffer.byteLength(long) / 4);
});

test('what is packed keeps its bytes when others are packed after it', async () => {
  const texts = [10, 300, 20_000, 40_000].flatMap((length) =>
    ['a', 'é', '映', '🎬'].map((letter) => JSON.stringify(letter.repeat(length))),
  );
  // What does not become smaller is kept as it is.
  const noise = Array.from({ length: 3 }, () => JSON.stringify(crypto.randomUUID().repeat(2)));
  const all = [...texts, ...noise, ...texts.toReversed()];
  const bodies = await Promise.all(all.map((text) => packPart(text)));
  expect(bodies.map(unpackPart)).toEqual(all);
});

test('the empty parts are what the lists of TMDb come to, and only they are not stored', () => {
  expect(Object.keys(emptyParts)).toEqual([...appendedParts]);
  for (const text of Object.values(emptyParts)) expect(JSON.stringify(JSON.parse(text))).toBe(text);
});

test('the parts asked for are read at once, empty ones as TMDb sends them', async () => {
  await save(1);
  expect(await readMovieParts(database.pool, 1, ['details', 'translations', 'watch/providers'])).toEqual({
    details: { text: '{"id":1,"title":"One"}', fetchedAtMs: now.getTime() },
    translations: { text: long, fetchedAtMs: now.getTime() },
    'watch/providers': { text: '{"results":{}}', fetchedAtMs: now.getTime() },
  });
  const all = await readMovieParts(database.pool, 1, moviePartNames);
  expect(Object.keys(all ?? {})).toEqual([...moviePartNames]);
  const { rows } = await database.pool.query('select part from movie_parts order by part');
  expect(rows).toEqual([{ part: 'details' }, { part: 'translations' }]);
});

test('a part that is older than its movie says so', async () => {
  await save(1);
  const older = new Date(now.getTime() - 86_400_000);
  await database.pool.query("update movie_parts set fetched_at = $1 where part = 'translations'", [older]);
  const read = await readMovieParts(database.pool, 1, ['details', 'translations']);
  expect([read?.details.fetchedAtMs, read?.translations.fetchedAtMs]).toEqual([
    now.getTime(),
    older.getTime(),
  ]);
});

test.each([
  ['is not mirrored', 'delete from movies'],
  ['was fetched before parts were kept', 'update movies set parts_version = null'],
  ['is gone', "update movies set state = 'gone'"],
  ['is older than TMDb’s terms allow', "update movies set fetched_at = now() - interval '181 days'"],
])('nothing is read of a movie that %s', async (_, change) => {
  await save(1);
  await database.pool.query(change);
  expect(await readMovieParts(database.pool, 1, ['details'])).toBeUndefined();
});
