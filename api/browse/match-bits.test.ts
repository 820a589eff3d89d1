import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { countriesWithBits } from '#shared/movies/country-bits.ts';
import { shownBit } from '#shared/movies/movie-bits.ts';
import { sampledText } from '#shared/movies/sampled-movies.ts';
import { keywordTerm } from '#shared/movies/term-codes.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovies } from '#tests/support/api/browse-fixture.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { noteCommonTerms } from '#worker/maintenance/note-common-terms.ts';
import type { Audience } from '../movies/audience.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import { countBits } from './bit-sets.ts';
import { collectStatement, countStatement, listStatement } from './browse-statement.ts';
import { shownFacets } from './facets.ts';
import { facetsOfBits } from './facets-of-bits.ts';
import { createFindByBits } from './find-by-bits.ts';
import { type KeptBits, watchKeptBits } from './kept-bits.ts';
import { matchBits } from './match-bits.ts';
import { asFew, filterMovies, type MovieFilters } from './movie-filters.ts';
import { browseSorts, notedOrder } from './movie-order.ts';

/** A fixed stand-in for chance: the same numbers in each run (mulberry32). */
function chanceFrom(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const chance = chanceFrom(7);
const pick = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)] as T;
const maybe = <T>(share: number, value: () => T) => (chance() < share ? value() : undefined);
const below = (n: number) => Math.floor(chance() * n);
const day = () =>
  `${1895 + below(140)}-${String(1 + below(12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}`;

const movies = 6000;
/** The last one shares its bit with 35. */
const genres = [28, 12, 16, 35, 18, 99, 286];
const countries = ['US', 'FR', 'DE', 'IS'];
const languages = ['en', 'fr', 'xx', 'zu'];
const rated = ['G', 'PG-13', 'R', 'NC-17', 'NR'];

let api: TestApi;
let kept: KeptBits;
beforeAll(async () => {
  api = await openTestApi();
  const some = <T>(all: readonly T[], most: number) => [
    ...new Set(Array.from({ length: below(most + 1) }, () => pick(all))),
  ];
  await putMovies(
    api.pool,
    Array.from({ length: movies }, (_, n) => ({
      tmdb_id: 1 + n * 3 + (n % 2),
      state: n % 40 === 0 ? 'gone' : n % 3 === 0 ? 'listed' : 'detailed',
      adult: pick([true, false, false, null]),
      certification: maybe(0.6, () => pick(rated)) ?? null,
      release_date: maybe(0.9, day) ?? null,
      vote_average: maybe(0.9, () => below(10_001) / 1000) ?? null,
      vote_count: maybe(0.9, () => Math.floor(200_000 ** chance())) ?? null,
      popularity: maybe(0.9, () => below(300)) ?? null,
      runtime: maybe(0.9, () => pick([0, 1, 90, 2047, 2048, 5000, below(300)])) ?? null,
      original_language: maybe(0.9, () => pick(languages)) ?? null,
      genres: some(genres, 3),
      countries: some(countries, 2),
      // 3 is noted by its ids, 5 is looked up, and 4 is nowhere.
      keywords: [...some([1, 2], 2), ...(n % 90 === 0 ? [3] : []), ...(n % 1000 === 1 ? [5] : [])],
      companies: some([5], 1),
      providers: { DE: [...some([8], 1), ...(n % 50 === 0 ? [9] : [])] },
      certifications: maybe(0.4, () => ({ DE: pick(['12', '16']) })) ?? {},
    })),
  );
  await api.pool.query('vacuum analyze movies, movie_terms');
  await noteCommonTerms({ trigger: 'admin' }, jobContext(api.database));
  kept = (await watchKeptBits()(api.pool)) as KeptBits;
});
afterAll(() => api[Symbol.asyncDispose]());

const someOf = <T>(all: readonly T[]) => ({
  any: chance() < 0.5,
  values: [...new Set([pick(all), ...(chance() < 0.4 ? [pick(all)] : [])])],
});
const ages: Audience['age'][] = [null, null, 0, 13, 14, 17, 18];

function randomFilters(): MovieFilters {
  const [one, other] = [day(), day()].sort();
  const asked = maybe(0.4, () => someOf([...genres, 4711]));
  return {
    audience: { age: pick(ages), country: null },
    genres: asked,
    ambiguous: (asked?.values ?? []).filter((id) => [35, 286].includes(id)),
    countries: maybe(0.3, () => someOf(countries)),
    keywords: maybe(0.3, () => someOf([1, 2, 3, 4, 5])),
    companies: maybe(0.1, () => someOf([5])),
    providers: maybe(0.2, () => ({ ...someOf([8, 9]), region: 'DE' })),
    certifications: maybe(0.2, () =>
      pick([
        { names: ['PG-13', 'R'], region: 'US', orOfUs: false },
        { names: ['G', 'NR'], region: 'US', orOfUs: false },
        { names: ['12'], region: 'DE', orOfUs: false },
      ]),
    ),
    originalLanguage: maybe(0.2, () => pick(languages)),
    year: maybe(0.1, () => 1895 + below(140)),
    releasedFrom: maybe(0.3, () => one),
    releasedTo: maybe(0.3, () => other),
    minVote: maybe(0.3, () => pick([0, 5, 7.25, 10, below(10_001) / 1000, chance() * 10])),
    minVoteCount: maybe(0.3, () => pick([0, 1, 10, 131_071, Math.floor(100_000 ** chance())])),
    runtimeMin: maybe(0.3, () => pick([0, 1, 90, 2047, below(300)])),
    runtimeMax: maybe(0.3, () => pick([0, 90, 2046, below(300)])),
  };
}

