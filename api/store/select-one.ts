import type { Pool, QueryResultRow } from 'pg';
import { queryStore, type Statement } from './query-store.ts';

/** The one row that some statements always select. */
export async function selectOne<Row extends object>(
  pool: Pool,
  statement: Statement<Row>,
  values: unknown[],
): Promise<Row> {
  const [row] = await queryStore<Row & QueryResultRow>(pool, statement, values);
  if (row === undefined) throw new Error(`${statement.name ?? 'a statement without a name'} selected no row`);
  return row;
}
