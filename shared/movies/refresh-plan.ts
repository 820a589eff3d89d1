const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What decides how soon the details of a movie are fetched again. */
export interface RefreshFacts {
  tmdb_id: number;
  /** `YYYY-MM-DD` */
  release_date: string | null;
  popularity: number | null;
  vote_count: number | null;
  isTrending: boolean;
  /** Somebody read or named it in the last days. */
  isUsed: boolean;
}

/** No movie is fetched more often, and none less often: TMDb's terms end at 180 days. */
export const shortestIntervalMs = 12 * hourMs;
export const longestIntervalMs = 150 * dayMs;
/** For how long what was used counts as used lately. */
export const usedLatelyDays = 2;
/** What shown details are good for where no plan says otherwise. */
export const unplannedIntervalMs = 7 * dayMs;

/** Before its release, and after it, a film changes every day. */
const cinemaMs = { before: 14 * dayMs, after: 75 * dayMs };
const yearMs = 365 * dayMs;

/**
 * After how long the details of a movie are due again. TMDb's feed of changes brings what changed much sooner; this
 * is for what a feed does not say, such as votes and popularity, and for a feed that fails.
 */
export function refreshIntervalMs(movie: RefreshFacts, nowMs: number): number {
  const spread = 0.8 + 0.2 * evenly(movie.tmdb_id);
  return Math.min(longestIntervalMs, Math.max(shortestIntervalMs, wholeIntervalMs(movie, nowMs) * spread));
}

function wholeIntervalMs(movie: RefreshFacts, nowMs: number): number {
  const { release_date: date, popularity, vote_count: votes, isTrending, isUsed } = movie;
  const sinceReleaseMs = date === null ? Number.NaN : nowMs - Date.parse(`${date}T00:00:00Z`);
  if (isTrending || (sinceReleaseMs > -cinemaMs.before && sinceReleaseMs < cinemaMs.after)) return 0;
  if (isUsed) return dayMs;
  if (Math.abs(sinceReleaseMs) < yearMs) return 3 * dayMs;
  if ((popularity ?? 0) >= 10 || (votes ?? 0) >= 1000) return 14 * dayMs;
  if ((popularity ?? 0) >= 2 || (votes ?? 0) >= 100) return 30 * dayMs;
  return sinceReleaseMs < 10 * yearMs ? 60 * dayMs : 120 * dayMs;
}

/** 0…1, so that what was fetched together does not come due together. */
const evenly = (tmdbId: number): number => (Math.imul(tmdbId, 0x9e3779b1) >>> 0) / 4_294_967_296;

/**
 * What `details` claims, the first first. `changed`: TMDb says so; `bare`: without parts, or without details; `due`:
 * by the rule; `suspect`: it may have changed while nobody looked; `spare`: with what is left of the budget.
 */
export const claimOrder = ['changed', 'bare', 'due', 'returning', 'suspect', 'spare'] as const;
export type ClaimKind = (typeof claimOrder)[number];

/** One run of `details` gets no more spare calls than the time until the next one has. */
const spareSpanMs = 15 * 60_000;

/** How many movies a run may refresh that are not due, so that those calls stay below their share. */
export function spareCalls({ perSecond, sinceMs }: { perSecond: number; sinceMs: number }): number {
  return Math.floor((perSecond * Math.min(Math.max(0, sinceMs), spareSpanMs)) / 1000);
}
