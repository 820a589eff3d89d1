import { hostname } from 'node:os';
import type { Pool } from 'pg';
import type { MetricObject, Registry } from 'prom-client';
import type { Log } from '#shared/log.ts';
import { watchEventLoop } from '#shared/metrics/watch-event-loop.ts';
import { type Flushing, flushEvery } from '../store/flush-every.ts';
import type { UsageSource } from '../tmdb/record-usage.ts';

interface RecordMetricsOptions {
  pool: Pool;
  jobs: Registry;
  source: UsageSource;
  maxRps: number;
  log: Log;
  everyMs?: number;
}

const defaultEveryMs = 10_000;
const flushTimeoutMs = 5000;

/** In one order, so that workers do not wait for each other in a circle. */
const addStatement = `
  insert into metric_totals (name, labels, value)
  select name, labels, value from json_to_recordset($1) as t(name text, labels text, value float8) order by name, labels
  on conflict (name, labels) do update set value = metric_totals.value + excluded.value`;

const aliveStatement = `
  insert into worker_processes (id, host, pid, started_at, seen_at, event_loop_lag_ms, resident_bytes, max_rps)
  values ($1, $2, $3, now(), now(), $4, $5, $6)
  on conflict (id) do update set seen_at = now(), event_loop_lag_ms = excluded.event_loop_lag_ms,
    resident_bytes = excluded.resident_bytes`;

/** Adds now and then what this worker counted to what all have, and says that it lives; in its end, that it does not. */
export function recordMetrics(options: RecordMetricsOptions): Flushing {
  const { pool, maxRps, log, everyMs = defaultEveryMs } = options;
  const id = Bun.randomUUIDv7();
  const loop = watchEventLoop();
  let written = new Map<string, Total>();
  const ask = (text: string, values: unknown[]) =>
    pool.query({ text, values, query_timeout: flushTimeoutMs } as never);

  const write = async () => {
    try {
      const alive = [id, hostname(), process.pid, loop.lagMs(), process.memoryUsage.rss(), maxRps];
      await ask(aliveStatement, alive);
      const now = await totalsOf(options);
      // What begins at zero is written, too: a counter that is first seen at one has no rate.
      const news = [...now]
        .filter(([key, { value }]) => value !== written.get(key)?.value)
        .map(([key, total]) => ({ ...total, value: total.value - (written.get(key)?.value ?? 0) }));
      if (news.length > 0) await ask(addStatement, [JSON.stringify(news)]);
      written = now;
    } catch (error) {
      log.warn({ err: error }, 'what was counted could not be written down yet');
    }
  };
  const flushing = flushEvery({
    write,
    everyMs,
    atEnd: () => ask('delete from worker_processes where id = $1', [id]),
  });
  void flushing.flush();
  return {
    flush: flushing.flush,
    async [Symbol.asyncDispose]() {
      loop[Symbol.dispose]();
      await flushing[Symbol.asyncDispose]();
    },
  };
}

interface Total {
  name: string;
  /** As in Prometheus' text format, without the braces. */
  labels: string;
  value: number;
}

const keyOf = ({ name, labels }: Total) => `${name}{${labels}}`;

async function totalsOf({ jobs, source }: Pick<RecordMetricsOptions, 'jobs' | 'source'>) {
  const totals = new Map<string, Total>();
  const add = (name: string, labels: Record<string, string | number>, value: number) => {
    const total = { name, labels: labelsText(labels), value };
    totals.set(keyOf(total), total);
  };
  for (const metric of (await jobs.getMetricsAsJSON()) as MetricObject[] & { values: Value[] }[])
    for (const { metricName, labels, value } of metric.values) add(metricName ?? metric.name, labels, value);
  for (const [endpoint, counts] of Object.entries(source.requests()))
    for (const [status, count] of Object.entries(counts))
      add('nexus_tmdb_requests_total', { endpoint, status }, count);
  const { granted, waitMs } = source.limiter();
  add('nexus_tmdb_limiter_granted_total', {}, granted);
  add('nexus_tmdb_limiter_wait_seconds_total', {}, waitMs / 1000);
  return totals;
}

interface Value {
  metricName?: string;
  labels: Record<string, string | number>;
  value: number;
}

const labelsText = (labels: Record<string, string | number>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${String(value).replaceAll(/["\\\n]/g, '_')}"`)
    .join(',');
