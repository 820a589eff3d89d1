import type { Pool } from 'pg';
import type { Statement } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import { movieImages } from './movie-images.ts';
import type { MovieReading } from './movie-row.ts';

/** How one route's readings come from the database. */
export type SelectMovie<Asked> = (asked: Asked) => Promise<MovieReading>;

interface DocumentRow extends Omit<MovieReading, 'data'> {
  document: string | null;
  poster_path: string | null;
  backdrop_path: string | null;
}

/**
 * A movie as one of the statements of `detail-statement.ts` finds it. Image URLs are added here, at the end, where the
 * contract has them: for PostgreSQL they are as much work as all the rest.
 */
export async function selectDocument(
  pool: Pool,
  statement: Statement,
  tmdbId: number,
  imageBaseUrl: string,
): Promise<MovieReading> {
  const row = await selectOne<DocumentRow>(pool, statement, [tmdbId]);
  const { document, poster_path, backdrop_path, ...reading } = row;
  if (document === null) return { ...reading, data: null };
  const images = JSON.stringify(movieImages(imageBaseUrl, { poster_path, backdrop_path }));
  return { ...reading, data: `${document.slice(0, -1)},"images":${images}}` };
}
