import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { prepared, sql } from '#shared/db/sql.ts';
import { recordKinds } from '#shared/records/record.ts';
import { circuitStates } from '#shared/upstream/upstream.ts';
import { within } from '#shared/within.ts';
import type { AdminOverview } from '../admin/overview-model.ts';
import { type Sample, sampledMetric } from '../http/metrics/sampled-metric.ts';
import { queryStore } from '../store/query-store.ts';

interface Total {
  name: string;
  labels: string;
  value: number;
}
interface Worker {
  worker: string;
  lag_ms: number;
  resident_bytes: number;
  clock_ahead_ms: number;
}
interface Counted {
  totals: Total[];
  workers: Worker[];
  live_runs: number;
}

const countedStatement = prepared<void, Counted>(
  'api-metrics',
  () => sql`
    select
      (select coalesce(json_agg(t), '[]') from metric_totals t) as totals,
      (select coalesce(json_agg(json_build_object('worker', host || ':' || pid, 'lag_ms', event_loop_lag_ms,
        'resident_bytes', resident_bytes, 'clock_ahead_ms', clock_ahead_ms)), '[]') from worker_processes
        where seen_at > now() - interval '1 minute') as workers,
      (select count(*)::int from sync_runs where status in ('queued', 'running')) as live_runs`,
);

interface ServiceMetricsDeps {
  registry: Registry;
  pool: Pool;
  overview: () => Promise<AdminOverview>;
  now: () => number;
}

interface Figures {
  overview: AdminOverview;
  counted: Counted;
}

/** Scrapes that come close together share what was read. */
const goodForMs = 5000;
const timeoutMs = 3000;

/** What all processes of the service together have done and how the mirror is: the same through any of them. */
export function registerServiceMetrics({ registry, pool, overview, now }: ServiceMetricsDeps): void {
  let kept: { at: number; figures: Promise<Figures | undefined> } | undefined;
  const read = async (): Promise<Figures | undefined> => {
    try {
      const both = Promise.all([overview(), queryStore(pool, countedStatement())]);
      const [seen, [counted]] = await within(timeoutMs, both);
      return counted && { overview: seen, counted };
    } catch {
      return undefined;
    }
  };
  const figures = () => {
    if (kept === undefined || Math.abs(now() - kept.at) > goodForMs) kept = { at: now(), figures: read() };
    return kept.figures;
  };
  for (const { name, help, type, of } of metrics) {
    const samples = async () => {
      const known = await figures();
      return known === undefined ? (name === 'nexus_up' ? away : []) : of(known);
    };
    registry.registerMetric(sampledMetric({ name, help, type, read: samples, ofAll: true }));
  }
}

/** Without the database nothing is known of the queues either. */
const away: Sample[] = [{ labels: { store: 'postgres' }, value: 0 }];

interface ServiceMetric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  of: (figures: Figures) => Sample[];
}

const totals = (name: string, help: string, type: 'counter' | 'histogram'): ServiceMetric => ({
  name,
  help,
  type,
  of: ({ counted }) =>
    counted.totals
      .filter((total) => total.name === name || (type === 'histogram' && total.name.startsWith(`${name}_`)))
      .map((total) => ({ metricName: total.name, labels: labelsOf(total.labels), value: total.value }))
      .sort(bySeriesThenBucket),
});

/** The text format wants a histogram's buckets together, from the narrowest to the widest. */
function bySeriesThenBucket(a: Sample, b: Sample): number {
  const [{ le: ofA, ...seriesA }, { le: ofB, ...seriesB }] = [a.labels, b.labels];
  const order = JSON.stringify(seriesA).localeCompare(JSON.stringify(seriesB));
  return order || boundOf(ofA) - boundOf(ofB);
}
/** Sum and count come after the widest. */
const boundOf = (le: string | number | undefined): number =>
  le === undefined ? Number.MAX_VALUE : le === '+Inf' ? Number.MAX_VALUE / 2 : Number(le);

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

const gauge = (name: string, help: string, of: ServiceMetric['of']): ServiceMetric => ({
  name,
  help,
  type: 'gauge',
  of,
});
const one = (value: number): Sample[] => [{ labels: {}, value }];
const timeOf = (at: string | null): Sample[] => (at === null ? [] : one(Date.parse(at) / 1000));

