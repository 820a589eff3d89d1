import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { createJobMetrics } from './job-metrics.ts';
import { recordMetrics } from './record-metrics.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const log = createLog({ level: 'silent', name: 'test' });
const open = (granted = 0) => {
  const jobs = createJobMetrics();
  const source = {
    requests: () => ({ '/movie/{id}': { 200: granted } }),
    limiter: () => ({ granted, waitMs: 500 }),
  };
  const recorder = recordMetrics({
    pool: database.pool,
    jobs: jobs.registry,
    source,
    maxRps: 30,
    log,
    everyMs: 3_600_000,
  });
  return { jobs, recorder };
};
const total = async (name: string, labels: string) => {
  const { rows } = await database.pool.query(
    'select value from metric_totals where name = $1 and labels = $2',
    [name, labels],
  );
  return rows[0]?.value;
};
const alive = async () => (await database.pool.query('select 1 from worker_processes')).rowCount;

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
