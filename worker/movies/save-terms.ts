import { raw, sql } from '#shared/db/sql.ts';
import { leastWrittenTerm } from '#shared/movies/term-codes.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

/** The hour of the transaction, counted from 1970. */
export const thisHour = sql`floor(extract(epoch from now()) / 3600)::int`;

/**
 * What movies are filtered by, and in which hour it was written. Where it is stored already, nothing is written: not even
 * an index is touched.
 */
export async function saveTerms(
  on: Sql,
  movies: readonly { movie_id: string; terms: readonly number[] }[],
): Promise<void> {
  if (movies.length === 0) return;
  const rows = movies.map(({ movie_id, terms }) => ({ movie_id, terms }));
  await runRepeated(
    on,
    sql`
    insert into movie_terms as t (movie_id, terms)
    select movie_id, terms || ${leastWrittenTerm}::bigint + ${thisHour}
    from json_to_recordset(${JSON.stringify(rows)}::json) as i(movie_id bigint, terms bigint[])
    on conflict (movie_id) do update set terms = excluded.terms where ${saidBy('t')} <> ${saidBy('excluded')}`,
  );
}

/** The terms without the hour: a row that was written by a version before has none. */
const saidBy = (row: string) =>
  sql`array(select term from unnest(${raw(row)}.terms) term where term < ${leastWrittenTerm}::bigint)`;
