import { raw, type Statement, sql } from '#shared/db/sql.ts';
import { type CopiedType, type CopiedTypes, copyStatement } from '#worker/store/copy-rows.ts';
import { recordset } from '#worker/store/recordset.ts';

/** Whose rows are written. */
export interface Parents {
  movieIds: readonly string[];
  /** The tables that have no row of them. */
  empty?: ReadonlySet<string>;
}

interface AnsweredRows<Row extends { movie_id: string }, Key extends keyof Row & string> {
  table: string;
  /** As they are to be, each key once. */
  rows: readonly Row[];
  /** The types of the primary key, besides the movie, */
  key: Readonly<Record<Key, CopiedType>>;
  /** and of all other columns. */
  values: Readonly<Record<Exclude<keyof Row & string, Key | 'movie_id'>, CopiedType>>;
}

/**
 * Makes the rows of these movies what was answered, and writes only what differs: most answers differ from the last one
 * in a figure of the movie's own, and a row written anew costs a dead one, all its indexes and its part of the log. Rows
 * that are known to be new are copied. The movies are locked, so nobody else writes.
 * @returns none where there is nothing, and was nothing before
 */
export function answeredStatement<Row extends { movie_id: string }, Key extends keyof Row & string>(
  { movieIds, empty }: Parents,
  { table, rows, key: keyTypes, values: valueTypes }: AnsweredRows<Row, Key>,
): Statement | undefined {
  const types = { movie_id: 'bigint', ...keyTypes, ...valueTypes } as CopiedTypes<Row>;
  if (empty?.has(table)) return rows.length === 0 ? undefined : copyStatement(table, rows, types);
  const [key, values] = [Object.keys(keyTypes), Object.keys(valueTypes)];
  const list = (columns: readonly string[], write: (name: string) => string, between = ', ') =>
    raw(columns.map((name) => write(`"${name}"`)).join(between));
  const columns = list(['movie_id', ...key, ...values], (name) => name);
  const isSame = list(['movie_id', ...key], (name) => `s.${name} = a.${name}`, ' and ');
  return sql`
    with answered as materialized (select * from ${recordset(rows, types)}),
    stored as materialized (select t.ctid as at, t.* from ${raw(table)} t where t.movie_id = any(${movieIds}::bigint[])),
    differing as materialized (
      select s.at, a.* from answered a full join stored s on ${isSame}
      where s.at is null or a.movie_id is null
        or (${list(values, (name) => `s.${name}`)}) is distinct from (${list(values, (name) => `a.${name}`)})
    ), left_out as (
      delete from ${raw(table)} where ctid = any(array(select at from differing where movie_id is null))
    ), changed as (
      update ${raw(table)} t set ${list(values, (name) => `${name} = d.${name}`)}
      from differing d where t.ctid = d.at and d.movie_id is not null
    )
    insert into ${raw(table)} (${columns})
    select ${columns} from differing where at is null`;
}
