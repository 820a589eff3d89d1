import type { Pool, PoolClient } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import type { Statement } from '#shared/db/sql.ts';
import { breakerOf } from './store-breaker.ts';

/** A reader waits this long for the database, and no longer. */
export const readTimeoutMs = 8000;

export const queryStore = <Row>(on: Pool | PoolClient, statement: Statement<Row>): Promise<Row[]> =>
  breakerOf(on).run(() => runStatement(on, statement, { timeoutMs: readTimeoutMs }));
