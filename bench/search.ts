import { walkStatement } from '#api/browse/browse-statement.ts';
import { estimateMatches, watchGenreShares, watchMovieRows } from '#api/browse/estimate-matches.ts';
import { watchKeptBits } from '#api/browse/kept-bits.ts';
import { askedMovies, MoviesQuery } from '#api/browse/model.ts';
import { createMovieCounts } from '#api/browse/movie-counts.ts';
import type { MovieFilters } from '#api/browse/movie-filters.ts';
import { createBrowseService } from '#api/browse/service.ts';
import { watchCommonTerms } from '#api/browse/term-lookup.ts';
import { createListReads } from '#api/http/answers/list-reads.ts';
import { parseQuery } from '#api/http/plugins/query.ts';
import { unknownAudience } from '#api/movies/audience.ts';
import { createPeopleService } from '#api/people/service.ts';
import { createQuickSearchService } from '#api/quick-search/service.ts';
import { queryStore } from '#api/store/query-store.ts';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { deafLocalization, english } from './english.ts';
import { peopleQueries, type SearchCase, searchCases } from './search/cases.ts';
import {
  type Figures,
  type MeteredDatabase,
  meterBeside,
  meterCalls,
  openMetered,
} from './search/metered.ts';
import { openCatalogue } from './search/open-catalogue.ts';
import { fillRealTitles, type RankedKind, rankSearches } from './search/rank-searches.ts';
import { percentile } from './statistics.ts';

interface CaseFigures extends Figures {
  what: string;
}

interface Side {
  count: number;
  database: MeteredDatabase;
  asked: AskedCase[];
}

/**
 * Search and browsing with nothing cached, at two sizes in turn: the processor time of PostgreSQL and of this process,
 * beside that of one select by primary key in the same run.
 */
export async function benchSearch(context: BenchContext): Promise<BenchReport> {
  const { smoke, postgres, realData, say } = context;
  const sizes = smoke ? [300, 1200] : [30_000, 1_000_000];
  const rounds = smoke ? 5 : 40;
  const repeats = smoke ? 1 : 3;
  await using stack = new AsyncDisposableStack();
  const sides: Side[] = [];
  for (const count of sizes) {
    const { database: opened, titles, names } = await openCatalogue(context, count);
    stack.use(opened);
    const database = stack.use(await openMetered(opened));
    const movies = searchCases(titles.slice(0, count), rounds);
    sides.push({ count, database, asked: casesOf(database, movies, peopleQueries(names, rounds)) });
  }
  say(`asking over ${sizes.join(' and ')} movies in turn`);
  const rows: BenchRow[] = [];
  const figures = await measure(sides, repeats);
  for (const [at, { count, database }] of sides.entries()) {
    const keyMs = await keySelectMs(database, repeats);
    const few = figures[at - 1];
    const many = figures[at] ?? [];
    rows.push(...many.map((one) => rowOf(one, count, keyMs)));
    if (few !== undefined)
      rows.push(...growthOf(few, many, `${count.toLocaleString('en-US')} against fewer`));
    for (const filters of countedFilters) rows.push(await countRow(database, filters, { count, repeats }));
  }
  if (realData !== undefined) rows.push(...(await rankedRows(postgres, realData, say)));
  const data =
    realData === undefined
      ? 'those of the sandbox; nothing was searched for in the real catalogue, which is not here'
      : 'those of the real records of NEXUS_REAL_DATA, whose catalogue was searched';
  return {
    rows,
    data: `${sizes.join(' and ')} movies and as many people, their titles and names mixed from ${data}`,
  };
}

/** What each side says of each case. */
async function measure(sides: readonly Side[], repeats: number): Promise<CaseFigures[][]> {
  const figures: CaseFigures[][] = sides.map(() => []);
  for (const at of sides[0]?.asked.keys() ?? []) {
    const beside = sides.map(({ database, asked }) => ({ database, ...(asked[at] as AskedCase) }));
    for (const [side, spent] of (await meterBeside(beside, repeats)).entries())
      figures[side]?.push({ what: beside[side]?.what ?? '', ...spent });
  }
  return figures;
}

