import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { listenToNotices } from '#shared/db/notices.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { testDatabase } from '#tests/support/database.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import type { CallOutcome } from './upstream-state.ts';
import { openUpstreamStatus, type UpstreamStatus, type UpstreamStatusOptions } from './upstream-status.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());
const { pool } = database;
const never = new AbortController().signal;

beforeEach(async () => {
  await pool.query(`update upstream set circuit = 'closed', reason = null, opened_at = null, retry_at = null,
    paused_until = null, last_success_at = null`);
});

async function open(options: Partial<UpstreamStatusOptions> = {}) {
  const { log, lines } = rememberingLog();
  const status = await openUpstreamStatus({
    pool,
    log,
    probeDelayMs: () => 100,
    random: () => 0,
    ...options,
  });
  return { status, lines };
}

const rowNow = async () => (await pool.query('select * from upstream')).rows[0];

function fail(status: UpstreamStatus, times: number): void {
  for (let i = 0; i < times; i++) status.report({ kind: 'trouble', what: 'HTTP 503' });
}

const refusalOf = (status: UpstreamStatus): Promise<NexusError | undefined> =>
  status.pass(never).then(
    () => undefined,
    (error: unknown) => (error instanceof NexusError ? error : Promise.reject(error)),
  );

/** Another process, as far as the database can tell, which hears of changes as `main` would have it. */
async function openListening(options: Partial<UpstreamStatusOptions> = {}) {
  const opened = await open(options);
  const listener = await listenToNotices({
    clientConfig: database.clientConfig,
    onNotice: (notice) => void (notice.kind === 'upstream' && opened.status.refresh()),
    onGap: () => {},
    log: rememberingLog().log,
  });
  return { ...opened, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() };
}

describe('the circuit', () => {
  test('opens after five troubles in a row, and not before', async () => {
    const { status } = await open();
    await using _ = status;
    fail(status, 4);
    status.report({ kind: 'success' });
    fail(status, 4);
    expect(await refusalOf(status)).toBeUndefined();
    fail(status, 1);
    const refusal = await refusalOf(status);
    expect(refusal?.code).toBe('upstream_unavailable');
    expect(refusal?.retryAfterMs).toBeWithin(1, 1200);
    await until(async () => (await rowNow()).circuit === 'open');
    expect(await rowNow()).toMatchObject({ reason: 'TMDb cannot be reached: HTTP 503' });
  });

  test('is open for every process, and for one that starts later', async () => {
    await using other = await openListening();
    const { status } = await open();
    await using _ = status;
    fail(status, 5);
    await until(() => other.status.circuit === 'open');
    const { status: later } = await open();
    await using __ = later;
    expect(later.circuit).toBe('open');
  });

  test('is probed by one process at a time, and closes for all when TMDb is back', async () => {
    let back = false;
    const probes: number[] = [];
    const probe = (process: number) => async () => {
      probes.push(process);
      return back ? ({ kind: 'success' } as const) : ({ kind: 'trouble', what: 'still down' } as const);
    };
    await using one = await openListening();
    await using two = await openListening();
    one.status.probeWith(probe(1));
    two.status.probeWith(probe(2));
    const start = performance.now();
    fail(one.status, 5);
    // The first is the one that had to fail before the circuit opened.
    await until(() => probes.length >= 6);
    // One every 100 ms at most, however many processes there are.
    expect(performance.now() - start).toBeGreaterThan(5 * 100 * 0.9);
    expect(one.status.circuit).toBe('open');
    back = true;
    await until(() => one.status.circuit === 'closed' && two.status.circuit === 'closed');
    expect(await refusalOf(one.status)).toBeUndefined();
    expect(await rowNow()).toMatchObject({ circuit: 'closed', reason: null, retry_at: null });
    expect((await rowNow()).last_success_at).toBeString();
    await Promise.all([one.status[Symbol.asyncDispose](), two.status[Symbol.asyncDispose]()]);
  });

  test('left open by a process that was killed is probed by the next one', async () => {
    await pool.query(
      "update upstream set circuit = 'open', opened_at = now() - interval '1 day', retry_at = now() - interval '1 hour'",
    );
    const { status } = await open();
    await using _ = status;
    status.probeWith(async () => ({ kind: 'success' }));
    await until(() => status.circuit === 'closed');
  });

  test('closes when a probe meets the rate limit: TMDb answers', async () => {
    const { status } = await open();
    await using _ = status;
    status.probeWith(async () => ({ kind: 'rate-limited', retryAfterMs: 30_000 }));
    fail(status, 5);
    await until(() => !status.mayCall());
    expect(status.circuit).toBe('closed');
    expect((await refusalOf(status))?.code).toBe('upstream_rate_limited');
  });
});

