import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { absenceMs } from '#shared/movies/freshness.ts';
import { notify, type Sql } from '#worker/store/write-transaction.ts';

export interface RecordedAbsences {
  gone: number;
  refused: number;
}

/**
 * Of the movies that TMDb was asked about within a day, never more than this part turns gone: then it is the upstream
 * that is wrong. Those that nobody asks about tell nothing of it.
 */
const maxGonePart = 0.05;
const dayAgo = (now: Date) => sql`(${now}::timestamptz - interval '1 day')`;

/**
 * Remembers that TMDb answered "no such movie" for these ids. A movie that we held turns `gone` when that is the
 * second such answer, a day or more after the first; what users said of it stays.
 * Where too many would turn gone, none does: they are counted as refused, and asked about again later.
 */
export async function recordAbsences(
  on: Sql,
  tmdbIds: readonly number[],
  now: Date,
): Promise<RecordedAbsences> {
  if (tmdbIds.length === 0) return { gone: 0, refused: 0 };
  const ids = [...new Set(tmdbIds)].sort((a, b) => a - b);
  await runStatement(
    on,
    sql`
    insert into movie_absences as a (tmdb_id, first_seen_at, last_seen_at)
    select id, ${now}, ${now} from unnest(${ids}::int[]) as id order by id
    on conflict (tmdb_id) do update set first_seen_at = least(a.first_seen_at, excluded.first_seen_at),
      last_seen_at = excluded.last_seen_at`,
  );
  await notify(on, { kind: 'movies', ids });
  const due = await readConfirmedAbsent(on, ids, now);
  if (due.length === 0) return { gone: 0, refused: 0 };
  if (await areTooMany(on, due.length, now)) return { gone: 0, refused: due.length };
  await runStatement(
    on,
    sql`
    update movies set state = 'gone', gone_at = ${now}, updated_at = ${now}
    where id = any(${due}::bigint[])`,
  );
  return { gone: due.length, refused: 0 };
}

/** Rows with content of TMDb's whose absence was seen twice, far enough apart; locked in the order of their ids. */
async function readConfirmedAbsent(on: Sql, ids: number[], now: Date): Promise<string[]> {
  const rows = await runStatement(
    on,
    sql<{ id: string }>`
    select m.id from movies m join movie_absences a on a.tmdb_id = m.tmdb_id
    where m.tmdb_id = any(${ids}::int[]) and m.state in ('listed', 'detailed', 'purged')
      and a.first_seen_at <= ${now}::timestamptz - ${absenceMs} * interval '1 millisecond'
    order by m.tmdb_id for update of m`,
  );
  return rows.map((row) => row.id);
}

async function areTooMany(on: Sql, due: number, now: Date): Promise<boolean> {
  const rows = await runStatement(
    on,
    sql<{ asked: string; gone_lately: string }>`
    select
      (select count(*) from movies m where m.state = 'detailed' and m.fetched_at >= ${dayAgo(now)}
        and not exists (select 1 from movie_absences a where a.tmdb_id = m.tmdb_id and a.last_seen_at >= ${dayAgo(now)}))
      + (select count(*) from movie_absences a join movies m on m.tmdb_id = a.tmdb_id
        where a.last_seen_at >= ${dayAgo(now)} and m.state in ('listed', 'detailed', 'gone', 'purged')) as asked,
      (select count(*) from movies where gone_at > ${dayAgo(now)}) as gone_lately`,
  );
  const asked = Number(rows[0]?.asked ?? 0);
  const goneLately = Number(rows[0]?.gone_lately ?? 0);
  // One movie may always go, or a mirror of ten would never lose any.
  const allowed = Math.max(1, Math.floor(asked * maxGonePart));
  return goneLately + due > allowed;
}