/** @throws {Error} when a film is not found where it must be: that is no matter of speed */
async function rankedRows(
  postgres: BenchContext['postgres'],
  realData: string,
  say: BenchContext['say'],
): Promise<BenchRow[]> {
  await using database = await postgres.database();
  const count = await fillRealTitles(database.pool, realData);
  say(`searching among ${count} real titles`);
  const kinds = await rankSearches(browseOf(database));
  const lost = kinds.flatMap((kind) => kind.lost.map((one) => `${kind.kind}: ${one}`));
  if (lost.length > 0) throw new Error(`${lost.length} searches lost their film:\n${lost.join('\n')}`);
  return kinds.map((kind) => rankedRow(kind, count));
}

const rankedRow = ({ kind, count, timesMs }: RankedKind, titles: number): BenchRow => ({
  what: `${titles.toLocaleString('en-US')} real: ${kind}`,
  measured: count,
  unit: 'found',
  limit: count,
  limitIs: 'asked',
  note: `p95 ${percentile(Float64Array.from(timesMs), 0.95).toFixed(1)} ms`,
});

/** With nothing cached. */
function browseOf({ pool }: Database) {
  const localization = deafLocalization({ pool });
  return createBrowseService({ lists: listsOf(pool), localization, now: Date.now });
}

const listsOf = (pool: Database['pool']) =>
  createListReads({ pool, hub: { connected: false, subscribe: () => {} }, now: Date.now });

interface AskedCase {
  what: string;
  calls: () => (() => Promise<unknown>)[];
}

function casesOf(database: MeteredDatabase, movies: readonly SearchCase[], people: string[]): AskedCase[] {
  const { pool } = database;
  const asked: AskedCase[] = movies.map(({ what, queries }) => ({
    what,
    calls() {
      const browse = browseOf(database);
      return queries.map(
        (query) => () => browse.page(askedMovies(MoviesQuery.parse(parseQuery(query))), undefined, english),
      );
    },
  }));
  const [titles] = movies;
  const beginnings = (titles?.queries ?? []).map((query, n) =>
    String(parseQuery(query).query).slice(0, 3 + (n % 8)),
  );
  asked.push({
    what: 'quick search: while somebody types',
    calls() {
      const quick = createQuickSearchService({
        lists: listsOf(pool),
        localization: deafLocalization({ pool }),
        now: Date.now,
      });
      return beginnings.map((text) => () => quick.find(text, undefined, english));
    },
  });
  const find = (queries: string[]) => () => {
    const localization = deafLocalization({ pool });
    const service = createPeopleService({ lists: listsOf(pool), localization, now: Date.now });
    return queries.map((query) => () => service.find({ query, limit: 20 }, undefined, english));
  };
  asked.push({ what: 'people: a name with a typo', calls: find(people) });
  asked.push({ what: 'people: the most popular', calls: find(people.map(() => '')) });
  return asked;
}

/** What was promised of any size. */
const mostGrowth = 3;
/** What was promised of one case alone, at any size. */
const mostMsOf: Readonly<Record<string, number>> = { 'browse: genre, year, min_vote': 20 };

function growthOf(few: CaseFigures[], many: CaseFigures[], sizes: string): BenchRow[] {
  return many.map(({ what, cpu, both, wall }, at) => {
    const before = few[at];
    const times = (now: number, then = Number.NaN) => now / then;
    const measured = times(both.p95, before?.both.p95);
    return {
      what: `${sizes}: ${what}`,
      measured,
      unit: '× CPU, p95',
      limit: mostGrowth,
      limitIs: '×',
      target: `at most ${mostGrowth} ×`,
      met: measured <= mostGrowth,
      note: `median ${times(both.p50, before?.both.p50).toFixed(1)} ×; PostgreSQL alone ${times(cpu.p95, before?.cpu.p95).toFixed(1)} ×; wall p95 ${times(wall.p95, before?.wall.p95).toFixed(1)} ×`,
    };
  });
}

