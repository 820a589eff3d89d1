import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { recordset } from '#worker/store/recordset.ts';

interface ChildRows {
  table: string;
  /** Of the primary key, besides the movie. */
  key: readonly string[];
  values: readonly string[];
  /** A select of the rows as they are to be, each key once. */
  answered: Fragment;
}

/** Whose rows are written. */
export interface Parents {
  movieIds: readonly string[];
  /** The tables that have no row of them. */
  empty?: ReadonlySet<string>;
}

/**
 * Makes the rows of these movies what was answered, and writes only what differs: most answers differ from the last one
 * in a figure of the movie's own, and a row written anew costs a dead one, all its indexes and its part of the log. The
 * movies are locked, so nobody else writes; an upsert of rows that are known to be new would take a third longer.
 */
export function rowsStatement({ movieIds, empty }: Parents, rows: ChildRows): Fragment {
  const { table, key, values, answered } = rows;
  const list = (columns: readonly string[], write: (name: string) => string, between = ', ') =>
    raw(columns.map((name) => write(`"${name}"`)).join(between));
  const columns = list(['movie_id', ...key, ...values], (name) => name);
  if (empty?.has(table))
    return sql`insert into ${raw(table)} (${columns}) select ${columns} from (${answered}) answered`;
  const isSame = list(['movie_id', ...key], (name) => `s.${name} = a.${name}`, ' and ');
  return sql`
    with answered as materialized (${answered}),
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

interface AnsweredRows<Row extends { movie_id: string }, Key extends keyof Row & string> {
  table: string;
  rows: readonly Row[];
  /** The types of the primary key, besides the movie, */
  key: Readonly<Record<Key, string>>;
  /** and of all other columns. */
  values: Readonly<Record<Exclude<keyof Row & string, Key | 'movie_id'>, string>>;
}

/** `rowsStatement` for what was answered, as it stands; none where there is nothing, and was nothing before. */
export function answeredStatement<Row extends { movie_id: string }, Key extends keyof Row & string>(
  parents: Parents,
  { table, rows, key, values }: AnsweredRows<Row, Key>,
): Fragment | undefined {
  if (rows.length === 0 && parents.empty?.has(table)) return undefined;
  const types = { movie_id: 'bigint', ...key, ...values } as Record<keyof Row & string, string>;
  const answered = sql`select * from ${recordset(rows, types)}`;
  return rowsStatement(parents, { table, key: Object.keys(key), values: Object.keys(values), answered });
}
