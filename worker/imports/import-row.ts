import type { ImportCandidate, ImportMatch } from '#shared/users/user-import-row.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';

/** A row that is yet to be matched. */
export interface PendingRow {
  line: number;
  title: string | null;
  original_title: string | null;
  year: number | null;
  given_tmdb_id: number | null;
  given_imdb_id: string | null;
}

/** What a row turned out to be. */
export type Settled =
  | { status: 'matched'; tmdbId: number; by: ImportMatch /** Of TMDb's answer. */; listed?: ListedMovie }
  | { status: 'ambiguous'; reason: string; candidates: Candidate[] }
  | { status: 'not_found'; reason: string; candidates?: Candidate[] };

/** A movie that a row may be. */
export interface Candidate extends ImportCandidate {
  originalTitle: string | null;
  /** `search`: TMDb named it just now. */
  from: 'title' | 'search';
  listed?: ListedMovie;
}

export function candidateOf(listed: ListedMovie): Candidate {
  const { tmdb_id, title, original_title: originalTitle, release_date } = listed;
  const year = release_date === null ? null : Number(release_date.slice(0, 4));
  return { tmdb_id, title, originalTitle, year, from: 'search', listed };
}
