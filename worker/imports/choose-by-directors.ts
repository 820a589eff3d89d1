import { ambiguous, chooseMovie, matched } from './choose-movie.ts';
import { foldTitle } from './fold-title.ts';
import type { Candidate, Settled } from './import-row.ts';

/**
 * The movie whose director the row names. `undefined`: nobody knows who made any of them, so that directors tell nothing.
 * @param candidates with the row's title, and of its year as far as it has one
 */
export function chooseByDirectors(
  { directors, year }: { directors: string; year: number | null },
  candidates: readonly Candidate[],
): Settled | undefined {
  const named = wordsOf(directors);
  const isNamed = (director: string) => {
    const words = wordsOf(director);
    return words.size > 0 && [...words].every((word) => named.has(word));
  };
  const theirs = candidates.filter((it) => it.directors?.some(isNamed));
  const [only] = theirs;
  if (only !== undefined && theirs.length === 1) return matched(only);
  if (theirs.length > 1) {
    const exact = theirs.filter((it) => it.year === year);
    const chosen = chooseMovie({ year, candidates: exact, complete: true });
    return chosen ?? ambiguous({ code: 'title_and_director_of_several' }, theirs);
  }
  if (!candidates.some((it) => (it.directors?.length ?? 0) > 0)) return undefined;
  return ambiguous({ code: 'not_by_director' }, candidates);
}

/** The words of names, in whatever order and with whatever signs between them they are written. */
const wordsOf = (names: string): Set<string> =>
  new Set((names.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(foldTitle));
