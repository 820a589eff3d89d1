import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { packPart } from '#shared/movies/stored-parts.ts';
import type { DocumentName } from '#shared/reference/reference-document.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import { textOf } from '#worker/tmdb/wire/read-parts.ts';

/** @returns whether it says something else than before */
export async function saveDocument(
  on: Sql,
  name: DocumentName,
  document: unknown,
  now: Date,
): Promise<boolean> {
  const body = Buffer.from(await packPart(textOf(document)));
  const rows = await runStatement(
    on,
    sql<{ changed: boolean }>`
      with before as (select body from reference_documents where name = ${name})
      insert into reference_documents as d (name, body, fetched_at) values (${name}, ${body}, ${now})
      on conflict (name) do update set body = excluded.body, fetched_at = excluded.fetched_at
      returning (select body from before) is distinct from d.body as changed`,
  );
  return rows[0]?.changed ?? true;
}
