import { longestAddress } from '#shared/web-address.ts';

interface TextBounds {
  /** UTF-16 units. */
  longest: number;
}

interface NumberBounds {
  from: number;
  to: number;
  whole?: true;
}

interface ListBounds {
  /** Those behind them are left out. */
  rows: number;
}

/**
 * What the values of TMDb's answers may be, far above all that was ever seen, and below what a column, an index or a
 * sum of ours can take. A value outside is as if TMDb had left it empty. Ids are those of `TmdbId`.
 */
export const bounds = {
  title: { longest: 2000 },
  overview: { longest: 20_000 },
  tagline: { longest: 2000 },
  status: { longest: 100 },
  language: { longest: 20 },
  date: { longest: 10 },
  moment: { longest: 40 },
  address: { longest: longestAddress },
  imagePath: { longest: 255 },
  imdbId: { longest: 11 },
  certification: { longest: 100 },
  videoName: { longest: 1000 },
  personName: { longest: 500 },
  character: { longest: 2000 },
  job: { longest: 200 },
  creditId: { longest: 64 },
  keywordName: { longest: 500 },
  collectionName: { longest: 500 },
  // A name that two genres have gets a number, and the column takes 255.
  genreName: { longest: 200 },
  titleType: { longest: 200 },

  popularity: { from: 0, to: 10_000_000 },
  vote_average: { from: 0, to: 10 },
  vote_count: { from: 0, to: 1_000_000_000, whole: true },
  runtime: { from: 0, to: 100_000, whole: true },
  dollars: { from: 0, to: 10_000_000_000_000, whole: true },
  releaseType: { from: 0, to: 100, whole: true },
  order: { from: 0, to: 1_000_000, whole: true },
  gender: { from: 0, to: 100, whole: true },
  page: { from: 0, to: 10_000_000, whole: true },

  cast: { rows: 5000 },
  crew: { rows: 10_000 },
  keywords: { rows: 2000 },
  genres: { rows: 500 },
  results: { rows: 500 },
  changes: { rows: 10_000 },
  people: { rows: 500 },
  countries: { rows: 500 },
  releases: { rows: 200 },
  videos: { rows: 2000 },
  translations: { rows: 500 },
  titles: { rows: 1000 },
} as const satisfies Record<string, TextBounds | NumberBounds | ListBounds>;

type Table = typeof bounds;
type FieldsWith<Kind> = { [K in keyof Table]: Table[K] extends Kind ? K : never }[keyof Table];

export type BoundText = FieldsWith<TextBounds>;
export type BoundNumber = FieldsWith<NumberBounds>;
export type BoundList = FieldsWith<ListBounds>;

/** PostgreSQL refuses a product that is too small for a float: so little is nothing. */
const tiny = 1e-9;

export function boundNumber(field: BoundNumber, n: number): number | null {
  const { from, to, whole }: NumberBounds = bounds[field];
  const known = Math.abs(n) < tiny ? 0 : n;
  return known >= from && known <= to && (!whole || Number.isInteger(known)) ? known : null;
}
