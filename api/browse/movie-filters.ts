import { type Audience, visibleTo } from '#shared/movies/audience.ts';
import type { StatementValues } from '../reads/statement-values.ts';
import type { AskedMovies } from './model.ts';

export type MovieFilters = Pick<AskedMovies, 'genres' | 'year' | 'minVote' | 'actor'> & {
  audience: Audience;
};

/**
 * The conditions on `movies m` that a list for this audience has under these filters.
 * @param counting all of them are wanted, and not just the first: then several genres are better taken together
 */
export function filterMovies(
  filters: MovieFilters,
  values: StatementValues,
  { counting = false } = {},
): string {
  const { genres, year, minVote, actor, audience } = filters;
  const conditions = ["m.state in ('listed', 'detailed')", visibleTo('m', values.add(audience))];
  if (year !== undefined) conditions.push(releasedIn(year, values));
  if (minVote !== undefined) conditions.push(`m.vote_average >= ${values.add(minVote)}::float8`);
  for (const genre of counting ? [] : genres)
    conditions.push(`m.id in (select movie_id from movie_genres where genre_id = ${values.add(genre)}::int)`);
  if (counting && genres.length > 0)
    conditions.push(
      `m.id in (select movie_id from movie_genres where genre_id = any(${values.add(genres)}::int[])
        group by movie_id having count(*) = ${genres.length})`,
    );
  if (actor !== undefined)
    conditions.push(
      `m.id in (select movie_id from credits where person_id = ${values.add(actor)}::int and kind = 'cast')`,
    );
  return conditions.join('\n      and ');
}

export function releasedIn(year: number, values: StatementValues): string {
  const day = (month: string) => values.add(`${String(year).padStart(4, '0')}-${month}`);
  return `m.release_date between ${day('01-01')}::date and ${day('12-31')}::date`;
}
