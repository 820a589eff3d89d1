import { raw } from '#shared/db/sql.ts';
import {
  type MirroredColumn,
  mirrored,
  mirroredColumns,
  ownColumns,
} from '#shared/movies/mirrored-columns.ts';

/** The parts of an upsert of these columns: rows come as the recordset `i`. */
export function columnListsOf<Column extends MirroredColumn>(columns: readonly Column[]) {
  const listOf = (part: (column: Column) => string) => raw(columns.map(part).join(', '));
  return {
    names: listOf((column) => column),
    values: listOf((column) => `i.${column}`),
    types: listOf((column) => `${column} ${mirrored[column].column}`),
    /** For rows that travel as arrays. */
    arrayTypes: Object.fromEntries(columns.map((column) => [column, mirrored[column].column])) as Record<
      Column,
      string
    >,
    replacements: listOf((column) => `${column} = excluded.${column}`),
  };
}

/** Assignments that empty all columns with content from TMDb. */
export const emptyContent = emptyAlso('content');
/** The same, and the columns about the upstream that the row came from. */
export const emptyContentAndUpstream = emptyAlso('content', 'upstream');

/** @param about the columns of ours that are emptied, too */
function emptyAlso(...about: string[]) {
  const own = Object.entries(ownColumns).filter(([, is]) => about.includes(is));
  const assignments = [
    ...mirroredColumns.map((column) => `${column} = ${emptyValueOf(column)}`),
    ...own.map(([column]) => `${column} = null`),
  ];
  return raw(assignments.join(', '));
}

function emptyValueOf(column: MirroredColumn): string {
  const field = mirrored[column];
  return 'empty' in field ? field.empty : 'null';
}