const metrics: ServiceMetric[] = [
  gauge('nexus_up', 'Whether a store answers.', ({ overview }) => [
    { labels: { store: 'postgres' }, value: 1 },
    { labels: { store: 'queue' }, value: overview.queues.every(({ up }) => up) ? 1 : 0 },
  ]),
  gauge('nexus_notices', '1 for each thing that an operator should act on.', ({ overview }) =>
    overview.notices.map(({ code }) => ({ labels: { code }, value: 1 })),
  ),
  totals('nexus_jobs_total', 'Executions of jobs, by outcome.', 'counter'),
  totals('nexus_job_duration_seconds', 'Time taken by executions of jobs.', 'histogram'),
  totals('nexus_tmdb_requests_total', 'Calls to TMDb, by endpoint and status.', 'counter'),
  totals('nexus_tmdb_limiter_granted_total', 'Calls that the limiter let through.', 'counter'),
  totals(
    'nexus_tmdb_limiter_wait_seconds_total',
    'Total time that calls waited for the rate limiter.',
    'counter',
  ),
  gauge('nexus_tmdb_max_rps', 'Calls per second that all workers together may make.', ({ overview }) =>
    overview.tmdb.limiter.max_rps === null ? [] : one(overview.tmdb.limiter.max_rps),
  ),
  gauge('nexus_tmdb_circuit', '1 for the current state of the circuit.', ({ overview: { tmdb } }) =>
    circuitStates.map((state) => ({ labels: { state }, value: state === tmdb.circuit ? 1 : 0 })),
  ),
  gauge('nexus_tmdb_last_success_timestamp_seconds', 'When TMDb last answered.', ({ overview }) =>
    timeOf(overview.tmdb.last_success_at),
  ),
  gauge('nexus_mirror_movies', 'Movies of the mirror, by state.', ({ overview: { mirror } }) =>
    (['detailed', 'listed', 'unknown', 'gone', 'purged'] as const).map((state) => ({
      labels: { state },
      value: mirror[state],
    })),
  ),
  gauge(
    'nexus_mirror_records',
    'People, collections and companies that are mirrored whole.',
    ({ overview }) =>
      recordKinds.map((kind) => ({ labels: { kind }, value: overview.mirror.records[kind].detailed })),
  ),
  gauge('nexus_mirror_stale_movies', 'Movies that are due for a refresh.', ({ overview }) =>
    one(overview.mirror.stale),
  ),
  gauge(
    'nexus_mirror_oldest_fetched_timestamp_seconds',
    'When the oldest details were fetched.',
    ({ overview }) => timeOf(overview.mirror.oldest_fetched_at),
  ),
  gauge(
    'nexus_changes_read_until_timestamp_seconds',
    'Until when it is known what TMDb has changed.',
    ({ overview }) => timeOf(overview.mirror.changes_read_until),
  ),
  gauge('nexus_job_last_success_timestamp_seconds', 'When a run of the job last succeeded.', ({ overview }) =>
    Object.entries(overview.mirror.last_success_at).flatMap(([job, at]) =>
      at === null ? [] : [{ labels: { job_name: job }, value: Date.parse(at) / 1000 }],
    ),
  ),
  gauge('nexus_live_runs', 'Runs that are queued or running.', ({ counted }) => one(counted.live_runs)),
  gauge('nexus_job_failures', 'Jobs that failed for good and have not succeeded since.', ({ overview }) =>
    one(overview.failures),
  ),
  gauge('nexus_queue_jobs', 'Jobs in the queues, by state.', ({ overview }) =>
    overview.queues.flatMap((queue) =>
      (['waiting', 'active', 'delayed', 'failed'] as const).flatMap((state) => {
        const value = queue[state];
        return value === null ? [] : [{ labels: { queue: queue.name, state }, value }];
      }),
    ),
  ),
  gauge('nexus_workers', 'Worker processes that run.', ({ counted }) => one(counted.workers.length)),
  gauge(
    'nexus_worker_event_loop_lag_seconds',
    'The longest recent delay of a worker’s event loop.',
    ({ counted }) =>
      counted.workers.map(({ worker, lag_ms }) => ({ labels: { worker }, value: lag_ms / 1000 })),
  ),
  gauge('nexus_worker_resident_bytes', 'Memory of a worker.', ({ counted }) =>
    counted.workers.map(({ worker, resident_bytes }) => ({ labels: { worker }, value: resident_bytes })),
  ),
  gauge(
    'nexus_worker_clock_ahead_seconds',
    'How far the clock of a worker is ahead of PostgreSQL’s.',
    ({ counted }) =>
      counted.workers.map(({ worker, clock_ahead_ms }) => ({
        labels: { worker },
        value: clock_ahead_ms / 1000,
      })),
  ),
];
