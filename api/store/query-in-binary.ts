import type { Pool } from 'pg';
import { readInBinary } from '#shared/db/run-statement.ts';
import type { Statement } from '#shared/db/sql.ts';
import { readTimeoutMs } from './query-store.ts';
import { breakerOf } from './store-breaker.ts';

/** Rows for which no text is made of what comes: for long texts that are passed on as the bytes they are. */
export const queryInBinary = <Row>(pool: Pool, statement: Statement<Row>): Promise<Row[]> =>
  breakerOf(pool).run(() => readInBinary(pool, statement, readTimeoutMs));
