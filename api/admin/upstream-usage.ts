import type { Pool } from 'pg';
import { prepared, raw, sql } from '#shared/db/sql.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryInTurn } from '../store/query-in-turn.ts';

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

/** What runs is the last. */
const statementOf = (unit: Unit, count: number) => {
  const one = raw(`'1 ${unit}'`);
  return prepared<{ now: Date }, UpstreamUsage>(
    `api-upstream-usage-${unit}`,
    ({ now }) => sql`
      select ${isoTime('t.at')} as at, coalesce(r.requests, 0)::float8 as requests,
        coalesce(r.rate_limited, 0)::float8 as rate_limited, coalesce(r.failed, 0)::float8 as failed,
        round(w.mean_wait_ms::numeric, 1)::float8 as mean_wait_ms
      from (select date_trunc(${raw(`'${unit}'`)}, ${now}::timestamptz, 'UTC') - i * interval ${one} as at
        from generate_series(0, ${count - 1}) as i) t,
        lateral (select sum(requests) as requests, sum(requests) filter (where status = '429') as rate_limited,
            sum(requests) filter (where status = 'failed' or status like '5__') as failed
          from upstream_requests where minute >= t.at and minute < t.at + interval ${one}) r,
        lateral (select sum(waited_ms) / nullif(sum(granted), 0) as mean_wait_ms
          from upstream_waits where minute >= t.at and minute < t.at + interval ${one}) w
      order by t.at`,
  );
};
const statements = {
  minute: statementOf('minute', 60),
  hour: statementOf('hour', 24),
};

/** What TMDb was asked in each minute of the last hour, or each hour of the last day; the oldest first. */
export const readUpstreamUsage = (pool: Pool, unit: Unit, now: Date): Promise<UpstreamUsage[]> =>
  queryInTurn(pool, statements[unit]({ now }));
