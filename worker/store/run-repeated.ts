import { runStatement, type Transaction } from '#shared/db/run-statement.ts';
import type { Statement } from '#shared/db/sql.ts';

/**
 * Runs a statement that is run with each batch: PostgreSQL reads and plans it a few times a connection, and no more. Of
 * few rows that is half of what a short one takes. Its text must be one of a few: what differs each time belongs into the values.
 */
export const runRepeated = <Row>(on: Transaction, statement: Statement<Row>): Promise<Row[]> =>
  runStatement(on, repeated(statement));

/** What a text is prepared under says which one it is. */
function repeated<Row>({ text, values }: Statement<Row>): Statement<Row> {
  return { name: `repeated-${Bun.hash(text).toString(36)}`, text, values };
}
