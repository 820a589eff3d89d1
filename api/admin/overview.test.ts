import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Client, type Pool } from 'pg';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import { AdminOverview } from './overview-model.ts';
import { readUpstreamUsage } from './upstream-usage.ts';

let api: TestApi;
let admin: TestAccount;
beforeEach(async () => {
  api = await openTestApi();
  admin = await openAccount(api, { role: 'admin' });
});
afterEach(() => api[Symbol.asyncDispose]());

const overview = async (): Promise<AdminOverview> => {
  const answer = await api.get('/api/admin/overview', admin.headers);
  expect(answer.status).toBe(200);
  return (await answer.json()).data;
};
const dayMs = 86_400_000;
const ago = (ms: number) => new Date(Date.now() - ms);
const note = (endpoint: string, status: string, requests: number, minutes: number) =>
  api.pool.query(
    `insert into upstream_requests values (date_trunc('minute', now()) - $4 * interval '1 minute', $1, $2, $3)`,
    [endpoint, status, requests, minutes],
  );

test('an empty service has an overview, and invents nothing', async () => {
  const data = await overview();
  AdminOverview.strict().parse(data);
  expect(data.mirror).toMatchObject({ movies: 0, people: 0, oldest_fetched_at: null, stale: 0 });
  const none = { detailed: 0, unknown: 0, gone: 0 };
  expect(data.mirror.records).toEqual({ person: none, collection: none, company: none });
  expect(data.mirror.last_success_at).toEqual(Object.fromEntries(syncJobNames.map((job) => [job, null])));
  expect(data.tmdb).toMatchObject({ identity: null, circuit: 'closed', requests: [], rate_limited: 0 });
  expect(data.tmdb.limiter).toEqual({ granted: 0, waited_ms: 0, mean_wait_ms: null, max_rps: null });
  expect(data.tmdb.by_minute).toHaveLength(60);
  expect(data.users).toEqual({ total: 1, admins: 1, sessions: 1, new_last_7_days: 1 });
});

test('the mirror is counted by state, with what is stale by the rule of the readers', async () => {
  await putMovie(api.pool, { tmdbId: 1, fetchedAt: ago(6 * dayMs), releaseDate: '2001-01-01' });
  await putMovie(api.pool, { tmdbId: 2, fetchedAt: ago(8 * dayMs), releaseDate: '2001-01-01' });
  await putMovie(api.pool, { tmdbId: 3, fetchedAt: ago(2 * dayMs), refreshDueAt: ago(dayMs) });
  await putMovie(api.pool, { tmdbId: 4, fetchedAt: ago(dayMs / 2), refreshDueAt: ago(-dayMs) });
  for (const [tmdbId, state] of [
    [5, 'listed'],
    [6, 'unknown'],
    [7, 'gone'],
    [8, 'purged'],
  ] as const)
    await putMovie(api.pool, { tmdbId, state });
  const { mirror } = await overview();
  expect(mirror).toMatchObject({
    movies: 8,
    detailed: 4,
    listed: 1,
    unknown: 1,
    gone: 1,
    purged: 1,
    stale: 2,
  });
  expect(Date.parse(mirror.oldest_fetched_at ?? '')).toBeCloseTo(ago(8 * dayMs).getTime(), -4);
  expect(Date.parse(mirror.newest_fetched_at ?? '')).toBeCloseTo(ago(dayMs / 2).getTime(), -4);
});

test('it is counted again once a little time has passed, and says when it was', async () => {
  const before = await overview();
  await putMovie(api.pool, { tmdbId: 1 });
  api.advance(60_001);
  const { mirror } = await overview();
  expect(mirror.movies).toBe(1);
  expect(Date.parse(before.mirror.counted_at)).toBeCloseTo(Date.now(), -4);
  expect(Date.parse(mirror.counted_at)).toBeGreaterThan(Date.parse(before.mirror.counted_at) + 60_000);
});

test('it says when a run of each job last succeeded', async () => {
  await api.pool.query(
    `insert into sync_runs (id, job, trigger, status, queued_at, finished_at)
     select gen_random_uuid(), 'genres', 'schedule', status, day, day from (values
       ('succeeded', timestamptz '2026-01-01T00:00:00Z'),
       ('succeeded', '2026-01-02T00:00:00Z'),
       ('failed', '2026-01-03T00:00:00Z')) runs (status, day)`,
  );
  expect((await overview()).mirror.last_success_at).toMatchObject({
    genres: '2026-01-02T00:00:00.000Z',
    trending: null,
  });
});

test('what TMDb was asked in 24 hours is summed by endpoint and status', async () => {
  await note('/movie/{id}', '200', 10, 1);
  await note('/movie/{id}', '200', 5, 90);
  await note('/movie/{id}', '429', 2, 90);
  await note('/genre/movie/list', 'failed', 1, 2);
  await note('/movie/{id}', '200', 1000, 24 * 60 + 1);
  await api.pool.query(`insert into upstream_waits values (now(), 17, 340), ('2020-01-01', 1000, 1)`);
  const { tmdb } = await overview();
  expect(tmdb.requests).toEqual([
    { endpoint: '/genre/movie/list', status: 'failed', count: 1 },
    { endpoint: '/movie/{id}', status: 200, count: 15 },
    { endpoint: '/movie/{id}', status: 429, count: 2 },
  ]);
  expect([tmdb.window_hours, tmdb.rate_limited]).toEqual([24, 2]);
  expect(tmdb.limiter).toEqual({ granted: 17, waited_ms: 340, mean_wait_ms: 20, max_rps: null });
});

