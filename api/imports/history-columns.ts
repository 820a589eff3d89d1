import type { ImportList, ImportSource } from '#shared/users/user-import.ts';

/** The columns that mean something here, by every name that the exports of the years have given them. */
const namesOf = {
  letterboxd: {
    title: ['name', 'title'],
    originalTitle: ['originaltitle'],
    year: ['year'],
    tmdbId: ['tmdbid'],
    imdbId: ['imdbid'],
    rating5: ['rating'],
    rating10: ['rating10'],
    watchedDate: ['watcheddate'],
    date: ['date'],
  },
  imdb: {
    imdbId: ['const', 'imdbid'],
    tmdbId: ['tmdbid'],
    title: ['title'],
    originalTitle: ['originaltitle'],
    titleType: ['titletype'],
    year: ['year'],
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

/** Finds the columns in a header, in any order and case. */
export function columnsOf(source: ImportSource, header: readonly string[]): Columns {
  const names = header.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const places = new Map<string, number>();
  for (const [field, known] of Object.entries<readonly string[]>(namesOf[source])) {
    const place = names.findIndex((name) => known.includes(name));
    if (place !== -1) places.set(field, place);
  }
  const other = source === 'imdb' ? 'letterboxd' : 'imdb';
  return {
    has: (field) => places.has(field),
    read: (cells, field) => cells[places.get(field) ?? -1] ?? '',
    foreign: names.includes(markOf[other]) && !names.includes(markOf[source]),
  };
}

export const identifies = ({ has }: Columns) => has('title') || has('tmdbId') || has('imdbId');

export interface ListChoice {
  list: ImportList;
  assumed: boolean;
}

/** Which list a file is, as far as its columns tell. @param allRated whether every row has a rating */
export function listOf(source: ImportSource, { has }: Columns, allRated: boolean): ListChoice {
  const rated = has('rating5') || has('rating10');
  if (source === 'imdb' && has('position')) {
    // Former exports had the same columns for ratings as for lists; later ones leave the place out of ratings.
    const former = rated && !has('ratedDate');
    return former && allRated ? { list: 'ratings', assumed: true } : { list: 'watchlist', assumed: former };
  }
  if (has('watchedDate')) return { list: 'watched', assumed: false };
  if (rated) return { list: 'ratings', assumed: false };
  if (has('createdDate')) return { list: 'watchlist', assumed: false };
  return { list: 'watched', assumed: true };
}
