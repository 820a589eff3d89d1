import { afterAll, beforeAll, expect, test } from 'bun:test';
import { orderTerm } from '#shared/movies/noted-lists.ts';
import { keywordTerm } from '#shared/movies/term-codes.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import type { ListAnswer } from '#tests/support/api/browse-fixture.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { noteCommonTerms } from '#worker/maintenance/note-common-terms.ts';
import { unknownAudience } from '../movies/audience.ts';
import { mostCost } from './count-matches.ts';
import type { MovieFacets } from './model.ts';
import { createMovieCounts } from './movie-counts.ts';
import type { MovieFilters } from './movie-filters.ts';

const movies = 24_000;
const audience = unknownAudience;
const ofKeyword: MovieFilters = { audience, keywords: { any: false, values: [5] }, runtimeMin: 50 };

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.pool.query("insert into genres (id, name) values (18, 'Drama'), (35, 'Comedy')");
  await api.pool.query(
    `insert into movies (tmdb_id, state, title, runtime, adult, release_date, original_language, fetched_at)
      select n, 'listed', 'Film', n % 100, false, date '2001-01-01' + n % 730, case when n % 3 = 0 then 'fr' else 'en' end, now()
      from generate_series(1, $1::int) n`,
    [movies],
  );
  await api.pool.query('insert into movie_genres select id, 18, 0 from movies where tmdb_id % 4 = 0');
  await api.pool.query(
    'insert into movie_terms (movie_id, terms) select id, array[$1::bigint] from movies where tmdb_id % 2 = 0',
    [keywordTerm(5)],
  );
  await api.pool.query('vacuum analyze movies, movie_terms');
});
afterAll(() => api[Symbol.asyncDispose]());

const note = () => noteCommonTerms({ trigger: 'admin' }, jobContext(api.database));

/** With nothing known of what was counted before. */
function count(filters: MovieFilters, cost: number, ofMovies = movies) {
  const counts = createMovieCounts({ readLookups: async () => ({ movies: ofMovies, common: new Set() }) });
  return counts.total(api.pool, filters, async () => ({ matches: movies, cost }));
}
const dear = mostCost + 1;
/** Of so many movies all are looked at as soon as a page is found. */
const few = 10_000;

/** Of a process that has just begun. */
const readFacets = async (query: string) => {
  const answer = await api.another({})(`/api/movies?facets=true&limit=1&${query}`);
  const { meta } = await answer.json();
  return meta.facets as MovieFacets | null;
};

test('where nothing is noted, filters are counted in the sample, all movies one by one, and facets of many are not known', async () => {
  const about = await count(ofKeyword, dear);
  expect(about % 16).toBe(0);
  const counts = createMovieCounts({ readLookups: async () => ({ movies, common: new Set() }) });
  expect(await counts.having(api.pool, [[keywordTerm(5)]])).toBeUndefined();
  expect(Math.abs(about - movies / 4)).toBeLessThan(movies / 20);
  expect(await count({ audience }, dear)).toBe(movies);
  expect((await count({ audience: { age: 16, country: 'DE' } }, dear)) % 16).toBe(0);
  expect(await readFacets('sort=title')).toBeNull();
});

test('what is noted is counted exactly, as of then; in a small mirror it is as of now', async () => {
  await note();
  expect(await count(ofKeyword, dear)).toBe(movies / 4);
  expect(await count({ audience }, dear)).toBe(movies);
  await api.pool.query('update movies set adult = true where tmdb_id <= 8');
  expect([await count({ audience }, dear), await count(ofKeyword, 1)]).toEqual([movies, movies / 4]);
  expect(await count({ audience }, 1, few)).toBe(movies - 8);
  await api.pool.query("update movies set state = 'gone' where tmdb_id = 98");
  expect([await count(ofKeyword, dear), await count(ofKeyword, 1)]).toEqual([movies / 4, movies / 4]);
  expect(await count(ofKeyword, 1, few)).toBe(movies / 4 - 1);
});

