import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { absenceMs, purgeAfterMs, recordStaleAfterMs } from '#shared/movies/freshness.ts';
import type { RecordKind } from '#shared/records/record.ts';

/** What is known of a person or a collection, before what is shown of it. */
export interface RecordRow {
  /** `listed`: known from movies alone. */
  state: 'detailed' | 'listed' | 'gone' | null;
  fetched_at_ms: number | null;
  /** TMDb says that it has changed since. */
  changed: boolean;
  absent_at_ms: number | null;
}

const epochMs = (column: string) => raw(`trunc(extract(epoch from ${column}) * 1000)::float8`);

/**
 * The columns of the row, over `records r`. What is older than TMDb's terms allow counts as never fetched.
 * @param other a table with the columns `id` and `fetched_at`, of which only the name is known
 */
export const recordColumns = (other: { id: string; fetchedAt: string }): Fragment => {
  const isKept = sql`r.fetched_at > now() - ${purgeAfterMs} * interval '1 millisecond'`;
  return sql`
  case when r.state = 'gone' then 'gone' when r.state = 'detailed' and ${isKept} then 'detailed'
    when ${raw(other.id)} is not null then 'listed' end as state,
  case when r.state = 'detailed' and ${isKept} then ${epochMs('r.fetched_at')} else ${epochMs(other.fetchedAt)} end
    as fetched_at_ms,
  coalesce(r.changed_at > r.fetched_at, false) as changed,
  ${epochMs('r.last_absent_at')} as absent_at_ms`;
};

/** One row for each of `asked (id)`, also for an id that nobody knows. */
export const recordOf = (kind: RecordKind, asked: Fragment): Fragment => sql`
  from ${asked}
  left join records r on r.kind = ${raw(`'${kind}'`)} and r.id = asked.id`;

export type Standing = 'mirrored' | 'gone' | 'absent' | 'missing';

export function standingOf({ state, absent_at_ms: absentAtMs }: RecordRow, nowMs: number): Standing {
  if (state === 'detailed') return 'mirrored';
  if (state === 'gone') return 'gone';
  return absentAtMs !== null && nowMs - absentAtMs < absenceMs ? 'absent' : 'missing';
}

export const isStale = (row: { fetchedAtMs: number; changed: boolean }, nowMs: number): boolean =>
  row.changed || nowMs - row.fetchedAtMs > recordStaleAfterMs;
