import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { isAnswered } from '#shared/movies/answer-made-of.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import type { AnsweredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { parseDetails } from '../tmdb/wire/parse-answer.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const now = new Date('2026-11-01T12:00:00Z');

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'movies', 'people', 'keywords', 'collections'));

const movie = (id: number, patch: Record<string, unknown> = {}): AnsweredMovie =>
  parseDetails({ id, title: 'First', original_title: 'First', original_language: 'en', ...patch }, id);
const videos = (key: string) => ({ results: [{ site: 'YouTube', key, name: key, type: 'Trailer' }] });
const save = (...movies: AnsweredMovie[]) => saveMovies(database.orm.em.fork(), movies, { now });

/** `at`: where the row is, which says how often it was written. */
async function stored(): Promise<{ at: string; answer: string | null; is_answered: boolean | null }[]> {
  const { rows } = await database.pool.query(
    `select ctid::text as at, answer, ${isAnswered('m').text} as is_answered from movies m order by tmdb_id`,
  );
  return rows;
}

test('a movie and its answer are written at once', async () => {
  await save(movie(1, { videos: videos('one') }));
  const [first] = await stored();
  expect(first).toMatchObject({ at: '(0,1)', is_answered: true });
  await save(movie(1, { videos: videos('two') }));
  const [second] = await stored();
  expect(second).toMatchObject({ at: '(0,2)', is_answered: true });
  expect(second?.answer).toContain('"two"');
  await save(movie(1, { title: 'Second', videos: videos('two') }));
  expect((await stored())[0]).toMatchObject({ at: '(0,3)', is_answered: true });
});

test('an answer that is missing or outdated is made again when its movie is fetched, though that is as it was', async () => {
  await save(movie(1), movie(2));
  const before = (await stored()).map(({ answer }) => answer);
  for (const lost of [
    'answer = null, answer_made_of = null',
    "answer = '', answer_made_of = answer_made_of + 1",
  ]) {
    await database.pool.query(`update movies set ${lost} where tmdb_id = 2`);
    expect((await stored())[1]?.is_answered).not.toBe(true);
    expect(await save(movie(1), movie(2))).toEqual({ created: 0, updated: 0, unchanged: 2 });
    const after = await stored();
    expect(after.map(({ answer }) => answer)).toEqual(before);
    expect(after[1]?.is_answered).toBe(true);
  }
});

test('a movie with a part that could not be read has no answer, and has one again with the part', async () => {
  await save(movie(1, { videos: videos('one') }));
  await save(movie(1, { videos: { results: 'nonsense' } }));
  expect((await stored())[0]).toMatchObject({ answer: null, is_answered: null });
  await save(movie(1, { videos: videos('one') }));
  expect((await stored())[0]?.is_answered).toBe(true);
});

test('rows are as short as without their answers', async () => {
  const count = 60;
  const cast = Array.from({ length: 24 }, (_, n) => ({
    ...{ id: n + 1, credit_id: `c${n}`, order: n },
    name: Bun.hash(`${n}`).toString(36),
  }));
  await save(...Array.from({ length: count }, (_, n) => movie(n + 1, { credits: { cast, crew: [] } })));
  const { rows } = await database.pool.query<{ bytes: number; least: number }>(
    `select pg_relation_size('movies')::int as bytes, min(octet_length(answer)) as least from movies`,
  );
  expect(rows[0]?.least).toBeGreaterThan(2000);
  expect((rows[0]?.bytes ?? 0) / count).toBeLessThan(1000);
});
