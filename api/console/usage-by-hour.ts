import type { Pool } from 'pg';
import { isoTime } from '../reads/iso-time.ts';
import { queryStore, type Statement } from '../reads/query-store.ts';

export interface HourOfUsage {
  /** When it began. */
  at: string;
  requests: number;
  rate_limited: number;
  failed: number;
  /** What calls waited for their turn, on the average; `null` where there were none. */
  mean_wait_ms: number | null;
}

/** $1: now. */
const statement: Statement = {
  name: 'api-console-hours',
  text: `
    select ${isoTime('h.hour')} as at,
      coalesce((select sum(requests) from upstream_requests r where r.minute >= h.hour and r.minute < h.hour + interval '1 hour'), 0)::float8 as requests,
      coalesce((select sum(requests) from upstream_requests r where r.minute >= h.hour and r.minute < h.hour + interval '1 hour'
        and status = '429'), 0)::float8 as rate_limited,
      coalesce((select sum(requests) from upstream_requests r where r.minute >= h.hour and r.minute < h.hour + interval '1 hour'
        and (status = 'failed' or status like '5__')), 0)::float8 as failed,
      (select sum(waited_ms) / nullif(sum(granted), 0) from upstream_waits w
        where w.minute >= h.hour and w.minute < h.hour + interval '1 hour')::float8 as mean_wait_ms
    from (select date_trunc('hour', $1::timestamptz) - i * interval '1 hour' as hour from generate_series(0, 23) as i) h
    order by h.hour`,
};

/** What TMDb was asked in each of the last 24 hours, the oldest first. */
export const readUsageByHour = (pool: Pool, nowMs: number): Promise<HourOfUsage[]> =>
  queryStore<HourOfUsage & Record<string, unknown>>(pool, statement, [new Date(nowMs)]);
