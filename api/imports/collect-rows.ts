import { type ErrorDetail, NexusError } from '#shared/errors.ts';
import type { ImportSource } from '#shared/users/user-import.ts';
import { CsvFault, type CsvRecord } from './csv-record.ts';
import {
  type Columns,
  columnsOf,
  identifies,
  identifying,
  isListOf,
  isOfListItself,
  mayBeHeader,
} from './history-columns.ts';
import { readCsv } from './read-csv.ts';

export const maxHistoryRows = 50_000;
/** Lines that may stand before the header. */
const maxPreamble = 10;

/** A record with the header that it stands under: files that were joined have several. */
export interface TableRow extends CsvRecord {
  columns: Columns;
}

/** The line with which Letterboxd begins the export of a list. */
const banner = /^letterboxd list export\b/i;

/**
 * The rows of a file's table, without what stands before it, and without the headers between.
 * @throws {NexusError} `invalid_input` when the file as a whole is none
 */
export async function collectRows(text: string, source: ImportSource): Promise<TableRow[]> {
  const shape = { columns: 0 };
  const preamble: CsvRecord[] = [];
  let columns: Columns | undefined;
  const rows: TableRow[] = [];
  let [read, tableStart] = [0, 0];
  try {
    for await (const record of readCsv(text, shape)) {
      if (++read > maxHistoryRows + maxPreamble)
        throw refusal(`may have at most ${maxHistoryRows.toLocaleString('en')} rows`);
      const cells = record.cells.map((cell) => cell.replace(/^\ufeff/, ''));
      if (banner.test(cells[0] ?? '')) continue;
      const header = read === 1 || mayBeHeader(cells) ? columnsOf(source, cells) : undefined;
      if (header !== undefined && identifies(header) && (header.known > 1 || read === 1)) {
        // What was read as a table until now was about the list.
        if (columns !== undefined && isListOf(columns, header)) rows.length = tableStart;
        tableStart = rows.length;
        columns = header;
        shape.columns = isOfListItself(header) ? 0 : header.count;
      } else if (columns !== undefined) {
        if (record.isTooLong || cells.some((cell) => cell !== '')) rows.push({ ...record, cells, columns });
      } else if (preamble.push(record) > maxPreamble) break;
    }
  } catch (error) {
    throw error instanceof CsvFault ? refusal(`is not a valid CSV file: ${error.message}`) : error;
  }
  return checked(source, columns ?? columnsOfFirst(source, preamble), rows);
}

const columnsOfFirst = (source: ImportSource, [first]: readonly CsvRecord[]) =>
  first === undefined ? undefined : columnsOf(source, first.cells);

function checked(source: ImportSource, columns: Columns | undefined, rows: TableRow[]): TableRow[] {
  if (columns === undefined) throw refusal(`is empty; it needs a header with ${identifying[source]}`);
  const other = source === 'imdb' ? 'letterboxd' : 'imdb';
  if ((rows[0]?.columns ?? columns).foreign)
    throw refusal(`has the columns of ${other}: send it with source=${other}`, { path: 'source' });
  if (!identifies(columns)) throw refusal(`needs at least one of these columns: ${identifying[source]}`);
  if (rows.length === 0 || isOfListItself(columns)) throw refusal('has a header but no rows');
  if (rows.length > maxHistoryRows)
    throw refusal(`may have at most ${maxHistoryRows.toLocaleString('en')} rows`);
  return rows;
}

export function refusal(message: string, { path }: Pick<ErrorDetail, 'path'> = { path: 'body' }): NexusError {
  return new NexusError('invalid_input', 'This file cannot be imported.', {
    details: [{ path, message }],
  });
}
