import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import type { TitleTable } from '../search/common-words.ts';
import { orderOf } from '../store/keyset.ts';
import { facetColumns } from './facets.ts';
import type { FoundRows, PassingBits } from './find-by-bits.ts';
import {
  areShownTo,
  filterMovies,
  hasTerms,
  isFiltered,
  isShown,
  type MovieFilters,
} from './movie-filters.ts';
import { indexColumns } from './movie-order.ts';
import { idsWithAny } from './term-lookup.ts';

/** So many that match are looked at for a filter, each in its row, */
export const mostLookedAt = 4000;
/** and of those that nobody knows. */
const mostUnknown = 1500;
/** One movie in eight or ten is as popular: these are walked along, in an index, for what passes and matches, */
const leastPopularity = 1;
/** so many of those that pass are looked at, */
const mostWalked = 2000;
/** or of those that are noted, which are looked up by their ids, */
export const mostBest = 700;
/** and so many that match are enough. */
const mostFoundWalking = 300;
/** So many are just as asked, */
const mostExact = 100;
/** of so many that are looked at for a filter. */
export const mostExactSeen = 200;

/** A common table expression of a search: has what `columnsOf` says of the table that it is about. */
export interface Found {
  name: string;
  select: Fragment;
}

/**
 * How titles `t` are looked for under filters. What many movies pass is asked of those that match; where few pass,
 * each of them is asked whether it matches. Nothing else keeps "the" of one keyword from costing as much as all "the".
 */
export interface TitleLooks {
  way: 'all' | 'of those that match' | 'of those that pass';
  /** The text is the same for all filters, so that it may be planned once. */
  isSameForAll: boolean;
  /** What a movie `m` that was found is asked once more. */
  shown: Fragment;
  /** Joins the movies `m` of the titles `seen`, as far as they pass, and this holds as well. */
  thatPass(also?: Fragment): Fragment;
  /** What the others hang on. */
  before: Found[];
  /** Those of a table that match, and pass. */
  select(table: TitleTable, matching: Fragment, most: number): Fragment;
  /** The first ones of some titles that pass, where not few movies do. */
  first(table: TitleTable, titles: Fragment, most: Fragment): Fragment;
  /** Those of a table that have one of the lexemes, and pass: the last one, by the name that is given. */
  exact(name: string, table: TitleTable, lexemes: readonly string[]): Found[];
  /**
   * The best known that pass, and match: of a word that so many have that not all can be looked at. Undefined where
   * the filters are not in the index of popularity, and nothing is noted: to look each row up would cost more.
   */
  walk: ((matching: Fragment, wanted: Fragment) => Fragment) | undefined;
}

/** What is known of those that pass, where there are filters. */
export interface KnownPassing {
  /** All that pass and may match, by our ids. */
  candidates?: readonly string[] | undefined;
  /** Who passes, and `mostBest` of the best known of them, as that was noted. */
  noted?: FoundRows | undefined;
  /** What `longListOf` finds in the filters, where few movies have any of it: these are found once, and not compared with all of it. */
  long?: readonly number[] | undefined;
}

export function titleLooks(filters: MovieFilters, known: KnownPassing): TitleLooks {
  const { candidates, noted } = known;
  const way = !isFiltered(filters) ? 'all' : candidates ? 'of those that pass' : 'of those that match';
  const long = candidates || noted ? undefined : known.long;
  const foundLong = long && 'have_long';
  const passing = noted
    ? sql`${areShownTo(filters.audience)} and ${isNoted(noted.passing)}`
    : filterMovies(filters, { isKnown: true, foundLong });
  const thatPass = (also = sql`true`) =>
    noted
      ? sql`cross join lateral (select from movies m where m.id = seen.movie_id and ${also} and ${passing} offset 0) m`
      : sql`join movies m on m.id = seen.movie_id and ${also} and ${passing}`;
  const ofSeen = (table: TitleTable, titles: Fragment, [mostSeen, most]: [number, number | Fragment]) =>
    sql`select ${columnsOf(table, 'seen')} from (${titles} limit ${mostSeen}) seen ${thatPass()} limit ${most}`;
  const select: TitleLooks['select'] = (table, matching, most) => {
    const titles = sql`select ${columnsOf(table, 't')} from ${raw(table)} t where ${matching}`;
    if (way === 'all') return sql`${titles} limit ${most}`;
    if (way === 'of those that match') return ofSeen(table, titles, [mostLookedAt, most]);
    return sql`select ${columnsOf(table, 't')} from passed_${raw(table)} t where ${matching} limit ${most}`;
  };
  return {
    way,
    isSameForAll: way === 'all' || Boolean(candidates ?? noted),
    shown: way === 'all' ? passing : noted ? areShownTo(filters.audience) : isShown,
    thatPass,
    before: [
      ...(long === undefined ? [] : [{ name: 'have_long', select: idsWithAny(long) }]),
      ...(candidates === undefined ? [] : [passed(candidates), ...passedTitles]),
      ...(noted === undefined ? [] : [notedBits(noted.passing)]),
    ],
    select,
    first: (table, titles, most) =>
      way === 'all' ? sql`${titles} limit ${most}` : ofSeen(table, titles, [mostUnknown, most]),
    exact(name, table, lexemes) {
      const asked = [...new Set(lexemes)];
      const any = asked.join(' | ');
      if (candidates)
        return [{ name, select: select(table, sql`t.words @@ (select ${any}::tsquery)`, mostExact) }];
      const titles = oneByOne(table, asked);
      if (way !== 'all') return [{ name, select: ofSeen(table, titles, [mostExactSeen, mostExact]) }];
      const best = `best_${name}`;
      const ofBest = sql`select ${columnsOf(table, 't')} from ${raw(table)} t
      where ${isBest[table]} and t.words @@ (select ${any}::tsquery) limit ${mostExact}`;
      const others = sql`select * from (${titles} limit ${mostExact}) t where ${fewerThan(mostExact, [best])}`;
      return [
        { name: best, select: ofBest },
        { name, select: sql`select * from ${raw(best)} union all ${others}` },
      ];
    },
    walk: noted ? walkAlong(noted.ids) : hasTerms(filters) ? undefined : walkFor(passing),
  };
}

