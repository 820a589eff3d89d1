import { type Audience, admittedTo, visibleTo } from '#api/movies/audience.ts';
import { type Fragment, join, sql } from '#shared/db/sql.ts';
import type { AskedMovies } from './model.ts';

export type MovieFilters = Pick<
  AskedMovies,
  'genres' | 'year' | 'minVote' | 'actor' | 'minVoteCount' | 'releasedFrom' | 'releasedTo'
> & {
  audience: Audience;
  /** There are movies that are too old to be shown. Usually there are none, and an index alone can answer. */
  hidesOld?: boolean;
};

/** More tables than these would be joined in ever more orders: planning would cost more than finding. */
const mostJoined = 3;

/** Whether anything but the audience leaves movies out. */
export const isFiltered = ({ genres, audience, hidesOld, ...others }: MovieFilters): boolean =>
  genres.length > 0 || Object.values(others).some((filter) => filter !== undefined);

/** The conditions on `movies m` that a list for this audience has under these filters. */
export function filterMovies(filters: MovieFilters): Fragment {
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
  // The movies of an actor are few: looking at the genres of each is cheaper than finding those of the genres.
  const joined = actor === undefined ? genres.slice(0, mostJoined) : [];
  for (const genre of joined)
    conditions.push(sql`m.id in (select movie_id from movie_genres where genre_id = ${genre}::int)`);
  const others = genres.slice(joined.length);
  if (others.length > 0)
    conditions.push(sql`(select count(*) from movie_genres g
        where g.movie_id = m.id and g.genre_id = any(${others}::int[])) = ${others.length}::int`);
  return join(conditions, '\n      and ');
}

/** Both years count. */
export function releasedIn(from: number, to: number): Fragment {
  const day = (year: number, date: string) => `${String(year).padStart(4, '0')}-${date}`;
  return sql`m.release_date between ${day(from, '01-01')}::date and ${day(to, '12-31')}::date`;
}