describe('a pause', () => {
  test('holds every process, and is waited out', async () => {
    await using other = await openListening();
    const { status } = await open();
    await using _ = status;
    const start = performance.now();
    status.report({ kind: 'rate-limited', retryAfterMs: 2000 });
    expect(status.mayCall()).toBe(false);
    await until(() => !other.status.mayCall());
    await Promise.all([status.pass(never), other.status.pass(never)]);
    expect(performance.now() - start).toBeWithin(1900, 30_000);
    await other.status[Symbol.asyncDispose]();
  });

  test('that is too long to wait for is told at once', async () => {
    const { status } = await open();
    await using _ = status;
    status.report({ kind: 'rate-limited', retryAfterMs: 40_000 });
    const refusal = await refusalOf(status);
    expect(refusal?.code).toBe('upstream_rate_limited');
    expect(refusal?.retryAfterMs).toBeWithin(20_000, 40_001);
  });

  test('is one, though many calls come back with a 429, and doubles only with the next', async () => {
    const { status, lines } = await open();
    await using _ = status;
    for (let i = 0; i < 16; i++) status.report({ kind: 'rate-limited' });
    expect(lines.filter((line) => line.includes('slow down')).length).toBe(1);
    expect(lines.join()).toContain('"pause_ms":1000');
    await status.pass(never);
    status.report({ kind: 'rate-limited' });
    expect(lines.join()).toContain('"pause_ms":2000');
  });

  test('of an hour is kept by all, but for one call now and then that may end it', async () => {
    const looks: number[] = [];
    let outcome: CallOutcome = { kind: 'rate-limited' };
    const probe = async () => {
      looks.push(performance.now());
      return outcome;
    };
    const options = { pauseLookDelayMs: () => 200 };
    await using one = await openListening(options);
    await using other = await openListening(options);
    for (const { status } of [one, other]) status.probeWith(probe);
    one.status.report({ kind: 'rate-limited', retryAfterMs: 3_600_000 });
    await until(() => !other.status.mayCall());
    const toldMs = performance.now();
    await until(() => looks.length >= 3);
    // One look in 200 ms, whichever of them looks.
    expect(looks.length).toBeLessThanOrEqual(3 + (performance.now() - toldMs) / 200);
    expect((await refusalOf(other.status))?.retryAfterMs).toBeGreaterThan(3_500_000);
    outcome = { kind: 'success' };
    await until(() => one.status.mayCall() && other.status.mayCall());
    const ended = looks.length;
    await Bun.sleep(500);
    expect(looks.length).toBe(ended);
    await one.status[Symbol.asyncDispose]();
    await other.status[Symbol.asyncDispose]();
  });

  test('until a time that a wrong clock wrote does not hold anybody', async () => {
    await pool.query("update upstream set paused_until = now() + interval '200 days'");
    const { status } = await open();
    await using _ = status;
    expect(status.mayCall()).toBe(true);
    status.report({ kind: 'rate-limited', retryAfterMs: 2000 });
    await until(async () => {
      const { rows } = await pool.query(
        "select paused_until < now() + interval '10 seconds' as soon from upstream",
      );
      return rows[0].soon;
    });
  });

  test('can be left by the signal', async () => {
    const { status } = await open();
    await using _ = status;
    status.report({ kind: 'rate-limited', retryAfterMs: 9000 });
    expect(await status.pass(AbortSignal.timeout(50)).catch(codeOf)).toBe('shutting_down');
  });
});

describe('a rejected key', () => {
  test('stops all work, everywhere, and says so once', async () => {
    await using other = await openListening();
    const { status, lines } = await open();
    await using _ = status;
    for (let i = 0; i < 16; i++) status.report({ kind: 'key-rejected', reason: 'The key is wrong.' });
    expect((await refusalOf(status))?.code).toBe('upstream_key_rejected');
    await until(() => other.status.circuit === 'stopped');
    other.status.report({ kind: 'key-rejected', reason: 'The key is wrong.' });
    await until(async () => (await rowNow()).reason === 'The key is wrong.');
    const errors = [...lines, ...other.lines].filter((line) => line.includes('"level":"error"'));
    expect(errors.length).toBe(1);
    await other.status[Symbol.asyncDispose]();
  });

  test('is tried again after a while, by one call', async () => {
    const { status } = await open({ keyProbeDelayMs: () => 200 });
    await using _ = status;
    let calls = 0;
    status.probeWith(async () =>
      ++calls < 3 ? { kind: 'key-rejected', reason: 'no' } : { kind: 'success' },
    );
    status.report({ kind: 'key-rejected', reason: 'no' });
    const start = performance.now();
    await until(() => status.circuit === 'closed');
    expect(calls).toBe(3);
    expect(performance.now() - start).toBeGreaterThan(550);
  });

  test('that was replaced is taken up again at the next start', async () => {
    await pool.query("update upstream set circuit = 'stopped', retry_at = now() + interval '15 minutes'");
    const { status } = await open();
    await using _ = status;
    expect(status.circuit).toBe('stopped');
    status.recover();
    expect(await refusalOf(status)).toBeUndefined();
    await until(async () => (await rowNow()).circuit === 'closed');
  });
});

test('successes are written down now and then, not each of them', async () => {
  const { status } = await open();
  for (let i = 0; i < 1000; i++) status.report({ kind: 'success' });
  await status[Symbol.asyncDispose]();
  const { rows } = await pool.query('select xmin::text::bigint as xid, last_success_at from upstream');
  expect(rows[0].last_success_at).toBeString();
  const again = await open();
  again.status.report({ kind: 'success' });
  await again.status[Symbol.asyncDispose]();
  expect((await pool.query('select xmin::text::bigint as xid from upstream')).rows[0].xid).toBe(rows[0].xid);
});

test('without its database a process goes on by what it knows itself', async () => {
  const own = await testDatabase();
  const { log, lines } = rememberingLog();
  const status = await openUpstreamStatus({ pool: own.pool, log, probeDelayMs: () => 50, random: () => 0 });
  await own[Symbol.asyncDispose]();
  expect(await refusalOf(status)).toBeUndefined();
  fail(status, 5);
  expect((await refusalOf(status))?.code).toBe('upstream_unavailable');
  status.probeWith(async () => ({ kind: 'success' }));
  await until(() => status.circuit === 'closed');
  await status[Symbol.asyncDispose]();
  expect(lines.join()).toContain('could not be shared');
});
