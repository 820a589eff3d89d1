import type { RowReason } from '#shared/users/import-reason.ts';
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
 * Chooses the only movie of that year. If there is none, the only one that is a year off (premieres, and lists that
 * disagree). Never chooses between two, nor between one that hardly anybody knows and a famous one a year off. Without
 * a year the title must be unique. `undefined`: none fits.
 */
export function chooseMovie({ year, candidates, complete }: Choice): Settled | undefined {
  if (candidates.length === 0) return undefined;
  const [only] = candidates;
  if (year === null)
    return only !== undefined && candidates.length === 1 && complete
      ? matched(only)
      : ambiguous({ code: 'no_year' }, candidates);
  const exact = candidates.filter((it) => it.year === year);
  const near = nearOf(candidates, year);
  const [first] = exact.length > 0 ? exact : near;
  if (first === undefined) return undefined;
  const better = exact.length === 0 ? [] : near.filter((it) => exact.every((other) => outshines(it, other)));
  if (better.length > 0) return ambiguous({ code: 'better_known_near' }, [...better, ...exact]);
  const fitting = exact.length > 0 ? exact : near;
  return fitting.length === 1 ? matched(first) : ambiguous({ code: 'title_and_year_of_several' }, fitting);
}

const nearOf = (candidates: readonly Candidate[], year: number) =>
  candidates.filter((it) => it.year !== null && Math.abs(it.year - year) === 1);

/** Those that a row can be as far as its year goes. */
export const ofTheYear = (year: number | null, candidates: readonly Candidate[]): Candidate[] =>
  year === null
    ? [...candidates]
    : [...candidates.filter((it) => it.year === year), ...nearOf(candidates, year)];

/** Of the first kind are movies that many know, of the second those that next to nobody does. */
const knownFrom = 100;
const unknownTo = 50;
const timesKnown = 25;

function outshines({ votes }: Candidate, other: Candidate): boolean {
  const others = other.votes ?? 0;
  return votes != null && votes >= knownFrom && others < unknownTo && votes >= timesKnown * (others + 1);
}

export function matched({ tmdb_id: tmdbId, from: by, listed }: Candidate): Settled {
  return { status: 'matched', tmdbId, by, ...(listed === undefined ? {} : { listed }) };
}

export const ambiguous = (reason: RowReason, candidates: readonly Candidate[]): Settled => ({
  status: 'ambiguous',
  reason,
  candidates: [...candidates],
});
