import type { Pool } from 'pg';
import type { CircuitState } from '#shared/upstream/upstream.ts';
import { isoTime } from '../reads/iso-time.ts';
import { queryStore, type Statement } from '../reads/query-store.ts';
import type { TmdbOverview } from './overview-model.ts';

const windowHours = 24;

/** A time that has passed is none to wait for. $1: now. */
const standingStatement: Statement = {
  name: 'api-overview-upstream',
  text: `select identity, circuit, reason, ${isoTime('last_success_at')} as last_success_at,
      ${isoTime("case when circuit = 'open' then retry_at end")} as retry_at,
      ${isoTime('case when paused_until > $1::timestamptz then paused_until end')} as paused_until
    from upstream`,
};

/** $1: since. */
const requestsStatement: Statement = {
  name: 'api-overview-requests',
  text: `select endpoint, status, sum(requests)::float8 as count from upstream_requests
    where minute > $1::timestamptz group by endpoint, status order by endpoint, status`,
};

/** $1: since. */
const waitsStatement: Statement = {
  name: 'api-overview-waits',
  text: `select coalesce(sum(granted), 0)::float8 as granted, coalesce(sum(waited_ms), 0) as waited_ms
    from upstream_waits where minute > $1::timestamptz`,
};

/** $1: now. The minute that runs is the last. */
const minutesStatement: Statement = {
  name: 'api-overview-minutes',
  text: `
    select ${isoTime('m.minute')} as minute, coalesce(sum(requests), 0)::float8 as requests,
      coalesce(sum(requests) filter (where status = '429'), 0)::float8 as rate_limited,
      coalesce(sum(requests) filter (where status = 'failed' or status like '5__'), 0)::float8 as failed
    from (select date_trunc('minute', $1::timestamptz) - i * interval '1 minute' as minute
      from generate_series(0, 59) as i) m
    left join upstream_requests r on r.minute = m.minute
    group by m.minute order by m.minute`,
};

type Standing = Pick<
  TmdbOverview,
  'identity' | 'reason' | 'last_success_at' | 'retry_at' | 'paused_until'
> & { circuit: CircuitState };
type Asked = { endpoint: string; status: string; count: number };
type Waits = { granted: number; waited_ms: number };

/** Before any worker came. */
const untouched: Standing = {
  identity: null,
  circuit: 'closed',
  reason: null,
  last_success_at: null,
  retry_at: null,
  paused_until: null,
};

/** How TMDb is doing, and what all workers together asked of it. */
export function createTmdbFigures({ pool, now }: { pool: Pool; now: () => number }) {
  return async (): Promise<TmdbOverview> => {
    const nowMs = now();
    const since = [new Date(nowMs - windowHours * 3_600_000)];
    const [[standing = untouched], asked, [waits = { granted: 0, waited_ms: 0 }], minutes] =
      await Promise.all([
        queryStore<Standing>(pool, standingStatement, [new Date(nowMs)]),
        queryStore<Asked>(pool, requestsStatement, since),
        queryStore<Waits>(pool, waitsStatement, since),
        queryStore<TmdbOverview['by_minute'][number]>(pool, minutesStatement, [new Date(nowMs)]),
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
        granted: waits.granted,
        waited_ms: rounded(waits.waited_ms),
        mean_wait_ms: waits.granted === 0 ? null : rounded(waits.waited_ms / waits.granted),
      },
      by_minute: minutes,
    };
  };
}

const rounded = (ms: number) => Math.round(ms * 10) / 10;
