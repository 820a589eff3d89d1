import { afterAll, beforeAll, expect, test } from 'bun:test';
import pg, { type QueryConfig } from 'pg';
import { join, sql } from '#shared/db/sql.ts';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { orderTerm } from '#shared/movies/noted-lists.ts';
import {
  certificationTerm,
  companyTerm,
  keywordTerm,
  offerTerm,
  originTerm,
  providerTerm,
  releaseTerm,
} from '#shared/movies/term-codes.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { notingStatements } from '#tests/support/api/noting-pool.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { noteCommonTerms } from '#worker/maintenance/note-common-terms.ts';
import { type GenreShares, watchGenreShares } from '../../browse/estimate-matches.ts';
import { createFindByBits } from '../../browse/find-by-bits.ts';
import { readNotedIds } from '../../browse/read-noted-ids.ts';
import { createReadQuery, pageOf } from '../wire/asked-query.ts';
import { combineFilters } from './combine-filters.ts';
import { readFilters } from './discover-filters.ts';
import { createDiscoverMovies, type DiscoverMovies } from './discover-movies.ts';
import { readOrder } from './discover-order.ts';

const count = 9000;
/** The others come after the job that notes common terms, with ids beyond those that it has bits for. */
const noted = 8900;
const reach = 65_536;

interface Movie {
  id: number;
  adult: boolean;
  genres: number[];
  keywords: number[];
  companies: number[];
  /** In Germany, by flatrate. */
  providers: number[];
  people: number[];
  language: string;
  vote: number;
  votes: number;
  date: string;
  runtime: number;
  popularity: number;
  germanDate: string | undefined;
  terms: number[];
}

/** The same numbers in every run. */
function dice(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor(((state >>> 8) / 2 ** 24) * below);
  };
}

/** Two genres share a bit: 35 and 286. */
const genres = [18, 35, 286, 99, 27, 10752];
/** The first ones are common, the last ones are rare. */
const drawn = (roll: (below: number) => number, times: number) => [
  ...new Set(Array.from({ length: times }, () => 1 + Math.floor((roll(1000) / 1000) ** 3 * 60))),
];

const roll = dice(7);
const day = (from: number, days: number) =>
  new Date(Date.UTC(from, 0, 1) + days * 86_400_000).toISOString().slice(0, 10);
const movies: Movie[] = Array.from({ length: count }, (_, at) => {
  const keywords = drawn(roll, 3);
  const companies = drawn(roll, 2);
  const providers = roll(3) === 0 ? drawn(roll, 3) : [];
  const isReleased = roll(4) === 0;
  return {
    id: at < noted ? at + 1 : reach + at,
    adult: roll(100) === 0,
    genres: genres.filter(() => roll(3) === 0),
    keywords,
    companies,
    providers,
    people: roll(10) === 0 ? [1 + roll(5)] : [],
    language: ['en', 'en', 'de', 'ko'][roll(4)] ?? 'en',
    vote: roll(11),
    votes: roll(50),
    date: day(1950, roll(25_000)),
    runtime: 60 + roll(90),
    popularity: roll(2000),
    germanDate: isReleased ? day(1960, roll(20_000)) : undefined,
    terms: [
      ...keywords.map(keywordTerm),
      ...companies.map(companyTerm),
      ...providers.flatMap((id) => [providerTerm('DE', id, 'flatrate')]),
      ...(providers.length > 0 ? [offerTerm('DE', 'flatrate')] : []),
      originTerm(['US', 'FR', 'DE'][roll(3)] ?? 'US'),
      ...(isReleased
        ? [releaseTerm(3), releaseTerm(3, 'DE'), certificationTerm('DE', '12')]
        : [releaseTerm(4)]),
    ],
  };
});

