import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { queryStore } from './query-store.ts';

/** The one row that some statements always select. */
export async function selectOne<Row>(
  pool: Pool,
  statement: Statement<Row>,
  query: (pool: Pool, statement: Statement<Row>) => Promise<Row[]> = queryStore,
): Promise<Row> {
  const [row] = await query(pool, statement);
  if (row === undefined) throw new Error(`${statement.name ?? 'a statement without a name'} selected no row`);
  return row;
}
