import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { type Fragment, raw, type Statement, sql } from '#shared/db/sql.ts';
import { longestIntervalMs, unplannedIntervalMs } from '#shared/movies/refresh-plan.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';

/** Less than this is the lag between two clocks. */
const slack = sql`interval '1 minute'`;

/**
 * Puts right what a clock that was ahead has stamped: what lies in the future would count as new until then. Whoever
 * reads such a stamp clamps it already; here it goes. What was fetched at a time that nobody knows counts as stale.
 */
export async function mendStamps(em: EntityManager, now: Date): Promise<void> {
  const future = (column: string) => sql`${raw(column)} > ${now}::timestamptz + ${slack}`;
  const stale = sql`${now}::timestamptz - ${unplannedIntervalMs} * interval '1 millisecond'`;
  const set = (table: string, column: string, value: Fragment): Statement =>
    sql`update ${raw(table)} set ${raw(column)} = ${value} where ${future(column)}`;
  const clamped: [table: string, column: string][] = [
    ['movies', 'gone_at'],
    ['movies', 'changed_at'],
    ['movies', 'change_seen_at'],
    ['people', 'fetched_at'],
    ['sync_runs', 'queued_at'],
    ['sync_runs', 'started_at'],
    ['sync_runs', 'finished_at'],
    ['upstream', 'opened_at'],
    ['upstream', 'last_success_at'],
  ];
  const statements = [
    set('movies', 'fetched_at', stale),
    // No rule plans so far ahead.
    sql`update movies set refresh_due_at = null
      where refresh_due_at > ${now}::timestamptz + ${longestIntervalMs} * interval '1 millisecond' + ${slack}`,
    set('list_snapshots', 'fetched_at', stale),
    set('reference_documents', 'fetched_at', stale),
    set('records', 'fetched_at', stale),
    ...clamped.map(([table, column]) => set(table, column, sql`${now}::timestamptz`)),
    // No evidence that a movie was deleted: it is asked for again.
    sql`delete from movie_absences where ${future('last_seen_at')}`,
    sql`update records set first_absent_at = null, last_absent_at = null where ${future('last_absent_at')}`,
    sql`delete from worker_processes where ${future('seen_at')}`,
  ];
  for (const statement of statements) await writeTransaction(em, (on) => runStatement(on, statement));
}
