import { type RowReason, storeReason } from '#shared/users/import-reason.ts';
import type { ImportList, ImportSource } from '#shared/users/user-import.ts';
import { mapInSlices } from '../http/input/in-slices.ts';
import { imdbIdIn, isTelevisionLink, tenPoints, tmdbIdIn, yearIn } from './cell-values.ts';
import { collectRows, type TableRow } from './collect-rows.ts';
import { maxRecordLength } from './csv-record.ts';
import { type DayOrder, momentOf, orderOf, type Reading, readDay } from './day-values.ts';
import { decodeEntities } from './decode-entities.ts';
import { type Field, listOf } from './history-columns.ts';
import { monthNames } from './month-names.ts';
import { type RatingScale, scaleOf } from './rating-scale.ts';
import { maxTitleLength, shownText, splitTitles, splitYear } from './title-values.ts';

/** A row as it goes into `user_import_rows`. */
export interface HistoryRow {
  line: number;
  same_as: number;
  status: 'pending' | 'not_found';
  title: string | null;
  original_title: string | null;
  year: number | null;
  directors: string | null;
  given_tmdb_id: number | null;
  given_imdb_id: string | null;
  /** Of ten, as it was written: nothing is rounded. */
  rating: number | null;
  at: string | null;
  /** Where that is another day than `at`. */
  rated_at: string | null;
  /** As `storeReason` makes it. */
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

/**
 * The rows of somebody's file. One that cannot be understood is told as such, and the others stand.
 * @throws {NexusError} `invalid_input` when the file as a whole is none
 */
export async function parseHistory(text: string, options: HistoryOptions): Promise<History> {
  const { source, now } = options;
  const rows = await collectRows(text, source);
  await monthNames.load();
  const choice = await chooseList(rows, options);
  const dated = await mapInSlices(rows, (row) => ({ row, ...datesOf(row, choice.list, now) }));
  const told = { source, orders: await ordersOf(dated), scale: await scaleOf(rows) };
  const parsed = await mapInSlices(dated, (each) => rowOf(each, told, now));
  return { ...choice, rows: await linkSame(parsed) };
}

async function chooseList(rows: readonly TableRow[], { source, list }: HistoryOptions) {
  if (list !== undefined) return { list, assumed: false };
  const [first] = rows;
  if (first === undefined) return { list: 'watched' as const, assumed: true };
  let [whole, rated] = [0, 0];
  await mapInSlices(rows, ({ cells, columns, isTooLong }) => {
    if (isTooLong) return;
    whole++;
    if (columns.read(cells, 'rating10') !== '' || columns.read(cells, 'rating5') !== '') rated++;
  });
  return listOf(source, first.columns, rated === whole ? 'all' : rated > 0 ? 'some' : 'none');
}

/** A day as a cell has it. */
interface GivenDay {
  field: Field;
  reading: Reading;
}

interface Dated {
  row: TableRow;
  day: GivenDay | undefined;
  ratedDay: GivenDay | undefined;
}

const watchlistDays = ['createdDate', 'date'] as const;
const otherDays = ['watchedDate', 'ratedDate', 'date', 'createdDate'] as const;

function datesOf({ cells, columns }: TableRow, list: ImportList, now: Date): Omit<Dated, 'row'> {
  const given = ({ reading }: GivenDay) => reading.kind !== 'empty';
  const dayOf = (field: Field) => ({ field, reading: readDay(columns.read(cells, field), now) });
  const rated = dayOf('ratedDate');
  const fields = list === 'watchlist' ? watchlistDays : otherDays;
  const days = fields.map((field) => (field === 'ratedDate' ? rated : dayOf(field)));
  return { day: days.find(given), ratedDay: given(rated) ? rated : undefined };
}

/** Where one day of a column can only be read in one way, the others are read in that way, too. */
async function ordersOf(rows: readonly Dated[]): Promise<Map<Field, DayOrder | undefined>> {
  const readings = new Map<Field, Reading[]>();
  await mapInSlices(rows, ({ day, ratedDay }) => {
    for (const given of [day, ratedDay]) {
      if (given === undefined) continue;
      const known = readings.get(given.field) ?? [];
      readings.set(given.field, known);
      known.push(given.reading);
    }
  });
  return new Map([...readings].map(([field, all]) => [field, orderOf(all)]));
}

/** What only all rows together tell. */
interface Told {
  source: ImportSource;
  orders: Map<Field, DayOrder | undefined>;
  scale: RatingScale;
}

function rowOf({ row, day, ratedDay }: Dated, { source, orders, scale }: Told, now: Date): HistoryRow {
  const { cells, columns, line } = row;
  const read = (field: Field) => columns.read(cells, field);
  const text = (field: Field) => decodeEntities(shownText(read(field))).trim();
  const when = (given: GivenDay | undefined) =>
    given === undefined ? null : momentOf(given.reading, orders.get(given.field), now);
  const tmdbId = tmdbIdIn(read('tmdbId'));
  const imdbId = imdbIdIn(read('imdbId')) ?? (imdbIdIn(read('url')) || null);
  const rating = read('rating10') === '' ? scale(read('rating5')) : tenPoints(read('rating10'));
  const at = when(day);
  const ratedAt = when(ratedDay);
  const givenYear = yearIn(read('year')) ?? yearIn(read('releaseDate'));
  const dated = splitYear(text('title'), givenYear);
  const { year } = dated;
  const { title, original } = splitTitles(dated.title, splitYear(text('originalTitle'), year).title);
  const isKnown = title !== '' || Boolean(tmdbId) || Boolean(imdbId);
  const fault = faultOf(row, { title, isKnown, source });
  const ids = [tmdbId, imdbIdIn(read('imdbId'))];
  const reason = fault ?? remarkOf({ rating, at, ids, mended: row.mended });
  return {
    line,
    same_as: line,
    status: fault === undefined ? 'pending' : 'not_found',
    title: clean(title),
    original_title: clean(original),
    year,
    directors: clean(text('directors')),
    given_tmdb_id: tmdbId ?? null,
    given_imdb_id: imdbId ?? null,
    rating: rating ?? null,
    at: at?.toISOString() ?? null,
    rated_at: ratedAt && ratedAt.getTime() !== at?.getTime() ? ratedAt.toISOString() : null,
    reason: reason === undefined ? null : storeReason(reason),
  };
}

function linkSame(rows: HistoryRow[]): Promise<HistoryRow[]> {
  const firstLines = new Map<string, number>();
  return mapInSlices(rows, (row) => {
    if (row.status !== 'pending') return row;
    const { title, original_title, year, directors, given_tmdb_id, given_imdb_id } = row;
    const words = JSON.stringify([title, original_title, year, directors, given_tmdb_id, given_imdb_id]);
    row.same_as = firstLines.get(words) ?? row.line;
    firstLines.set(words, row.same_as);
    return row;
  });
}

/** Kinds of title that are no movies, as IMDb and others call them. */
const series =
  /^(tv)?(mini)?series?$|^(tv)?shows?$|^(tv)?(episode|season)s?$|^(tv|tvpilot|videogame|anime)$|^podcast/;

function faultOf(
  { cells, columns, mended, isTooLong }: TableRow,
  { title, isKnown, source }: { title: string; isKnown: boolean; source: ImportSource },
): RowReason | undefined {
  if (isTooLong) return { code: 'row_too_long', longest: `${maxRecordLength / 1024} KiB` };
  if (mended && cells.length !== columns.count) return { code: 'quote_out_of_place' };
  if (isTelevisionLink(columns.read(cells, 'tmdbId'))) return { code: 'television' };
  if (!isKnown) return { code: 'neither_title_nor_id' };
  if (title.length > maxTitleLength) return { code: 'title_too_long', longest: maxTitleLength };
  const titleType = columns.read(cells, 'titleType');
  const kind = titleType.toLowerCase().replace(/[^a-z]/g, '');
  if (!series.test(kind)) return undefined;
  const code = source === 'imdb' ? 'not_a_movie_at_imdb' : 'not_a_movie';
  return { code, kind: titleType.slice(0, 40).toWellFormed() };
}

interface Understood {
  rating: unknown;
  at: unknown;
  ids: unknown[];
  mended: true | undefined;
}

/** What of a good row was left out, if something was. */
function remarkOf({ rating, at, ids, mended: isMended }: Understood): RowReason | undefined {
  const mended = isMended === true;
  const left_out = [
    ...(rating === undefined ? ['rating' as const] : []),
    ...(at === undefined ? ['date' as const] : []),
    ...(ids.includes(undefined) ? ['id' as const] : []),
  ];
  return left_out.length > 0 || mended ? { code: 'partly_read', left_out, mended } : undefined;
}

/** A title that is cut may end in half a character. */
function clean(text: string): string | null {
  return text.slice(0, maxTitleLength).toWellFormed() || null;
}
