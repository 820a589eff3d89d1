import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import { queryStore } from '../../store/query-store.ts';
import { english } from '../wire/asked-query.ts';

interface Row {
  tmdb_id: number;
  row: string;
  fetched_at_ms: number | null;
  /** Packed, as all parts are. */
  details: Uint8Array | null;
}

/** The JSON of each row by TMDb's id. */
export interface MovieRows extends ReadonlyMap<number, string> {
  /** When TMDb gave the oldest of them. */
  readonly fetchedAtMs?: number | undefined;
}

/**
 * Movies as rows of a list, with every key that TMDb's have. What their translations are is known of detailed movies
 * alone: a title falls back to the original one then, an overview to nothing. The others keep what a list said of them.
 */
const rowsStatement = prepared<
  { tmdbIds: readonly number[]; language: string | null; code: string | null },
  Row
>(
  'api-facade-rows',
  ({ tmdbIds, language, code }) => sql`
    select m.tmdb_id, (extract(epoch from m.fetched_at) * 1000)::float8 as fetched_at_ms,
    (select p.body from movie_parts p where p.movie_id = m.id and p.part = 'details') as details,
    json_build_object(
      'adult', coalesce(m.adult, false),
      'backdrop_path', m.backdrop_path,
      'genre_ids', array(select g.genre_id from movie_genres g where g.movie_id = m.id order by g.position, g.genre_id),
      'id', m.tmdb_id,
      'original_language', coalesce(m.original_language, ''),
      'original_title', coalesce(m.original_title, m.title),
      'overview', case when l.is_translated then coalesce(t.overview, '') else coalesce(m.overview, '') end,
      'popularity', coalesce(m.popularity, 0),
      'poster_path', case when l.is_translated
        then coalesce(mp.posters ->> ${code}, mp.posters ->> m.original_language, m.poster_path) else m.poster_path end,
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
    left join movie_posters mp on l.is_translated and mp.movie_id = m.id
    where m.tmdb_id = any(${unknownList(tmdbIds, 'int')}) and m.state in ('listed', 'detailed')`,
);

/** @param language `xx-YY` */
export type ReadMovieRows = (tmdbIds: readonly number[], language: string) => Promise<MovieRows>;

/** @param isKept whether the mirror keeps a language */
export function createReadMovieRows(pool: Pool, isKept: (language: string) => boolean): ReadMovieRows {
  return async (tmdbIds, language) => {
    if (tmdbIds.length === 0) return new Map();
    const known = language === english || !isKept(language) ? null : language;
    const code = known?.slice(0, 2) ?? null;
    const rows = await queryStore(pool, rowsStatement({ tmdbIds, language: known, code }));
    const byId = new Map(rows.map((each) => [each.tmdb_id, withVideo(each)]));
    return Object.assign(byId, { fetchedAtMs: oldestOf(rows.map((each) => each.fetched_at_ms)) });
  };
}

/** Only a movie's details say whether it is a video: they are looked into without being parsed. */
const withVideo = ({ row, details }: Row): string =>
  details !== null && /"video": ?true/.test(unpackPart(details))
    ? row.replace('"video" : false', '"video" : true')
    : row;

/** The earliest of some moments, as far as they are known. */
export function oldestOf(times: readonly (number | null | undefined)[]): number | undefined {
  const known = times.filter((time) => typeof time === 'number');
  return known.length === 0 ? undefined : Math.min(...known);
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
