import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { adultBit, countryBit, releaseDigits, shownBit, sortedBit } from '#shared/movies/movie-bits.ts';
import { orderTerm, releasesTerm } from '#shared/movies/noted-lists.ts';
import { creditedTerm, genreTerm, writtenTerm } from '#shared/movies/term-codes.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { noteCommonTerms } from './note-common-terms.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const [common, other, rare] = [1_000_001, 1_000_002, 1_000_003];
const movies = 4000;

/** Every second movie has the common term, every third one the other, and a few have the rare one. */
beforeEach(async () => {
  await database.pool.query('truncate movies, movie_terms, common_terms, noted_ids cascade');
  await database.pool.query(
    "insert into movies (tmdb_id, state, title) select n, 'listed', 'Film' from generate_series(1, $1::int) n",
    [movies],
  );
  await database.pool.query(
    `insert into movie_terms (movie_id, terms) select id, array_remove(array[
        case when tmdb_id % 2 = 0 then $1::bigint end, case when tmdb_id % 3 = 0 then $2::bigint end,
        case when tmdb_id % 100 = 0 then $3::bigint end], null)
      from movies`,
    [common, other, rare],
  );
  await database.pool.query('analyze movies, movie_terms');
});

async function note() {
  const context = jobContext(database);
  await noteCommonTerms({ trigger: 'admin' }, context);
  return context.counts;
}

const read = async <Row>(text: string, values: unknown[] = []) =>
  (await database.pool.query(text, values)).rows as Row[];

const idsOf = async (term: number) =>
  (
    await read<{ id: number }>(
      `select id from common_terms, generate_series(0, reach - 1) id where term = $1 and get_bit(movies, id) = 1 order by id`,
      [term],
    )
  ).map(({ id }) => id);

const everyNth = (n: number) => Array.from({ length: Math.floor(movies / n) }, (_, at) => (at + 1) * n);

test('each common term has the bits of its movies, and a rare one has no row', async () => {
  expect(await note()).toMatchObject({ seen: 2, updated: 2 });
  expect(await idsOf(common)).toEqual(everyNth(2));
  expect(await idsOf(other)).toEqual(everyNth(3));
  expect(await read('select 1 from common_terms where term = $1', [rare])).toEqual([]);
});

test('a run writes what has changed, and takes away what is not common any more', async () => {
  await note();
  expect(await note()).toMatchObject({ seen: 2, updated: 0 });
  await read(
    'update movie_terms set terms = array[$1::bigint] where movie_id in (select id from movies where tmdb_id = 1)',
    [common],
  );
  expect(await note()).toMatchObject({ seen: 2, updated: 1 });
  expect(await idsOf(common)).toEqual([1, ...everyNth(2)]);
  await read('update movie_terms set terms = array_remove(terms, $1::bigint)', [other]);
  await database.pool.query('analyze movie_terms');
  await note();
  expect(await read('select term::int from common_terms where term < 2000000')).toEqual([{ term: common }]);
});

test('each genre has its bits, however few movies have it', async () => {
  await read(
    "insert into genres (id, name) values (18, 'Drama'), (35, 'Comedy') on conflict (id) do nothing",
  );
  await read(
    'insert into movie_genres (movie_id, genre_id, position) select id, 18, 0 from movies where tmdb_id % 700 = 0',
  );
  await note();
  expect(await idsOf(genreTerm(18))).toEqual(everyNth(700));
  expect(await read('select 1 from common_terms where term = $1', [genreTerm(35)])).toHaveLength(1);
  await read('delete from genres');
});

test('what rows say of the movies that lists may show is noted, and goes with them', async () => {
  await read("update movies set state = 'gone' where tmdb_id > 100");
  await read(
    "update movies set genre_bits = 5, country_bits = 5, release_date = '1999-03-31', adult = true where tmdb_id % 7 = 0",
  );
  await note();
  expect(await idsOf(shownBit)).toEqual(everyNth(1).slice(0, 100));
  for (const bit of [adultBit, sortedBit, countryBit(0), countryBit(2), releaseDigits.known])
    expect(await idsOf(bit)).toEqual(everyNth(7).slice(0, 14));
  expect(await idsOf(countryBit(1))).toEqual([]);
  await read('update movies set country_bits = null');
  await note();
  expect(await read('select 1 from common_terms where term = $1', [countryBit(0)])).toEqual([]);
});

test('all rows are equally long: a movie with a high id makes all longer, and one with the highest makes none', async () => {
  await note();
  await read(
    "insert into movies (tmdb_id, state, title) values (100000, 'listed', 'A'), (2147483647, 'listed', 'B')",
  );
  expect(await note()).toMatchObject({ seen: 2, updated: 2 });
  expect(await read('select distinct reach, length(movies) from common_terms')).toEqual([
    { reach: 131_072, length: 131_072 },
  ]);
});

