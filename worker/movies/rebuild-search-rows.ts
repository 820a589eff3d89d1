import { runStatement } from '#shared/db/run-statement.ts';
import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';

interface Searched {
  table: string;
  key: string;
  /** Locks what the rows are made from, as all who write it do. */
  lock: (ids: string[]) => Fragment;
  /** The function that triggers call, too. */
  write: (ids: string[]) => Fragment;
}

const lockMovies = (ids: string[]) =>
  sql`select 1 from movies where id = any(${ids}::bigint[]) order by tmdb_id for no key update`;

const searched: Searched[] = [
  {
    table: 'movie_titles',
    key: 'movie_id',
    lock: lockMovies,
    // The key that movies are sorted by is made whenever the title is written.
    write: (ids) => sql`
      with retitled as (update movies set title = title where id = any(${ids}::bigint[]))
      select keep_movie_title(m) from movies m where id = any(${ids}::bigint[])`,
  },
  {
    table: 'movie_other_titles',
    key: 'movie_id',
    lock: lockMovies,
    write: (ids) => sql`
      select put_translated_titles(${ids}::bigint[]), put_alternative_titles(${ids}::bigint[])`,
  },
  {
    table: 'collection_names',
    key: 'collection_id',
    lock: (ids) => sql`select 1 from collections where id = any(${ids}::int[]) order by id for no key update`,
    write: (ids) => sql`
      select put_collection_name(collection_id, language, name) from collection_names
      where collection_id = any(${ids}::int[])`,
  },
  {
    table: 'person_names',
    key: 'person_id',
    lock: (ids) => sql`select 1 from people where id = any(${ids}::int[]) order by id for no key update`,
    write: (ids) => sql`select put_person_name(id, name) from people where id = any(${ids}::int[])`,
  },
];

/**
 * Writes what titles and names are found by again, where it was folded by an older version, a slice in each
 * transaction. Until then they are found as before. Where nothing is old, that costs two index look-ups.
 */
export async function rebuildSearchRows(
  { em, signal }: Pick<JobContext, 'em' | 'signal'>,
  sliceSize = 500,
): Promise<void> {
  for (const { table, key, lock, write } of searched)
    for (let ids: string[] | undefined; ids === undefined || ids.length > 0; ) {
      signal.throwIfAborted();
      ids = await writeTransaction(em, async (on) => {
        const rows = await runStatement(
          on,
          sql<{ id: string }>`
          select ${raw(key)} as id from ${raw(table)} where version < search_version()
          order by version, ${raw(key)} limit ${sliceSize}`,
        );
        const old = rows.map((row) => row.id);
        if (old.length === 0) return old;
        await runStatement(on, lock(old));
        await runStatement(on, write(old));
        return old;
      });
    }
}
