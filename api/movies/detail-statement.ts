import { documentColumn } from '#shared/movies/document-columns.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import type { Statement } from '../store/query-store.ts';
import { readingColumns } from './movie-row.ts';

/** What both statements are over. One row always, also for an id nobody knows. */
const askedMovie = `
    from (select $1::int as tmdb_id) asked
    left join movies m on m.tmdb_id = asked.tmdb_id`;

/**
 * One movie from its document, which the worker wrote ready: two index look-ups, however large the cast. A document
 * of another version holds other fields, and is left aside.
 * $1: its TMDb id.
 */
export const documentStatement: Statement = {
  name: 'api-movie-document',
  text: `
    select ${readingColumns('m')}, m.poster_path, m.backdrop_path,
      case when d.version = ${documentVersion} then d.document end as document
    ${askedMovie}
    left join movie_documents d on d.movie_id = m.id and m.state = 'detailed'`,
};

/**
 * The same from the rows themselves, for a movie that has no such document: one known only from a list, or one whose
 * document is old.
 * $1: its TMDb id.
 */
export const detailStatement: Statement = {
  name: 'api-movie-detail',
  text: `
    select ${readingColumns('m')}, m.poster_path, m.backdrop_path,
      case when m.state in ('listed', 'detailed') then ${documentColumn} end as document
    ${askedMovie}`,
};