test('how many have a term of each list is as noted: by bits, and by ids of rarer terms', async () => {
  const counts = createMovieCounts({ readLookups: async () => ({ movies, common: new Set() }) });
  const rare = keywordTerm(6);
  const having = (...lists: number[][]) => counts.having(api.pool, lists);
  await api.pool.query(
    'update movie_terms t set terms = terms || $1::bigint from movies m where m.id = t.movie_id and m.tmdb_id % 200 = 0',
    [rare],
  );
  await note();
  await api.pool.query('update movie_terms set terms = array_remove(terms, $1)', [rare]);
  expect(await having([keywordTerm(5)])).toBe(movies / 2 - 1);
  expect(await having([keywordTerm(5), rare], [rare])).toBe(movies / 200);
  expect(await having([rare], [keywordTerm(7)])).toBe(0);
});

test('after many changes the sample is asked again', async () => {
  await api.pool.query("update movies set state = 'gone' where tmdb_id > $1", [movies / 2]);
  const about = await count(ofKeyword, dear);
  expect(Math.abs(about - movies / 8)).toBeLessThan(movies / 40);
  await api.pool.query("update movies set state = 'listed'");
});

test('whoever asks for the same at once shares the counting', async () => {
  await note();
  const counts = createMovieCounts({ readLookups: async () => ({ movies, common: new Set() }) });
  let asked = 0;
  const estimate = async () => ({ matches: movies, cost: dear, asked: asked++ });
  // Of what bits say nothing is estimated.
  const ask = (filters: MovieFilters) => () => counts.total(api.pool, filters, estimate);
  const atOnce = async (filters: MovieFilters) =>
    new Set(await Promise.all(Array.from({ length: 20 }, ask(filters))));
  expect(await atOnce(ofKeyword)).toEqual(new Set([movies / 4]));
  expect(asked).toBe(0);
  expect((await atOnce({ audience: { age: 16, country: 'DE' } })).size).toBe(1);
  expect(asked).toBe(1);
});

test('bits say it of large mirrors alone, and only what they can say', async () => {
  const isNoted = (filters: MovieFilters, ofMovies: number) =>
    createMovieCounts({ readLookups: async () => ({ movies: ofMovies, common: new Set() }) }).isNoted(
      api.pool,
      filters,
    );
  expect(await isNoted(ofKeyword, movies)).toBe(true);
  expect(await isNoted(ofKeyword, few)).toBe(false);
  expect(await isNoted({ audience, ids: [1] }, movies)).toBe(false);
});

test('far pages show what was noted, and near ones what is so now', async () => {
  await note();
  const read = async (page: number) =>
    (await (
      await api.another({})(`/api/movies?keyword=5&sort=release_date&page=${page}`)
    ).json()) as ListAnswer;
  const [near, far] = [await read(1), await read(12)];
  // Four that have it are rated adult.
  expect([near.data.length, far.data.length, far.meta.total_results]).toEqual([20, 20, movies / 2 - 4]);
  await api.pool.query("update noted_ids set ids = '' where term = $1", [orderTerm('release_date', 'known')]);
  expect((await read(12)).data).toEqual([]);
  expect((await read(1)).data).toEqual(near.data);
  await note();
  expect((await read(12)).data).toEqual(far.data);
});

test('facets of more than 10,000 movies are there once they are noted', async () => {
  await api.pool.query('update movies set adult = false');
  await note();
  expect(await readFacets('sort=release_date')).toEqual({
    genres: [{ id: 18, name: 'Drama', count: movies / 4 }],
    countries: [],
    original_languages: [
      { iso_639_1: 'en', count: (movies * 2) / 3 },
      { iso_639_1: 'fr', count: movies / 3 },
    ],
    years: [2001, 2002].map((year) => ({ year, count: movies / 2 + (year === 2001 ? 44 : -44) })),
  });
});
