import { type Placeholder, prepared, sql } from '#shared/db/sql.ts';
import { documentColumn } from '#shared/movies/document-columns.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import type { JsonText } from '../http/contract/answer.ts';
import type { Movie } from './model.ts';
import { type MovieRow, readingColumns } from './movie-row.ts';

/** What both statements are over. One row always, also for an id nobody knows. */
const askedMovie = (tmdbId: Placeholder<number>) => sql`
    from (select ${tmdbId}::int as tmdb_id) asked
    left join movies m on m.tmdb_id = asked.tmdb_id`;

/** What both statements select: a movie as it is stored, to which image URLs are added. */
export interface DocumentRow extends Omit<MovieRow<Movie>, 'data'> {
  document: JsonText<Omit<Movie, 'images'>> | null;
  poster_path: string | null;
  backdrop_path: string | null;
}

/**
 * One movie from its document, which the worker wrote ready: two index look-ups, however large the cast. A document
 * of another version holds other fields, and is left aside.
 */
export const documentStatement = prepared<{ tmdbId: number }, DocumentRow>(
  'api-movie-document',
  ({ tmdbId }) => sql`
    select ${readingColumns('m', tmdbId)}, m.poster_path, m.backdrop_path,
      case when d.version = ${documentVersion} then d.document end as document
    ${askedMovie(tmdbId)}
    left join movie_documents d on d.movie_id = m.id and m.state = 'detailed'`,
);

/**
 * The same from the rows themselves, for a movie that has no such document: one known only from a list, or one whose
 * document is old.
 */
export const detailStatement = prepared<{ tmdbId: number }, DocumentRow>(
  'api-movie-detail',
  ({ tmdbId }) => sql`
    select ${readingColumns('m', tmdbId)}, m.poster_path, m.backdrop_path,
      case when m.state in ('listed', 'detailed') then ${documentColumn} end as document
    ${askedMovie(tmdbId)}`,
);
