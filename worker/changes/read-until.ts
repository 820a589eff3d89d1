import type { MirrorScope } from '#shared/config.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import { longestMs } from './plan-windows.ts';

const ms = (column: string) => sql`(extract(epoch from ${raw(column)}) * 1000)::float8`;

/**
 * Until when TMDb's changes are marked. A mirror that never read them begins with its oldest movie: what changed
 * before that is in it.
 */
export async function takeReadUntil(on: Sql, now: Date): Promise<Date> {
  const oldest = new Date(now.getTime() - longestMs);
  const rows = await runStatement(
    on,
    sql<{ read_until_ms: number }>`
    insert into change_feeds as f (name, read_until)
    select 'movie', least(${now}::timestamptz, greatest(${oldest}::timestamptz,
      (select min(fetched_at) from movies where state = 'detailed')))
    on conflict (name) do update set read_until = case when f.read_until > ${now} then ${oldest} else f.read_until end
    returning ${ms('read_until')} as read_until_ms`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the watermark of the changes was not written');
  return new Date(row.read_until_ms);
}

/** The watermark never goes back. */
export async function noteReadUntil(on: Sql, until: Date): Promise<void> {
  await runStatement(
    on,
    sql`update change_feeds set read_until = greatest(read_until, ${until}::timestamptz) where name = 'movie'`,
  );
}

/** What changed in this time cannot be read: all that was fetched before its end is looked at again. */
export async function noteGap(on: Sql, from: Date, until: Date): Promise<void> {
  await runStatement(
    on,
    sql`
    update change_feeds set gap_from = least(gap_from, ${from}::timestamptz),
      gap_until = greatest(gap_until, ${until}::timestamptz)
    where name = 'movie'`,
  );
}

/** Before which moment fetched movies may lack a change that was not read; `undefined`: there is no such gap. */
export async function readGapEnd(on: Sql): Promise<Date | undefined> {
  const rows = await runStatement(
    on,
    sql<{
      gap_until_ms: number | null;
    }>`select ${ms('gap_until')} as gap_until_ms from change_feeds where name = 'movie'`,
  );
  const untilMs = rows[0]?.gap_until_ms ?? undefined;
  return untilMs === undefined ? undefined : new Date(untilMs);
}

/** The gap is closed when every movie was fetched since, or was tried. */
export async function closeHealedGap(on: Sql, scope: MirrorScope): Promise<void> {
  await runStatement(
    on,
    sql`
    update change_feeds f set gap_from = null, gap_until = null
    where name = 'movie' and gap_until is not null and not exists (
      select 1 from movies m where m.state = 'detailed' and m.scope <= ${scopeRank[scope]}
        and m.fetched_at < f.gap_until and (m.attempted_at is null or m.attempted_at < f.gap_until))`,
  );
}
