import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { QueryConfig } from 'pg';
import { bitsOfCountries } from '#shared/movies/country-bits.ts';
import {
  companyTerm,
  keywordTerm,
  leastWrittenTerm,
  productionTerm,
  providerTerm,
} from '#shared/movies/term-codes.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { idsOf } from '#tests/support/api/browse-fixture.ts';
import { chance } from '#tests/support/chance.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { noteCommonTerms } from '#worker/maintenance/note-common-terms.ts';
import { saveTerms } from '#worker/movies/save-terms.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import { unknownAudience } from '../movies/audience.ts';
import { selectOne } from '../store/select-one.ts';
import { type AskedPage, walkStatement } from './browse-statement.ts';
import { areRarelyHad } from './count-terms.ts';
import type { Several } from './filter-parameters.ts';
import type { MovieFilters, Planned } from './movie-filters.ts';
import { browseSorts, type MovieKey } from './movie-order.ts';
import { type CommonTerms, countSets, type Since, watchCommonTerms, watchSince } from './term-lookup.ts';

const movies = 12_000;
const next = chance(18);
const random = (below: number) => Math.floor(next() * below);
const of = <T>(values: readonly T[]): T => values[random(values.length)] as T;
const orNot = <T>(value: () => T): T | undefined => (random(2) === 0 ? value() : undefined);

const countries = ['US', 'FR', 'IS'];
/** The first keywords and companies are common, the others are not. */
const termsOfOne = (): number[] => {
  const drawn = [
    ...Array.from({ length: 3 }, () => keywordTerm(1 + ((random(100) * random(100)) >> 9))),
    companyTerm(1 + random(random(20) === 0 ? 12 : 4)),
    ...(random(3) === 0 ? [providerTerm('DE', 1 + random(4), of(['flatrate', 'buy']))] : []),
    ...(random(40) === 0 ? [productionTerm('IS')] : [productionTerm(of(['US', 'FR']))]),
  ];
  return [...new Set(drawn)].sort((a, b) => a - b);
};

let api: TestApi;
let common: CommonTerms;
let since: Since;

/** As the worker writes them. */
async function write(ids: readonly number[]): Promise<void> {
  const { rows } = await api.pool.query<{ id: string }>(
    'select id from movies where tmdb_id = any($1::int[])',
    [ids],
  );
  const written = rows.map(({ id }) => ({ movie_id: id, terms: termsOfOne() }));
  await writeTransaction(api.database.orm.em.fork(), (on) => saveTerms(on, written));
  const bits = written.map(({ terms }) =>
    bitsOfCountries(countries.filter((country) => terms.includes(productionTerm(country)))),
  );
  await api.pool.query(
    'update movies set country_bits = i.bits from unnest($1::bigint[], $2::bigint[]) as i(id, bits) where movies.id = i.id',
    [written.map(({ movie_id }) => movie_id), bits],
  );
}

const someIds = (count: number) => Array.from({ length: count }, () => 1 + random(movies));
const putFilms = (from: number, to: number) =>
  api.pool.query(
    `insert into movies (tmdb_id, state, title, popularity, vote_average, vote_count, release_date, genre_bits, adult, fetched_at)
      select n, case when n % 31 = 0 then 'purged' else 'listed' end, 'Film ' || n % 500, case when n % 50 > 0 then n * 7 % 900 end,
        n % 11, case when n % 60 > 0 then n % 90 end, case when n % 70 > 0 then date '2000-01-01' + n % 5000 end,
        1::bigint << n % 4 | 1::bigint << n % 3, n % 200 = 0, now()
      from generate_series($1::int, $2::int) n`,
    [from, to],
  );

