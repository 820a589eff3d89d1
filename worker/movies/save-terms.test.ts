import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { bitsOfCountries, countriesWithBits } from '#shared/movies/country-bits.ts';
import {
  certificationTerm,
  companyTerm,
  keywordTerm,
  leastWrittenTerm,
  offerTerm,
  originTerm,
  productionTerm,
  providerTerm,
  releaseTerm,
  writtenTerm,
} from '#shared/movies/term-codes.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { wireMovie } from '#tests/support/tmdb/movie-fixture.ts';
import { purge } from '#worker/maintenance/purge.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { mapPartsAgain } from './map-parts-again.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'movies', 'people'));

const day = 86_400_000;
const first = new Date(Date.now() - 10 * day);
const id = 7001;

const save = (patch: Record<string, unknown>, options: Partial<Parameters<typeof saveMovies>[2]> = {}) =>
  saveMovies(database.orm.em.fork(), [parseDetails(wireMovie(patch), id)], { now: first, ...options });
const rows = async (query: string) => (await database.pool.query(query)).rows;
const column = async (query: string) => (await rows(query)).map((row) => Object.values(row)[0]);

test('each number stands for one thing, and fits into both kinds of numbers', () => {
  const all = [
    ...[1, 2, 2_147_483_647].flatMap((n) => [keywordTerm(n), companyTerm(n), providerTerm('ZZ', n, 'buy')]),
    ...['AA', 'AZ', 'BA', 'ZZ'].flatMap((country) => [
      ...[productionTerm(country), originTerm(country), offerTerm(country, 'free'), releaseTerm(6, country)],
      ...[
        certificationTerm(country, '16'),
        certificationTerm(country, '18'),
        providerTerm(country, 1, 'ads'),
      ],
    ]),
    ...[1, 2, 3, 4, 5, 6].map((type) => releaseTerm(type)),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(all.every(Number.isSafeInteger)).toBe(true);
  expect(certificationTerm('FI', 'K-12')).toBe(certificationTerm('FI', 'k12'));
  expect(new Set(countriesWithBits).size).toBe(countriesWithBits.length);
  expect(countriesWithBits.length).toBeLessThanOrEqual(63);
});

describe('what lists are filtered by', () => {
  const offered = (country: string, offers: object) => ({
    'watch/providers': { results: { [country]: offers } },
  });
  const netflix = [{ provider_id: 8, provider_name: 'Netflix' }];
  const answer = {
    production_countries: [
      { iso_3166_1: 'DE', name: 'Germany' },
      { iso_3166_1: 'US', name: 'United States of America' },
      { iso_3166_1: '??', name: 'Nowhere' },
    ],
    origin_country: ['US', 'SU', 7],
    production_companies: [{ id: 25, name: 'X' }, { id: -1 }, null],
    keywords: { keywords: [{ id: 818, name: 'based on novel' }] },
    release_dates: {
      results: [
        { iso_3166_1: 'DE', release_dates: [{ type: 3, release_date: '2020-01-02', certification: '12' }] },
      ],
    },
    ...offered('DE', { link: 'https://x.example', flatrate: netflix, buy: netflix, rent: 'nothing' }),
  };
  const stored = async () =>
    (await column('select to_json(terms)::text as terms from movie_terms')).map((text): number[] =>
      JSON.parse(String(text)),
    );
  const terms = async () => (await stored()).map((all) => all.filter((term) => term < leastWrittenTerm));
  const sorted = (...codes: number[]) => codes.sort((a, b) => a - b);
  const expected = sorted(
    keywordTerm(818),
    companyTerm(25),
    productionTerm('DE'),
    productionTerm('US'),
    originTerm('US'),
    originTerm('SU'),
    providerTerm('DE', 8, 'flatrate'),
    providerTerm('DE', 8, 'buy'),
    offerTerm('DE', 'flatrate'),
    offerTerm('DE', 'buy'),
    releaseTerm(3, 'DE'),
    releaseTerm(3),
    certificationTerm('DE', '12'),
  );

  test('is written with the parts, and taken from the stored ones without a call', async () => {
    await save(answer);
    expect(await terms()).toEqual([expected]);
    const bits = [bitsOfCountries(['DE', 'US'])];
    expect(await column('select country_bits::text from movies')).toEqual(bits);
    await database.pool.query(
      'delete from movie_terms; update movies set parts_version = 1, country_bits = null',
    );
    await mapPartsAgain(jobContext(database));
    expect(await terms()).toEqual([expected]);
    expect(await column('select country_bits::text from movies')).toEqual(bits);
  });

  test('follows new providers and countries without writing anything else of the movie again', async () => {
    await save(answer);
    const credits = await rows('select xmin::text from movie_documents');
    const moved = { ...answer, production_countries: [], ...offered('US', { ads: netflix }) };
    await save(moved, { now: new Date(first.getTime() + day) });
    expect((await terms())[0]).toContain(providerTerm('US', 8, 'ads'));
    expect((await terms())[0]).not.toContain(offerTerm('DE', 'buy'));
    expect(await column('select country_bits::text from movies')).toEqual([null]);
    expect(await rows('select xmin::text from movie_documents')).toEqual(credits);
    const before = await rows('select xmin::text from movie_terms');
    await save(moved, { now: new Date(first.getTime() + 2 * day) });
    expect(await rows('select xmin::text from movie_terms')).toEqual(before);
  });

  test('says in which hour it was written, and is not written for another hour alone', async () => {
    const now = Math.floor(Date.now() / 3_600_000);
    await save(answer);
    const [all = []] = await stored();
    expect([writtenTerm(now), writtenTerm(now + 1)]).toContain(all.at(-1) ?? 0);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    for (const before of [[...expected, writtenTerm(now - 50)], expected]) {
      await database.pool.query('update movie_terms set terms = $1', [before]);
      await save({ ...answer, runtime: 99 }, { now: new Date(first.getTime() + day) });
      expect(await stored()).toEqual([before]);
    }
    await database.pool.query('update movie_terms set terms = $1', [expected.slice(1)]);
    await save(answer, { now: new Date(first.getTime() + 2 * day) });
    expect(await stored()).toEqual([[...expected, all.at(-1) ?? 0]]);
  });

  test('stays where the part cannot be read', async () => {
    await save(answer);
    await save({ ...answer, 'watch/providers': { results: [] } });
    expect(await terms()).toEqual([expected]);
  });

  test('goes with the content', async () => {
    await save(answer, { now: new Date(Date.now() - 181 * day) });
    await saveMovies(
      database.orm.em.fork(),
      [2, 3, 4, 5, 6].map((other) => mirroredMovie(other)),
      { now: first },
    );
    await purge({ trigger: 'schedule' }, jobContext(database));
    expect(await terms()).toEqual([[], [], [], [], []]);
    expect(await column(`select country_bits::text from movies where tmdb_id = ${id}`)).toEqual([null]);
  });
});
