import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Statement } from '#shared/db/sql.ts';
import { keywordTerm } from '#shared/movies/term-codes.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { unknownAudience } from '../movies/audience.ts';
import { selectOne } from '../store/select-one.ts';
import { countStatement, listStatement } from './browse-statement.ts';
import { asFew, type MovieFilters, type Planned } from './movie-filters.ts';
import { browseSorts, type SortOrder } from './movie-order.ts';
import { countSets, isHashed } from './term-lookup.ts';

const movies = 20_000;
const reach = 16_384;
const common = new Set([keywordTerm(1), keywordTerm(4)]);

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  // Every value comes several times, and is unknown for some.
  await api.pool.query(
    `insert into movies (tmdb_id, state, title, popularity, vote_average, vote_count, release_date, runtime, adult)
      select n, 'listed', 'Film ' || n % 1000, case when n % 50 > 0 then n % 3000 end, n % 11, case when n % 60 > 0 then n % 90 end,
        case when n % 70 > 0 then date '2000-01-01' + n % 5000 end, 60 + n % 90, n % 200 = 0
      from generate_series(1, $1::int) n`,
    [movies],
  );
  await api.pool.query(
    `insert into movie_terms (movie_id, terms) select id, array[$1::bigint + tmdb_id % 7] from movies`,
    [keywordTerm(1)],
  );
  // As the job notes them, but for the movies that came since.
  await api.pool.query(
    `insert into common_terms (term, reach, noted_hour, movies)
      select term, $1::int, 0, string_agg((term = $2::bigint + id % 7)::int::text, '' order by id)::bit varying
      from unnest($3::bigint[]) term, generate_series(0, $1::int - 1) id group by term`,
    [reach, keywordTerm(1), [...common]],
  );
  await api.pool.query('vacuum analyze movies, movie_terms');
});
afterAll(() => api[Symbol.asyncDispose]());

const filters: MovieFilters = {
  audience: unknownAudience,
  keywords: { any: true, values: [1, 3, 4711] },
  runtimeMin: 70,
};
const orders: SortOrder[] = ['desc', 'asc'];
const looks: [how: string, planned: Planned][] = [
  ['by their ids', { terms: 'byId' }],
  ['in a hashed set', { terms: 'hashed' }],
  ['as few', { ...asFew, terms: 'byId' }],
  ['by the bits of some of the terms', { terms: 'hashed', common }],
  ['as few, by the bits of some of the terms', { ...asFew, terms: 'hashed', common }],
];
const read = async (planned: Planned, asked: Parameters<typeof listStatement>[1]) =>
  (await selectOne(api.pool, listStatement(filters, asked, planned))).ids;

for (const sort of browseSorts)
  for (const order of orders)
    for (const [how, planned] of looks)
      test(`by ${sort}, ${order}: a list is the same where movies are looked up ${how}`, async () => {
        // As it was always found; so many reach into what is unknown.
        for (const most of [100, 10_000]) {
          const usual = await read({}, { sort, order, most });
          expect(usual.length).toBeGreaterThan(most === 100 ? 99 : 4000);
          expect(await read(planned, { sort, order, most })).toEqual(usual);
        }
      });

test('what a common keyword has is found along the order, with no row read and nothing sorted', async () => {
  const statement = listStatement(
    filters,
    { sort: 'popularity', order: 'desc', most: 2500 },
    { terms: 'hashed' },
  );
  expect(await isHashed(api.pool, statement)).toBe(true);
  const plan = await planOf(statement);
  expect(plan).toContain('Index Only Scan using movies_by_popularity_votes_index');
  expect(plan).not.toContain('Sort');
});

test('of common terms no id is read: their bits are looked at along the order', async () => {
  const allCommon = { ...filters, keywords: { any: true, values: [1, 4] } };
  for (const sort of browseSorts)
    for (const order of orders) {
      const asked = { sort, order, most: 10_000 };
      const byBits = listStatement(allCommon, asked, { terms: 'hashed', common });
      const { ids } = await selectOne(api.pool, byBits);
      expect(ids.length).toBeGreaterThan(4000);
      expect(ids).toEqual((await selectOne(api.pool, listStatement(allCommon, asked, {}))).ids);
      expect(await isHashed(api.pool, byBits)).toBe(true);
      const plan = await planOf(byBits);
      expect(plan).toMatch(/Index Only Scan (Backward )?using movies_by_/);
      for (const dear of ['movie_terms_terms_index', 'hashed', 'Sort']) expect(plan).not.toContain(dear);
    }
});

test('the sample is counted by bits as it is by what is stored, in its own index', async () => {
  const allCommon = { ...filters, keywords: { any: true, values: [1, 4] } };
  const byBits = countStatement(allCommon, { sampled: true, terms: 'hashed', common });
  expect(countSets(byBits)).toBe(0);
  const { total } = await selectOne(api.pool, byBits);
  expect(total).toBeGreaterThan(200);
  expect(total).toBe((await selectOne(api.pool, countStatement(allCommon, { sampled: true }))).total);
  expect(await planOf(byBits)).toContain('Index Only Scan using movies_sample_index');
});

test('movies that have a term of each of two lists are those of which both bits are set', async () => {
  const both = { audience: unknownAudience, keywords: { any: false, values: [1, 4] } };
  const either = { audience: unknownAudience, keywords: { any: true, values: [1, 4] } };
  const asked = { sort: 'popularity', order: 'desc', most: 10_000 } as const;
  const read = async (filters: MovieFilters) =>
    (await selectOne(api.pool, listStatement(filters, asked, { terms: 'hashed', common }))).ids;
  expect(await read(both)).toEqual([]);
  await api.pool.query(
    'update common_terms set movies = set_bit(movies, 77, 1) where term = any($1::bigint[])',
    [[...common]],
  );
  expect(await read(both)).toEqual([77]);
  await api.pool.query('update common_terms set movies = set_bit(movies, 77, 0) where term = $1', [
    keywordTerm(4),
  ]);
  expect(await read(either)).toContain(77);
});

test('what is looked up by ids is judged and sorted without any row', async () => {
  for (const sort of browseSorts) {
    const plan = await planOf(listStatement(filters, { sort, order: 'asc', most: 2500 }, { terms: 'byId' }));
    expect(plan).toContain('Index Only Scan using movies_by_id_index');
    expect(plan).not.toContain('Bitmap Heap Scan on movies');
  }
});

async function planOf({ text, values }: Statement): Promise<string> {
  const { rows } = await api.pool.query(`explain ${text}`, [...values]);
  return rows.map((row: { 'QUERY PLAN': string }) => row['QUERY PLAN']).join('\n');
}

test('sets that do not fit into memory are seen', async () => {
  const statement = listStatement(filters, { sort: 'title', order: 'desc', most: 2500 }, { terms: 'hashed' });
  const client = await api.pool.connect();
  try {
    await client.query("set work_mem = '64kB'; set hash_mem_multiplier = 1");
    expect(await isHashed(client, statement)).toBe(false);
  } finally {
    client.release(true);
  }
});
