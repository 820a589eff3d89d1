import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { absenceMs } from '#shared/movies/freshness.ts';
import type { RecordKind } from '#shared/records/record.ts';
import { notify, type Sql } from '#worker/store/write-transaction.ts';

/** More than this part of a kind never turns gone within a day: then it is the upstream that is wrong. */
const maxGonePart = 0.05;

/**
 * Remembers that TMDb answered "no such person". One that we held turns `gone` when that is the second such answer, a
 * day or more after the first, unless too many have within a day.
 */
export async function recordAbsence(
  on: Sql,
  { kind, id }: { kind: RecordKind; id: number },
  now: Date,
): Promise<'absent' | 'gone' | 'refused'> {
  const [row] = await runStatement(
    on,
    sql<{ due: boolean; allowed: boolean }>`
      insert into records as r (kind, id, first_absent_at, last_absent_at) values (${kind}, ${id}, ${now}, ${now})
      on conflict (kind, id) do update set first_absent_at = coalesce(r.first_absent_at, excluded.first_absent_at),
        last_absent_at = excluded.last_absent_at
      returning r.state = 'detailed'
          and r.first_absent_at <= ${now}::timestamptz - ${absenceMs} * interval '1 millisecond' as due,
        (select count(*) filter (where gone_at > ${now}::timestamptz - interval '1 day') + 1
            <= greatest(1, floor(count(*) filter (where state <> 'unknown') * ${maxGonePart}::float8))
          from records where kind = ${kind}) as allowed`,
  );
  await notify(on, { kind: 'records', of: kind, ids: [id] });
  if (row?.due !== true) return 'absent';
  if (!row.allowed) return 'refused';
  await runStatement(
    on,
    sql`update records set state = 'gone', gone_at = ${now} where kind = ${kind} and id = ${id}`,
  );
  return 'gone';
}
