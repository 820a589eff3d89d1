import type { Pool } from 'pg';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryStore, type Statement } from '../store/query-store.ts';

export interface UpstreamUsage {
  /** When the minute or hour began. */
  at: string;
  requests: number;
  rate_limited: number;
  failed: number;
  /** What calls waited for their turn, on the average; `null` where there were none. */
  mean_wait_ms: number | null;
}

type Unit = 'minute' | 'hour';

/** $1: now. What runs is the last. */
const statementOf = (unit: Unit, count: number): Statement => ({
  name: `api-upstream-usage-${unit}`,
  text: `
    select ${isoTime('t.at')} as at, coalesce(r.requests, 0)::float8 as requests,
      coalesce(r.rate_limited, 0)::float8 as rate_limited, coalesce(r.failed, 0)::float8 as failed,
      round(w.mean_wait_ms::numeric, 1)::float8 as mean_wait_ms
    from (select date_trunc('${unit}', $1::timestamptz, 'UTC') - i * interval '1 ${unit}' as at
      from generate_series(0, ${count - 1}) as i) t,
      lateral (select sum(requests) as requests, sum(requests) filter (where status = '429') as rate_limited,
          sum(requests) filter (where status = 'failed' or status like '5__') as failed
        from upstream_requests where minute >= t.at and minute < t.at + interval '1 ${unit}') r,
      lateral (select sum(waited_ms) / nullif(sum(granted), 0) as mean_wait_ms
        from upstream_waits where minute >= t.at and minute < t.at + interval '1 ${unit}') w
    order by t.at`,
});
const statements: Record<Unit, Statement> = {
  minute: statementOf('minute', 60),
  hour: statementOf('hour', 24),
};

/** What TMDb was asked in each minute of the last hour, or each hour of the last day; the oldest first. */
export const readUpstreamUsage = (pool: Pool, unit: Unit, now: Date): Promise<UpstreamUsage[]> =>
  queryStore<UpstreamUsage & Record<string, unknown>>(pool, statements[unit], [now]);
