import { type ErrorDetail, NexusError } from '#shared/errors.ts';
import type { ImportList, ImportSource } from '#shared/users/user-import.ts';
import { dayIn, fiveStars, imdbIdIn, tenPoints, tmdbIdIn, yearIn } from './cell-values.ts';
import { type Columns, columnsOf, identifies, identifying, listOf } from './history-columns.ts';
import { mapInSlices } from './in-slices.ts';
import { CsvFault, type CsvRecord, readCsv } from './read-csv.ts';

/** A row as it goes into `user_import_rows`. */
export interface HistoryRow {
  line: number;
  same_as: number;
  status: 'pending' | 'not_found';
  title: string | null;
  original_title: string | null;
  year: number | null;
  given_tmdb_id: number | null;
  given_imdb_id: string | null;
  rating: number | null;
  at: string | null;
  reason: string | null;
}

export interface History {
  list: ImportList;
  assumed: boolean;
  rows: HistoryRow[];
}

export interface HistoryOptions {
  source: ImportSource;
  /** What the caller says it is. */
  list: ImportList | undefined;
  now: Date;
}

export const maxHistoryRows = 50_000;
const maxTitleLength = 500;

/**
 * The rows of somebody's file. One that cannot be understood is told as such, and the others stand.
 * @throws {NexusError} `invalid_input` when the file as a whole is none
 */
export async function parseHistory(text: string, options: HistoryOptions): Promise<History> {
  const records = await collect(text, options.source);
  const { columns, rows } = records;
  const allRated = rows.every(({ cells }) => columns.read(cells, 'rating10') !== '');
  const choice =
    options.list === undefined
      ? listOf(options.source, columns, allRated)
      : { list: options.list, assumed: false };
  const parsed = await mapInSlices(rows, (record) => rowOf(record, columns, choice.list, options.now));
  await linkSame(parsed);
  return { ...choice, rows: parsed };
}

async function collect(text: string, source: ImportSource): Promise<{ columns: Columns; rows: CsvRecord[] }> {
  let columns: Columns | undefined;
  const rows: CsvRecord[] = [];
  let read = 0;
  try {
    for await (const record of readCsv(text)) {
      if (columns === undefined) columns = checked(columnsOf(source, record.cells), source);
      else if (++read > maxHistoryRows)
        throw refusal(`may have at most ${maxHistoryRows.toLocaleString('en')} rows`);
      else if (record.cells.some((cell) => cell !== '')) rows.push(record);
    }
  } catch (error) {
    throw error instanceof CsvFault ? refusal(`is not a valid CSV file: ${error.message}`) : error;
  }
  if (columns === undefined) throw refusal(`is empty; it needs a header with ${identifying[source]}`);
  if (rows.length === 0) throw refusal('has a header but no rows');
  return { columns, rows };
}

function checked(columns: Columns, source: ImportSource): Columns {
  const other = source === 'imdb' ? 'letterboxd' : 'imdb';
  if (columns.foreign)
    throw refusal(`has the columns of ${other}: send it with source=${other}`, { path: 'source' });
  if (!identifies(columns)) throw refusal(`needs at least one of these columns: ${identifying[source]}`);
  return columns;
}

function rowOf({ cells, line }: CsvRecord, columns: Columns, list: ImportList, now: Date): HistoryRow {
  const read = (...fields: Parameters<Columns['read']>[1][]) =>
    fields.map((field) => columns.read(cells, field)).find((cell) => cell !== '') ?? '';
  const tmdbId = tmdbIdIn(read('tmdbId'));
  const imdbId = imdbIdIn(read('imdbId'));
  const rating = read('rating10') === '' ? fiveStars(read('rating5')) : tenPoints(read('rating10'));
  const day = dayIn(
    list === 'watchlist'
      ? read('createdDate', 'date')
      : read('watchedDate', 'ratedDate', 'date', 'createdDate'),
    now,
  );
  const title = read('title');
  const known = title !== '' || typeof tmdbId === 'number' || typeof imdbId === 'string';
  const fault = known ? faultOf(title, read('titleType')) : 'The row has neither a title nor an id.';
  return {
    line,
    same_as: line,
    status: fault === undefined ? 'pending' : 'not_found',
    title: clean(title),
    original_title: clean(read('originalTitle')),
    year: yearIn(read('year')) ?? yearIn(read('releaseDate')),
    given_tmdb_id: tmdbId ?? null,
    given_imdb_id: imdbId ?? null,
    rating: rating ?? null,
    at: day?.toISOString() ?? null,
    reason: fault ?? remarkOf({ rating, day, ids: [tmdbId, imdbId] }),
  };
}

async function linkSame(rows: HistoryRow[]): Promise<void> {
  const firstLines = new Map<string, number>();
  await mapInSlices(rows, (row) => {
    if (row.status !== 'pending') return;
    const { title, original_title, year, given_tmdb_id, given_imdb_id } = row;
    const words = JSON.stringify([title, original_title, year, given_tmdb_id, given_imdb_id]);
    row.same_as = firstLines.get(words) ?? row.line;
    firstLines.set(words, row.same_as);
  });
}

/** IMDb's kinds of title that are no movies. */
const series = /^(tv)?(mini)?series$|^(tv)?episode$|^tvpilot$|^videogame$|^podcast/;

function faultOf(title: string, titleType: string): string | undefined {
  if (title.length > maxTitleLength) return `The title is longer than ${maxTitleLength} characters.`;
  const kind = titleType.toLowerCase().replace(/[^a-z]/g, '');
  return series.test(kind) ? `IMDb calls it “${titleType.slice(0, 40)}”, not a movie.` : undefined;
}

interface Understood {
  rating: unknown;
  day: unknown;
  ids: unknown[];
}

/** What of a good row was left out, if something was. */
function remarkOf({ rating, day, ids }: Understood): string | null {
  const left = [
    ...(rating === undefined ? ['rating'] : []),
    ...(day === undefined ? ['date'] : []),
    ...(ids.includes(undefined) ? ['id'] : []),
  ];
  return left.length === 0 ? null : `Left out, because it could not be read: ${left.join(', ')}.`;
}

/** A title that is cut may end in half a character. */
function clean(text: string): string | null {
  return text.slice(0, maxTitleLength).toWellFormed() || null;
}

function refusal(message: string, { path }: Pick<ErrorDetail, 'path'> = { path: 'body' }): NexusError {
  return new NexusError('invalid_input', 'This file cannot be imported.', {
    details: [{ path, message }],
  });
}
