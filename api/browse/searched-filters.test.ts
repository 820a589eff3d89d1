import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, putMovies } from '#tests/support/api/browse-fixture.ts';
import { unknownAudience } from '../movies/audience.ts';
import { type MovieFilters, termsOf } from './movie-filters.ts';
import { readSearch } from './service.ts';
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
});
afterAll(() => api[Symbol.asyncDispose]());

interface Looked {
  fewPass: boolean;
  long?: readonly number[] | undefined;
  best?: readonly number[];
}

/** Whether they pass was noted long ago. */
const best = movies
  .toSorted((one, other) => (other.popularity ?? 0) - (one.popularity ?? 0))
  .map(({ tmdb_id }) => tmdb_id);

const found = async (query: string, asked: Partial<MovieFilters>, how: Looked) => {
  const order = {
    sort: 'relevance',
    order: 'desc',
    position: { before: 0, after: undefined },
    limit: 1000,
  } as const;
  const { data, total } = await readSearch(
    api.pool,
    { audience: unknownAudience, ...asked },
    { ...order, language: 'en-US', ...how },
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
        for (const how of [{}, { best }])
          expect([query, ...(await found(query, asked, { fewPass: false, ...how }))]).toEqual([
            query,
            ...few,
          ]);
        const long = longListOf(termsOf({ audience: unknownAudience, ...asked }, {}));
        if (long === undefined) continue;
        for (const fewPass of [true, false])
          expect([query, ...(await found(query, asked, { fewPass, long }))]).toEqual([query, ...few]);
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
