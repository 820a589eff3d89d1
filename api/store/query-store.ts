import type { Pool, PoolClient } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import type { Statement as SqlStatement } from '#shared/db/sql.ts';
import { nameStoreFailure } from './store-failure.ts';

/** A reader waits this long for the database, and no longer. */
const readTimeoutMs = 8000;

/** For `request-run.ts`, until it uses the tag. */
export interface Statement {
  name?: string;
  text: string;
}

export async function queryStore<Row>(on: Pool | PoolClient, statement: SqlStatement<Row>): Promise<Row[]>;
export async function queryStore<Row>(
  on: Pool | PoolClient,
  statement: Statement,
  values: unknown[],
): Promise<Row[]>;
export async function queryStore<Row>(
  on: Pool | PoolClient,
  statement: SqlStatement<Row> | Statement,
  values?: unknown[],
): Promise<Row[]> {
  try {
    const whole = 'values' in statement ? statement : { ...statement, values: values ?? [] };
    return await runStatement<Row>(on, whole, { timeoutMs: readTimeoutMs });
  } catch (error) {
    throw nameStoreFailure(error);
  }
}
