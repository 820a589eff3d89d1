/** SQL for a time as JSON shows it: ISO 8601 in UTC, null where there is none. */
export const isoTime = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
