import { type Audience, visibleTo } from '#api/movies/audience.ts';
import type { StatementValues } from '../store/statement-values.ts';
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
  values: StatementValues,
  { together = 'no' }: { together?: Together } = {},
): string {
  const { genres, year, minVote, actor, audience } = filters;
  const grouped = together !== 'no' && genres.length > 1;
  const conditions = ["m.state in ('listed', 'detailed')", visibleTo('m', values.add(audience))];
  if (year !== undefined) conditions.push(releasedIn(year, values));
  if (minVote !== undefined) conditions.push(`m.vote_average >= ${values.add(minVote)}::float8`);
  for (const genre of grouped ? [] : genres)
    conditions.push(`m.id in (select movie_id from movie_genres where genre_id = ${values.add(genre)}::int)`);
  if (grouped) {
    const ids = inAllOf(genres, values);
    conditions.push(together === 'few' ? `m.id = any(array(${ids}))` : `m.id in (${ids})`);
  }
  if (actor !== undefined)
    conditions.push(
      `m.id in (select movie_id from credits where person_id = ${values.add(actor)}::int and kind = 'cast')`,
    );
  return conditions.join('\n      and ');
}

/** Each genre's movies are read from the index in their order, and merged. */
function inAllOf([first, ...others]: number[], values: StatementValues): string {
  const of = (genre: number | undefined) => `genre_id = ${values.add(genre)}::int`;
  const joins = others.map(
    (genre) => `join movie_genres g${genre} on g${genre}.movie_id = g.movie_id and g${genre}.${of(genre)}`,
  );
  return `select g.movie_id from movie_genres g ${joins.join(' ')} where g.${of(first)}`;
}

export function releasedIn(year: number, values: StatementValues): string {
  const day = (month: string) => values.add(`${String(year).padStart(4, '0')}-${month}`);
  return `m.release_date between ${day('01-01')}::date and ${day('12-31')}::date`;
}
