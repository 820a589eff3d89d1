import { newReleaseMs, newReleaseStaleAfterMs, staleAfterMs } from '#shared/movies/freshness.ts';

interface Fetched {
  fetchedAtMs: number;
  releaseDate: string | null;
}

/** The next moment at which "is it stale?" may get another answer; infinity when there is none left. */
export function nextStalenessChangeMs({ fetchedAtMs, releaseDate }: Fetched, nowMs: number): number {
  const turns = [fetchedAtMs + newReleaseStaleAfterMs, fetchedAtMs + staleAfterMs];
  if (releaseDate !== null) {
    const releasedMs = Date.parse(`${releaseDate}T00:00:00Z`);
    turns.push(releasedMs - 1, releasedMs + newReleaseMs);
  }
  // One more millisecond: freshness still holds at its very end.
  return Math.min(...turns.map((turn) => turn + 1).filter((turn) => turn > nowMs));
}
