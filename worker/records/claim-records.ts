import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { absenceMs, recordStaleAfterMs } from '#shared/movies/freshness.ts';
import type { RecordKind } from '#shared/records/record.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

export interface ClaimedRecord {
  kind: RecordKind;
  id: number;
}

const ms = sql`interval '1 millisecond'`;

/** One that TMDb does not have is asked about again after a day, then after twice as long each time. */
const notKnownAbsent = (now: Date) => sql`(last_absent_at is null
  or ${now}::timestamptz - last_absent_at >= greatest(${absenceMs} * ${ms}, last_absent_at - first_absent_at))`;

const isDue = ({ since, now }: { since: Date; now: Date }) => sql`
  (state = 'detailed' and (changed_at > fetched_at or fetched_at < ${now}::timestamptz - ${recordStaleAfterMs} * ${ms})
    or state = 'gone')
  and (attempted_at is null or attempted_at < ${since}) and ${notKnownAbsent(now)}`;

export async function countDueRecords(on: Sql, times: { since: Date; now: Date }): Promise<number> {
  const [row] = await runStatement(
    on,
    sql<{ due: number }>`select count(*)::int as due from records where ${isDue(times)}`,
  );
  return row?.due ?? 0;
}

/**
 * Takes the next records to ask about: those that TMDb has changed, then the oldest. Taking marks them tried, so the next call goes
 * on behind them. @param times.since when this execution of the job began
 */
export async function claimRecords(
  on: Sql,
  { limit, ...times }: { since: Date; now: Date; limit: number },
): Promise<ClaimedRecord[]> {
  return runStatement(
    on,
    sql<ClaimedRecord>`
      update records r set attempted_at = ${times.now} from (
        select kind, id from records where ${isDue(times)}
        order by (changed_at > fetched_at) desc nulls last, fetched_at limit ${limit} for update skip locked) due
      where r.kind = due.kind and r.id = due.id
      returning r.kind, r.id`,
  );
}

/**
 * TMDb says that these have changed: they are stale for readers, and the next run of `people` asks about them.
 * @param fetchedBefore what was fetched later has the change, and what waits already does so
 */
export async function noteChangedRecords(
  on: Sql,
  kind: RecordKind,
  ids: readonly number[],
  { now, fetchedBefore = now }: { now: Date; fetchedBefore?: Date },
): Promise<number> {
  const rows = await runStatement(
    on,
    sql`
      update records set changed_at = ${now}, attempted_at = null
      where kind = ${kind} and id = any(${ids}::int[]) and state <> 'unknown'
        and fetched_at < ${fetchedBefore} and changed_at > fetched_at is not true
      returning id`,
  );
  return rows.length;
}
