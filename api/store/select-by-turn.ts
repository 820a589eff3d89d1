import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { queryStore } from './query-store.ts';

interface Statements<Asked, Row> {
  /** For one alone, which is planned once and is cheaper. */
  one: (asked: Asked) => Statement<Row>;
  /** `turn` is which of them a row is of, from 1. */
  several: (asked: readonly Asked[]) => Statement<Row & { turn: number }>;
}

/** The rows of each that is asked for, in the order in which they are asked for. */
export async function selectByTurn<Asked, Row>(
  pool: Pool,
  asked: readonly Asked[],
  { one, several }: Statements<Asked, Row>,
): Promise<Row[][]> {
  const [first] = asked;
  if (first !== undefined && asked.length === 1) return [await queryStore(pool, one(first))];
  const byTurn = Map.groupBy(await queryStore(pool, several(asked)), ({ turn }) => turn);
  return asked.map((_, at) => byTurn.get(at + 1) ?? []);
}
