import { hostname } from 'node:os';
import type { Pool } from 'pg';
import type { MetricObject, Registry } from 'prom-client';
import { runStatement } from '#shared/db/run-statement.ts';
import { prepared, type Statement, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import { watchEventLoop } from '#shared/metrics/watch-event-loop.ts';
import { type Flushing, flushEvery } from '../store/flush-every.ts';
import type { LimiterStats } from '../tmdb/limiter/limiter.ts';
import type { RequestStats } from '../tmdb/request-stats.ts';

/** What the TMDb client and its limiter counted since the process began. */
export interface UsageSource {
  requests: () => RequestStats;
  limiter: () => Pick<LimiterStats, 'granted' | 'waitMs'>;
}

interface RecordCountsOptions {
  pool: Pool;
  jobs: Registry;
  source: UsageSource;
  maxRps: number;
  /** How far the process's clock is ahead of the database's. */
  clockAheadMs: () => number;
  log: Log;
  everyMs?: number;
}

const defaultEveryMs = 10_000;
/** Only the end of the process waits for a flush. */
const flushTimeoutMs = 5000;

interface Alive {
  id: string;
  host: string;
  pid: number;
  lagMs: number;
  residentBytes: number;
  maxRps: number;
  clockAheadMs: number;
}

const aliveStatement = prepared<Alive>(
  'worker-alive',
  ({ id, host, pid, lagMs, residentBytes, maxRps, clockAheadMs }) => sql`
    insert into worker_processes (id, host, pid, started_at, seen_at, event_loop_lag_ms, resident_bytes, max_rps,
      clock_ahead_ms)
    values (${id}, ${host}, ${pid}, now(), now(), ${lagMs}, ${residentBytes}, ${maxRps}, ${clockAheadMs})
    on conflict (id) do update set seen_at = now(), event_loop_lag_ms = excluded.event_loop_lag_ms,
      resident_bytes = excluded.resident_bytes, clock_ahead_ms = excluded.clock_ahead_ms`,
);

const endedStatement = prepared<{ id: string }>(
  'worker-ended',
  ({ id }) => sql`delete from worker_processes where id = ${id}`,
);

/** What came since the last writing, as JSON rows and sums. */
interface Grown {
  totals: string;
  requests: string;
  granted: number;
  waitedMs: number;
}

/**
 * Adds to the totals since ever, and to what TMDb was asked in this minute. Rows are written in one order, so that
 * workers do not wait for each other in a circle.
 */
const addStatement = prepared<Grown>(
  'worker-add-counts',
  ({ totals, requests, granted, waitedMs }) => sql`
    with added as (
      insert into metric_totals (name, labels, value)
      select name, labels, value from json_to_recordset(${totals}) as t(name text, labels text, value float8)
      order by name, labels
      on conflict (name, labels) do update set value = metric_totals.value + excluded.value
    ), asked as (
      insert into upstream_requests (minute, endpoint, status, requests)
      select date_trunc('minute', now()), endpoint, status, value
      from json_to_recordset(${requests}) as r(endpoint text, status text, value int)
      order by endpoint, status
      on conflict (minute, endpoint, status) do update set requests = upstream_requests.requests + excluded.requests
    )
    insert into upstream_waits (minute, granted, waited_ms)
    select date_trunc('minute', now()), ${granted}::int, ${waitedMs}::float8 where ${granted}::int > 0
    on conflict (minute) do update set granted = upstream_waits.granted + excluded.granted,
      waited_ms = upstream_waits.waited_ms + excluded.waited_ms`,
);

/** Writes now and then what this worker counted, and that it lives; at its end, that it does not. */
export function recordCounts(options: RecordCountsOptions): Flushing {
  const { pool, maxRps, clockAheadMs, log, everyMs = defaultEveryMs } = options;
  const id = Bun.randomUUIDv7();
  const loop = watchEventLoop();
  let written: Counters = new Map();
  const run = (statement: Statement) => runStatement(pool, statement, { timeoutMs: flushTimeoutMs });

  const write = async () => {
    try {
      const [lagMs, residentBytes] = [loop.lagMs(), process.memoryUsage.rss()];
      const itself = { id, host: hostname(), pid: process.pid };
      await run(aliveStatement({ ...itself, lagMs, residentBytes, maxRps, clockAheadMs: clockAheadMs() }));
      const now = await readCounters(options);
      const grown = grownSince(written, now);
      if (grown.length > 0) await run(addStatement(rowsOf(grown)));
      written = now;
    } catch (error) {
      log.warn({ err: error }, 'what was counted could not be written down yet');
    }
  };
  const flushing = flushEvery({ write, everyMs, atEnd: () => run(endedStatement({ id })) });
  void flushing.flush();
  return {
    flush: flushing.flush,
    async [Symbol.asyncDispose]() {
      loop[Symbol.dispose]();
      await flushing[Symbol.asyncDispose]();
    },
  };
}

interface Counter {
  name: string;
  labels: Record<string, string | number>;
  value: number;
}

/** Since the process began, by name and labels. */
type Counters = ReadonlyMap<string, Counter>;

const names = {
  requests: 'nexus_tmdb_requests_total',
  granted: 'nexus_tmdb_limiter_granted_total',
  waitedSeconds: 'nexus_tmdb_limiter_wait_seconds_total',
} as const;

async function readCounters({ jobs, source }: RecordCountsOptions): Promise<Counters> {
  const counters = new Map<string, Counter>();
  const add = (name: string, labels: Counter['labels'], value: number) =>
    counters.set(`${name}{${labelsText(labels)}}`, { name, labels, value });
  for (const metric of (await jobs.getMetricsAsJSON()) as MetricObject[] & { values: Value[] }[])
    for (const { metricName, labels, value } of metric.values) add(metricName ?? metric.name, labels, value);
  for (const [endpoint, counts] of Object.entries(source.requests()))
    for (const [status, count] of Object.entries(counts)) add(names.requests, { endpoint, status }, count);
  const { granted, waitMs } = source.limiter();
  add(names.granted, {}, granted);
  add(names.waitedSeconds, {}, waitMs / 1000);
  return counters;
}

interface Value {
  metricName?: string;
  labels: Counter['labels'];
  value: number;
}

/** A counter at zero is written, too: Prometheus sees no increase if its first value is one. */
function grownSince(before: Counters, now: Counters): Counter[] {
  return [...now]
    .filter(([key, { value }]) => value !== before.get(key)?.value)
    .map(([key, counter]) => ({ ...counter, value: counter.value - (before.get(key)?.value ?? 0) }));
}

function rowsOf(grown: readonly Counter[]): Grown {
  const totals = grown.map(({ name, labels, value }) => ({ name, labels: labelsText(labels), value }));
  const requests = grown
    .filter(({ name, value }) => name === names.requests && value > 0)
    .map(({ labels, value }) => ({ ...labels, value }));
  const growthOf = (name: string) => grown.find((counter) => counter.name === name)?.value ?? 0;
  return {
    totals: JSON.stringify(totals),
    requests: JSON.stringify(requests),
    granted: growthOf(names.granted),
    // To the microsecond: a difference of fractions is not exact.
    waitedMs: Math.round(growthOf(names.waitedSeconds) * 1e6) / 1e3,
  };
}

/** As in Prometheus' text format, without the braces. */
const labelsText = (labels: Counter['labels']) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${String(value).replaceAll(/["\\\n]/g, '_')}"`)
    .join(',');
