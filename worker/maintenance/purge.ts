import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { absenceMs, purgeAfterMs } from '#shared/movies/freshness.ts';
import { contentTables } from '#shared/movies/mirrored-columns.ts';
import type { RecordKind } from '#shared/records/record.ts';
import { deleteOldEventsStatement } from '#shared/security/delete-old-events-statement.ts';
import { runLife } from '#shared/sync/run-life.ts';
import { emptyContent } from '#worker/movies/column-lists.ts';
import type { Handler } from '#worker/runner/handler.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { pruneFailures } from '../runner/job-failures.ts';
import { letUnusedGo } from './let-unused-go.ts';
import { mendStamps } from './mend-stamps.ts';
import { purgeLeftBehind } from './purge-left-behind.ts';

/**
 * Of the movies with details, never more than this part is taken at once without `force`: then something else is
 * wrong. What only lists said is not asked about, and may grow old by itself.
 */
const maxPart = 0.2;
/** Movies that one transaction empties, or people that one takes. */
const batchSize = 1000;
/** How long it is kept what TMDb was asked, minute by minute. */
const usageMs = 30 * 86_400_000;

/**
 * TMDb's terms: nothing of theirs is kept longer than 180 days. Takes the content of movies that could not be
 * refreshed for so long; ids stay, and so does what users said of them.
 */
export const purge: Handler<'purge'> = async ({ force = false }, context) => {
  const { em, now, counts, signal, progress } = context;
  refuseInDoubt(context.clockDoubt());
  await mendStamps(em, now());
  const before = new Date(now().getTime() - purgeAfterMs);
  const due = await refuseTooMany(em.getKysely(), before, force);
  for (let taken = batchSize; taken === batchSize; ) {
    signal.throwIfAborted();
    taken = await writeTransaction(em, (on) => purgeMovies(on, before, now()));
    counts.seen += taken;
    counts.updated += taken;
    progress(due === 0 ? 1 : Math.min(1, counts.updated / due));
  }
  for (let taken = batchSize; taken === batchSize; ) {
    signal.throwIfAborted();
    taken = await writeTransaction(em, (on) => purgePeople(on, before));
  }
  for (let taken = batchSize; taken === batchSize; ) {
    signal.throwIfAborted();
    taken = await writeTransaction(em, (on) => purgeRecords(on, before, now()));
  }
  await letUnusedGo(em, now());
  await purgeLeftBehind({ em, now: now(), signal });
  await writeTransaction(em, (on) => purgeRest(on, before, now()));
  for (let taken = batchSize; taken === batchSize; ) {
    signal.throwIfAborted();
    taken = await writeTransaction(em, (on) => purgeEvents(on, now()));
  }
};

/** @returns how many lines of the security log it deleted */
const purgeEvents = async (on: Sql, now: Date): Promise<number> =>
  (await runStatement(on, deleteOldEventsStatement({ now, limit: batchSize }))).length;

/** What is old by a wrong clock may be new: nothing at all is deleted for its age, whatever an operator says. */
function refuseInDoubt(reason: string | undefined): void {
  if (reason !== undefined)
    throw new NexusError('clock_in_doubt', `Nothing was purged, because the time is in doubt. ${reason}`);
}

async function refuseTooMany(on: Sql, before: Date, force: boolean): Promise<number> {
  const rows = await runStatement(
    on,
    sql<{ due: string; detailed_due: string; detailed: string }>`
    select count(*) filter (where fetched_at < ${before}) as due,
      count(*) filter (where fetched_at < ${before} and state = 'detailed') as detailed_due,
      count(*) filter (where state = 'detailed') as detailed
    from movies where fetched_at is not null`,
  );
  const due = Number(rows[0]?.due ?? 0);
  const detailedDue = Number(rows[0]?.detailed_due ?? 0);
  const detailed = Number(rows[0]?.detailed ?? 0);
  if (!force && detailedDue > detailed * maxPart)
    throw new NexusError(
      'too_many_purged',
      `${detailedDue} of ${detailed} movies with details were not refreshed for 180 days. That is more than ${maxPart * 100} %: find out why, or purge them with --force.`,
    );
  return due;
}

/** A part that could not be read for as long makes its movie go: no more is known of it. `gone` stays gone: a reader still learns that TMDb deleted it. */
async function purgeMovies(on: Sql, before: Date, now: Date): Promise<number> {
  const rows = await runStatement(
    on,
    sql<{ id: string; tmdb_id: number }>`
    select id, tmdb_id from movies where id in (
      select id from movies where fetched_at < ${before}
      union all select movie_id from movie_parts where fetched_at < ${before})
    order by tmdb_id limit ${batchSize} for update`,
  );
  const ids = rows.map((row) => row.id);
  for (const table of contentTables)
    await runStatement(on, sql`delete from ${raw(table)} where movie_id = any(${ids}::bigint[])`);
  await runStatement(
    on,
    sql`
    update movies set state = case when state = 'gone' then 'gone' else 'purged' end, ${emptyContent},
      updated_at = ${now}
    where id = any(${ids}::bigint[])`,
  );
  if (rows.length > 0) await notify(on, { kind: 'movies', ids: rows.map((row) => row.tmdb_id) });
  return rows.length;
}

