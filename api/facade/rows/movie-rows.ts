import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { queryStore } from '../../store/query-store.ts';
import { english } from '../wire/asked-query.ts';

interface Row {
  tmdb_id: number;
  row: string;
}

/**
 * Movies as rows of a list, with every key that TMDb's have. What their translations are is known of detailed movies
 * alone: a title falls back to the original one then, an overview to nothing. The others keep what a list said of them.
 */
const rowsStatement = prepared<{ tmdbIds: readonly number[]; language: string | null }, Row>(
  'api-facade-rows',
  ({ tmdbIds, language }) => sql`
    select m.tmdb_id, json_build_object(
      'adult', coalesce(m.adult, false),
      'backdrop_path', m.backdrop_path,
      'genre_ids', array(select g.genre_id from movie_genres g where g.movie_id = m.id order by g.position, g.genre_id),
      'id', m.tmdb_id,
      'original_language', coalesce(m.original_language, ''),
      'original_title', coalesce(m.original_title, m.title),
      'overview', case when l.is_translated then coalesce(t.overview, '') else coalesce(m.overview, '') end,
      'popularity', coalesce(m.popularity, 0),
      'poster_path', m.poster_path,
      'release_date', coalesce(m.release_date::text, ''),
      'title', case when l.is_translated then coalesce(t.title, m.original_title, m.title)
        else coalesce(m.long_title, m.title) end,
      'video', false,
      'vote_average', coalesce(m.vote_average, 0),
      'vote_count', coalesce(m.vote_count, 0)
    )::text as row
    from movies m
    cross join lateral (
      select ${language}::text is not null and m.state = 'detailed' and m.parts_version is not null as is_translated
    ) l
    left join movie_translations t on l.is_translated and t.movie_id = m.id and t.language = ${language}
    where m.tmdb_id = any(${tmdbIds}::int[]) and m.state in ('listed', 'detailed')`,
);

/** The JSON of each row by TMDb's id. @param language `xx-YY` */
export type ReadMovieRows = (
  tmdbIds: readonly number[],
  language: string,
) => Promise<ReadonlyMap<number, string>>;

/** @param isKept whether the mirror keeps a language */
export function createReadMovieRows(pool: Pool, isKept: (language: string) => boolean): ReadMovieRows {
  return async (tmdbIds, language) => {
    if (tmdbIds.length === 0) return new Map();
    const known = language === english || !isKept(language) ? null : language;
    const rows = await queryStore(pool, rowsStatement({ tmdbIds, language: known }));
    return new Map(rows.map(({ tmdb_id, row }) => [tmdb_id, row]));
  };
}

/** A row that says what it is, where there are others beside it. */
export const withMediaType = (type: 'movie' | 'person', row: string): string =>
  `{"media_type":"${type}",${row.slice(1)}`;

/** Rows in the order of `ids` as a JSON list. */
export const listOfRows = (
  ids: readonly number[],
  rows: ReadonlyMap<number, string>,
  change: (row: string) => string = (row) => row,
): string =>
  `[${ids
    .flatMap((id) => rows.get(id) ?? [])
    .map(change)
    .join(',')}]`;
