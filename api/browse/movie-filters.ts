import { type Audience, visibleTo } from '#api/movies/audience.ts';
import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import type { AskedMovies } from './model.ts';

export type MovieFilters = Pick<AskedMovies, 'genres' | 'year' | 'minVote' | 'actor'> & {
  audience: Audience;
};

/**
 * Whether movies of several genres are sought by all of them at once: where all of those movies are wanted, or where
 * few have them all, so that looking through the popular ones would not end.
 */
export type Together = 'no' | 'all' | 'few';

/** The conditions on `movies m` that a list for this audience has under these filters. */
export function filterMovies(
  filters: MovieFilters,
  { together = 'no' }: { together?: Together } = {},
): Fragment {
  const { genres, year, minVote, actor, audience } = filters;
  const grouped = together !== 'no' && genres.length > 1;
  const conditions = [sql`m.state in ('listed', 'detailed')`, visibleTo('m', audience)];
  if (year !== undefined) conditions.push(releasedIn(year));
  if (minVote !== undefined) conditions.push(sql`m.vote_average >= ${minVote}::float8`);
  for (const genre of grouped ? [] : genres)
    conditions.push(sql`m.id in (select movie_id from movie_genres where genre_id = ${genre}::int)`);
  if (grouped) {
    const ids = inAllOf(genres);
    conditions.push(together === 'few' ? sql`m.id = any(array(${ids}))` : sql`m.id in (${ids})`);
  }
  if (actor !== undefined)
    conditions.push(
      sql`m.id in (select movie_id from credits where person_id = ${actor}::int and kind = 'cast')`,
    );
  return join(conditions, '\n      and ');
}

/** Each genre's movies are read from the index in their order, and merged. */
function inAllOf([first, ...others]: number[]): Fragment {
  const joins = others.map((genre, index) => {
    const other = raw(`g${index}`);
    return sql`join movie_genres ${other} on ${other}.movie_id = g.movie_id and ${other}.genre_id = ${genre}::int `;
  });
  return sql`select g.movie_id from movie_genres g ${join(joins, '')}where g.genre_id = ${first}::int`;
}

export function releasedIn(year: number): Fragment {
  const day = (month: string) => `${String(year).padStart(4, '0')}-${month}`;
  return sql`m.release_date between ${day('01-01')}::date and ${day('12-31')}::date`;
}
