import type { Pool } from 'pg';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import { newReleaseMs, newReleaseStaleAfterMs, staleAfterMs } from '#shared/movies/freshness.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
import type { MirrorOverview } from './overview-model.ts';

type Counted = Omit<MirrorOverview, 'last_success_at'>;

const utcDate = (time: string) => `(${time}::timestamptz at time zone 'UTC')::date`;

/** $1: now, $2: stale before, $3: a new release is stale before, $4: released since. */
const countStatement: Statement = {
  name: 'api-overview-mirror',
  text: `
    select m.*, (select count(*)::int from people) as people, (select count(*)::int from genres where listed) as genres,
      ${isoTime('$1::timestamptz')} as counted_at
    from (
      select count(*)::int as movies,
        count(*) filter (where state = 'detailed')::int as detailed,
        count(*) filter (where state = 'listed')::int as listed,
        count(*) filter (where state = 'unknown')::int as unknown,
        count(*) filter (where state = 'gone')::int as gone,
        count(*) filter (where state = 'purged')::int as purged,
        count(*) filter (where state = 'detailed' and (fetched_at < $2::timestamptz
          or fetched_at < $3::timestamptz and release_date between ${utcDate('$4')} and ${utcDate('$1')}))::int as stale,
        ${isoTime("min(fetched_at) filter (where state = 'detailed')")} as oldest_fetched_at,
        ${isoTime("max(fetched_at) filter (where state = 'detailed')")} as newest_fetched_at
      from movies) m`,
};

const successStatement: Statement = {
  name: 'api-overview-successes',
  text: `select job, ${isoTime('max(finished_at)')} as at from sync_runs where status = 'succeeded' group by job`,
};

/** Counting takes at most this part of the time, however large the mirror is… */
const part = 1 / 20;
/** …and figures are never older than this. */
const maxAgeMs = 60_000;
const minAgeMs = 2000;

/** What is in the mirror. Counted at most now and then; asked at the same moment, once. */
export function createMirrorFigures({ pool, now }: { pool: Pool; now: () => number }) {
  let counted: { figures: Counted; goodUntilMs: number } | undefined;
  let underWay: Promise<Counted> | undefined;

  const count = async (): Promise<Counted> => {
    const startedMs = performance.now();
    const nowMs = now();
    const times = [0, staleAfterMs, newReleaseStaleAfterMs, newReleaseMs].map((ms) => new Date(nowMs - ms));
    const [figures] = await queryStore<Counted>(pool, countStatement, times);
    if (figures === undefined) throw new Error('the mirror could not be counted');
    const tookMs = performance.now() - startedMs;
    counted = { figures, goodUntilMs: nowMs + Math.min(maxAgeMs, Math.max(minAgeMs, tookMs / part)) };
    return figures;
  };

  const figures = async (): Promise<Counted> => {
    if (counted !== undefined && now() < counted.goodUntilMs) return counted.figures;
    underWay ??= count().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  return async (): Promise<MirrorOverview> => {
    const [mirror, successes] = await Promise.all([
      figures(),
      queryStore<{ job: string; at: string }>(pool, successStatement, []),
    ]);
    const at = new Map(successes.map((row) => [row.job, row.at]));
    return {
      ...mirror,
      last_success_at: Object.fromEntries(syncJobNames.map((job) => [job, at.get(job) ?? null])),
    };
  };
}
