import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { jsonText } from '../http/contract/answer.ts';
import { selectOne } from '../store/select-one.ts';
import type { DocumentRow } from './detail-statement.ts';
import type { Movie } from './model.ts';
import { movieImages } from './movie-images.ts';
import type { MovieRow } from './movie-row.ts';

/** How one route's readings come from the database. */
export type SelectMovie<Asked, Data> = (asked: Asked) => Promise<MovieRow<Data>>;

/**
 * A movie as one of the statements of `detail-statement.ts` finds it. Image URLs are added here, at the end, where the
 * contract has them: for PostgreSQL they are as much work as all the rest.
 */
export async function selectDocument(
  pool: Pool,
  statement: Statement<DocumentRow>,
  imageBaseUrl: string,
): Promise<MovieRow<Movie>> {
  const row = await selectOne(pool, statement);
  const { document, poster_path, backdrop_path, ...reading } = row;
  if (document === null) return { ...reading, data: null };
  const images = JSON.stringify(movieImages(imageBaseUrl, { poster_path, backdrop_path }));
  return { ...reading, data: jsonText<Movie>(`${document.slice(0, -1)},"images":${images}}`) };
}