test('the last hour is shown minute by minute, oldest first', async () => {
  // All at one moment, so that no minute begins between them.
  await api.pool.query(
    `with past as (select date_trunc('minute', now()) - interval '3 minutes' as minute),
       waits as (insert into upstream_waits select minute, 4, 50 from past)
     insert into upstream_requests
     select minute - minutes * interval '1 minute', endpoint, status, requests from past, (values
       ('/a', '200', 4, 0), ('/b', '429', 2, 0), ('/a', '503', 1, 0), ('/a', '200', 9, 58)
     ) asked (endpoint, status, requests, minutes)`,
  );
  const { by_minute: minutes } = (await overview()).tmdb;
  expect(minutes).toHaveLength(60);
  const times = minutes.map(({ minute }) => Date.parse(minute));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(minutes.filter(({ requests }) => requests > 0)).toEqual([
    { minute: expect.any(String), requests: 7, rate_limited: 2, failed: 1, mean_wait_ms: 12.5 },
  ]);
});

test('the last day is shown hour by hour, by the clock of the world and not of the database', async () => {
  const at = new Date('2026-03-01T09:15:00Z');
  const client = new Client({ ...api.database.clientConfig, options: '-c timezone=Asia/Kolkata' });
  await client.connect();
  await client.query(`
    insert into upstream_requests values ('2026-03-01T09:10:00Z', '/a', '200', 3), ('2026-03-01T08:59:00Z', '/a', '429', 2),
      ('2026-03-01T08:00:00Z', '/b', 'failed', 1), ('2026-02-28T09:59:00Z', '/a', '200', 9);
    insert into upstream_waits values ('2026-03-01T08:00:00Z', 1, 10), ('2026-03-01T08:30:00Z', 3, 10);`);
  const hours = await readUpstreamUsage(client as unknown as Pool, 'hour', at);
  // Closed for sure: the database is dropped soon after.
  await client.end();
  expect(hours).toHaveLength(24);
  expect(hours.slice(-2)).toEqual([
    { at: '2026-03-01T08:00:00.000Z', requests: 3, rate_limited: 2, failed: 1, mean_wait_ms: 5 },
    { at: '2026-03-01T09:00:00.000Z', requests: 3, rate_limited: 0, failed: 0, mean_wait_ms: null },
  ]);
  expect(hours.filter(({ requests }) => requests > 0)).toHaveLength(2);
});

test('what the calls are allowed is what living workers say', async () => {
  const alive = (seenAt: string, maxRps: number | null) =>
    api.pool.query(
      `insert into worker_processes (id, host, pid, started_at, seen_at, event_loop_lag_ms, resident_bytes, max_rps)
       values (gen_random_uuid(), 'x', 1, now(), ${seenAt}, 0, 0, $1)`,
      [maxRps],
    );
  await alive("now() - interval '2 minutes'", 40);
  expect((await overview()).tmdb.limiter.max_rps).toBeNull();
  await alive('now()', 25);
  await alive('now()', null);
  expect((await overview()).tmdb.limiter.max_rps).toBe(25);
});

test('how TMDb is doing is shown, and no time to wait for that has passed', async () => {
  await api.pool.query(`
    insert into upstream (id, identity, circuit, reason, retry_at, paused_until, last_success_at)
    values (1, 'https://tmdb.test/3', 'open', 'No answer.', '2100-01-01T00:00:00Z', '2001-01-01T00:00:00Z', '2026-01-01T00:00:00Z')
    on conflict (id) do update set identity = excluded.identity, circuit = excluded.circuit, reason = excluded.reason,
      retry_at = excluded.retry_at, paused_until = excluded.paused_until, last_success_at = excluded.last_success_at`);
  expect((await overview()).tmdb).toMatchObject({
    identity: 'https://tmdb.test/3',
    circuit: 'open',
    reason: 'No answer.',
    retry_at: '2100-01-01T00:00:00.000Z',
    paused_until: null,
    last_success_at: '2026-01-01T00:00:00.000Z',
  });
});

test('the queues are shown with what waits in them', async () => {
  await api.queues.enqueue('genres', { trigger: 'schedule' });
  await api.queues.enqueue('movies.fetch', { tmdbId: 1, requestedAt: 1 }, { delayMs: 60_000 });
  const { queues } = await overview();
  expect(
    queues.map(({ name, up, waiting, active, delayed }) => [name, up, waiting, active, delayed]),
  ).toEqual([
    ['sync', true, 1, 0, 0],
    ['on-demand', true, 0, 0, 1],
    ['background', true, 0, 0, 0],
    ['imports', true, 0, 0, 0],
  ]);
});

test('a queue that is away spoils nothing but its own figures', async () => {
  const queue = () => {
    throw new Error('away');
  };
  const get = api.another({ queues: { ...api.queues, queue } });
  const answer = await get('/api/admin/overview', admin.headers);
  expect(answer.status).toBe(200);
  const { data } = await answer.json();
  AdminOverview.strict().parse(data);
  expect(data.queues).toMatchObject([
    { name: 'sync', up: false, waiting: null },
    { name: 'on-demand', up: false, waiting: null },
    { name: 'background', up: false, waiting: null },
    { name: 'imports', up: false, waiting: null },
  ]);
  expect(data.users.total).toBe(1);
});
