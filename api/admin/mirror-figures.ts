import type { Pool } from 'pg';
import { type Fragment, type Placeholder, prepared, sql } from '#shared/db/sql.ts';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import { newReleaseMs, newReleaseStaleAfterMs, staleAfterMs } from '#shared/movies/freshness.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryStore } from '../store/query-store.ts';
import type { MirrorOverview } from './overview-model.ts';

type Counted = Omit<MirrorOverview, 'last_success_at'>;

const utcDate = (time: Placeholder): Fragment => sql`(${time}::timestamptz at time zone 'UTC')::date`;

interface Times {
  now: Date;
  staleBefore: Date;
  newReleaseStaleBefore: Date;
  releasedSince: Date;
}

const countStatement = prepared<Times, Counted>(
  'api-overview-mirror',
  ({ now, staleBefore, newReleaseStaleBefore, releasedSince }) => sql`
    select m.*, (select count(*)::int from people) as people, (select count(*)::int from genres where listed) as genres,
      ${isoTime(sql`${now}::timestamptz`)} as counted_at
    from (
      select count(*)::int as movies,
        count(*) filter (where state = 'detailed')::int as detailed,
        count(*) filter (where state = 'listed')::int as listed,
        count(*) filter (where state = 'unknown')::int as unknown,
        count(*) filter (where state = 'gone')::int as gone,
        count(*) filter (where state = 'purged')::int as purged,
        count(*) filter (where state = 'detailed' and (fetched_at < ${staleBefore}::timestamptz
          or fetched_at < ${newReleaseStaleBefore}::timestamptz
            and release_date between ${utcDate(releasedSince)} and ${utcDate(now)}))::int as stale,
        ${isoTime("min(fetched_at) filter (where state = 'detailed')")} as oldest_fetched_at,
        ${isoTime("max(fetched_at) filter (where state = 'detailed')")} as newest_fetched_at
      from movies) m`,
);

const successStatement = prepared<void, { job: string; at: string }>(
  'api-overview-successes',
  () => sql`
    select job, ${isoTime('max(finished_at)')} as at from sync_runs where status = 'succeeded' group by job`,
);

/** Counting takes at most this part of the time, however large the mirror is… */
const part = 1 / 20;
/** …and figures are never older than this. */
const maxAgeMs = 60_000;
const minAgeMs = 2000;

/** What is in the mirror. Counted at most now and then; asked at the same moment, once. */
export function createMirrorFigures({ pool, now }: { pool: Pool; now: () => number }) {
  let counted: { figures: Counted; countedMs: number; goodForMs: number } | undefined;
  let underWay: Promise<Counted> | undefined;

  const count = async (): Promise<Counted> => {
    const startedMs = performance.now();
    const nowMs = now();
    const ago = (ms: number) => new Date(nowMs - ms);
    const statement = countStatement({
      now: ago(0),
      staleBefore: ago(staleAfterMs),
      newReleaseStaleBefore: ago(newReleaseStaleAfterMs),
      releasedSince: ago(newReleaseMs),
    });
    const [figures] = await queryStore(pool, statement);
    if (figures === undefined) throw new Error('the mirror could not be counted');
    const tookMs = performance.now() - startedMs;
    counted = { figures, countedMs: nowMs, goodForMs: Math.min(maxAgeMs, Math.max(minAgeMs, tookMs / part)) };
    return figures;
  };

  const figures = async (): Promise<Counted> => {
    if (counted !== undefined && Math.abs(now() - counted.countedMs) < counted.goodForMs)
      return counted.figures;
    underWay ??= count().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  return async (): Promise<MirrorOverview> => {
    const [mirror, successes] = await Promise.all([figures(), queryStore(pool, successStatement())]);
    const at = new Map(successes.map((row) => [row.job, row.at]));
    return {
      ...mirror,
      last_success_at: Object.fromEntries(syncJobNames.map((job) => [job, at.get(job) ?? null])),
    };
  };
}
