import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import pg from 'pg';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/until.ts';
import { recordUsage, type UsageSource } from './record-usage.ts';
import { RequestCounter } from './request-stats.ts';

const log = createLog({ level: 'silent', name: 'test' });
let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.pool.query('truncate upstream_requests, upstream_waits'));

/** A worker's counters, and its recorder. */
function worker(options: { everyMs?: number; pool?: pg.Pool } = {}) {
  const counter = new RequestCounter();
  const limiter = { granted: 0, waitMs: 0 };
  const source: UsageSource = { requests: () => counter.read(), limiter: () => ({ ...limiter }) };
  const usage = recordUsage({ pool: database.pool, source, log, everyMs: 3_600_000, ...options });
  const call = (endpoint: string, status: number | 'failed', waitMs = 0) => {
    counter.count(endpoint, status);
    limiter.granted += 1;
    limiter.waitMs += waitMs;
  };
  return { usage, call };
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
  const { usage, call } = worker();
  await using _ = usage;
  call('/movie/{id}', 200, 10);
  call('/movie/{id}', 429, 5);
  await usage.flush();
  await usage.flush();
  call('/movie/{id}', 200);
  call('/genre/movie/list', 'failed');
  await usage.flush();
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
    await Promise.all(workers.map(({ usage }) => usage.flush()));
  }
  expect(await requests()).toEqual([
    { endpoint: '/a', status: '404', requests: 50 },
    { endpoint: '/b', status: '200', requests: 50 },
  ]);
  expect(await waits()).toEqual({ granted: 100, ms: 100 });
  for (const { usage } of workers) await usage[Symbol.asyncDispose]();
});

test('it writes by itself, and what came last when it ends', async () => {
  const { usage, call } = worker({ everyMs: 20 });
  call('/movie/{id}', 200);
  await until(async () => (await requests())[0]?.requests === 1);
  call('/movie/{id}', 200);
  await usage[Symbol.asyncDispose]();
  expect((await requests())[0]?.requests).toBe(2);
});

test('what could not be written is kept for the next time', async () => {
  const { usage, call } = worker();
  await using _ = usage;
  await database.pool.query('alter table upstream_requests rename to elsewhere');
  call('/movie/{id}', 200, 7);
  await usage.flush();
  expect(await waits()).toMatchObject({ granted: null });
  await database.pool.query('alter table elsewhere rename to upstream_requests');
  call('/movie/{id}', 200);
  await usage.flush();
  expect((await requests())[0]?.requests).toBe(2);
  expect(await waits()).toEqual({ granted: 2, ms: 7 });
});

test('a database that never answers holds nobody up at the end', async () => {
  const silent = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const pool = new pg.Pool({ host: '127.0.0.1', port: silent.port });
  const { usage, call } = worker({ pool });
  call('/movie/{id}', 200);
  const startedMs = performance.now();
  await usage[Symbol.asyncDispose]();
  expect(performance.now() - startedMs).toBeLessThan(3000);
  silent.stop(true);
});
