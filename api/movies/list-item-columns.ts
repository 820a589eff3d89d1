import { sql } from '#shared/db/sql.ts';

/** The list item of the contract, as columns of a sub-select over `movies m`. The order here is the order in JSON. */
export const listItemColumns = sql`
  m.tmdb_id,
  coalesce(m.long_title, m.title) as title,
  m.original_title,
  m.overview,
  m.release_date,
  m.poster_path,
  m.backdrop_path,
  array_to_json(array(
    select row_to_json(g) from (
      select genres.id, genres.name
      from movie_genres join genres on genres.id = movie_genres.genre_id
      where movie_genres.movie_id = m.id
      order by movie_genres.position, genres.id
    ) g
  )) as genres,
  m.popularity,
  m.vote_average,
  m.vote_count,
  m.adult`;
