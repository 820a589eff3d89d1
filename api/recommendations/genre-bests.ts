import type { Pool } from 'pg';
import { type Fragment, prepared, raw, sql, unknownList } from '#shared/db/sql.ts';
import { appealOf, shownStates } from '#shared/movies/appeal.ts';
import { genreBitOf } from '#shared/movies/genre-bits.ts';
import { queryStore } from '../store/query-store.ts';

/** The best first, over `movies w`. */
export const byAppeal = raw(`order by ${appealOf('w')} desc, w.tmdb_id`);

/** How far down the best movies are searched for those of a genre; a rare one is filled up with any of its movies. */
const genreWalk = 6000;
const mostOfGenre = 600;

/**
 * What `ofGenre` looks at. The best movies are walked through once for all genres: their bits say which of these they
 * have, unless two genres share one.
 */
export const bestForGenres = (genreIds: Fragment): Fragment => sql`
    best as materialized (
      select w.id, w.genre_bits, row_number() over (${byAppeal}) as place
      from movies w where w.${raw(shownStates)} ${byAppeal} limit ${genreWalk}
    ),
    asked as materialized (
      select a.id, 1::bigint << ${raw(genreBitOf('a.id'))} as bit, exists (
        select 1 from genres o where o.id <> a.id and ${raw(genreBitOf('o.id'))} = ${raw(genreBitOf('a.id'))}) as shares_bit
      from unnest(${genreIds}) as a(id)
    )`;

/** Our own ids of the best movies of a genre, for each row of `asked`. */
export const ofGenre = sql`
    (select b.id from best b
      where b.genre_bits & asked.bit > 0 and (not asked.shares_bit or exists (
        select 1 from movie_genres g where g.movie_id = b.id and g.genre_id = asked.id))
      order by b.place limit ${mostOfGenre})
    union (select g.movie_id from movie_genres g where g.genre_id = asked.id order by g.movie_id limit ${mostOfGenre})`;

const statement = prepared<{ genreIds: number[] }, { genre_id: number; ids: number[] }>(
  'api-recommendation-genre-bests',
  ({ genreIds }) => sql`
    with ${bestForGenres(unknownList(genreIds, 'int'))}
    select asked.id as genre_id, (select json_agg(own.id) from (${ofGenre}) own) as ids from asked`,
);

/** Our own ids of the best movies of each genre, for any number of genres at once. */
export async function selectGenreBests(pool: Pool, genreIds: number[]): Promise<Map<number, number[]>> {
  const rows = await queryStore(pool, statement({ genreIds }));
  return new Map(rows.map(({ genre_id, ids }) => [genre_id, ids ?? []]));
}
