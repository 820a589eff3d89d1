import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

/** What movies are filtered by. Where it is stored already, nothing is written: not even an index is touched. */
export async function saveTerms(
  on: Sql,
  movies: readonly { movie_id: string; terms: readonly number[] }[],
): Promise<void> {
  if (movies.length === 0) return;
  const rows = movies.map(({ movie_id, terms }) => ({ movie_id, terms }));
  await runStatement(
    on,
    sql`
    insert into movie_terms as t (movie_id, terms)
    select movie_id, terms from json_to_recordset(${JSON.stringify(rows)}::json) as i(movie_id bigint, terms bigint[])
    on conflict (movie_id) do update set terms = excluded.terms where t.terms <> excluded.terms`,
  );
}
