import { type Fragment, raw, sql } from '#shared/db/sql.ts';

const dayMs = 86_400_000;

/** A movie is stale this long after its details were fetched… */
export const staleAfterMs = 7 * dayMs;
/** …or this long, while it is newly released. */
export const newReleaseStaleAfterMs = dayMs;
/** How long a film counts as newly released. */
export const newReleaseMs = 90 * dayMs;
/** What is known of people, collections and companies is refreshed this long after it was fetched. */
export const recordStaleAfterMs = 14 * dayMs;
/** TMDb's terms: nothing of theirs is kept longer. */
export const purgeAfterMs = 180 * dayMs;
/** How long "TMDb has no such movie" is remembered, and how far apart the two answers are that make one `gone`. */
export const absenceMs = dayMs;

/** A stamp that lies further ahead than this was made by a clock that was wrong. */
export const stampSlackMs = 60_000;

/** @param releaseDate `YYYY-MM-DD` or null; times in epoch milliseconds */
export function isStale(movie: { fetchedAtMs: number; releaseDate: string | null }, nowMs: number): boolean {
  const ageMs = nowMs - movie.fetchedAtMs;
  // In the future it was fetched at a time that nobody knows.
  if (ageMs < -stampSlackMs) return true;
  return ageMs > staleAfterMs || (ageMs > newReleaseStaleAfterMs && isNewRelease(movie.releaseDate, nowMs));
}

function isNewRelease(releaseDate: string | null, nowMs: number): boolean {
  if (releaseDate === null) return false;
  const sinceReleaseMs = nowMs - Date.parse(`${releaseDate}T00:00:00Z`);
  return sinceReleaseMs >= 0 && sinceReleaseMs <= newReleaseMs;
}

/** Content that may not be shown any more, whether the job `purge` has run or not. */
export const isTooOld = (fetchedAtMs: number, nowMs: number): boolean => nowMs - fetchedAtMs > purgeAfterMs;

/**
 * The same as a condition: whether a row may still be shown.
 * @param name the name of `movies` or `people` in the statement
 */
export const isYoungEnough = (name: string): Fragment =>
  sql`((${raw(name)}.fetched_at < now() - interval '${raw(String(purgeAfterMs / dayMs))} days') is not true)`;
