export interface CsvRecord {
  cells: string[];
  /** Where it begins; the first line is 1. */
  line: number;
  /** A quotation mark in it stands where none should: it was read as well as it could be. */
  mended?: true;
  /** It is far longer than any real row, and was not read. */
  isTooLong?: true;
}

/** The text is no table: in a sentence, where and why. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
}

export interface ReadRecord {
  cells: string[];
  /** Where the next one begins. */
  end: number;
  mended: boolean;
  /** A quoted cell of it goes over several lines. */
  isLong: boolean;
}

interface Table {
  text: string;
  separator: string;
  /** How many cells a record has; 0 where nobody knows yet. */
  columns: number;
  patience: Patience;
}

/**
 * How many more characters of a file are looked at in vain: for ends of quoted cells that have none, and to read a row
 * otherwise. A row of nothing but marks has an end to be looked for behind each of them, in each way to read it. When
 * patience is over, a mark is a letter, and a row is taken as it stands.
 */
export interface Patience {
  ofFile: number;
  ofRecord: number;
}

/** Many times what the worst file needs that somebody has exported. It takes about a second. */
export const newPatience = (): Patience => ({ ofFile: 128 * 1024 * 1024, ofRecord: 0 });
const patienceOfRecord = 2 * 1024 * 1024;
/** A mark or a cell takes as long as so many characters. */
const markCost = 32;

const isOver = ({ ofFile, ofRecord }: Patience) => ofFile <= 0 || ofRecord <= 0;

function spend(patience: Patience, characters: number, marks: number): void {
  const cost = characters + marks * markCost;
  patience.ofFile -= cost;
  patience.ofRecord -= cost;
}

interface Reading {
  /** A quotation mark that is not closed in its own line is a letter. */
  literal: boolean;
  /** Ends of a cell with a stray quotation mark that are none. */
  skippedEnds: number;
}

/** In characters. Reviews have some ten thousands; to read much more at once would hold up everybody else. */
export const maxRecordLength = 128 * 1024;
/** Nobody writes a longer review; a mark that is closed so late was not meant to be one. */
const maxLines = 300;
/** Far more than any table has columns. What else such a row has is passed over. */
const maxCells = 1000;
/** Ends that are tried before a row is given up. */
const maxSkippedEnds = 8;
/** A stray mark moves some cells; a row with so many too many is not mended by trying. */
const maxSurplus = 100;
/** Lines that are looked at to see whether a mark that is never closed swallowed rows. */
const linesAhead = 20;

/** A record goes on for longer than it may. */
export class RecordTooLong extends Error {
  override readonly name = 'RecordTooLong';
}

/**
 * Reads one record at `start`. Quotation marks that stand where none should cost this record alone: of the ways to read
 * it, the one with as many cells as the header has is taken.
 * @throws {RecordTooLong}
 */
export function readRecord(table: Table, start: number): ReadRecord {
  const { columns, patience } = table;
  patience.ofRecord = patienceOfRecord;
  const plain = readCells(table, start, { literal: false, skippedEnds: 0 });
  const fits = (read: ReadRecord) => columns < 2 || read.cells.length === columns;
  const readOtherwise = (skippedEnds: number): ReadRecord | undefined => {
    const other = readCells(table, start, { literal: true, skippedEnds });
    if (fits(other)) return other;
    spend(patience, other.end - start, other.cells.length);
    return undefined;
  };
  if (plain.isLong && !fits(plain) && !isOver(patience)) {
    const literal = readOtherwise(0);
    if (literal !== undefined) return { ...literal, mended: true };
  }
  if (!plain.mended || fits(plain) || plain.cells.length > columns + maxSurplus) return plain;
  for (let skippedEnds = 1; skippedEnds <= maxSkippedEnds && !isOver(patience); skippedEnds++) {
    const other = readOtherwise(skippedEnds);
    if (other !== undefined) return other;
  }
  return plain;
}

function readCells(table: Table, start: number, reading: Reading): ReadRecord {
  const { text, separator } = table;
  const cells: string[] = [];
  const limit = start + maxRecordLength;
  const until = Math.min(limit + 1, text.length);
  const record = { mended: false, isLong: false };
  for (let at = start; ; ) {
    const cell = readCell(table, at, reading);
    cells.push(cell.value);
    record.mended ||= cell.mended;
    record.isLong ||= cell.isLong;
    const end = cells.length < maxCells ? cell.end : nextLineEnd(text, cell.end, until);
    if (end > limit) throw new RecordTooLong();
    if (text[end] !== separator) return { cells, end: afterLineEnd(text, end), ...record };
    at = cell.end + 1;
  }
}

interface Cell {
  value: string;
  /** At the separator, the line end or the end of the text. */
  end: number;
  mended: boolean;
  isLong: boolean;
}

