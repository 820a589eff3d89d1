import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';

export interface CsvRecord {
  cells: string[];
  /** Where it begins; the first line is 1. */
  line: number;
}

/** The text is no table: in a sentence, where and why. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
}

const chunkLength = 16 * 1024;
const maxRecordLength = 1024 * 1024;
const separators = [',', ';', '\t'] as const;

/**
 * The records of a CSV, header included. Reads a little at a time, so that whoever else is being served does not wait
 * for a large file.
 * @throws {CsvFault}
 */
export async function* readCsv(text: string): AsyncIterable<CsvRecord> {
  const nul = text.indexOf('\0');
  if (nul !== -1)
    throw new CsvFault(`line ${text.slice(0, nul).split(/\r\n?|\n/).length} contains a NUL character`);
  // One kind of line end: the parser counts the others twice inside of quotes.
  const lines = text.replace(/\r\n?/g, '\n');
  const parser = parse({
    bom: true,
    delimiter: separatorOf(lines),
    info: true,
    max_record_size: maxRecordLength,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  });
  const source = Readable.from(chunksOf(lines));
  source.pipe(parser);
  let lastLine = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      lastLine = info.lines;
      yield { cells: record, line: lastLine - breaksIn(record) };
    }
  } catch (error) {
    throw error instanceof CsvError
      ? new CsvFault(sentenceOf(error.code, lastLine), { cause: error })
      : error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

async function* chunksOf(text: string): AsyncIterable<string> {
  for (let start = 0; start < text.length; start += chunkLength) {
    yield text.slice(start, start + chunkLength);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The one of which the first line has most. */
function separatorOf(text: string): string {
  const end = text.indexOf('\n');
  const header = (end === -1 ? text : text.slice(0, end)).slice(0, maxRecordLength);
  const count = (separator: string) => header.split(separator).length;
  return separators.reduce((best, each) => (count(each) > count(best) ? each : best));
}

const breaksIn = (cells: string[]) =>
  cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);

function sentenceOf(code: string, lastLine: number): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `a quotation mark after line ${lastLine} is never closed`;
  if (code === 'CSV_MAX_RECORD_SIZE') return `the row after line ${lastLine} is longer than 1 MiB`;
  return `it cannot be read as a table after line ${lastLine}`;
}
