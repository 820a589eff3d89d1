import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, putMovies } from '#tests/support/api/browse-fixture.ts';
import { unknownAudience } from '../movies/audience.ts';
import { readAskedTitle } from '../search/asked-words.ts';
import { type CommonWords, readCommonWords } from '../search/common-words.ts';
import type { MatchOptions } from '../search/match-query.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import { searchStatement } from './search-statement.ts';

const endings = ['', 'car', 'carnival', 'night', 'Dr. Who'];
const movies: FixtureMovie[] = Array.from({ length: 300 }, (_, n) => ({
  tmdb_id: n + 1,
  title: `${n % 3 === 0 ? 'Blood' : 'The Stag'} ${endings[n % 5]} ${n}`,
  popularity: n % 20,
  vote_count: n,
  release_date: `${1990 + (n % 11)}-05-01`,
}));

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await putMovies(api.pool, movies);
  await api.pool.query(
    `insert into movie_translations (movie_id, language, title)
      select id, 'de-DE', 'Blut ' || (array['Karte', 'Karussell', 'Nacht'])[1 + tmdb_id % 3] from movies where tmdb_id % 2 = 1`,
  );
  await api.pool.query('analyze');
});
afterAll(() => api[Symbol.asyncDispose]());

const asked = {
  sort: 'relevance',
  order: 'desc',
  position: { before: 0, after: undefined },
  limit: 1000,
  language: 'de-DE',
} as const;

const statementFor = async (query: string, common: CommonWords, match: MatchOptions = {}) =>
  searchStatement(
    { audience: unknownAudience },
    { ...asked, query, title: await readAskedTitle(api.pool, query), match, common },
  );

/** All words are rare, all are everywhere, and nothing is known. */
const rows = 1_000_000;
const rare = { rows, shares: new Map() };
const words = ['blood', 'stag', 'car', 'night', 'dr', 'who', 'blut', 'nacht', 'karte'];
const everywhere = { rows, shares: new Map(words.map((word) => [word, 0.5])) };
const statistics: CommonWords[] = [
  { movie_titles: rare, movie_other_titles: rare },
  { movie_titles: everywhere, movie_other_titles: everywhere },
];

test('what is looked for in rows is what an index finds', async () => {
  const near = new Map([['stga', ['stag']]]);
  const cases: [string, MatchOptions?][] = [
    ...['blood car', 'blood ca', 'stag night', 'blood dr', 'the stag dr who', 'blut ka', 'blut nacht'].map(
      (query): [string] => [query],
    ),
    ...['blood blood', 'blood night 1994', 'blood qxz', 'blood'].map((query): [string] => [query]),
    ['stga ni', { near }],
    ['stga ni', { near, withoutOne: true }],
  ];
  let found = 0;
  for (const [query, match] of cases) {
    const { data, total } = await selectOne(api.pool, await statementFor(query, {}, match));
    found += total;
    for (const common of statistics) {
      const reading = await selectOne(api.pool, await statementFor(query, common, match));
      expect([query, reading.total, reading.data]).toEqual([query, total, data]);
    }
  }
  expect(found).toBeGreaterThan(500);
});

test('the statistics know the words of both tables', async () => {
  const common = await readCommonWords(api.pool);
  expect(common.movie_titles?.rows).toBe(300);
  expect(common.movie_titles?.shares.get('blood')).toBeCloseTo(1 / 3, 2);
  expect(common.movie_other_titles?.shares.get('blut')).toBeCloseTo(1, 2);
});

test('a connection plans plain titles once, whatever their words', async () => {
  const common = await readCommonWords(api.pool);
  const client = await api.pool.connect();
  try {
    const names = new Set<string | undefined>();
    for (let n = 0; n < 12; n++) {
      const statement = await statementFor(['blood car', 'the stag', 'stag night'][n % 3] ?? '', common);
      names.add(statement.name);
      await queryStore(client, statement);
    }
    expect(names.size).toBe(1);
    const { rows: plans } = await client.query<{ custom: number; generic: number }>(
      'select custom_plans::int as custom, generic_plans::int as generic from pg_prepared_statements where name = $1',
      [[...names][0]],
    );
    expect(plans[0]?.custom).toBeLessThanOrEqual(5);
    expect(plans[0]?.generic).toBeGreaterThanOrEqual(7);
  } finally {
    client.release();
  }
});

test('of what few titles have, these are asked whether they pass, and not each movie that passes', async () => {
  const common = await readCommonWords(api.pool);
  const textOf = async (query: string) => {
    const title = await readAskedTitle(api.pool, query);
    const filters = { audience: unknownAudience, year: 1994 };
    return searchStatement(filters, { ...asked, query, title, match: {}, common, fewPass: true }).text;
  };
  for (const query of ['night', 'blood ca']) expect(await textOf(query)).toContain('passed as materialized');
  for (const query of ['\\'.repeat(300), 'qwertyuiop', 'night qwertyuiop'])
    expect(await textOf(query)).not.toContain('passed as materialized');
});
