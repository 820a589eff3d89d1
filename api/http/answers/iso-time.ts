import { type Fragment, raw, sql } from '#shared/db/sql.ts';

/**
 * A time as JSON shows it: ISO 8601 in UTC, null where there is none.
 * @param time a column by its name, or an expression
 */
export const isoTime = (time: string | Fragment): Fragment =>
  sql`to_char(${typeof time === 'string' ? raw(time) : time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
