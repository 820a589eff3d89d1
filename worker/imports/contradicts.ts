import { titlesOf } from './choose-movie.ts';
import { foldTitle } from './fold-title.ts';
import type { Candidate, PendingRow } from './import-row.ts';

/** A premiere, or lists that disagree. */
const nearYears = 1;
/** One title that is further apart is another film of that title. */
const sameTitleYears = 5;

type Movie = Pick<Candidate, 'title' | 'originalTitle' | 'year' | 'imdbId'>;

/**
 * Whether what a row says of a movie is not so of the one that its id names. Titles are translated, and years differ:
 * only both together, or the other id, speak against it.
 */
export function contradicts(row: PendingRow, movie: Movie): boolean {
  const apart = row.year === null || movie.year === null ? undefined : Math.abs(row.year - movie.year);
  const isAlike = row.title === null || movie.title === '' ? undefined : isLike(row, movie);
  if (row.given_tmdb_id !== null && row.given_imdb_id !== null && movie.imdbId)
    if (row.given_imdb_id !== movie.imdbId && !(isAlike && (apart ?? 0) <= nearYears)) return true;
  if (apart === undefined || isAlike === undefined) return false;
  return apart > (isAlike ? sameTitleYears : nearYears);
}

/** Titles of the row and of the movie that are the same, contain each other, or share most of their letters. */
function isLike(row: PendingRow, movie: Movie): boolean {
  const ours = titlesOf(row).map(foldTitle);
  const theirs = [movie.title, movie.originalTitle].filter((it) => it !== null).map(foldTitle);
  return ours.some((our) => theirs.some((their) => isLikeText(our, their)));
}

const leastContained = 4;
const leastShared = 0.6;

function isLikeText(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return (short.length >= leastContained && long.includes(short)) || sharedPairs(a, b) >= leastShared;
}

/** What part of their pairs of letters two texts share. */
function sharedPairs(a: string, b: string): number {
  const pairs = (text: string) =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
  const left = pairs(b);
  const all = pairs(a).length + left.length;
  let shared = 0;
  for (const pair of pairs(a)) {
    const place = left.indexOf(pair);
    if (place === -1) continue;
    left.splice(place, 1);
    shared++;
  }
  return all === 0 ? 0 : (2 * shared) / all;
}