describe('what bits say of the movies that pass is what their rows say', () => {
  const asked = Array.from({ length: 400 }, randomFilters);

  test('how many there are', async () => {
    let found = 0;
    for (const filters of asked) {
      const bits = await bitsOf(filters);
      const { total } = await selectOne(api.pool, countStatement(filters));
      expect({ filters, total: countBits(bits) }).toEqual({ filters, total });
      found += total > 0 ? 1 : 0;
    }
    expect(found).toBeGreaterThan(200);
  }, 120_000);

  test('what they have', async () => {
    for (const filters of asked.slice(0, 100)) {
      const page = {
        order: 'desc',
        position: { before: 0, after: undefined },
        limit: 1,
        facets: true,
      } as const;
      const statement = collectStatement(filters, { ...page, sort: 'popularity' });
      const { facets, total } = await selectOne(api.pool, statement);
      const ofBits = await facetsOfBits(api.pool, kept, await bitsOf(filters));
      if (!facets || !ofBits) throw new Error(`nothing was counted of ${total}`);
      const inOrder = (given: typeof facets) => shownFacets(given, new Map());
      expect({ filters, facets: inOrder(ofBits) }).toEqual({ filters, facets: inOrder(facets) });
    }
  }, 120_000);
});

describe('rows of a list that bits find are those that their rows say', () => {
  test.each(browseSorts)(
    'by %s, both ways',
    async (sort) => {
      const findByBits = createFindByBits();
      for (const [at, filters] of Array.from({ length: 40 }, randomFilters).entries()) {
        const order = pick(['asc', 'desc'] as const);
        const [skip, limit] = [at % 4 === 0 ? 0 : below(400), 1 + below(60)];
        const passing = filterMovies(filters);
        const combine = () => bitsOf(filters);
        const found = await findByBits(api.pool, {
          combine,
          passing,
          order: notedOrder(sort, order),
          skip,
          limit,
        });
        const { ids } = await selectOne(
          api.pool,
          listStatement(filters, { sort, order, most: skip + limit }, asFew),
        );
        const { total } = await selectOne(api.pool, countStatement(filters));
        const listed = found && { ids: found.ids, total: found.total };
        expect({ filters, order, listed }).toEqual({
          filters,
          order,
          listed: { ids: ids.slice(skip), total },
        });
      }
    },
    120_000,
  );
});

async function bitsOf(filters: MovieFilters) {
  const tree = matchBits(filters, kept.has);
  const bits = tree && (await kept.combine(tree));
  if (bits === undefined) throw new Error(`bits do not say ${JSON.stringify(filters)}`);
  return bits;
}

test('what bits do not say is left to the rows', () => {
  const audience = { age: null, country: null };
  const unsaid: MovieFilters[] = [
    { audience: { age: 16, country: 'DE' } },
    { audience, hidesOld: true },
    { audience, ids: [1] },
    { audience, actors: { any: true, values: [1] } },
    { audience, directors: { any: true, values: [1] } },
    { audience, certifications: { names: ['12'], region: 'DE', orOfUs: true } },
    { audience, year: 1200 },
    { audience, releasedTo: '2999-01-01' },
    { audience, minVoteCount: 200_000 },
    { audience, runtimeMin: 2048 },
    { audience, runtimeMax: 2047 },
  ];
  for (const filters of unsaid) expect(matchBits(filters, kept.has)).toBeUndefined();
});

test('countries have a bit for each place of a bigint', () => {
  expect(countriesWithBits.length).toBeLessThan(64);
});

/** How many movies that are shown have any of some keywords, for which no bits are kept. */
const countRare = async (...keywords: number[]) => {
  const bits = await kept.combine({ all: [{ term: shownBit }, { rare: keywords.map(keywordTerm) }] });
  return bits && countBits(bits);
};

test('rare terms are as they were noted, those that few movies have as they are now', async () => {
  expect([await countRare(3), await countRare(5), await countRare(3, 5)]).toEqual([50, 6, 56]);
  const [three, five] = [keywordTerm(3), keywordTerm(5)];
  await change('create table before as select * from movie_terms');
  await change(`update movie_terms set terms = array[${five}] where terms && array[${three}, ${five}]`);
  expect([await countRare(3), await countRare(5), await countRare(3, 5)]).toEqual([50, 56, 56]);
  await change(
    'update movie_terms t set terms = before.terms from before where before.movie_id = t.movie_id',
  );
  await change('drop table before');
});

test('where no ids are noted, movies are looked up, if they are not too many', async () => {
  await change('create table before as select * from noted_ids; truncate noted_ids');
  expect([await countRare(3), await countRare(3, 5), await countRare(1, 2)]).toEqual([50, 56, undefined]);
  await change('insert into noted_ids select * from before; drop table before');
});

const change = (text: string) => api.pool.query(text);
const isKept = async () => (await watchKeptBits()(api.pool)) !== undefined;

describe('bits are believed', () => {
  test('while little has changed in the sample since they were made', async () => {
    expect(await isKept()).toBe(true);
    const { rowCount } = await change(
      `update movies set state = 'gone' where ${sampledText('id')} and state in ('listed', 'detailed') and tmdb_id % 7 = 0`,
    );
    expect(rowCount).toBeGreaterThan(30);
    expect(await isKept()).toBe(false);
    await noteCommonTerms({ trigger: 'admin' }, jobContext(api.database));
    expect(await isKept()).toBe(true);
  });

  test('not where the job has noted nothing', async () => {
    await change('truncate common_terms');
    expect(await isKept()).toBe(false);
    expect(await queryStore(api.pool, { text: 'select 1 as n', values: [] })).toHaveLength(1);
  });
});
