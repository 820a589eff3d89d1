import type { CreditKind } from '#shared/people/credit.ts';

/** A movie as one of TMDb's lists shows it, in our terms. */
export interface ListedMovie {
  tmdb_id: number;
  title: string;
  original_title: string | null;
  overview: string | null;
  /** `YYYY-MM-DD` */
  release_date: string | null;
  poster_path: string | null;
  backdrop_path: string | null;
  genre_ids: number[];
  popularity: number | null;
  vote_average: number | null;
  vote_count: number | null;
  adult: boolean | null;
}

export interface NamedId {
  id: number;
  name: string;
}

export interface MirroredPerson extends NamedId {
  profile_path: string | null;
  known_for_department: string | null;
  popularity: number | null;
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
export interface MirroredMovie extends Omit<ListedMovie, 'genre_ids'> {
  tagline: string | null;
  runtime: number | null;
  status: string | null;
  original_language: string | null;
  imdb_id: string | null;
  homepage: string | null;
  budget: number | null;
  revenue: number | null;
  /** The US one. */
  certification: string | null;
  collection: NamedId | null;
  trailers: { site: string; key: string; name: string }[];
  genres: NamedId[];
  keywords: NamedId[];
  people: MirroredPerson[];
  credits: MirroredCredit[];
  recommendations: ListedMovie[];
  similar: ListedMovie[];
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

/** What TMDb files under an IMDb id. */
export interface FoundByImdbId {
  movies: ListedMovie[];
  /** It is a series, a season or an episode. */
  television: boolean;
}