beforeAll(async () => {
  api = await openTestApi();
  await putFilms(1, movies);
  for (let at = 0; at < movies; at += 3000) await write(Array.from({ length: 3000 }, (_, n) => at + n + 1));
  // Of what was written long ago nothing says when.
  await api.pool.query(
    'update movie_terms set terms = array(select term from unnest(terms) term where term < $1::bigint order by 1)',
    [leastWrittenTerm],
  );
  await api.pool.query('vacuum analyze movies, movie_terms');
  await noteCommonTerms({ trigger: 'admin' }, jobContext(api.database));
  common = await watchCommonTerms()(api.pool);
  since = await watchSince()(api.pool);
});
afterAll(() => api[Symbol.asyncDispose]());

const several = <T>(values: readonly T[], most = 3): Several<T> => ({
  any: random(3) > 0,
  values: [...new Set(Array.from({ length: 1 + random(most) }, () => of(values)))],
});
const upTo = (most: number) => Array.from({ length: most }, (_, n) => n + 1);

function anyFilters(): MovieFilters {
  const filters: MovieFilters = {
    audience: of([unknownAudience, { age: 18, country: null }, { age: 13, country: null }]),
    keywords: orNot(() => several(upTo(22), 20)),
    companies: orNot(() => several(upTo(12))),
    providers: orNot(() => ({ ...several(upTo(5)), region: 'DE' })),
    countries: random(4) === 0 ? several(countries) : undefined,
    genres: random(4) === 0 ? several([28, 12, 16, 35], 2) : undefined,
    minVote: random(4) === 0 ? random(8) : undefined,
    releasedFrom: random(4) === 0 ? '2005-01-01' : undefined,
  };
  return filters.keywords || filters.companies || filters.providers
    ? filters
    : { ...filters, keywords: { any: false, values: [1 + random(3)] } };
}

const anyPage = (): AskedPage => ({
  sort: of(browseSorts),
  order: of(['desc', 'asc']),
  limit: 1 + random(40),
  position: { before: random(3) === 0 ? random(300) : 0, after: undefined },
  facets: false,
});

const read = async (filters: MovieFilters, asked: AskedPage, planned: Planned = {}) => {
  const { data, next_key } = await selectOne(api.pool, walkStatement(filters, asked, planned));
  return { data, next_key: next_key as MovieKey | null };
};

/** What is asked at random is found by bits as by what is stored; and so is what follows. */
async function compare(times: number): Promise<{ found: number; byBits: number }> {
  const seen = { found: 0, byBits: 0 };
  for (let n = 0; n < times; n++) {
    const [filters, asked] = [anyFilters(), anyPage()];
    const planned: Planned = { terms: 'hashed', common, since };
    if (countSets(walkStatement(filters, asked, planned)) === 0) seen.byBits += 1;
    const first = await read(filters, asked);
    expect({ filters, asked, ...(await read(filters, asked, planned)) }).toEqual({
      filters,
      asked,
      ...first,
    });
    seen.found += first.next_key ? 1 : 0;
    if (!first.next_key) continue;
    const further: AskedPage = { ...asked, position: { before: 0, after: first.next_key } };
    expect(await read(filters, further, planned)).toEqual(await read(filters, further));
  }
  return seen;
}

test('common terms are known, and those of the last hours', () => {
  expect(common.has(keywordTerm(1))).toBe(true);
  expect(common.has(keywordTerm(22))).toBe(false);
  expect(since?.length).toBeGreaterThanOrEqual(3);
});

test('of a list without bits it is known whether few have one of its terms', async () => {
  const rare = [keywordTerm(19), keywordTerm(20)];
  const areRare = (lists: number[][], most: number) => areRarelyHad(api.pool, lists, { common, most });
  const { rows } = await api.pool.query<{ having: number }>(
    'select count(*)::int as having from movie_terms where terms && $1::bigint[]',
    [rare],
  );
  const having = rows[0]?.having ?? 0;
  expect(having).toBeGreaterThan(1);
  expect(await areRare([[keywordTerm(1)], rare], having + 1)).toBe(true);
  expect(await areRare([[keywordTerm(1)], rare], having)).toBe(false);
  expect(await areRare([[keywordTerm(1)], [keywordTerm(1), keywordTerm(20)]], movies)).toBe(false);
});

