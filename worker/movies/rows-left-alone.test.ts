import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { scopeRank } from '#shared/movies/movie.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { credit, listedMovie, mirroredMovie, person } from '#tests/support/mirrored-movie-factory.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '../tmdb/wire/mirrored-movie.ts';
import { type AwaitedDetails, saveListedMovies } from './save-listed-movies.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
const now = new Date('2026-11-01T12:00:00Z');
const daysLater = (days: number) => new Date(now.getTime() + days * 86_400_000);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const em = () => database.orm.em.fork();
const rows = async (text: string, ...values: unknown[]) => (await database.pool.query(text, values)).rows;
const stateOf = async (tmdbId: number) =>
  (await rows('select state from movies where tmdb_id = $1', tmdbId))[0]?.state;

const later = daysLater(1 / 24);

describe('a relation that waits for its own details', () => {
  const waits = (tmdbId: number, scope: number | null, more = { attempted_at: null as Date | null }) =>
    database.pool.query(
      `insert into movies (tmdb_id, state, scope, title, attempted_at, fetched_at) values ($1, 'unknown', $2, 'An Id', $3, $4)`,
      [tmdbId, scope, more.attempted_at, now],
    );
  const save = (tmdbId: number, related: number[], awaited?: AwaitedDetails) =>
    saveMovies(
      em(),
      [mirroredMovie(tmdbId, { recommendations: related.map((id) => listedMovie(id)), similar: [] })],
      {
        now,
        ...(awaited === undefined ? {} : { awaited }),
      },
    );

  test('is not written by a sync that comes to it, and is a relation all the same', async () => {
    await waits(5001, scopeRank.full);
    await save(5000, [5001], { scope: scopeRank.full, since: later });
    expect(await stateOf(5001)).toBe('unknown');
    const relations = await rows(
      `select o.tmdb_id from movie_relations r join movies m on m.id = r.movie_id join movies o on o.id = r.related_movie_id
       where m.tmdb_id = 5000`,
    );
    expect(relations).toEqual([{ tmdb_id: 5001 }]);
  });

  test('is written where no sync comes to it: beyond the scope, without one, and once it was tried', async () => {
    await waits(5011, scopeRank.full);
    await waits(5012, null);
    await waits(5013, scopeRank.popular, { attempted_at: now });
    await waits(5014, scopeRank.popular);
    await save(5010, [5011, 5012, 5013, 5014, 5015], { scope: scopeRank.popular, since: later });
    const states = await Promise.all([5011, 5012, 5013, 5014, 5015].map(stateOf));
    expect(states).toEqual(['listed', 'listed', 'listed', 'unknown', 'listed']);
  });

  test('is not written while this very run asks for it', async () => {
    await waits(5031, scopeRank.full, { attempted_at: later });
    await waits(5032, scopeRank.full, { attempted_at: now });
    await save(5030, [5031, 5032], { scope: scopeRank.full, since: later });
    expect(await Promise.all([5031, 5032].map(stateOf))).toEqual(['unknown', 'listed']);
  });

  test('is written when a reader asked for the movie that names it', async () => {
    await waits(5021, scopeRank.full);
    await save(5020, [5021]);
    expect(await stateOf(5021)).toBe('listed');
  });
});

describe('a listed movie', () => {
  const list = (movie: ListedMovie, days: number) =>
    writeTransaction(em(), (on) => saveListedMovies(on, [movie], { scope: null, now: daysLater(days) }));
  const known = (tmdbId: number) =>
    listedMovie(tmdbId, { popularity: 20, vote_count: 1000, vote_average: 7, genre_ids: [] });

  test('is not written for figures that moved little, for a week', async () => {
    await list(known(5101), 0);
    const little = { ...known(5101), popularity: 21.5, vote_count: 1040, vote_average: 7.05 };
    expect(await list(little, 3)).toMatchObject({ updated: 0 });
    expect(await list(little, 8)).toMatchObject({ updated: 1 });
  });

  test.each([
    { popularity: 30 },
    { vote_count: 1200 },
    { vote_average: 7.3 },
    { title: 'Another' },
    { adult: true },
  ])('is written anew when it says %j', async (said) => {
    const tmdbId = 5110 + JSON.stringify(said).length;
    await list(known(tmdbId), 0);
    expect(await list({ ...known(tmdbId), ...said }, 3)).toMatchObject({ updated: 1 });
  });
});

test('people are not written for a popularity that moved little, for a week', async () => {
  const answer = (tmdbId: number, popularity: number) =>
    mirroredMovie(tmdbId, {
      people: [{ ...person(590, 'Somebody'), popularity }],
      credits: [credit(`${tmdbId}`, 590)],
    });
  const known = async () => (await rows('select popularity from people where id = 590'))[0]?.popularity;
  await saveMovies(em(), [answer(5401, 20)], { now });
  await saveMovies(em(), [answer(5402, 21)], { now: daysLater(1) });
  expect(await known()).toBe(20);
  await saveMovies(em(), [answer(5403, 25)], { now: daysLater(2) });
  expect(await known()).toBe(25);
  await saveMovies(em(), [answer(5404, 25.1)], { now: daysLater(10) });
  expect(await known()).toBe(25.1);
});

test('an answer in which one figure is new rewrites nothing that hangs on the movie', async () => {
  const movie = mirroredMovie(5200, { similar: [listedMovie(5201), listedMovie(5202)] });
  await saveMovies(em(), [movie], { now });
  const versions = async () =>
    Object.fromEntries(
      await Promise.all(
        ['movie_genres', 'movie_keywords', 'credits', 'movie_relations'].map(async (table) => [
          table,
          await rows(
            `select t.ctid::text from ${table} t join movies m on m.id = t.movie_id where m.tmdb_id = 5200 order by 1`,
          ),
        ]),
      ),
    );
  const before = await versions();
  for (const found of Object.values(before)) expect(found).not.toEqual([]);
  expect(await saveMovies(em(), [{ ...movie, popularity: 1234 }], { now: daysLater(1) })).toMatchObject({
    updated: 1,
  });
  expect(await versions()).toEqual(before);
});

test('of what hangs on a movie, what moved is moved and what is gone is gone', async () => {
  const named = (ids: number[]) => ids.map((id) => ({ id, name: `Keyword ${id}` }));
  const keywordsOf = async (tmdbId: number) =>
    (
      await rows(
        'select keyword_id from movie_keywords k join movies m on m.id = k.movie_id where m.tmdb_id = $1 order by position',
        tmdbId,
      )
    ).map((row) => row.keyword_id);
  await saveMovies(em(), [mirroredMovie(5300, { keywords: named([1, 2, 3]) })], { now });
  await saveMovies(em(), [mirroredMovie(5300, { keywords: named([3, 4, 1]) })], { now: daysLater(1) });
  expect(await keywordsOf(5300)).toEqual([3, 4, 1]);
});
