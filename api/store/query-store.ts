import type { Pool, PoolClient, QueryResultRow } from 'pg';

/** A reader waits this long for the database, and no longer. */
const readTimeoutMs = 8000;

declare const row: unique symbol;

/**
 * One prepared statement; a name stands for one text, always. Without a name it is planned for its values, each time:
 * for those where the best plan hangs on them.
 */
export interface Statement<Row = never> {
  name?: string;
  text: string;
  /** For the compiler alone: what its rows are, where that is said. */
  readonly [row]?: Row;
}

export async function queryStore<Row extends QueryResultRow>(
  on: Pool | PoolClient,
  { name, text }: Statement<unknown>,
  values: unknown[],
): Promise<Row[]> {
  const query = { ...(name === undefined ? {} : { name }), text, values, query_timeout: readTimeoutMs };
  return (await on.query<Row>(query)).rows;
}
