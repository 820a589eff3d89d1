import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, putMovies } from '#tests/support/api/browse-fixture.ts';
import { unknownAudience } from '../movies/audience.ts';
import { readAskedTitle } from '../search/asked-words.ts';
import { type CommonWords, readCommonWords } from '../search/common-words.ts';
import type { MatchOptions } from '../search/match-query.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import type { FoundRows } from './find-by-bits.ts';
import type { MovieFilters } from './movie-filters.ts';
import { searchedWords, searchStatement } from './search-statement.ts';
import type { KnownPassing } from './title-looks.ts';

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

interface Searched {
  common: CommonWords;
  match?: MatchOptions | undefined;
  filters?: Partial<MovieFilters>;
  known?: KnownPassing;
}

async function statementFor(query: string, { common, match = {}, filters, known = {} }: Searched) {
  const way = { title: await readAskedTitle(api.pool, query), match, elsewhere: undefined, common };
  const searched = searchedWords(way);
  return searchStatement(
    { audience: unknownAudience, ...filters },
    { ...asked, ...way, query, searched, known },
  );
}

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
    const { data, total } = await selectOne(api.pool, await statementFor(query, { common: {}, match }));
    found += total;
    for (const common of statistics) {
      const reading = await selectOne(api.pool, await statementFor(query, { common, match }));
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

const query = (n: number) => ['blood car', 'the stag', 'stag night'][n % 3] ?? '';
const noted = (n: number): FoundRows => ({
  ids: [3, 6, 9].map((id) => id + n),
  total: 300,
  passing: {
    bits: new Uint32Array(2048).fill(0x0f0f0f0f << (n % 4)),
    reach: 65_536 * (1 + (n % 2)),
    others: [n],
  },
});
const known: Record<string, (n: number) => KnownPassing> = {
  'without filters': () => ({}),
  'among candidates': (n) => ({ candidates: Array.from({ length: 1 + n * 20 }, (_, at) => String(at + n)) }),
  'by noted bits': (n) => ({ noted: noted(n) }),
};

test.each(Object.keys(known))(
  'a connection plans plain titles once, whatever their words: %s',
  async (way) => {
    const common = await readCommonWords(api.pool);
    const client = await api.pool.connect();
    try {
      const names = new Set<string | undefined>();
      for (let n = 0; n < 12; n++) {
        const filters = way === 'without filters' ? {} : { year: 1990 + n, minVote: n };
        const statement = await statementFor(query(n), { common, filters, known: known[way]?.(n) ?? {} });
        names.add(statement.name);
        await queryStore(client, statement);
      }
      expect([...names]).toEqual([expect.any(String)]);
      const { rows: plans } = await client.query<{ custom: number; generic: number }>(
        'select custom_plans::int as custom, generic_plans::int as generic from pg_prepared_statements where name = $1',
        [[...names][0]],
      );
      expect(plans[0]?.custom).toBeLessThanOrEqual(5);
      expect(plans[0]?.generic).toBeGreaterThanOrEqual(7);
    } finally {
      client.release();
    }
  },
);
