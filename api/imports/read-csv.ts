import { mapInSlices, yieldToOthers } from '../http/input/in-slices.ts';
import {
  CsvFault,
  type CsvRecord,
  countLines,
  endOfTooLong,
  maxRecordLength,
  newPatience,
  type ReadRecord,
  RecordTooLong,
  readRecord,
} from './csv-record.ts';

/** What the reader of the records tells of them while they come. */
export interface CsvShape {
  /** How many cells a record has; 0 while nobody knows. */
  columns: number;
}

/** Characters that are read before others are served, and for how long at most. */
const chunkLength = 16 * 1024;
const chunkMs = 5;
const separators = [',', ';', '\t', '|'] as const;

/**
 * The records of a CSV, header included. Reads a little at a time, so that whoever else is being served does not wait
 * for a large file.
 * @throws {CsvFault}
 */
export async function* readCsv(given: string, shape: CsvShape): AsyncIterable<CsvRecord> {
  // Where no line ends as lines do, it ends as on a mainframe or in a text of Unicode's own.
  const text = /[\r\n]/.test(given) ? given : await withUsualEnds(given);
  const { separator, start } = beginningOf(text);
  const nul = text.indexOf('\0');
  const patience = newPatience();
  let [at, line, pausedAt, pausedMs] = [start, 1 + countLines(text, 0, start), start, performance.now()];
  while (at < text.length) {
    const isBlank = text[at] === '\n' || text[at] === '\r';
    if (at - pausedAt >= chunkLength || (!isBlank && performance.now() - pausedMs > chunkMs)) {
      await yieldToOthers();
      [pausedAt, pausedMs] = [at, performance.now()];
    }
    if (isBlank) {
      const blanks = blankLines.exec(text.slice(at, pausedAt + chunkLength))?.[0] ?? '';
      // One that is cut off between its two characters is counted with the second one.
      const isCut = blanks.endsWith('\r') && text[at + blanks.length] === '\n';
      line += blanks.replaceAll('\r\n', '\n').length - (isCut ? 1 : 0);
      at += blanks.length;
      continue;
    }
    const table = { text, separator, columns: shape.columns, patience };
    const { cells, end, mended, isTooLong } = readBounded(table, at);
    if (nul !== -1 && nul < end)
      throw new CsvFault(`line ${line + countLines(text, at, nul)} contains a NUL character`);
    const faults = { ...(mended ? { mended } : {}), ...(isTooLong ? { isTooLong } : {}) };
    if (isTooLong || cells.length > 1 || cells[0] !== '') yield { cells, line, ...faults };
    line += isTooLong ? countLines(text, at, at + maxRecordLength) + 1 : countLines(text, at, end);
    at = end;
  }
}

/** Piece by piece. */
async function withUsualEnds(text: string): Promise<string> {
  const starts = Array.from({ length: Math.ceil(text.length / chunkLength) }, (_, at) => at * chunkLength);
  const pieces = await mapInSlices(starts, (start) =>
    text.slice(start, start + chunkLength).replace(/[\u0085\u2028\u2029]/g, '\n'),
  );
  return pieces.join('');
}

/** Character by character they would take ten times as long. */
const blankLines = /^[\r\n]+/;

function readBounded(
  table: Parameters<typeof readRecord>[0],
  start: number,
): Pick<ReadRecord, 'cells' | 'end' | 'mended'> & { isTooLong?: true } {
  try {
    return readRecord(table, start);
  } catch (error) {
    if (!(error instanceof RecordTooLong)) throw error;
    return { cells: [], end: endOfTooLong(table.text, start), mended: false, isTooLong: true };
  }
}

const excelLine = /^"?sep=(.)"?[ \t]*(\r\n|\r|\n|$)/i;

/** What stands before the table: a byte order mark, and the line by which Excel learns the separator. */
function beginningOf(text: string): { separator: string; start: number } {
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  const told = excelLine.exec(text.slice(mark, mark + 20));
  if (told !== null) return { separator: told[1] ?? ',', start: mark + told[0].length };
  return { separator: separatorOf(text.slice(mark, mark + maxRecordLength)), start: mark };
}

/** The one that the first line with any has most of. */
function separatorOf(text: string): string {
  const place = text.search(/[,;\t|]/);
  if (place === -1) return ',';
  const lineStart = Math.max(text.lastIndexOf('\n', place), text.lastIndexOf('\r', place)) + 1;
  const lineLength = text.slice(place).search(/[\r\n]/);
  const header = text.slice(lineStart, lineLength === -1 ? undefined : place + lineLength);
  const count = (separator: string) => header.split(separator).length;
  return separators.reduce<string>((best, each) => (count(each) > count(best) ? each : best), ',');
}
