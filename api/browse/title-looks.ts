import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import type { TitleTable } from '../search/common-words.ts';
import { orderOf } from '../store/keyset.ts';
import { facetColumns } from './facets.ts';
import { asFew, filterMovies, hasTerms, isFiltered, type MovieFilters } from './movie-filters.ts';
import { indexColumns } from './movie-order.ts';
import { idsWithAny } from './term-lookup.ts';

/** So many that match are looked at for a filter, each in its row, */
export const mostLookedAt = 4000;
/** and of those that nobody knows, where their terms are looked up as well. */
const mostWithTerms = 2500;
/** One movie in eight or ten is as popular: these are walked along, in an index, for what passes and matches, */
const leastPopularity = 1;
/** so many of those that pass are looked at, */
const mostWalked = 2000;
/** or of those that are noted, of which each is looked up by its id, */
export const mostBest = 1000;
/** and so many that match are enough. */
const mostFoundWalking = 400;
/** Of what few pass, a wrong estimate may be of more. */
const mostPassing = 10_000;
/** So many are just as asked, */
const mostExact = 100;
/** of so many that are looked at for a filter. */
export const mostExactSeen = 400;

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
  /** The filters as a condition on `movies m`. */
  passing: Fragment;
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

interface Passing {
  fewPass: boolean;
  /** Terms of which few movies have any: these are found once, and not compared with all of them. */
  long?: readonly number[] | undefined;
  /** The best known that pass, by TMDb's ids, as that was noted. */
  best?: readonly number[] | undefined;
}

export function titleLooks(filters: MovieFilters, { fewPass, long, best }: Passing): TitleLooks {
  const foundLong = long === undefined ? undefined : 'have_long';
  const passing = filterMovies(filters, { isKnown: true, foundLong });
  const way = !isFiltered(filters) ? 'all' : fewPass ? 'of those that pass' : 'of those that match';
  const ofPassing = way === 'of those that pass';
  const ofSeen = (table: TitleTable, titles: Fragment, [mostSeen, most]: [number, number | Fragment]) =>
    sql`select ${columnsOf(table, 'seen')} from (${titles} limit ${mostSeen}) seen
      join movies m on m.id = seen.movie_id and ${passing} limit ${most}`;
  const select: TitleLooks['select'] = (table, matching, most) => {
    const titles = sql`select ${columnsOf(table, 't')} from ${raw(table)} t where ${matching}`;
    if (way === 'all') return sql`${titles} limit ${most}`;
    if (way === 'of those that match') return ofSeen(table, titles, [mostLookedAt, most]);
    return sql`select ${columnsOf(table, 't')} from passed_${raw(table)} t where ${matching} limit ${most}`;
  };
  return {
    way,
    passing,
    before: [
      ...(long === undefined ? [] : [{ name: 'have_long', select: idsWithAny(long) }]),
      ...(ofPassing ? [passed(filters, foundLong), ...passedTitles] : []),
    ],
    select,
    first: (table, titles, most) =>
      way === 'all'
        ? sql`${titles} limit ${most}`
        : ofSeen(table, titles, [hasTerms(filters) ? mostWithTerms : mostLookedAt, most]),
    exact(name, table, lexemes) {
      const asked = [...new Set(lexemes)];
      const any = asked.join(' | ');
      if (ofPassing) return [{ name, select: select(table, sql`t.words @@ ${any}::tsquery`, mostExact) }];
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
    walk: best !== undefined ? walkAlong(best, passing) : hasTerms(filters) ? undefined : walkFor(passing),
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

/** Whether they pass is asked of those that match. */
const walkAlong =
  (ids: readonly number[], passing: Fragment) =>
  (matching: Fragment, wanted: Fragment): Fragment =>
    sql`select ${columnsOf('movie_titles', 'seen')} from (
        select t.* from unnest(${ids}::int[]) as asked(tmdb_id)
          cross join lateral (select id from movies where movies.tmdb_id = asked.tmdb_id offset 0) known
          cross join lateral (select * from movie_titles t where t.movie_id = known.id offset 0) t
        where ${wanted} and ${matching} limit ${mostFoundWalking}
      ) seen join movies m on m.id = seen.movie_id and ${passing}`;

const passed = (filters: MovieFilters, foundLong: string | undefined): Found => ({
  name: 'passed',
  select: sql`select m.id as movie_id from movies m where ${filterMovies(filters, { ...asFew, foundLong })}
      limit ${mostPassing}`,
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
