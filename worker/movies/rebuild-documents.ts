import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { documentColumn } from '#shared/movies/document-columns.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { type Sql, writeTransaction } from '#worker/store/write-transaction.ts';

/**
 * Builds the documents of other versions again from their rows, a slice in each transaction. Until then the api reads
 * the rows itself. What an interruption leaves old is found by the next call; where nothing is old, that costs two
 * index look-ups.
 */
export async function rebuildDocuments(
  { em, signal }: Pick<JobContext, 'em' | 'signal'>,
  sliceSize = 200,
): Promise<void> {
  const on = em.getKysely();
  for (
    let version = await readNextVersion(on, -1);
    version !== null;
    version = await readNextVersion(on, version)
  ) {
    if (version === documentVersion) continue;
    for (let last: string | undefined = '0'; last !== undefined; ) {
      signal.throwIfAborted();
      const slice: Slice = { version, after: last, size: sliceSize };
      last = await writeTransaction(em, (tx) => rebuildSlice(tx, slice));
    }
  }
}

/** The versions that there are, one after the other, by one look into the index each. */
async function readNextVersion(on: Sql, after: number): Promise<number | null> {
  const rows = await runStatement(
    on,
    sql<{ version: number | null }>`
    select min(version) as version from movie_documents where version > ${after}`,
  );
  return rows[0]?.version ?? null;
}

interface Slice {
  version: number;
  /** The id of the last movie before it. */
  after: string;
  size: number;
}

/** @returns the id of its last movie; nothing when there are no more */
async function rebuildSlice(on: Sql, { version, after, size }: Slice): Promise<string | undefined> {
  const rows = await runStatement(
    on,
    sql<{ movie_id: string }>`
    select movie_id from movie_documents where version = ${version}::int and movie_id > ${after}::bigint
    order by movie_id limit ${size}`,
  );
  const ids = rows.map((row) => row.movie_id);
  if (ids.length === 0) return undefined;
  // As all who write movies do: the rows that are read next are then no older than the document. The version alone
  // would not tell, since a worker of the version before may be at work, too.
  await runStatement(
    on,
    sql`
    select 1 from movies where id = any(${ids}::bigint[]) order by tmdb_id for no key update`,
  );
  await runStatement(
    on,
    sql`
    update movie_documents d set document = ${documentColumn}, version = ${documentVersion}::int
    from movies m where m.id = d.movie_id and d.movie_id = any(${ids}::bigint[])
      and d.version = ${version}::int`,
  );
  return ids.at(-1);
}