let api: TestApi;
let dear: pg.Pool;
let shares: GenreShares;
let ways: [name: string, discover: DiscoverMovies][];
beforeAll(async () => {
  api = await openTestApi();
  await api.pool.query(`insert into genres (id, name) select g, 'Genre ' || g from unnest($1::int[]) g`, [
    genres,
  ]);
  await api.pool.query(`insert into people (id, name) select n, 'P' from generate_series(1, 5) n`);
  await put(movies.slice(0, noted));
  await api.pool.query('vacuum analyze');
  await noteCommonTerms({ trigger: 'admin' }, jobContext(api.database));
  await put(movies.slice(noted));
  await api.pool.query('vacuum analyze');
  shares = await watchGenreShares()(api.pool);
  // To look at all of so few movies costs little: to this planner it costs much, as that of a million does.
  dear = new pg.Pool({
    ...api.database.clientConfig,
    Client: WatchedClient,
    max: 1,
    options: '-c cpu_index_tuple_cost=1 -c cpu_tuple_cost=2',
  });
  ways = [
    ['where all is cheap', createDiscoverMovies(api.pool, { keepsLists: false })],
    ['where all is dear', createDiscoverMovies(dear, { keepsLists: false })],
    [
      'where nothing is believed that is noted',
      createDiscoverMovies(dear, { keepsLists: false, readKept: async () => undefined }),
    ],
  ];
});
afterAll(async () => {
  await dear.end();
  await api[Symbol.asyncDispose]();
});

async function put(some: readonly Movie[]) {
  const json = JSON.stringify(some);
  await api.pool.query(
    `insert into movies (tmdb_id, state, title, adult, popularity, vote_average, vote_count, release_date, runtime, original_language)
      select id, 'detailed', 'Film ' || id % 500, adult, popularity, vote, votes, date, runtime, language
      from json_to_recordset($1) as i(id int, adult boolean, popularity float8, vote float8, votes int, date date,
        runtime int, language text)`,
    [json],
  );
  await api.pool.query(
    `with i as (select m.id as movie_id, i.* from json_to_recordset($1) as i(id int, terms bigint[], genres int[],
        people int[], "germanDate" date) join movies m on m.tmdb_id = i.id),
      t as (insert into movie_terms select movie_id, terms from i),
      r as (insert into movie_releases (movie_id, country, release_date)
        select movie_id, 'DE', "germanDate" from i where "germanDate" is not null),
      c as (insert into credits (movie_id, credit_id, person_id, kind, position)
        select movie_id, 'c', p, 'cast', 0 from i, unnest(people) p)
      insert into movie_genres (movie_id, genre_id, position) select movie_id, g, 0 from i, unnest(genres) g`,
    [json],
  );
}

type Passes = (movie: Movie) => boolean;
const has = (own: readonly number[], ids: readonly number[]) => ids.some((id) => own.includes(id));
const hasAll = (own: readonly number[], ids: readonly number[]) => ids.every((id) => own.includes(id));
const of =
  (kind: 'keywords' | 'companies' | 'genres' | 'providers' | 'people', name: string) =>
  (ids: readonly number[], sign: ',' | '|'): [string, Passes] => [
    `${name}=${ids.join(sign)}`,
    name.includes('without')
      ? (movie) => !has(movie[kind], ids)
      : (movie) => (sign === '|' ? has : hasAll)(movie[kind], ids),
  ];
const lists = [
  of('keywords', 'with_keywords'),
  of('keywords', 'without_keywords'),
  of('companies', 'with_companies'),
  of('companies', 'without_companies'),
  of('genres', 'with_genres'),
  of('genres', 'without_genres'),
  of('providers', 'watch_region=DE&with_watch_providers'),
  of('providers', 'watch_region=DE&without_watch_providers'),
  of('people', 'with_people'),
];
const others: [string, Passes][] = [
  ['vote_average.gte=9', ({ vote }) => vote >= 9],
  ['vote_count.lte=3', ({ votes }) => votes <= 3],
  ['with_runtime.gte=100', ({ runtime }) => runtime >= 100],
  ['with_original_language=ko|de', ({ language }) => language !== 'en'],
  ['with_original_language=ko', ({ language }) => language === 'ko'],
  ['primary_release_date.gte=2010-01-01', ({ date }) => date >= '2010-01-01'],
  ['region=DE&release_date.gte=1990-01-01', ({ germanDate = '' }) => germanDate >= '1990-01-01'],
  ['region=DE&with_release_type=3', ({ terms }) => terms.includes(releaseTerm(3, 'DE'))],
  ['with_cast=1|2|3', ({ people }) => has(people, [1, 2, 3])],
  ['with_crew=1', () => false],
  ['vote_average.lte=4.5', ({ vote }) => vote <= 4.5],
  ['vote_average.gte=11', () => false],
  ['vote_count.gte=200000', () => false],
  ['with_runtime.lte=75', ({ runtime }) => runtime <= 75],
  ['with_runtime.gte=70.5&with_runtime.lte=3000', ({ runtime }) => runtime >= 71],
  ['primary_release_date.lte=1959-12-31', ({ date }) => date <= '1959-12-31'],
  ['primary_release_date.gte=1500-01-01&primary_release_date.lte=9999-12-31', () => true],
  ['year=1999', ({ date }) => date.startsWith('1999')],
  ['with_original_language=ko|xyz', ({ language }) => language === 'ko'],
  ['certification_country=US&certification.lte=PG', () => false],
  [
    'region=DE&release_date.gte=1970-05-05&release_date.lte=1999-01-01',
    ({ germanDate = '' }) => germanDate >= '1970-05-05' && germanDate <= '1999-01-01',
  ],
  ['with_release_type=4|1', ({ terms }) => terms.includes(releaseTerm(4))],
  [
    'with_origin_country=US|FR',
    ({ terms }) => terms.includes(originTerm('US')) || terms.includes(originTerm('FR')),
  ],
  [
    'certification_country=DE&certification.lte=12',
    ({ terms }) => terms.includes(certificationTerm('DE', '12')),
  ],
];

