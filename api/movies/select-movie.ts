import type { Pool, QueryResultRow } from 'pg';
import { queryStore, type Statement } from '../reads/query-store.ts';
import { documentStatement } from './detail-statement.ts';
import { movieImages } from './movie-images.ts';
import type { MovieReading } from './movie-reading.ts';

/** How one route's readings come from the database. */
export type SelectMovie<Asked> = (asked: Asked) => Promise<MovieReading>;

/** The one row that the statements over movies always select. */
export async function selectOne<Row extends QueryResultRow = MovieReading>(
  pool: Pool,
  statement: Statement,
  values: unknown[],
): Promise<Row> {
  const [row] = await queryStore<Row>(pool, statement, values);
  if (row === undefined) throw new Error(`${statement.name} selected no row`);
  return row;
}

interface DocumentRow extends Omit<MovieReading, 'data'> {
  document: string | null;
  poster_path: string | null;
  backdrop_path: string | null;
}

/**
 * A movie from its document. Image URLs are added here, at the end, where the contract has them: for PostgreSQL they
 * are as much work as all the rest.
 */
export async function selectDocument(
  pool: Pool,
  tmdbId: number,
  imageBaseUrl: string,
): Promise<MovieReading> {
  const row = await selectOne<DocumentRow>(pool, documentStatement, [tmdbId]);
  const { document, poster_path, backdrop_path, ...reading } = row;
  if (document === null) return { ...reading, data: null };
  const images = JSON.stringify(movieImages(imageBaseUrl, { poster_path, backdrop_path }));
  return { ...reading, data: `${document.slice(0, -1)},"images":${images}}` };
}
