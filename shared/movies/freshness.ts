import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { unplannedIntervalMs } from './refresh-plan.ts';

const dayMs = 86_400_000;

/** What is known of people, collections and companies is refreshed this long after it was fetched. */
export const recordStaleAfterMs = 14 * dayMs;
/** TMDb's terms: nothing of theirs is kept longer. */
export const purgeAfterMs = 180 * dayMs;
/** How long "TMDb has no such movie" is remembered, and how far apart the two answers are that make one `gone`. */
export const absenceMs = dayMs;

/** A stamp that lies further ahead than this was made by a clock that was wrong. */
export const stampSlackMs = 60_000;

export interface FreshnessFacts {
  fetchedAtMs: number;
  /** From when on it is stale: TMDb is known to have changed it, or it is due by the rule of `refresh-plan.ts`. */
  staleAtMs: number;
}

/** @param nowMs like all times in epoch milliseconds */
export function isStale({ fetchedAtMs, staleAtMs }: FreshnessFacts, nowMs: number): boolean {
  // In the future it was fetched at a time that nobody knows.
  return nowMs > staleAtMs || nowMs - fetchedAtMs < -stampSlackMs;
}

/**
 * `staleAtMs` in the database.
 * @param name the name of `movies` in the statement
 */
export const staleAt = (name: string): Fragment => {
  const movie = raw(name);
  const unplanned = raw(`interval '${unplannedIntervalMs / dayMs} days'`);
  return sql`least(${movie}.changed_at, coalesce(${movie}.refresh_due_at, ${movie}.fetched_at + ${unplanned}))`;
};

/** Content that may not be shown any more, whether the job `purge` has run or not. */
export const isTooOld = (fetchedAtMs: number, nowMs: number): boolean => nowMs - fetchedAtMs > purgeAfterMs;

/**
 * The same as a condition: whether a row may still be shown.
 * @param name the name of `movies` or `people` in the statement
 */
export const isYoungEnough = (name: string): Fragment =>
  sql`((${raw(name)}.fetched_at < now() - interval '${raw(String(purgeAfterMs / dayMs))} days') is not true)`;
