import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import pg from 'pg';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/until.ts';
import { RequestCounter } from '../tmdb/request-stats.ts';
import { createJobMetrics } from './job-metrics.ts';
import { recordCounts, type UsageSource } from './record-counts.ts';

const log = createLog({ level: 'silent', name: 'test' });
let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  database.pool.query('truncate upstream_requests, upstream_waits, metric_totals, worker_processes'),
);

/** A worker's counters, and its recorder. */
function worker(options: { everyMs?: number; pool?: pg.Pool } = {}) {
  const counter = new RequestCounter();
  const limiter = { granted: 0, waitMs: 0 };
  const source: UsageSource = { requests: () => counter.read(), limiter: () => ({ ...limiter }) };
  const jobs = createJobMetrics();
  const common = { jobs: jobs.registry, source, maxRps: 30, clockAheadMs: () => 0, log };
  const recorder = recordCounts({ pool: database.pool, everyMs: 3_600_000, ...common, ...options });
  const call = (endpoint: string, status: number | 'failed', waitMs = 0) => {
    counter.count(endpoint, status);
    limiter.granted += 1;
    limiter.waitMs += waitMs;
  };
  return { jobs, recorder, call };
}

/** Summed: a minute may end between two flushes. */
const requests = async () =>
  (
    await database.pool.query(
      'select endpoint, status, sum(requests)::int as requests from upstream_requests group by 1, 2 order by 1, 2',
    )
  ).rows;
const waits = async () =>
  (await database.pool.query('select sum(granted)::int as granted, sum(waited_ms) as ms from upstream_waits'))
    .rows[0];

test('calls are written down by endpoint and status, each once however often it is written', async () => {
  const { recorder, call } = worker();
  await using _ = recorder;
  call('/movie/{id}', 200, 10);
  call('/movie/{id}', 429, 5);
  await recorder.flush();
  await recorder.flush();
  call('/movie/{id}', 200);
  call('/genre/movie/list', 'failed');
  await recorder.flush();
  expect(await requests()).toEqual([
    { endpoint: '/genre/movie/list', status: 'failed', requests: 1 },
    { endpoint: '/movie/{id}', status: '200', requests: 2 },
    { endpoint: '/movie/{id}', status: '429', requests: 1 },
  ]);
  expect(await waits()).toEqual({ granted: 4, ms: 15 });
});

test('any number of workers add up, also at the same moment', async () => {
  const workers = Array.from({ length: 10 }, () => worker());
  for (let round = 0; round < 5; round++) {
    for (const { call } of workers) {
      call('/b', 200, 2);
      call('/a', 404);
    }
    await Promise.all(workers.map(({ recorder }) => recorder.flush()));
  }
  expect(await requests()).toEqual([
    { endpoint: '/a', status: '404', requests: 50 },
    { endpoint: '/b', status: '200', requests: 50 },
  ]);
  expect(await waits()).toEqual({ granted: 100, ms: 100 });
  for (const { recorder } of workers) await recorder[Symbol.asyncDispose]();
});

test('it writes by itself, and what came last when it ends', async () => {
  const { recorder, call } = worker({ everyMs: 20 });
  call('/movie/{id}', 200);
  await until(async () => (await requests())[0]?.requests === 1);
  call('/movie/{id}', 200);
  await recorder[Symbol.asyncDispose]();
  expect((await requests())[0]?.requests).toBe(2);
});

test('what could not be written is kept for the next time', async () => {
  const { recorder, call } = worker();
  await using _ = recorder;
  await database.pool.query('alter table upstream_requests rename to elsewhere');
  call('/movie/{id}', 200, 7);
  await recorder.flush();
  expect(await waits()).toMatchObject({ granted: null });
  await database.pool.query('alter table elsewhere rename to upstream_requests');
  call('/movie/{id}', 200);
  await recorder.flush();
  expect((await requests())[0]?.requests).toBe(2);
  expect(await waits()).toEqual({ granted: 2, ms: 7 });
});

test('a database that never answers holds nobody up at the end', async () => {
  const silent = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const pool = new pg.Pool({ host: '127.0.0.1', port: silent.port });
  const { recorder, call } = worker({ pool });
  call('/movie/{id}', 200);
  await recorder[Symbol.asyncDispose]();
  silent.stop(true);
});

const total = async (name: string, labels: string) => {
  const { rows } = await database.pool.query(
    'select value from metric_totals where name = $1 and labels = $2',
    [name, labels],
  );
  return rows[0]?.value;
};
const alive = async () => (await database.pool.query('select 1 from worker_processes')).rowCount;

/** A worker that has asked TMDb so often. */
const open = (calls = 0) => {
  const opened = worker();
  for (let n = 0; n < calls; n++) opened.call('/movie/{id}', 200, n === 0 ? 500 : 0);
  return opened;
};

test('what two workers counted adds up, is counted once, and goes on after a restart', async () => {
  const [one, two] = [open(3), open(4)];
  one.jobs.ended('genres', 'done', 100);
  two.jobs.ended('genres', 'done', 3000);
  for (const { recorder } of [one, two, one, two]) await recorder.flush();
  expect(await total('nexus_jobs_total', 'job_name="genres",outcome="done"')).toBe(2);
  expect(await total('nexus_job_duration_seconds_bucket', 'le="0.2",job_name="genres"')).toBe(1);
  expect(await total('nexus_job_duration_seconds_count', 'job_name="genres"')).toBe(2);
  expect(await total('nexus_tmdb_requests_total', 'endpoint="/movie/{id}",status="200"')).toBe(7);
  expect(await total('nexus_tmdb_limiter_wait_seconds_total', '')).toBe(1);
  expect(await alive()).toBe(2);

  await one.recorder[Symbol.asyncDispose]();
  expect(await alive()).toBe(1);
  const again = open(1);
  again.jobs.ended('genres', 'done', 1);
  // What came after the last flush is not lost by an orderly end.
  await again.recorder[Symbol.asyncDispose]();
  await two.recorder[Symbol.asyncDispose]();
  expect(await total('nexus_jobs_total', 'job_name="genres",outcome="done"')).toBe(3);
  expect(await total('nexus_tmdb_requests_total', 'endpoint="/movie/{id}",status="200"')).toBe(8);
  expect(await alive()).toBe(0);
});
