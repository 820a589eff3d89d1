import type { Translation } from '#shared/movies/choose-texts.ts';
import type { ListedColumn, MirroredValues } from '#shared/movies/mirrored-columns.ts';
import type { AppendedPart, MoviePartName } from '#shared/movies/movie-parts.ts';
import type { CreditKind } from '#shared/people/credit.ts';
import type { ListDates } from '#shared/sync/list-snapshot.ts';

/** A movie as one of TMDb's lists shows it, in our terms. */
export interface ListedMovie extends Pick<MirroredValues, Exclude<ListedColumn, 'long_title'>> {
  tmdb_id: number;
  genre_ids: number[];
}

/** A page of a list that each country has its own of. */
export interface RegionalPage extends ListPage {
  dates: ListDates | undefined;
}

export interface PeoplePage {
  page: number;
  people: MirroredPerson[];
  /** The rows as TMDb sent them. */
  rows: Record<string, unknown>[];
  totalPages: number;
}

export interface NamedPage {
  named: NamedId[];
  /** The rows as TMDb sent them. */
  rows: unknown[];
}

export interface NamedId {
  id: number;
  name: string;
}

export interface MirroredPerson extends NamedId {
  profile_path: string | null;
  known_for_department: string | null;
  popularity: number | null;
  gender: number | null;
  original_name: string | null;
  adult: boolean | null;
  /** Where the answer is about them alone. */
  imdb_id?: string | null;
}

export interface MirroredCredit {
  credit_id: string;
  person_id: number;
  kind: CreditKind;
  character: string | null;
  department: string | null;
  job: string | null;
  order: number | null;
  position: number;
}

/** A movie's full details, in our terms: what TMDb left empty is `null` or `[]`, never invented. */
export interface MirroredMovie extends Omit<MirroredValues, 'long_title' | 'collection_id' | 'trailers'> {
  tmdb_id: number;
  collection: NamedId | null;
  trailers: { site: string; key: string; name: string }[];
  genres: NamedId[];
  keywords: NamedId[];
  people: MirroredPerson[];
  credits: MirroredCredit[];
  recommendations: ListedMovie[];
  similar: ListedMovie[];
  translations: Translation[];
  alternative_titles: MirroredTitle[];
  releases: MirroredRelease[];
  /** The first one in each language, by its code: `de`. */
  posters: { language: string; path: string }[];
  /** What lists are filtered by (`shared/movies/term-codes.ts`). */
  terms: number[];
  /** See `shared/movies/country-bits.ts`. */
  country_bits: string | null;
}

/** What came out in one country. */
export interface MirroredRelease {
  country: string;
  release_date: string | null;
  certification: string | null;
  min_age: number | null;
}

export interface MirroredTitle {
  country: string | null;
  title: string;
  type: string | null;
}

/** The parts of an answer as TMDb sent them. */
export interface AnsweredParts {
  /** JSON texts. Empty parts are left out. */
  texts: ReadonlyMap<MoviePartName, string>;
  /** What the texts of some say, so that nobody parses them again (`parsedPart`). */
  parsed?: ReadonlyMap<MoviePartName, Record<string, unknown>>;
  /** Those that could not be read. What is known of them stays. */
  lost: readonly AppendedPart[];
}

/** A movie with the answer that it was made from. */
export interface AnsweredMovie extends MirroredMovie {
  parts: AnsweredParts;
}

/** One line of the daily id export. */
export interface ExportedId {
  tmdb_id: number;
  original_title: string;
  popularity: number | null;
  adult: boolean | null;
}

export interface ListPage {
  page: number;
  /** In TMDb's order, each id once. */
  results: ListedMovie[];
  /** As TMDb reports it: may drift, and may be more than it will serve. */
  totalPages: number;
}

/** One page of what changed. */
export interface ChangePage {
  /** Each once. */
  ids: number[];
  totalPages: number;
}

/** What TMDb files under an IMDb id. */
export interface FoundByImdbId {
  movies: ListedMovie[];
  people: MirroredPerson[];
  /** It is a series, a season or an episode. */
  television: boolean;
}