const chosen = <Value>(values: readonly Value[], n: number) => values[n % values.length] as Value;
function someFilters(n: number): [query: string, passes: Passes[]] {
  const any = dice(n * 7919 + 1);
  any(2);
  const list = () => {
    const index = any(lists.length);
    const isGenre = index === 4 || index === 5;
    const size = chosen([1, 1, 2, 3, 12, 40], any(6));
    const ids = Array.from({ length: size }, () =>
      isGenre
        ? chosen([...genres, 4711], any(7))
        : index === 8
          ? 1 + any(6)
          : 1 + any(chosen([4, 20, 70], any(3))),
    );
    return (lists[index] ?? chosen(lists, 0))([...new Set(ids)], chosen([',', '|'] as const, any(2)));
  };
  const asked = [
    list(),
    ...(any(2) > 0 ? [list()] : []),
    ...(any(2) > 0 ? [chosen(others, any(others.length))] : []),
  ];
  const seen = new Set<string>();
  // Of a parameter that is given twice the last one counts.
  const distinct = asked.toReversed().filter(([query]) => {
    const name = query.replace(/=[^=]*$/, '');
    return !seen.has(name) && seen.add(name);
  });
  return [distinct.map(([query]) => query).join('&'), distinct.map(([, passes]) => passes)];
}

const orders: Record<string, (one: Movie, other: Movie) => number> = {
  'popularity.desc': (one, other) => other.popularity - one.popularity || one.id - other.id,
  'popularity.asc': (one, other) => one.popularity - other.popularity || other.id - one.id,
  'primary_release_date.desc': (one, other) => compare(other.date, one.date) || one.id - other.id,
  'vote_count.asc': (one, other) => one.votes - other.votes || other.id - one.id,
};
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** Others each time: the name of a test that fails says what was asked for. */
const first = Math.floor(Math.random() * 100_000);
test.each(Array.from({ length: 80 }, (_, n) => someFilters(first + n)))(
  '%s finds what passes',
  async (query, passes) => {
    const expected = movies.filter((movie) => !movie.adult && passes.every((each) => each(movie)));
    for (const [at, [order, sorted]] of Object.entries(orders).entries()) {
      const page = chosen([1, 2, 12, 30], query.length + at);
      const asked = createReadQuery()(`/3/discover/movie?${query}&sort_by=${order}`);
      const ids = expected.toSorted(sorted).map(({ id }) => id);
      for (const [way, discover] of ways) {
        const filters = readFilters(asked, []);
        const found = await discover({
          ...filters,
          conditionsOf: (look) => filters.conditionsOf({ shares, ...look }),
          order: readOrder(asked),
          page,
          key: crypto.randomUUID(),
        });
        expect([way, order, page, found.ids]).toEqual([
          way,
          order,
          page,
          ids.slice((page - 1) * 20, page * 20),
        ]);
        // Of many it is said about how many they are.
        if (ids.length < 2000) expect([way, found.total]).toEqual([way, ids.length]);
      }
    }
  },
);

