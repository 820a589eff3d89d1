import { foldTitle } from '#worker/imports/fold-title.ts';
import type { Candidate, PendingRow, Settled } from './import-row.ts';

type Titles = Pick<PendingRow, 'title' | 'original_title'>;

/** Whether a movie has one of the row's titles, as its title or as its original one. */
export function hasTitle(row: Titles, movie: Pick<Candidate, 'title' | 'originalTitle'>): boolean {
  const wanted = titlesOf(row).map(foldTitle);
  return [movie.title, movie.originalTitle].some(
    (title) => title !== null && wanted.includes(foldTitle(title)),
  );
}

export const titlesOf = ({ title, original_title }: Titles): string[] =>
  [title, original_title].filter((it) => it !== null);

/** A row and the movies that have its title. */
interface Choice {
  year: number | null;
  candidates: readonly Candidate[];
  /** Whether there can be no others of this title. */
  complete: boolean;
}

/**
 * Chooses the only movie of that year. If there is none, the only one that is a year off (premieres, and
 * lists that disagree). Never chooses between two. Without a year the title must be unique.
 */
export function chooseMovie({ year, candidates, complete }: Choice): Settled | undefined {
  if (candidates.length === 0) return undefined;
  const [only] = candidates;
  if (year === null)
    return only !== undefined && candidates.length === 1 && complete
      ? matched(only)
      : ambiguous('The row has no year, and the title alone is not enough.', candidates);
  const exact = candidates.filter((it) => it.year === year);
  const near = candidates.filter((it) => it.year !== null && Math.abs(it.year - year) === 1);
  const fitting = exact.length > 0 ? exact : near;
  const [first] = fitting;
  if (first === undefined) return undefined;
  if (fitting.length === 1) return matched(first);
  return ambiguous('Several movies have this title and year.', fitting);
}

function matched({ tmdb_id: tmdbId, from: by, listed }: Candidate): Settled {
  return { status: 'matched', tmdbId, by, ...(listed === undefined ? {} : { listed }) };
}

const ambiguous = (reason: string, candidates: readonly Candidate[]): Settled => ({
  status: 'ambiguous',
  reason,
  candidates: [...candidates],
});