/** The best known among the titles `t`: an index of their own holds them. */
export const isBest: Record<TitleTable, Fragment> = {
  movie_titles: sql`t.words @@ '''#1'''::tsquery`,
  movie_other_titles: sql`t.renown = 2`,
};

const columns = {
  movie_titles: ['movie_id', 'words', 'title_key', 'original_key'],
  movie_other_titles: ['movie_id', 'kind'],
};

/** What is read of `movies m`: an index by their ids holds it. Their rows are far apart, one to a page. */
export const movieColumns = sql`m.id, m.tmdb_id, m.popularity, m.vote_average, m.vote_count, ${facetColumns}`;

/** What is read of each title, so that those of movies themselves are not read again. */
export const columnsOf = (table: TitleTable, of: string) =>
  raw(columns[table].map((column) => `${of}.${column}`).join(', '));

/** All in one query the planner would take for many. */
export const oneByOne = (table: TitleTable, lexemes: readonly string[]): Fragment =>
  sql`select ${columnsOf(table, 't')} from unnest(${lexemes}::text[]) as asked(lexeme)
      join ${raw(table)} t on t.words @@ asked.lexeme::tsquery`;

const walkFor =
  (passing: Fragment) =>
  (matching: Fragment, wanted: Fragment): Fragment =>
    sql`select ${columnsOf('movie_titles', 't')} from (
        select m.id from movies m where ${passing} and m.popularity >= ${leastPopularity} and ${wanted}
        order by ${raw(orderOf(indexColumns('popularity', 'desc')))} limit ${mostWalked}
      ) known cross join lateral (select * from movie_titles t where t.movie_id = known.id offset 0) t
      where ${matching} limit ${mostFoundWalking}`;

const walkAlong =
  (ids: readonly number[]) =>
  (matching: Fragment, wanted: Fragment): Fragment =>
    sql`select ${columnsOf('movie_titles', 't')} from unnest(${ids}::int[]) as asked(tmdb_id)
        cross join lateral (select id from movies where movies.tmdb_id = asked.tmdb_id offset 0) known
        cross join lateral (select * from movie_titles t where t.movie_id = known.id offset 0) t
      where ${wanted} and ${matching} limit ${mostFoundWalking}`;

/** Sent once, however often they are looked into. */
const notedBits = ({ bits, others }: PassingBits): Found => ({
  name: 'noted',
  select: sql`select ${Buffer.from(bits.buffer, bits.byteOffset, bits.byteLength)}::bytea as bits, ${others}::int[] as others`,
});

/** Whether movies `m` have their bits: PostgreSQL counts those of a byte from its lowest one. */
const isNoted = ({ reach }: PassingBits): Fragment =>
  sql`case when m.tmdb_id < ${BigInt(reach)}::bigint
        then get_bit((select bits from noted), (m.tmdb_id # 7)::bigint) = 1
        else m.tmdb_id = any((select others from noted)::int[]) end`;

const passed = (candidates: readonly string[]): Found => ({
  name: 'passed',
  select: sql`select unnest(${candidates}::bigint[]) as movie_id`,
});

/** Their titles, each read once. */
const passedTitles: Found[] = [
  {
    name: 'passed_movie_titles',
    select: sql`select ${columnsOf('movie_titles', 't')} from passed
        cross join lateral (select * from movie_titles t where t.movie_id = passed.movie_id offset 0) t`,
  },
  {
    name: 'passed_movie_other_titles',
    select: sql`select t.movie_id, t.kind, t.words from passed
        cross join lateral (select * from movie_other_titles t where t.movie_id = passed.movie_id offset 0) t`,
  },
];

export const writtenOut = ({ name, select }: Found): Fragment =>
  sql`${raw(name)} as materialized (${select})`;

export const countOf = (name: string): Fragment => sql`(select count(*) from ${raw(name)})`;

/** Whether these have found fewer, in all. */
export const fewerThan = (most: number, names: readonly string[]): Fragment =>
  names.length === 0 ? sql`true` : sql`${join(names.map(countOf), ' + ')} < ${most}`;
