import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { acceptList } from '#worker/store/accept-list.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { NamedId } from '#worker/tmdb/wire/mirrored-movie.ts';
import { withDistinctNames } from './save-genres.ts';

/** Takes over TMDb's genre list. A genre it dropped stays, for the movies that carry it, but is not listed. */
export const syncGenres: Handler<'genres'> = async ({ force }, context) => {
  const { em, tmdb, signal, now, counts, losses } = context;
  const genres = withDistinctNames(await tmdb.genres({ signal, losses }));
  const saved = await writeTransaction(em, async (on) => {
    await acceptList(on, 'genres', genres.length, { now: now(), force });
    const changes = await replaceGenres(on, genres);
    await notify(on, { kind: 'list', name: 'genres' });
    return changes;
  });
  counts.seen += genres.length;
  counts.created += saved.created;
  counts.updated += saved.updated;
  counts.unchanged += genres.length - saved.created - saved.updated;
};

/** For a job that needs names for genre ids: syncs the list if it was never taken over. */
export async function ensureGenres(context: JobContext): Promise<void> {
  const rows = await runStatement(
    context.em.getKysely(),
    sql`select 1 from list_snapshots where name = 'genres'`,
  );
  if (rows.length > 0) return;
  const { ...before } = context.counts;
  await syncGenres({ trigger: 'start' }, context);
  // They are another job's to count.
  Object.assign(context.counts, before);
}

async function replaceGenres(on: Sql, genres: NamedId[]): Promise<{ created: number; updated: number }> {
  const json = JSON.stringify(genres);
  // An unlisted one that already bears a name of the new list gives it up.
  await runStatement(
    on,
    sql`
      update genres g set name = g.name || ' (' || g.id || ')'
      from json_to_recordset(${json}::json) as i(id int, name text)
      where g.name = i.name and g.id <> i.id
        and not exists (select 1 from json_to_recordset(${json}::json) as k(id int) where k.id = g.id)`,
  );
  const rows = await runStatement(
    on,
    sql<{ created: boolean }>`
      insert into genres as g (id, name, listed)
      select id, name, true from json_to_recordset(${json}::json) as i(id int, name text) order by id
      on conflict (id) do update set name = excluded.name, listed = true
      where g.name <> excluded.name or not g.listed
      returning (xmax = 0) as created`,
  );
  await runStatement(
    on,
    sql`
      update genres set listed = false where listed and id not in (
        select id from json_to_recordset(${json}::json) as i(id int))`,
  );
  const created = rows.filter((row) => row.created).length;
  return { created, updated: rows.length - created };
}