const nothingKnown = { audience: unknownAudience } as const;
const page = { order: 'desc', position: { before: 0, after: undefined }, limit: 20, facets: false } as const;
const countedFilters: { what: string; filters: MovieFilters }[] = [
  { what: 'all', filters: nothingKnown },
  { what: 'one genre', filters: { ...nothingKnown, genres: { any: false, values: [3] } } },
  {
    what: 'two genres, min_vote',
    filters: { ...nothingKnown, genres: { any: false, values: [1, 3] }, minVote: 7 },
  },
  { what: 'a country', filters: { ...nothingKnown, countries: { any: false, values: ['US'] } } },
  { what: 'a keyword', filters: { ...nothingKnown, keywords: { any: false, values: [1] } } },
  { what: 'a provider', filters: { ...nothingKnown, providers: { any: false, values: [2], region: 'DE' } } },
  { what: 'a year', filters: { ...nothingKnown, year: 1994 } },
  { what: 'days', filters: { ...nothingKnown, releasedFrom: '1981-02-03', releasedTo: '2013-10-11' } },
  { what: 'min_vote_count, runtime', filters: { ...nothingKnown, minVoteCount: 3, runtimeMax: 107 } },
];

/**
 * Counting as a request does it that nobody has asked before, beside finding the first page along the order of popularity:
 * the processor time of PostgreSQL and of this process.
 */
async function countRow(
  database: MeteredDatabase,
  { what, filters }: (typeof countedFilters)[number],
  { count, repeats }: { count: number; repeats: number },
): Promise<BenchRow> {
  const { pool } = database;
  const bestOf = async (call: () => () => Promise<unknown>) =>
    (await meterCalls(database, () => new Array(5).fill(call()), repeats)).both.p50;
  const find = () => queryStore<unknown>(pool, walkStatement(filters, { ...page, sort: 'popularity' }));
  return {
    what: `${count.toLocaleString('en-US')}: to count ${what}`,
    measured: await bestOf(() => countOnce(pool, filters)),
    unit: 'ms CPU, p50',
    limit: await bestOf(() => find),
    limitIs: 'to find a page',
    note: 'what all counts share (bits, an hour) is there already',
  };
}

/** Of one count nothing is kept for the next. */
function countOnce(pool: Database['pool'], filters: MovieFilters) {
  const [shares, movieRows, commonTerms] = [watchGenreShares(), watchMovieRows(), watchCommonTerms()];
  const readKept = watchKeptBits();
  const readLookups = async () => ({ movies: await movieRows(pool), common: await commonTerms(pool) });
  const estimate = async () => estimateMatches(pool, filters, await shares(pool));
  return () => createMovieCounts({ readLookups, readKept }).total(pool, filters, estimate);
}

async function keySelectMs(database: MeteredDatabase, repeats: number): Promise<number> {
  const keyStatement = prepared<{ id: number }>(
    'bench-key',
    ({ id }) => sql`select tmdb_id, title, popularity from movies where tmdb_id = ${id}`,
  );
  const ids = Array.from({ length: 500 }, (_, n) => n + 1);
  const calls = () => ids.map((id) => () => queryStore(database.pool, keyStatement({ id })));
  return (await meterCalls(database, calls, repeats)).both.p50;
}

function rowOf({ what, cpu, own, both, wall }: CaseFigures, count: number, keyMs: number): BenchRow {
  const mostMs = mostMsOf[what];
  return {
    what: `${count.toLocaleString('en-US')}: ${what}`,
    measured: both.p95,
    unit: 'ms CPU, p95',
    limit: keyMs,
    limitIs: 'select by key',
    ...(mostMs === undefined ? {} : { target: `at most ${mostMs} ms`, met: both.p95 <= mostMs }),
    note: `median ${both.p50.toFixed(1)} ms; PostgreSQL's p50 ${cpu.p50.toFixed(1)}, p95 ${cpu.p95.toFixed(1)}, the api's ${own.p50.toFixed(1)} and ${own.p95.toFixed(1)}; wall p50 ${wall.p50.toFixed(1)}, p95 ${wall.p95.toFixed(1)} ms`,
  };
}
