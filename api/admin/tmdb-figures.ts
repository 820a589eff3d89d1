import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { CircuitState } from '#shared/upstream/upstream.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import type { TmdbOverview } from './overview-model.ts';
import { readUpstreamUsage } from './upstream-usage.ts';

const windowHours = 24;

type Standing = Pick<
  TmdbOverview,
  'identity' | 'reason' | 'last_success_at' | 'retry_at' | 'paused_until'
> & { circuit: CircuitState };
type Asked = { endpoint: string; status: string; count: number };
type Limiter = { granted: number; waited_ms: number; max_rps: number | null };

/** A time that has passed is none to wait for. */
const standingStatement = prepared<{ now: Date }, Standing>(
  'api-overview-upstream',
  ({ now }) => sql`
    select identity, circuit, reason, ${isoTime('last_success_at')} as last_success_at,
      ${isoTime("case when circuit = 'open' then retry_at end")} as retry_at,
      ${isoTime(sql`case when paused_until > ${now}::timestamptz then paused_until end`)} as paused_until
    from upstream`,
);

const requestsStatement = prepared<{ since: Date }, Asked>(
  'api-overview-requests',
  ({ since }) => sql`
    select endpoint, status, sum(requests)::float8 as count from upstream_requests
    where minute > ${since}::timestamptz group by endpoint, status order by endpoint, status`,
);

const limiterStatement = prepared<{ since: Date; now: Date }, Limiter>(
  'api-overview-limiter',
  ({ since, now }) => sql`
    select coalesce(sum(granted), 0)::float8 as granted, coalesce(sum(waited_ms), 0) as waited_ms,
      (select max(max_rps) from worker_processes where seen_at > ${now}::timestamptz - interval '1 minute') as max_rps
    from upstream_waits where minute > ${since}::timestamptz`,
);

/** Before any worker came. */
const untouched: Standing = {
  identity: null,
  circuit: 'closed',
  reason: null,
  last_success_at: null,
  retry_at: null,
  paused_until: null,
};
const idle: Limiter = { granted: 0, waited_ms: 0, max_rps: null };

/** How TMDb is doing, and what all workers together asked of it. */
export function createTmdbFigures({ pool, now }: { pool: Pool; now: () => number }) {
  return async (): Promise<TmdbOverview> => {
    const at = new Date(now());
    const since = new Date(at.getTime() - windowHours * 3_600_000);
    const [[standing = untouched], asked, [limiter = idle], minutes] = await Promise.all([
      queryInTurn(pool, standingStatement({ now: at })),
      queryInTurn(pool, requestsStatement({ since })),
      queryInTurn(pool, limiterStatement({ since, now: at })),
      readUpstreamUsage(pool, 'minute', at),
    ]);
    return {
      ...standing,
      window_hours: windowHours,
      requests: asked.map((row) => ({
        ...row,
        status: row.status === 'failed' ? row.status : Number(row.status),
      })),
      rate_limited: asked.reduce((sum, row) => sum + (row.status === '429' ? row.count : 0), 0),
      limiter: {
        granted: limiter.granted,
        waited_ms: rounded(limiter.waited_ms),
        mean_wait_ms: limiter.granted === 0 ? null : rounded(limiter.waited_ms / limiter.granted),
        max_rps: limiter.max_rps,
      },
      by_minute: minutes.map(({ at: minute, ...usage }) => ({ minute, ...usage })),
    };
  };
}

const rounded = (ms: number) => Math.round(ms * 10) / 10;