/** People, collections and companies that could not be refreshed for as long. That one is `gone` is still told. */
async function purgeRecords(on: Sql, before: Date, now: Date): Promise<number> {
  const rows = await runStatement(
    on,
    sql<{ kind: RecordKind; id: number }>`
    update records set state = case when state = 'gone' then 'gone' else 'unknown' end, hash = null, fetched_at = null
    where (kind, id) in (select kind, id from records where fetched_at < ${before} limit ${batchSize} for update)
    returning kind, id`,
  );
  const ids = JSON.stringify(rows);
  await runStatement(
    on,
    sql`
    delete from record_parts p using json_to_recordset(${ids}::json) as i(kind text, id int)
    where p.kind = i.kind and p.id = i.id`,
  );
  await runStatement(
    on,
    sql`
    delete from person_credits c using json_to_recordset(${ids}::json) as i(kind text, id int)
    where i.kind = 'person' and c.person_id = i.id`,
  );
  await runStatement(
    on,
    sql`
    delete from records where state = 'unknown'
      and coalesce(last_absent_at, '-infinity') < ${now}::timestamptz - ${absenceMs} * interval '1 millisecond'`,
  );
  for (const [kind, all] of Map.groupBy(rows, (row) => row.kind))
    await notify(on, { kind: 'records', of: kind, ids: all.map((row) => row.id) });
  return rows.length;
}

async function purgePeople(on: Sql, before: Date): Promise<number> {
  const rows = await runStatement(
    on,
    sql`
    delete from people where id in (
      select id from people where fetched_at < ${before} order by fetched_at limit ${batchSize}) returning id`,
  );
  return rows.length;
}

/** What no movie holds any more, lists that were not read for as long, and our own old notes. */
async function purgeRest(on: Sql, before: Date, now: Date): Promise<void> {
  await runStatement(
    on,
    sql`delete from keywords k where not exists (select 1 from movie_keywords m where m.keyword_id = k.id)`,
  );
  await runStatement(
    on,
    sql`delete from collections c where not exists (select 1 from movies m where m.collection_id = c.id)
      and not exists (select 1 from records r where r.kind = 'collection' and r.id = c.id and r.state = 'detailed')`,
  );
  await runStatement(on, sql`delete from companies where fetched_at < ${before}`);
  await runStatement(
    on,
    sql`delete from upstream_searches where asked_at < ${now}::timestamptz - interval '30 days'`,
  );
  for (const [words, table] of [
    ['title_words', 'movie_titles'],
    ['other_title_words', 'movie_other_titles'],
    ['name_words', 'person_names'],
  ] as const)
    await runStatement(
      on,
      sql`
      delete from ${raw(words)} w where not exists (
        select 1 from ${raw(table)}, unnest(tsvector_to_array(words)) as used(word) where used.word = w.word)`,
    );
  await runStatement(
    on,
    sql`
    delete from trending_entries where 'trending/' || time_window in (
      select name from list_snapshots where fetched_at < ${before})`,
  );
  await runStatement(
    on,
    sql`
    delete from list_entries where list || '/' || region in (
      select name from list_snapshots where fetched_at < ${before})`,
  );
  await runStatement(on, sql`delete from reference_documents where fetched_at < ${before}`);
  await runStatement(
    on,
    sql`
    delete from genres g where not exists (select 1 from movie_genres m where m.genre_id = g.id)
      and exists (select 1 from list_snapshots where name = 'genres' and fetched_at < ${before})`,
  );
  await runStatement(on, sql`delete from genre_translations where fetched_at < ${before}`);
  await runStatement(on, sql`delete from list_snapshots where fetched_at < ${before}`);
  await runStatement(
    on,
    sql`
    delete from movie_absences a where a.last_seen_at < ${now}::timestamptz - ${absenceMs} * interval '1 millisecond'
      and not exists (select 1 from movies m where m.tmdb_id = a.tmdb_id)`,
  );
  await runStatement(on, runLife.deleteOld({ now }));
  for (const table of ['upstream_requests', 'upstream_waits'])
    await runStatement(
      on,
      sql`
      delete from ${raw(table)}
      where minute < ${now}::timestamptz - ${usageMs} * interval '1 millisecond'`,
    );
  await pruneFailures(on);
  await runStatement(
    on,
    sql`delete from worker_processes where seen_at < ${now}::timestamptz - interval '1 day'`,
  );
  await notify(on, { kind: 'list', name: 'genres' });
}