test('bits find what is stored, in each order, page by page', async () => {
  const { found, byBits } = await compare(100);
  expect(found).toBeGreaterThan(20);
  expect(byBits).toBeGreaterThan(20);
});

test('what was written, has gone or has come since is found as it is now', async () => {
  await write(someIds(400));
  await api.pool.query(
    'delete from movie_terms t using movies m where m.id = t.movie_id and m.tmdb_id = any($1::int[])',
    [someIds(200)],
  );
  await api.pool.query(`update movies set state = 'purged' where tmdb_id = any($1::int[])`, [someIds(200)]);
  // Beyond the last bit.
  await putFilms(100_000, 100_400);
  await write(Array.from({ length: 401 }, (_, n) => 100_000 + n));
  const { found, byBits } = await compare(100);
  expect(found).toBeGreaterThan(20);
  expect(byBits).toBeGreaterThan(20);
});

test('near pages are found by bits where all else costs more, and show what is so now', async () => {
  // To the planner, this mirror is a large one.
  const { host = '', port = 0, user = '', database: name = '' } = api.database.clientConfig;
  await api.pool.query(
    `alter database ${name} set seq_page_cost = 400; alter database ${name} set random_page_cost = 400`,
  );
  await using large = await openDatabase({ host, port, user, database: name });
  await api.pool.query(`alter database ${name} reset all`);
  const asked: string[] = [];
  const pool = new Proxy(large.pool, {
    get(target, property) {
      if (property !== 'query') return Reflect.get(target, property, target);
      return (...[query, ...rest]: [QueryConfig | string, ...unknown[]]) => {
        asked.push(typeof query === 'string' ? query : query.text);
        return Reflect.apply(target.query, target, [query, ...rest]);
      };
    },
  });
  const ofLarge = api.another({ database: { pool }, config: { rateLimit: false } });
  const ofSmall = api.another({ config: { rateLimit: false } });
  const ids = async (get: TestApi['get'], query: string) =>
    idsOf(await (await get(`/api/movies?${query}`)).json());
  const isByBits = () => asked.some((text) => text.includes('order by') && text.includes('get_bit('));
  for (const query of ['keyword=11', 'keyword=11&sort=title&order=asc&page=2', 'keyword=10|22&genre=28']) {
    asked.length = 0;
    expect({ query, ids: await ids(ofLarge, query) }).toEqual({ query, ids: await ids(ofSmall, query) });
    expect({ query, isByBits: isByBits() }).toEqual({ query, isByBits: true });
  }
  const [first = 0] = await ids(ofLarge, 'keyword=11');
  await api.pool.query(
    'update movie_terms set terms = array_remove(terms, $2) from movies m where m.id = movie_id and m.tmdb_id = $1',
    [first, keywordTerm(11)],
  );
  expect(await ids(ofLarge, 'keyword=11&limit=19')).toEqual(await ids(ofSmall, 'keyword=11&limit=19'));
  expect(await ids(ofLarge, 'keyword=11&limit=18')).not.toContain(first);
});

test('a term that has lost its bits meanwhile is asked for as it is stored', async () => {
  const filters: MovieFilters = { audience: unknownAudience, keywords: { any: true, values: [1, 2] } };
  const asked: AskedPage = { ...anyPage(), limit: 20, position: { before: 0, after: undefined } };
  await api.pool.query('delete from common_terms where term = $1', [keywordTerm(2)]);
  const { data } = await read(filters, asked, { terms: 'hashed', common, since });
  expect(data).toEqual((await read(filters, asked)).data);
});

test('bits of which it is not known what came since are not used for what is new', async () => {
  await api.pool.query('update common_terms set noted_hour = noted_hour - 24');
  expect(await watchSince()(api.pool)).toBeUndefined();
  await api.pool.query('delete from common_terms');
  expect(await watchSince()(api.pool)).toBeUndefined();
});
