import { askedMovies, MoviesQuery } from '#api/browse/model.ts';
import { createBrowseService } from '#api/browse/service.ts';
import { createListReads } from '#api/http/answers/list-reads.ts';
import { parseQuery } from '#api/http/plugins/query.ts';
import { createPeopleService } from '#api/people/service.ts';
import { queryStore } from '#api/store/query-store.ts';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { deafLocalization, english } from './english.ts';
import { peopleQueries, type SearchCase, searchCases } from './search/cases.ts';
import { openCatalogue } from './search/open-catalogue.ts';
import { fillRealTitles, type RankedKind, rankSearches } from './search/rank-searches.ts';
import { median, percentile } from './statistics.ts';

interface Figures {
  what: string;
  p50Ms: number;
  p95Ms: number;
}

/** Search and browsing with nothing cached, at two sizes, each beside one select by primary key in the same run. */
export async function benchSearch(context: BenchContext): Promise<BenchReport> {
  const { smoke, postgres, realData, say } = context;
  const sizes = smoke ? [300, 1200] : [30_000, 1_000_000];
  const rounds = smoke ? 5 : 40;
  const rows: BenchRow[] = [];
  for (const count of sizes) {
    const { database: opened, titles, names } = await openCatalogue(context, count);
    await using database = opened;
    say(`asking over ${count} movies`);
    const keyMs = await keySelectMs(database);
    const figures = await measure(
      database,
      searchCases(titles.slice(0, count), rounds),
      peopleQueries(names, rounds),
    );
    rows.push(...figures.map((one) => rowOf(one, count, keyMs)));
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

async function measure(database: Database, cases: SearchCase[], people: string[]): Promise<Figures[]> {
  const browse = browseOf(database);
  const { pool } = database;
  const localization = deafLocalization({ pool });
  const peopleService = createPeopleService({ lists: listsOf(pool), localization, now: Date.now });
  const figures: Figures[] = [];
  for (const { what, queries } of cases) {
    const asked = queries.map((query) => askedMovies(MoviesQuery.parse(parseQuery(query))));
    figures.push({ what, ...(await clock(asked.map((one) => () => browse.page(one, undefined, english)))) });
  }
  const find = (query: string) => () => peopleService.find({ query, limit: 20 }, undefined, english);
  figures.push({ what: 'people: a name with a typo', ...(await clock(people.map(find))) });
  figures.push({ what: 'people: the most popular', ...(await clock(people.map(() => find('')))) });
  return figures;
}

async function clock(calls: (() => Promise<unknown>)[]): Promise<Omit<Figures, 'what'>> {
  // The first pays for what is read from the disk, and for the count that the others share.
  await calls[0]?.();
  const times: number[] = [];
  for (const call of calls) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
  }
  return { p50Ms: median(times), p95Ms: percentile(Float64Array.from(times), 0.95) };
}

async function keySelectMs({ pool }: Database): Promise<number> {
  const keyStatement = prepared<{ id: number }>(
    'bench-key',
    ({ id }) => sql`select tmdb_id, title, popularity from movies where tmdb_id = ${id}`,
  );
  const { p50Ms } = await clock(
    Array.from({ length: 500 }, (_, n) => () => queryStore(pool, keyStatement({ id: n + 1 }))),
  );
  return p50Ms;
}

function rowOf({ what, p50Ms, p95Ms }: Figures, count: number, keyMs: number): BenchRow {
  return {
    what: `${count.toLocaleString('en-US')}: ${what}`,
    measured: p50Ms,
    unit: 'ms, p50',
    limit: keyMs,
    limitIs: 'select by key',
    note: `p95 ${p95Ms.toFixed(1)} ms`,
  };
}
