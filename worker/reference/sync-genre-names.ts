import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { notify, writeTransaction } from '#worker/store/write-transaction.ts';

/**
 * Takes over the names of genres in a language. A name that TMDb has not, or no longer sends, stays as it was: it may
 * be missing from one answer alone.
 */
export async function syncGenreNames(
  language: string,
  { em, tmdb, signal, now, counts }: JobContext,
): Promise<void> {
  const genres = await tmdb.genresIn(language, { signal });
  const changed = await writeTransaction(em, async (on) => {
    const rows = await runStatement(
      on,
      sql<{ changed: boolean }>`
        with before as (select genre_id, name from genre_translations where language = ${language})
        insert into genre_translations as t (genre_id, language, name, fetched_at)
        select g.id, ${language}, i.name, ${now()}
        from json_to_recordset(${JSON.stringify(genres)}::json) as i(id int, name text)
        join genres g on g.id = i.id order by g.id
        on conflict (genre_id, language) do update set name = excluded.name, fetched_at = excluded.fetched_at
        returning t.name is distinct from (select name from before where before.genre_id = t.genre_id) as changed`,
    );
    const count = rows.filter((row) => row.changed).length;
    if (count > 0) await notify(on, { kind: 'list', name: 'genres' });
    return count;
  });
  counts.seen += genres.length;
  counts.updated += changed;
  counts.unchanged += genres.length - changed;
}