test('the hour says from when on something may be missing, also where no bit has changed', async () => {
  const hour = async () =>
    (await read<{ noted_hour: number }>('select noted_hour from common_terms where term = $1', [shownBit]))[0]
      ?.noted_hour;
  const now = Math.floor(Date.now() / 3_600_000);
  await note();
  expect(await hour()).toBeGreaterThanOrEqual(now);
  await read('update common_terms set noted_hour = 17');
  expect(await note()).toMatchObject({ updated: 0 });
  expect(await hour()).toBeGreaterThanOrEqual(now);
});

test('an hour in which many were written is no term', async () => {
  await read('update movie_terms set terms = terms || $1::bigint', [writtenTerm(400_000)]);
  await database.pool.query('analyze movie_terms');
  expect(await note()).toMatchObject({ seen: 2 });
});

/** What is noted under a term, four bytes a number. */
async function notedIds(term: number): Promise<number[] | undefined> {
  const [row] = await read<{ ids: Buffer }>('select ids from noted_ids where term = $1', [term]);
  return row && Array.from({ length: row.ids.length / 4 }, (_, at) => row.ids.readInt32BE(at * 4));
}

test('the movies of a rarer term are noted by their ids, but not where few have it', async () => {
  await note();
  expect(await notedIds(rare)).toEqual(everyNth(100));
  expect(await notedIds(common)).toBeUndefined();
  await read(
    'update movie_terms set terms = array_remove(terms, $1::bigint) where movie_id in (select id from movies where tmdb_id > 700)',
    [rare],
  );
  await note();
  expect(await notedIds(rare)).toBeUndefined();
});

test('all movies are noted in each order, and those of which it says nothing by themselves', async () => {
  await read(
    "update movies set popularity = tmdb_id % 1000, vote_count = 3, state = 'unknown' where tmdb_id <= 2000",
  );
  await read(
    'update movies set popularity = tmdb_id % 1000, vote_average = 9 - tmdb_id / 1000.0, vote_count = 1, revenue = 5 where tmdb_id > 3990',
  );
  await note();
  const [last, others] = [ids(3991, 10), ids(2001, 1990)];
  expect(await notedIds(orderTerm('popularity', 'known'))).toEqual(
    last.toReversed().sort((one, other) => (other % 1000) - (one % 1000)),
  );
  expect(await notedIds(orderTerm('popularity', 'rest'))).toEqual(others);
  expect(await notedIds(orderTerm('vote_average', 'known'))).toEqual(last);
  expect(await notedIds(orderTerm('vote_average', 'rest'))).toEqual(others);
  expect(await notedIds(orderTerm('revenue', 'known'))).toEqual(last);
  expect(await notedIds(orderTerm('revenue', 'rest'))).toBeUndefined();
  expect(await notedIds(orderTerm('title', 'known'))).toEqual(ids(2001, 2000));
});
const ids = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);

test('releases of each country are noted by their days', async () => {
  await read(
    `insert into movie_releases (movie_id, country, release_date)
      select id, case when tmdb_id % 2 = 0 then 'DE' else 'IS' end, date '1970-01-11' - tmdb_id from movies where tmdb_id <= 4`,
  );
  await note();
  expect(await notedIds(releasesTerm('DE'))).toEqual([6, 4, 8, 2]);
  expect(await notedIds(releasesTerm('IS'))).toEqual([7, 3, 9, 1]);
  await read("delete from movie_releases where country = 'IS'");
  await note();
  expect(await notedIds(releasesTerm('IS'))).toBeUndefined();
});

test('who has a part in many movies is noted, once for each movie', async () => {
  await read("insert into people (id, name) values (1, 'Busy'), (2, 'Seldom')");
  await read(
    `insert into credits (movie_id, credit_id, person_id, kind, position)
      select id, n || k, case when tmdb_id = 40 then 2 else 1 end, case when tmdb_id % 2 = 0 then 'cast' else 'crew' end, 0
      from movies, generate_series(1, 2) n, (values ('a')) as v(k) where tmdb_id <= 40`,
  );
  await note();
  expect(await notedIds(creditedTerm(1, 'cast'))).toEqual(everyNth(2).slice(0, 19));
  expect(await notedIds(creditedTerm(1, 'crew'))).toEqual(
    everyNth(1)
      .slice(0, 39)
      .filter((id) => id % 2 === 1),
  );
  expect(await notedIds(creditedTerm(2, 'cast'))).toBeUndefined();
  await read('truncate people cascade');
});
