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
  otherSource,
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

/** A mark of a file's beginning, and the formula by which Excel is kept from changing a text: `="0137523"`. */
const withoutWrapping = (cell: string) => {
  const plain = cell.startsWith('\ufeff') ? cell.slice(1) : cell;
  return plain.startsWith('="') && plain.endsWith('"') ? plain.slice(2, -1).replaceAll('""', '"') : plain;
};

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
      const cells = record.cells.map(withoutWrapping);
      if (banner.test(cells[0] ?? '')) continue;
      const header = read === 1 || mayBeHeader(cells) ? headerOf(source, cells, columns) : undefined;
      if (header !== undefined && identifies(header) && (header.known > 1 || read === 1)) {
        // What was read as a table until now was about the list.
        if (columns !== undefined && isListOf(columns, header)) rows.length = tableStart;
        tableStart = rows.length;
        columns = header;
        shape.columns = isOfListItself(header) ? 0 : header.count;
      } else if (columns !== undefined) {
        if (record.isTooLong || cells.some((cell) => cell !== ''))
          rows.push({ ...record, ...withTitleWhole(cells, columns), columns });
      } else if (preamble.push(record) > maxPreamble) break;
    }
  } catch (error) {
    throw error instanceof CsvFault ? refusal(`is not a valid CSV file: ${error.message}`) : error;
  }
  return checked(source, columns ?? columnsOfFirst(source, preamble), rows);
}

/** A file of the other source may follow, joined to this one. */
function headerOf(source: ImportSource, cells: readonly string[], before: Columns | undefined): Columns {
  const header = columnsOf(source, cells);
  return before !== undefined && header.foreign ? columnsOf(otherSource(source), cells) : header;
}

/** A title with commas that nobody put into quotation marks: the year tells where it ends. */
function withTitleWhole(cells: string[], { count, places }: Columns): Pick<CsvRecord, 'cells' | 'mended'> {
  const surplus = cells.length - count;
  const { title, year } = places;
  if (surplus <= 0 || title === undefined || year !== title + 1) return { cells };
  const isYear = (place: number) => /^\d{4}$/.test(cells[place] ?? '');
  if (isYear(year) || !isYear(year + surplus)) return { cells };
  const whole = cells.slice(title, year + surplus).join(', ');
  return { cells: [...cells.slice(0, title), whole, ...cells.slice(year + surplus)], mended: true };
}

const columnsOfFirst = (source: ImportSource, [first]: readonly CsvRecord[]) =>
  first === undefined ? undefined : columnsOf(source, first.cells);

function checked(source: ImportSource, columns: Columns | undefined, rows: TableRow[]): TableRow[] {
  if (columns === undefined) throw refusal(`is empty; it needs a header with ${identifying[source]}`);
  const other = otherSource(source);
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
