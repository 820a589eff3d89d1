import pg, { type Pool } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import type { Statement } from '#shared/db/sql.ts';
import { readTimeoutMs } from './query-store.ts';
import { breakerOf } from './store-breaker.ts';

/**
 * Rows for which no text is made of what comes: for long texts that are passed on as the bytes they are. A time is in
 * epoch milliseconds. Other types than those below are refused.
 */
export const queryInBinary = <Row>(pool: Pool, statement: Statement<Row>): Promise<Row[]> =>
  breakerOf(pool).run(() => runStatement(pool, statement, { timeoutMs: readTimeoutMs, types }));

/** When the clock of PostgreSQL began: 2000. */
const beginningMs = 946_684_800_000;

const { INT4, TEXT, TIMESTAMPTZ } = pg.types.builtins;
const readers = new Map<number, (field: Buffer) => unknown>([
  [INT4, (field) => field.readInt32BE()],
  [TEXT, (field) => field],
  // Microseconds: as a number they are exact until 2285.
  [
    TIMESTAMPTZ,
    (field) => Math.floor((field.readInt32BE() * 2 ** 32 + field.readUInt32BE(4)) / 1000) + beginningMs,
  ],
]);

const refuse = (type: number) => () => {
  throw new Error(`a column of type ${type} is not read in binary`);
};

/** What throws with a field fails the statement; here it would fail the process. */
const types: pg.CustomTypesConfig = { getTypeParser: (type: number) => readers.get(type) ?? refuse(type) };
