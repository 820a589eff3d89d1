import { sqlStateOf } from './is-lost-to-another-writer.ts';

/** Values of the wrong kind or size, broken constraints, what a trigger refuses, rows that an index cannot take. */
const refusals = /^(21|22|23|54|P0)/;

/** Whether the store refused what a statement was to write. The same statement without the row at fault may succeed. */
export function isRefusedValue(error: unknown): boolean {
  return refusals.test(sqlStateOf(error) ?? '');
}
