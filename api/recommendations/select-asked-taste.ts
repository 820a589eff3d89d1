import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { queryStore } from '../store/query-store.ts';
import {
  type HistoryRow,
  historyColumns,
  historyMovieOf,
  historyTables,
  type Taste,
} from './select-taste.ts';

/** What a visitor says of themselves: TMDb's ids, the most important ones first. */
export interface AskedTaste {
  movies: readonly number[];
  genres: readonly number[];
}

const moviesStatement = prepared<{ tmdbIds: readonly number[] }, HistoryRow>(
  'api-asked-taste-movies',
  ({ tmdbIds }) => sql`
    with h as (
      select 'favorite' as kind, row_number() over (order by asked.place) - 1 as position, known.id as movie_id, null::int as turn
      from unnest(${unknownList(tmdbIds, 'int')}) with ordinality as asked(tmdb_id, place) join movies known on known.tmdb_id = asked.tmdb_id
    )
    select ${historyColumns()} from h ${historyTables()} order by h.position`,
);

const genresStatement = prepared<{ ids: readonly number[] }, { id: number; name: string }>(
  'api-asked-taste-genres',
  ({ ids }) => sql`
    select g.id, g.name from unnest(${unknownList(ids, 'int')}) with ordinality as asked(id, place)
    join genres g on g.id = asked.id order by asked.place`,
);

/**
 * The taste of somebody with these favorites. A movie that the mirror does not know says nothing.
 * @throws {NexusError} `invalid_input` for genres that there are not
 */
export async function selectAskedTaste(pool: Pool, { movies, genres }: AskedTaste): Promise<Taste> {
  const [rows, known] = await Promise.all([
    movies.length === 0 ? [] : queryStore(pool, moviesStatement({ tmdbIds: movies })),
    genres.length === 0 ? [] : queryStore(pool, genresStatement({ ids: genres })),
  ]);
  const unknown = genres.filter((id) => !known.some((genre) => genre.id === id));
  if (unknown.length > 0)
    throw new NexusError('invalid_input', 'Some of the input is not valid.', {
      details: [{ path: 'genres', message: `there is no genre ${unknown.join(', ')}` }],
    });
  return {
    excluded: new Set(rows.map(({ movie_id }) => movie_id)),
    genres: known,
    actors: [],
    history: rows.map(historyMovieOf),
    hasInteractions: false,
  };
}
