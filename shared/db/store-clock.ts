import type { Pool } from 'pg';
import type { Log } from '../log.ts';
import { runStatement } from './run-statement.ts';
import { raw, sql } from './sql.ts';

/** The database's clock, as every process of the service tells the time. Whole epoch milliseconds, as of `Date.now`. */
export interface StoreClock extends AsyncDisposable {
  now: () => number;
  /** How far the process's own clock is ahead of it; negative if it is behind. */
  aheadMs: () => number;
  /** Why nothing may be deleted for its age now, as a sentence. `undefined`: the time is believed. */
  doubt: () => string | undefined;
}

interface StoreClockOptions {
  log: Log;
  everyMs?: number;
  wallClock?: () => number;
  /** Goes on evenly, whatever happens to the wall clock. */
  monotonic?: () => number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const readEveryMs = 10_000;
const readTimeoutMs = 3000;
/** An answer that took longer says too little about the moment. */
const slowMs = 1000;
/** More than this between two clocks is a mistake, and no lag. */
export const clockToleranceMs = 5000;
/** Beyond this nothing is deleted for its age. */
const doubtMs = 2 * minuteMs;
/** After the database's clock jumped, or the service was away for long, the time has to prove itself for so long. */
const probationMs = 24 * hourMs;
const longAwayMs = 7 * 24 * hourMs;

const ms = (time: string) => sql`(extract(epoch from ${raw(time)}) * 1000)::float8`;
const readStatement = sql<{ now: number }>`select ${ms('clock_timestamp()')} as now`;

/** For how long the service did nothing, and by how much its last deed lies in the future, if it does. */
const awayStatement = sql<{ away: number | null }>`
  select ${ms('now() - max(did.at)')} as away from (
    select max(seen_at) as at from worker_processes union all select last_success_at from upstream
    union all select max(queued_at) from sync_runs) did`;

/**
 * Reads the database's clock now and then, and goes on evenly from there. The process's own clock may be wrong, be
 * put right, or differ from that of other hosts: nothing that is stored or compared depends on it.
 */
export async function openStoreClock(pool: Pool, options: StoreClockOptions): Promise<StoreClock> {
  const { log, everyMs = readEveryMs, wallClock = Date.now, monotonic = () => performance.now() } = options;
  const read = async () => {
    const askedAt = monotonic();
    const [row] = await runStatement(pool, readStatement, { timeoutMs: readTimeoutMs });
    const tookMs = monotonic() - askedAt;
    // The answer was made some time between asking and now.
    return row && { at: askedAt + tookMs / 2, tookMs, now: row.now };
  };
  const first = await read();
  if (first === undefined) throw new Error('the database did not say what time it is');
  let anchor = first;
  let said = false;
  let suspect: { since: number; what: string } | undefined;
  const [gap] = await runStatement(pool, awayStatement, { timeoutMs: readTimeoutMs });
  if (Math.abs(gap?.away ?? 0) > longAwayMs)
    suspect = {
      since: first.at,
      what: 'The service last did something over a week before or after this time.',
    };

  const now = () => Math.floor(anchor.now + (monotonic() - anchor.at));
  const aheadMs = () => wallClock() - now();
  const tell = () => {
    const isApart = Math.abs(aheadMs()) > clockToleranceMs;
    if (isApart === said) return;
    said = isApart;
    if (isApart)
      log.warn({ ahead_ms: Math.round(aheadMs()) }, 'the clock of this process differs from PostgreSQL’s');
    else log.info('the clock of this process agrees with PostgreSQL’s again');
  };
  const readAgain = async () => {
    const next = await read();
    if (next === undefined || next.tookMs > slowMs) return;
    const jumpMs = next.now - (anchor.now + (next.at - anchor.at));
    if (Math.abs(jumpMs) > doubtMs) {
      suspect = { since: next.at, what: 'The clock of PostgreSQL jumped.' };
      log.warn({ jump_ms: Math.round(jumpMs) }, 'the clock of PostgreSQL jumped');
    }
    anchor = next;
    tell();
  };
  tell();
  let reading: Promise<void> | undefined;
  const timer = setInterval(() => {
    // While the database is away, the time goes on from the last reading.
    reading ??= readAgain()
      .catch(() => {})
      .finally(() => {
        reading = undefined;
      });
  }, everyMs);
  return {
    now,
    aheadMs,
    doubt() {
      if (Math.abs(aheadMs()) > doubtMs)
        return `The clock of this process is ${Math.round(Math.abs(aheadMs()) / 1000)} s ${aheadMs() > 0 ? 'ahead of' : 'behind'} PostgreSQL’s.`;
      return suspect !== undefined && monotonic() - suspect.since < probationMs ? suspect.what : undefined;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await reading;
    },
  };
}
