import type { Pool } from 'pg';
import type { Log } from '#shared/log.ts';
import { type Flushing, flushEvery } from '../store/flush-every.ts';
import type { LimiterStats } from './limiter/limiter.ts';
import type { RequestStats } from './request-stats.ts';

export interface UsageSource {
  /** Since the process began. */
  requests: () => RequestStats;
  limiter: () => Pick<LimiterStats, 'granted' | 'waitMs'>;
}

interface RecordUsageOptions {
  pool: Pool;
  source: UsageSource;
  log: Log;
  everyMs?: number;
}

const defaultEveryMs = 10_000;
/** Nobody waits for a flush but the end of the process. */
const flushTimeoutMs = 5000;

/** Adds this process's calls to those of all others, by the minute. In one order, so that none waits in a circle. */
const statement = `
  with asked as (
    insert into upstream_requests (minute, endpoint, status, requests)
    select date_trunc('minute', now()), endpoint, status, requests
    from json_to_recordset($1) as r(endpoint text, status text, requests int)
    order by endpoint, status
    on conflict (minute, endpoint, status) do update set requests = upstream_requests.requests + excluded.requests
  )
  insert into upstream_waits (minute, granted, waited_ms)
  select date_trunc('minute', now()), $2::int, $3::float8 where $2::int > 0
  on conflict (minute) do update set granted = upstream_waits.granted + excluded.granted,
    waited_ms = upstream_waits.waited_ms + excluded.waited_ms`;

/** Writes down now and then, and when disposed, what TMDb was asked and how long calls waited for their turn. */
export function recordUsage(options: RecordUsageOptions): Flushing {
  const { pool, source, log, everyMs = defaultEveryMs } = options;
  let written: Totals = { requests: new Map(), granted: 0, waitMs: 0 };

  const write = async () => {
    const now = totalsOf(source);
    const news = newsOf(now, written);
    if (news.requests.length === 0 && news.granted === 0) return;
    try {
      const values = [JSON.stringify(news.requests), news.granted, news.waitMs];
      await pool.query({ text: statement, values, query_timeout: flushTimeoutMs } as never);
      written = now;
    } catch (error) {
      log.warn({ err: error }, 'what TMDb was asked could not be written down yet');
    }
  };
  return flushEvery({ write, everyMs });
}

interface Totals {
  /** By endpoint and status, as one key. */
  requests: Map<string, { endpoint: string; status: string; requests: number }>;
  granted: number;
  waitMs: number;
}

function totalsOf(source: UsageSource): Totals {
  const { granted, waitMs } = source.limiter();
  const requests: Totals['requests'] = new Map();
  for (const [endpoint, counts] of Object.entries(source.requests()))
    for (const [status, count] of Object.entries(counts))
      requests.set(`${endpoint} ${status}`, { endpoint, status, requests: count });
  return { requests, granted, waitMs };
}

function newsOf(now: Totals, written: Totals) {
  const requests = [...now.requests]
    .map(([key, entry]) => ({
      ...entry,
      requests: entry.requests - (written.requests.get(key)?.requests ?? 0),
    }))
    .filter((entry) => entry.requests > 0);
  return { requests, granted: now.granted - written.granted, waitMs: now.waitMs - written.waitMs };
}
