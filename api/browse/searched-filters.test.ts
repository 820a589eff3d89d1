import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, putMovies } from '#tests/support/api/browse-fixture.ts';
import { notingStatements } from '#tests/support/api/noting-pool.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { noteCommonTerms } from '#worker/maintenance/note-common-terms.ts';
import { unknownAudience } from '../movies/audience.ts';
import { createFindNoted } from './find-noted.ts';
import { watchKeptBits } from './kept-bits.ts';
import { type MovieFilters, termsOf } from './movie-filters.ts';
import { notedOrder } from './movie-order.ts';
import { readSearch } from './read-search.ts';
import type { SearchPassing } from './search-candidates.ts';
import { longListOf } from './term-lookup.ts';

/** More than the best known of a frequent word, and known ones; a word of few that nobody knows. */
const movies: FixtureMovie[] = Array.from({ length: 400 }, (_, n) => ({
  tmdb_id: n + 1,
  title: n % 40 === 39 ? `Zebra ${n}` : `The Night ${n}`,
  popularity: n % 40 === 39 ? 0.1 : n < 250 ? 20 + n / 1000 : 3 + n / 1000,
  vote_average: n % 10,
  vote_count: 10,
  release_date: `${1990 + (n % 11)}-05-01`,
  genres: [18, 35].filter((_, at) => (n >> at) % 2 === 0),
  keywords: [1, 2].filter((each) => n % (each + 1) === 0),
  cast: [7].filter(() => n % 3 === 0),
  providers: { DE: [1, 2, 30].filter((each) => n % (each + 2) === 0) },
}));

/** 20 providers in five ways are a hundred terms. */
const anyProvider = { any: true, values: Array.from({ length: 20 }, (_, n) => n + 1), region: 'DE' };

const filters: Record<string, Partial<MovieFilters>> = {
  'a rating': { minVote: 5 },
  'a year': { year: 1994 },
  'a genre': { genres: { any: false, values: [18] } },
  'two genres': { genres: { any: false, values: [18, 35] } },
  'a keyword': { keywords: { any: false, values: [1] } },
  'any of many providers': { providers: anyProvider },
  'any of many providers and a keyword': { providers: anyProvider, keywords: { any: false, values: [1] } },
  'an actor and a year': { actors: { any: false, values: [7] }, year: 1994 },
};
const queries = [
  'night',
  'the',
  'ni',
  'nihgt',
  'zebra',
  'zerba',
  'night 1994',
  'the night 120',
  'nacht',
  'nacht 1994',
];

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await putMovies(api.pool, movies);
  await api.pool.query(
    `insert into movie_translations (movie_id, language, title)
      select id, 'de-DE', 'Nacht ' || tmdb_id from movies where tmdb_id % 5 = 1`,
  );
  await api.pool.query('analyze');
  await noteCommonTerms({ trigger: 'admin' }, jobContext(api.database));
});
afterAll(() => api[Symbol.asyncDispose]());

const findNoted = createFindNoted({ readKept: watchKeptBits(), movieRows: async () => 1_000_000 });
const bestKnown = { order: notedOrder('popularity', 'desc'), skip: 0, limit: 1000 };

const found = async (
  query: string,
  asked: Partial<MovieFilters>,
  passing: SearchPassing,
  pool = api.pool,
) => {
  const order = {
    sort: 'relevance',
    order: 'desc',
    position: { before: 0, after: undefined },
    limit: 1000,
  } as const;
  const { data, total } = await readSearch(
    pool,
    { audience: unknownAudience, ...asked },
    { ...order, language: 'en-US', passing },
    query,
  );
  const ids = (JSON.parse(data) as { tmdb_id: number }[]).map(({ tmdb_id }) => tmdb_id);
  expect(ids).toHaveLength(total);
  return ids;
};

describe('under filters a search finds the same in the same order, whether few pass or many', () => {
  for (const [what, asked] of Object.entries(filters))
    test(what, async () => {
      for (const query of queries) {
        const few = await found(query, asked, { fewPass: true });
        const all = { audience: unknownAudience, ...asked };
        const noted = await findNoted(api.pool, all, bestKnown);
        expect(noted === undefined).toBe(asked.actors !== undefined);
        const long = longListOf(termsOf(all, {}));
        for (const fewPass of [true, false])
          for (const how of [{}, { long }, { noted }])
            expect([query, ...(await found(query, asked, { fewPass, ...how }))]).toEqual([query, ...few]);
      }
    });
});

test('what is found passes, and nothing that passes is missing', async () => {
  const passing = movies.filter(
    (movie) => movie.title?.includes('Night') && movie.release_date?.startsWith('1994'),
  );
  for (const fewPass of [true, false]) {
    const ids = await found('night', { year: 1994 }, { fewPass });
    expect(ids.toSorted((one, other) => one - other)).toEqual(passing.map((movie) => movie.tmdb_id));
  }
});

/** The texts of what a search asks the database, and how often each part of it stands there. */
async function textsOf(query: string, asked: Partial<MovieFilters>, passing: SearchPassing) {
  const texts: string[] = [];
  const pool = notingStatements(api.pool, ({ text }) => texts.push(text));
  await found(query, asked, passing, pool);
  return { texts, count: (part: string | RegExp) => texts.filter((text) => text.search(part) >= 0).length };
}

test('of those that pass the titles are read once, however often is looked for what was meant', async () => {
  const { count } = await textsOf('night zebra', { minVote: 5 }, { fewPass: true });
  expect(count('ranked as materialized')).toBeGreaterThan(1);
  expect(count('m.vote_average >=')).toBe(1);
});

test('of what few titles have, these are asked whether they pass, and not each movie that passes', async () => {
  const isEachAsked = async (query: string) =>
    (await textsOf(query, { year: 1994 }, { fewPass: true })).count('passed as materialized') > 0;
  expect(await isEachAsked('night')).toBe(true);
  for (const query of ['\\'.repeat(300), 'qwertyuiop']) expect(await isEachAsked(query)).toBe(false);
});

test('a long list of terms is looked up, and not compared with what each movie has', async () => {
  const asked = { providers: anyProvider };
  const long = longListOf(termsOf({ audience: unknownAudience, ...asked }, {}));
  expect(long?.length).toBe(100);
  const compared = /terms\s*&&/;
  for (const fewPass of [true, false]) {
    expect((await textsOf('night', asked, { fewPass, long })).count(compared)).toBe(0);
    expect((await textsOf('night', asked, { fewPass })).count(compared)).toBe(1);
  }
});
