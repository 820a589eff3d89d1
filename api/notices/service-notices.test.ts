import { afterAll, beforeEach, expect, test } from 'bun:test';
import { openNoticeHub } from '#api/store/notice-hub.ts';
import { testDatabase } from '#tests/support/database.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { createServiceNotices } from './service-notices.ts';
import { watchNotices } from './watch-notices.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());
const { pool } = database;

const aliveWorker = () =>
  pool.query(
    `insert into worker_processes (id, host, pid, started_at, seen_at, event_loop_lag_ms, resident_bytes)
     values ($1, 'here', 1, now() - interval '1 day', now(), 1, 1)`,
    [Bun.randomUUIDv7()],
  );

beforeEach(async () => {
  await pool.query(
    "truncate worker_processes, sync_runs; update upstream set circuit = 'closed', reason = null",
  );
  await aliveWorker();
});

test('a quiet service has no notices, and an empty database only that no worker came', async () => {
  const read = createServiceNotices({ pool, dataDir: '/tmp', now: Date.now });
  expect((await read()).filter(({ code }) => code !== 'disk_fills')).toEqual([]);
  await pool.query('truncate worker_processes');
  const [notice] = await read();
  expect(notice).toMatchObject({ code: 'no_worker', since: expect.stringMatching(/^20\d\d-.*Z$/) });
});

test('each fact of the database, the disk and the clock is read', async () => {
  await pool.query(
    `insert into sync_runs (id, job, trigger, status, queued_at, finished_at)
     values ($1, 'trending', 'schedule', 'succeeded', now() - interval '1 day', now() - interval '1 day')`,
    [Bun.randomUUIDv7()],
  );
  await pool.query(
    "update upstream set circuit = 'open', reason = 'TMDb cannot be reached: x', opened_at = '2026-11-20T10:00:00Z'",
  );
  const read = createServiceNotices({ pool, dataDir: '/no/such/folder', now: () => Date.now() + 60_000 });
  const found = await read();
  expect(found.map(({ code }) => code)).toEqual(['tmdb_unreachable', 'clock_differs', 'mirror_ages']);
  expect(found[0]).toMatchObject({
    sentence: 'TMDb cannot be reached: x',
    since: '2026-11-20T10:00:00.000Z',
  });
  const again = await read();
  expect(again[1]?.since).toBe(String(found[1]?.since));
});

test('a notice is told once in the log and at the terminal when it comes, and once when it is over', async () => {
  const { log, lines } = rememberingLog();
  const said: string[] = [];
  await using hub = await openNoticeHub(database, log);
  const read = createServiceNotices({ pool, dataDir: undefined, now: Date.now });
  await using _watch = watchNotices({ read, hub, log, say: (line) => void said.push(line), everyMs: 20 });
  await pool.query("update upstream set circuit = 'stopped', reason = 'TMDb rejects the token.'");
  await until(() => said.length === 1);
  expect(said[0]).toMatch(/^ {2}! {2}TMDb rejects the token\.\n {5}What to do: Get a key/);
  await Bun.sleep(100);
  expect(said).toHaveLength(1);
  await pool.query("update upstream set circuit = 'closed', reason = null");
  await until(() => said.length === 2);
  expect(said[1]).toBe('  Over: TMDb rejects the token.');
  expect(lines.filter((line) => line.includes('"notice":"tmdb_key_rejected"'))).toHaveLength(2);
});