/** What bits do not say costs much more: so they have to say all. */
test.each([...lists.flatMap((list) => [list([1], ','), list([1, 2, 59, 999], '|')]), ...others])(
  '%s is found by bits',
  async (query, passes) => {
    const findByBits = createFindByBits();
    const asked = createReadQuery()(`/3/discover/movie?${query}&include_adult=true`);
    const filters = readFilters(asked, []);
    const found = await findByBits(api.pool, {
      combine: (from) => combineFilters(api.pool, filters, from),
      order: readOrder(asked),
      skip: 0,
      limit: 20,
      passing: join([sql`true`, ...filters.conditionsOf({ shares })], ' and '),
    });
    expect(found?.total).toBe(movies.filter(passes).length);
  },
);

const listNames = ['genres', 'keywords', 'companies', 'cast', 'crew', 'people', 'watch_providers'];
test.each(listNames)('more of with_%s take no more statements', async (name) => {
  const statementsOf = async (ids: number[]) => {
    let run = 0;
    const pool = notingStatements(api.pool, () => run++);
    const asked = createReadQuery()(`/3/discover/movie?with_${name}=${ids.join(',')}&watch_region=DE`);
    const filters = readFilters(asked, []);
    await createFindByBits()(api.pool, {
      combine: async (from) => {
        const readOf = { ...from.noted, ofTerms: (terms: readonly number[]) => readNotedIds(pool, terms) };
        return combineFilters(pool, filters, { ...from, noted: readOf });
      },
      order: readOrder(asked),
      skip: 0,
      limit: 20,
      passing: join([sql`true`, ...filters.conditionsOf({ shares })], ' and '),
    });
    return run;
  };
  const few = await statementsOf([1, 999]);
  expect(await statementsOf(Array.from({ length: 30 }, (_, n) => n + 1))).toBeLessThanOrEqual(few);
});

test('far pages show what was noted, and the others what is so now', async () => {
  const find = async (discover: DiscoverMovies, query: string) => {
    const asked = createReadQuery()(`/3/discover/movie?${query}`);
    const filters = readFilters(asked, []);
    return discover({
      ...filters,
      conditionsOf: (look) => filters.conditionsOf({ shares, ...look }),
      order: readOrder(asked),
      page: pageOf(asked),
      key: crypto.randomUUID(),
    });
  };
  const anew = () => createDiscoverMovies(dear, { keepsLists: false });
  const [far, few] = ['without_keywords=1&with_runtime.gte=61&page=12', 'with_keywords=1&with_companies=1,2'];
  const [farBefore, fewBefore] = [await find(anew(), far), await find(anew(), few)];
  const order = sql`update noted_ids set ids = '' where term = ${orderTerm('popularity', 'known')}::bigint`;
  try {
    await api.pool.query(order.text, [...order.values]);
    expect((await find(anew(), far)).ids).toEqual([]);
    expect(await find(anew(), few)).toEqual(fewBefore);
    expect(fewBefore.total).toBeGreaterThan(5);
  } finally {
    await noteCommonTerms({ trigger: 'admin' }, jobContext(api.database));
  }
  expect(farBefore.ids).toHaveLength(20);
});

// Of the few movies beyond the bits, `movie_terms t`, each is asked.
test('any of very many is not compared with what each movie has: they are found one by one', async () => {
  const compared: string[] = [];
  const note = ({ text, values = [] }: QueryConfig) => {
    for (const [, value = ''] of text.startsWith('explain') ? [] : text.matchAll(/(?<!t\.)terms && \$(\d+)/g))
      if ((values[Number(value) - 1] as unknown[]).length > 40) compared.push(text);
  };
  const many = Array.from({ length: 50 }, (_, n) => n + 1).join('|');
  const queries = [`with_keywords=${many}`, `with_keywords=${many}&with_genres=18&sort_by=title.asc`];
  for (const query of queries)
    for (const page of [1, 2, 12]) {
      const asked = createReadQuery()(`/3/discover/movie?${query}&page=${page}`);
      const discover = createDiscoverMovies(notingStatements(api.pool, note), { keepsLists: false });
      const found = await discover({
        ...readFilters(asked, []),
        order: readOrder(asked),
        page,
        key: crypto.randomUUID(),
      });
      expect(found.total).toBeGreaterThan(page < 12 ? 20 : 0);
    }
  expect(compared).toEqual([]);
});
