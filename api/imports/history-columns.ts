import type { ImportList, ImportSource } from '#shared/users/user-import.ts';

/** The columns that mean something here, by every name that the exports of the years have given them. */
const namesOf = {
  letterboxd: {
    title: ['name', 'title'],
    originalTitle: ['originaltitle'],
    year: ['year'],
    directors: ['directors', 'director'],
    tmdbId: ['tmdbid'],
    imdbId: ['imdbid'],
    rating5: ['rating'],
    rating10: ['rating10'],
    watchedDate: ['watcheddate'],
    date: ['date'],
    position: ['position'],
    tags: ['tags'],
  },
  imdb: {
    imdbId: ['const', 'imdbid'],
    tmdbId: ['tmdbid'],
    title: ['title'],
    originalTitle: ['originaltitle'],
    titleType: ['titletype'],
    year: ['year'],
    directors: ['directors', 'director'],
    url: ['url'],
    releaseDate: ['releasedate', 'releasedatemonthdayyear'],
    rating10: ['yourrating', 'yourated'],
    ratedDate: ['daterated'],
    createdDate: ['created'],
    position: ['position'],
  },
} as const satisfies Record<ImportSource, Record<string, readonly string[]>>;

type Union<T> = T extends unknown ? keyof T : never;
export type Field = Union<(typeof namesOf)[ImportSource]>;

/** Reads a field of a row: `''` where the row has none. */
export type ReadCell = (cells: readonly string[], field: Field) => string;

export interface Columns {
  /** How many of its cells are known here, and how many there are. */
  known: number;
  count: number;
  has: (field: Field) => boolean;
  read: ReadCell;
  /** By its header the file is of the other source. */
  foreign: boolean;
}

/** What says "this is the other one's file". */
const markOf: Record<ImportSource, string> = { letterboxd: 'letterboxduri', imdb: 'const' };

/** What a row can be known by: one of these columns must be there. */
export const identifying = {
  letterboxd: 'Name (or Title), tmdbID or imdbID',
  imdb: 'Const (or imdbID), tmdbID or Title',
} as const satisfies Record<ImportSource, string>;

const plainName = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const knownNames: ReadonlySet<string> = new Set(
  Object.values(namesOf).flatMap((fields) => Object.values<readonly string[]>(fields).flat()),
);

/** Whether a record may be a header at all. Cheap: every row is asked. */
export const mayBeHeader = (cells: readonly string[]) =>
  cells.slice(0, 3).some((cell) => cell.length < 40 && knownNames.has(plainName(cell)));

/** Finds the columns in a header, in any order and case. */
export function columnsOf(source: ImportSource, header: readonly string[]): Columns {
  const names = header.map(plainName);
  const places = new Map<string, number>();
  for (const [field, known] of Object.entries<readonly string[]>(namesOf[source])) {
    const place = names.findIndex((name) => known.includes(name));
    if (place !== -1) places.set(field, place);
  }
  const other = source === 'imdb' ? 'letterboxd' : 'imdb';
  return {
    known: places.size,
    count: header.length,
    has: (field) => places.has(field),
    read: (cells, field) => cells[places.get(field) ?? -1] ?? '',
    foreign: names.includes(markOf[other]) && !names.includes(markOf[source]),
  };
}

export const identifies = ({ has }: Columns) => has('title') || has('tmdbId') || has('imdbId');

/** Whether a table was about a list itself, and the next one has what is on it: by their headers. */
export const isListOf = (about: Columns, table: Columns) =>
  isOfListItself(about) || (table.has('position') && !about.has('position') && !about.has('year'));

/** The header of what Letterboxd says of a list itself, before the list's own table. */
export const isOfListItself = ({ has }: Columns) =>
  has('title') && has('tags') && !has('year') && !has('rating5') && !has('position');

export interface ListChoice {
  list: ImportList;
  assumed: boolean;
}

/** Which list a file is, as far as its columns tell. @param allRated whether every row has a rating */
export function listOf(source: ImportSource, { has }: Columns, allRated: boolean): ListChoice {
  const rated = has('rating5') || has('rating10');
  if (source === 'imdb' && has('position')) {
    // The watchlist, lists and check-ins have the same columns; in former years ratings had them, too.
    const former = rated && !has('ratedDate');
    return { list: former && allRated ? 'ratings' : 'watchlist', assumed: true };
  }
  if (has('watchedDate')) return { list: 'watched', assumed: false };
  if (rated) return { list: 'ratings', assumed: false };
  if (has('createdDate')) return { list: 'watchlist', assumed: false };
  return { list: 'watched', assumed: true };
}
