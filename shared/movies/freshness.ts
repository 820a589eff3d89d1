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

/** @param releaseDate `YYYY-MM-DD` or null; times in epoch milliseconds */
export function isStale(movie: { fetchedAtMs: number; releaseDate: string | null }, nowMs: number): boolean {
  const ageMs = nowMs - movie.fetchedAtMs;
  return ageMs > staleAfterMs || (ageMs > newReleaseStaleAfterMs && isNewRelease(movie.releaseDate, nowMs));
}

function isNewRelease(releaseDate: string | null, nowMs: number): boolean {
  if (releaseDate === null) return false;
  const sinceReleaseMs = nowMs - Date.parse(`${releaseDate}T00:00:00Z`);
  return sinceReleaseMs >= 0 && sinceReleaseMs <= newReleaseMs;
}
