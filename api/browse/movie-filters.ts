import { type Audience, admittedTo, visibleTo } from '#api/movies/audience.ts';
import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import { genreMask } from '#shared/movies/genre-bits.ts';
import type { AskedMovies } from './model.ts';

export type MovieFilters = Pick<
  AskedMovies,
  'genres' | 'year' | 'minVote' | 'actor' | 'minVoteCount' | 'releasedFrom' | 'releasedTo'
> & {
  audience: Audience;
  /** There are movies that are too old to be shown. Usually there are none, and an index alone can answer. */
  hidesOld?: boolean;
  /** Those of the genres that share their bit with another one. */
  ambiguous?: number[];
};

/** Whether anything but the audience leaves movies out. */
export const isFiltered = ({ genres, audience, hidesOld, ambiguous, ...others }: MovieFilters): boolean =>
  genres.length > 0 || Object.values(others).some((filter) => filter !== undefined);

/**
 * The conditions on `movies m` that a list for this audience has under these filters.
 * @param isRare whether the planner shall take movies with the genres for few
 */
export function filterMovies(filters: MovieFilters, isRare = false): Fragment {
  const { genres, year, minVote, minVoteCount, releasedFrom, releasedTo, actor, audience } = filters;
  const admitted = filters.hidesOld ? visibleTo('m', audience) : admittedTo('m', audience);
  const conditions = [sql`m.state in ('listed', 'detailed')`, admitted];
  if (year !== undefined) conditions.push(releasedIn(year, year));
  if (minVote !== undefined) conditions.push(sql`m.vote_average >= ${minVote}::float8`);
  if (minVoteCount !== undefined) conditions.push(sql`m.vote_count >= ${minVoteCount}::int`);
  if (releasedFrom !== undefined) conditions.push(sql`m.release_date >= ${releasedFrom}::date`);
  if (releasedTo !== undefined) conditions.push(sql`m.release_date <= ${releasedTo}::date`);
  if (actor !== undefined)
    conditions.push(
      sql`m.id in (select movie_id from credits where person_id = ${actor}::int and kind = 'cast')`,
    );
  if (genres.length > 0) conditions.push(...haveGenres(filters, isRare));
  return join(conditions, '\n      and ');
}

/**
 * By the bits in the index, and what shares its bit with another genre by what is stored. The planner has no statistics
 * of bits: it takes `=` for one movie in two hundred, and `>=`, which means the same here, for a third of them.
 */
function haveGenres({ genres, ambiguous = [] }: MovieFilters, isRare: boolean): Fragment[] {
  const mask = sql`${genreMask(genres)}::bigint`;
  const stored = sql`(select count(*) from movie_genres g
        where g.movie_id = m.id and g.genre_id = any(${ambiguous}::int[])) = ${ambiguous.length}::int`;
  return [
    sql`m.genre_bits & ${mask} ${raw(isRare ? '=' : '>=')} ${mask}`,
    ...(ambiguous.length > 0 ? [stored] : []),
  ];
}

/** Both years count. */
export function releasedIn(from: number, to: number): Fragment {
  const day = (year: number, date: string) => `${String(year).padStart(4, '0')}-${date}`;
  return sql`m.release_date between ${day(from, '01-01')}::date and ${day(to, '12-31')}::date`;
}
