import type { RowReason } from '#shared/users/import-reason.ts';
import type { ImportCandidate, ImportMatch } from '#shared/users/user-import-row.ts';
import type { ListedMovie, MirroredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';

/** A row that is yet to be matched. */
export interface PendingRow {
  line: number;
  title: string | null;
  original_title: string | null;
  year: number | null;
  /** As the file has them, all in one. */
  directors?: string | null;
  given_tmdb_id: number | null;
  given_imdb_id: string | null;
}

/** What a row turned out to be. */
export type Settled =
  | { status: 'matched'; tmdbId: number; by: ImportMatch /** Of TMDb's answer. */; listed?: ListedMovie }
  | { status: 'ambiguous'; reason: RowReason; candidates: Candidate[] }
  | { status: 'not_found'; reason: RowReason; candidates?: Candidate[] };

/** A movie that a row may be. */
export interface Candidate extends ImportCandidate {
  originalTitle: string | null;
  votes?: number | null;
  imdbId?: string | null;
  /** Where somebody has said who they are. */
  directors?: readonly string[];
  /** `search`: TMDb named it just now. */
  from: 'title' | 'search';
  listed?: ListedMovie;
}

const yearOf = (date: string | null) => (date === null ? null : Number(date.slice(0, 4)));

export function candidateOf(listed: ListedMovie): Candidate {
  const { tmdb_id, title, original_title: originalTitle, release_date, vote_count: votes } = listed;
  return { tmdb_id, title, originalTitle, year: yearOf(release_date), votes, from: 'search', listed };
}

export function candidateOfDetails(movie: MirroredMovie): Candidate {
  const {
    tmdb_id,
    title,
    original_title: originalTitle,
    imdb_id: imdbId,
    release_date,
    credits,
    people,
  } = movie;
  const ids = new Set(credits.filter(({ job }) => job === 'Director').map(({ person_id }) => person_id));
  const directors = people.filter(({ id }) => ids.has(id)).map(({ name }) => name);
  return { tmdb_id, title, originalTitle, imdbId, directors, year: yearOf(release_date), from: 'search' };
}
