import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { yieldToOthers } from './in-slices.ts';

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
 * The records of a CSV, header included. All of it goes a little at a time, so that whoever else is being served does
 * not wait for a large file.
 * @throws {CsvFault}
 */
export async function* readCsv(text: string): AsyncIterable<CsvRecord> {
  const parser = parse({
    delimiter: separatorOf(text),
    info: true,
    max_record_size: maxRecordLength,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  });
  const source = Readable.from(chunksOf(text));
  // A fault in the chunks ends the parser, too.
  source.on('error', (error) => parser.destroy(error));
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

/** The text in pieces, with one kind of line end: the parser counts the others twice inside of quotes. */
async function* chunksOf(text: string): AsyncIterable<string> {
  let line = 1;
  // Only here: the parser would take off every mark that follows, one by one.
  let start = text.startsWith('\ufeff') ? 1 : 0;
  while (start < text.length) {
    const end = endOfChunk(text, start);
    const chunk = text.slice(start, end).replace(/\r\n?/g, '\n');
    const nul = chunk.indexOf('\0');
    if (nul !== -1) throw new CsvFault(`line ${line + breaksUntil(chunk, nul)} contains a NUL character`);
    line += breaksUntil(chunk, chunk.length);
    start = end;
    yield chunk;
    await yieldToOthers();
  }
}

/** Neither inside of a line end nor inside of a character. */
function endOfChunk(text: string, start: number): number {
  const end = start + chunkLength;
  const isHalf = text[end - 1] === '\r' || (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isHalf ? end + 1 : end;
}

function breaksUntil(chunk: string, end: number): number {
  let breaks = 0;
  for (let at = chunk.indexOf('\n'); at !== -1 && at < end; at = chunk.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

/** The one of which the first line has most. */
function separatorOf(text: string): string {
  const start = text.slice(0, maxRecordLength);
  const end = start.search(/[\r\n]/);
  const header = end === -1 ? start : start.slice(0, end);
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