function readCell(table: Table, start: number, reading: Reading): Cell {
  const { text } = table;
  const first = skipBlanks(table, start);
  // `="Tora, Tora"`: a text that Excel is told to leave alone.
  const open = text[first] === '=' ? first + 1 : first;
  if (text[open] === '"') {
    const quoted = readQuoted(table, open, reading);
    if (quoted !== undefined) return quoted;
  }
  const end = endOfPlain(table, first);
  const isStray = text[first] === '"';
  const value = text.slice(isStray ? first + 1 : first, end).trim();
  return { value, end, mended: isStray, isLong: false };
}

/** @returns `undefined` where the mark at `open` opens nothing */
function readQuoted(table: Table, open: number, { literal, skippedEnds }: Reading): Cell | undefined {
  const { text, separator, patience } = table;
  if (isOver(patience)) return undefined;
  let [lines, from, stray, toSkip, marks] = [0, open + 1, false, skippedEnds, 0];
  const givenUp = (at: number) => {
    spend(patience, at - open, marks);
    return undefined;
  };
  for (;;) {
    marks++;
    const quote = text.indexOf('"', from);
    const until = Math.min(quote === -1 ? text.length : quote, open + maxRecordLength);
    for (let at = nextLineEnd(text, from, until); at < until && lines <= maxLines; ) {
      lines++;
      at = nextLineEnd(text, at + 1, until);
    }
    if (lines > 0 && (literal || lines > maxLines || quote > until)) return givenUp(until);
    if (quote > until) throw new RecordTooLong();
    if (quote === -1) return readUnclosed(table, open) ?? givenUp(until);
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    const end = skipBlanks(table, quote + 1);
    const closes = end >= text.length || text[end] === separator || isLineEnd(text, end);
    if (closes && (!stray || toSkip-- <= 0)) {
      const value = text
        .slice(open + 1, quote)
        .replaceAll('""', '"')
        .replace(/\r\n?/g, '\n');
      return { value, end, mended: stray, isLong: lines > 0 };
    }
    // The beginning of another cell, in a later line: then this one was never closed.
    if (lines > 0 && (text[quote - 1] === separator || isLineEnd(text, quote - 1))) return givenUp(quote);
    stray = true;
    from = quote + 1;
  }
}

/** To the end of a file that was cut off, unless what follows are rows. */
function readUnclosed(table: Table, open: number): Cell | undefined {
  const { text, columns } = table;
  if (columns < 2 || text.length - open > maxRecordLength) return undefined;
  let at = afterLineEnd(text, endOfLine(text, open));
  for (let line = 0; line < linesAhead && at < text.length; line++) {
    if (text.slice(at, endOfLine(text, at)).split(table.separator).length === columns) return undefined;
    at = afterLineEnd(text, endOfLine(text, at));
  }
  if (at <= open || !/[\r\n]/.test(text.slice(open).trimEnd())) return undefined;
  const value = text
    .slice(open + 1)
    .replaceAll('""', '"')
    .replace(/\r\n?/g, '\n')
    .trim();
  return { value, end: text.length, mended: true, isLong: true };
}

/** By their codes: to take each character out of a text of many MiB costs several times as much. */
const [lineFeed, carriageReturn] = [10, 13];

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === lineFeed || code === carriageReturn;
}

function nextLineEnd(text: string, from: number, until: number): number {
  for (let at = from; at < until; at++) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)) return at;
  }
  return until;
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (isLineEnd(text, at)) return at;
  return text.length;
}

/** Beyond what a record may have nobody looks for it. */
function endOfPlain({ text, separator }: Table, from: number): number {
  const until = Math.min(text.length, from + maxRecordLength + 1);
  const end = separator.charCodeAt(0);
  for (let at = from; at < until; at++) {
    const code = text.charCodeAt(at);
    if (code === end || code === lineFeed || code === carriageReturn) return at;
  }
  return until;
}

/** Where the next record begins after one that is too long: behind the line in which it becomes so. */
export function endOfTooLong(text: string, start: number): number {
  const ends = ['\n', '\r']
    .map((end) => text.indexOf(end, start + maxRecordLength))
    .filter((at) => at !== -1);
  return afterLineEnd(text, Math.min(text.length, ...ends));
}

/** @param at at a line end, or the end of the text */
export function afterLineEnd(text: string, at: number): number {
  if (at >= text.length) return text.length;
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1;
}

/** Space, tab, and the space at which no line breaks. A set of them takes many times as long. */
const isBlank = (code: number) => code === 0x20 || code === 0x09 || code === 0xa0;

/** Nor here does anybody look beyond what a record may have. */
function skipBlanks({ text, separator }: Table, from: number): number {
  const until = Math.min(text.length, from + maxRecordLength + 1);
  const end = separator.charCodeAt(0);
  let at = from;
  for (; at < until; at++) {
    const code = text.charCodeAt(at);
    if (code === end || !isBlank(code)) break;
  }
  return at;
}

/** How many lines begin between two places. */
export function countLines(text: string, from: number, until: number): number {
  let lines = 0;
  for (let at = nextLineEnd(text, from, until); at < until; at = nextLineEnd(text, at + 1, until)) lines++;
  return lines;
}
