import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { longestMs, planWindows } from '../changes/plan-windows.ts';
import { noteChangedRecords } from './claim-records.ts';

/** TMDb answers no page beyond. */
const mostPages = 500;

/**
 * Marks the people whom TMDb says it has changed, so that they are asked about before all that is merely old. What a
 * list that shifts while it is read leaves out is asked about when it is old. Where nobody is mirrored, nothing is asked.
 */
export async function noteChangedPeople({ em, tmdb, now, signal, losses }: JobContext): Promise<void> {
  const began = now();
  const readUntilMs = await writeTransaction(em, (on) => takeReadUntil(on, began));
  if (readUntilMs === undefined) return;
  const { windows } = planWindows({ readUntilMs, nowMs: began.getTime(), everything: false });
  for (const window of windows) {
    for (let page = 1; page <= mostPages; page++) {
      signal.throwIfAborted();
      const { ids, totalPages } = await tmdb.changedPeople(window, page, { signal, losses });
      await writeTransaction(em, (on) =>
        noteChangedRecords(on, 'person', ids, {
          now: now(),
          fetchedBefore: new Date(window.fetchedBeforeMs),
        }),
      );
      if (page >= totalPages || ids.length === 0) break;
    }
    await writeTransaction(em, async (on) => {
      await runStatement(
        on,
        sql`
        update change_feeds set read_until = greatest(read_until, ${new Date(window.untilMs)}::timestamptz)
        where name = 'person'`,
      );
      await notify(on, { kind: 'movies', ids: [] });
    });
  }
}

/** Until when changes are marked: at first, since when the oldest is known. `undefined`: nobody is. */
async function takeReadUntil(on: Sql, now: Date): Promise<number | undefined> {
  const oldest = new Date(now.getTime() - longestMs);
  const [row] = await runStatement(
    on,
    sql<{ read_until_ms: number }>`
    insert into change_feeds as f (name, read_until)
    select 'person', least(${now}::timestamptz, greatest(${oldest}::timestamptz, min(fetched_at)))
    from records where kind = 'person' and state = 'detailed' having count(*) > 0
    on conflict (name) do update set read_until = case when f.read_until > ${now} then ${oldest} else f.read_until end
    returning ${raw('(extract(epoch from read_until) * 1000)::float8')} as read_until_ms`,
  );
  return row?.read_until_ms;
}
