import { type Fragment, join, raw, sql, type Value } from '#shared/db/sql.ts';

/** One of the columns that a list is sorted by. The last one is never null and decides between all that is equal. */
export interface SortColumn {
  /** The expression. */
  sql: string;
  type: string;
  descending: boolean;
  /** Where the unknown values are; `undefined` where there are none. */
  nulls?: 'first' | 'last' | undefined;
}

export const orderOf = (columns: readonly SortColumn[]): string =>
  columns
    .map(
      ({ sql, descending, nulls }) =>
        `${sql} ${descending ? 'desc' : 'asc'}${nulls ? ` nulls ${nulls}` : ''}`,
    )
    .join(', ');

/**
 * What follows a row, in parts that follow each other: each is one range of an index over the columns, however many
 * rows are equal in the first of them.
 * @param key the row's values, in the order of the columns
 */
export function partsAfter(columns: readonly SortColumn[], key: readonly (Value | Fragment)[]): Fragment[] {
  return columns
    .map((column, at) => {
      const equal = columns.slice(0, at).map((each, index) => isEqual(each, key[index]));
      return rangesAfter(column, key[at]).map((range) => join([...equal, range], ' and '));
    })
    .reverse()
    .flat();
}

/** The same as one condition, for rows that are sorted anyway, or few of which are equal in the first column. */
export function isAfter(columns: readonly SortColumn[], key: readonly (Value | Fragment)[]): Fragment {
  const parts = partsAfter(columns, key).map((part) => sql`(${part})`);
  const [first] = columns;
  const any = sql`(${parts.length === 0 ? raw('false') : join(parts, ' or ')})`;
  if (first === undefined || first.nulls !== undefined) return any;
  return sql`${raw(`${first.sql} ${first.descending ? '<=' : '>='}`)} ${key[0]}::${raw(first.type)} and ${any}`;
}

const isEqual = ({ sql: column, type }: SortColumn, value: Value | Fragment): Fragment =>
  value === null ? raw(`${column} is null`) : sql`${raw(column)} = ${value}::${raw(type)}`;

function rangesAfter(
  { sql: column, type, descending, nulls }: SortColumn,
  value: Value | Fragment,
): Fragment[] {
  if (value === null) return nulls === 'first' ? [raw(`${column} is not null`)] : [];
  const further = sql`${raw(`${column} ${descending ? '<' : '>'}`)} ${value}::${raw(type)}`;
  return nulls === 'last' ? [further, raw(`${column} is null`)] : [further];
}
