import type { ImportList, ImportSource } from '#shared/users/user-import.ts';

/** The columns that mean something here, by every name that the exports of the years have given them. */
const names = {
  title: ['name', 'title', 'film', 'filmname', 'filmtitle', 'movie', 'moviename', 'movietitle'],
  originalTitle: ['originaltitle', 'originalname', 'akatitle'],
  directors: ['directors', 'director'],
  tmdbId: ['tmdbid', 'tmdb', 'tmdbmovieid', 'tmdburl', 'tmdblink'],
  year: ['year', 'releaseyear', 'yearofrelease'],
  position: ['position'],
} as const;

const namesOf = {
  letterboxd: {
    ...names,
    imdbId: ['imdbid', 'imdb', 'imdburl', 'imdblink', 'imdbconst'],
    releaseDate: ['releasedate', 'released'],
    titleType: ['titletype', 'type', 'mediatype'],
    rating5: ['rating'],
    rating10: ['rating10', 'yourrating'],
    watchedDate: ['watcheddate', 'datewatched', 'watchedat', 'lastwatchedat'],
    ratedDate: ['ratedat', 'daterated', 'rateddate'],
    date: ['date'],
    tags: ['tags'],
  },
  imdb: {
    ...names,
    imdbId: ['const', 'imdbid', 'imdb', 'imdbconst', 'tconst'],
    titleType: ['titletype', 'type', 'mediatype'],
    url: ['url', 'imdburl', 'imdblink'],
    releaseDate: ['releasedate', 'releasedatemonthdayyear'],
    rating10: ['yourrating', 'yourated', 'rating10'],
    // In 2017 the day of a rating was called so.
    ratedDate: ['daterated', 'dateadded', 'ratedat'],
    createdDate: ['created'],
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
  /** Where these two stand. */
  places: { title: number | undefined; year: number | undefined };
  /** By its header the file is of the other source. */
  foreign: boolean;
}

/** What says "this is the other one's file". */
const markOf: Record<ImportSource, string> = { letterboxd: 'letterboxduri', imdb: 'const' };

/** Whose column `Rating` has ten points: Simkl's and Trakt's. */
const marksOfTen = ['simklid', 'traktid', 'traktrating'];

export const otherSource = (source: ImportSource): ImportSource =>
  source === 'imdb' ? 'letterboxd' : 'imdb';

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
  const given = header.map(plainName);
  const places = new Map<string, number>();
  for (const [field, known] of Object.entries<readonly string[]>(namesOf[source])) {
    // Of two columns for one thing the one with the first name is its own.
    const place = known.map((name) => given.indexOf(name)).find((at) => at !== -1);
    if (place !== undefined) places.set(field, place);
  }
  const rating = places.get('rating5');
  if (rating !== undefined && (places.has('rating10') || given.some((name) => marksOfTen.includes(name)))) {
    // What stands beside the user's own is everybody's.
    if (!places.has('rating10')) places.set('rating10', rating);
    else if (given.includes('yourrating')) places.delete('rating5');
  }
  const other = otherSource(source);
  return {
    known: places.size,
    count: header.length,
    has: (field) => places.has(field),
    places: { title: places.get('title'), year: places.get('year') },
    read: (cells, field) => cells[places.get(field) ?? -1] ?? '',
    foreign: given.includes(markOf[other]) && !given.includes(markOf[source]),
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

/** How many of a file's rows have a rating. */
export type Rated = 'all' | 'some' | 'none';

/** Which list a file is, as far as its columns tell. */
export function listOf(source: ImportSource, { has }: Columns, rows: Rated): ListChoice {
  const rated = has('rating5') || has('rating10');
  if (source === 'imdb' && has('position')) {
    // The watchlist, lists and check-ins have the same columns; in former years ratings had them, too.
    const former = rated && !has('ratedDate');
    return { list: former && rows === 'all' ? 'ratings' : 'watchlist', assumed: true };
  }
  if (has('watchedDate')) return { list: 'watched', assumed: false };
  if (rated)
    return rows === 'none' ? { list: 'watched', assumed: true } : { list: 'ratings', assumed: false };
  if (has('createdDate')) return { list: 'watchlist', assumed: false };
  return { list: 'watched', assumed: true };
}
