import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { defaultApiKey, startSandbox } from '#sandbox/server.ts';
import { codeOf } from '#shared/errors.ts';
import type { RunTrigger } from '#shared/jobs/catalog.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { syncDetails } from '#worker/details/sync-details.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { createTmdbClient } from '#worker/tmdb/create-tmdb-client.ts';
import type { Fetch } from '#worker/tmdb/http.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { openUpstreamStatus } from '#worker/tmdb/upstream/upstream-status.ts';
import { syncChanges } from './sync-changes.ts';

const start = Date.parse('2026-11-20T12:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
let nowMs = start;

const database = await testDatabase();
const sandbox = await startSandbox({ movies: 1000, now: () => nowMs });
const ids = Array.from({ length: 400 }, (_, position) => sandbox.catalogue.idAt(position));
const [first = 0, second = 0, third = 0, fourth = 0] = ids;

afterAll(async () => {
  await sandbox.stop();
  await database[Symbol.asyncDispose]();
});
beforeAll(async () => {
  // Whatever a test takes away, an absence is believed: the witness is tested where it lives.
  await database.pool.query("update upstream set circuit = 'closed'");
});
beforeEach(async () => {
  nowMs = start;
  sandbox.clearChanges();
  sandbox.misbehave([]);
  sandbox.resetStats();
  await emptyTables(database.pool, 'movies', 'movie_absences', 'change_feeds');
});

/** As if they had been fetched then, in scope. */
const hold = (held: readonly number[], fetchedAtMs = start - hour, scope: number | null = 1) =>
  database.pool.query(
    `insert into movies (tmdb_id, title, state, scope, fetched_at, parts_version, refresh_due_at)
     select id, 'T', 'detailed', $2, $3, 1, $3::timestamptz + interval '60 days' from unnest($1::int[]) as id`,
    [held, scope, new Date(fetchedAtMs)],
  );
const readUntil = (ms: number) =>
  database.pool.query(
    "insert into change_feeds (name, read_until) values ('movie', $1) on conflict (name) do update set read_until = excluded.read_until",
    [new Date(ms)],
  );
const feed = async () => {
  const { rows } = await database.pool.query('select read_until, gap_from, gap_until from change_feeds');
  const times = Object.entries(rows[0] as Record<string, string | null>);
  return Object.fromEntries(times.map(([name, at]) => [name, at === null ? null : new Date(at)]));
};
const marked = async () =>
  (
    await database.pool.query('select tmdb_id from movies where changed_at is not null order by tmdb_id')
  ).rows.map((row) => row.tmdb_id);
const inOrder = (list: readonly number[]) => [...list].sort((a, b) => a - b);

async function withContext<T>(
  work: (context: ReturnType<typeof jobContext>) => Promise<T>,
  fetch?: Fetch,
): Promise<T> {
  const { log } = rememberingLog();
  await using limiter = openLimiter({ maxRps: 1000, log });
  await using status = await openUpstreamStatus({ pool: database.pool, log });
  await using tmdb = createTmdbClient({
    baseUrl: sandbox.url,
    exportBaseUrl: sandbox.exportUrl,
    credential: { kind: 'token', token: defaultApiKey },
    limiter,
    status,
    log,
    retryBaseMs: 5,
    ...(fetch && { fetch }),
  });
  return await work(jobContext(database, { tmdb, now: () => new Date(nowMs) }));
}

const run = ({ trigger = 'schedule', fetch }: { trigger?: RunTrigger; fetch?: Fetch } = {}) =>
  withContext(async (context) => {
    await syncChanges({ trigger }, context);
    return context.counts;
  }, fetch);
const runDetails = () => withContext((context) => syncDetails({ trigger: 'follow-up' }, context));

describe('a run of changes', () => {
  test('marks what is mirrored and in scope, and nothing else', async () => {
    await hold([first, second]);
    await hold([third], start - hour, null);
    await hold([fourth], start - hour, 3);
    await readUntil(start - 15 * minute);
    sandbox.listChanged([first, third, fourth, 999_999_999], start - minute);
    expect(await run()).toEqual({ ...noCounts(), seen: 4, updated: 1, unchanged: 3 });
    expect(await marked()).toEqual([first]);
    expect(sandbox.requests().map(({ route }) => route)).toEqual(['GET /movie/changes']);
  });

  test('moves the watermark to when it began', async () => {
    await readUntil(start - 15 * minute);
    await run();
    expect((await feed()).read_until).toEqual(new Date(start));
  });

  test('reads all pages, and marks each movie once', async () => {
    await hold(ids);
    await readUntil(start - 15 * minute);
    sandbox.listChanged(ids, start - minute);
    expect(await run()).toMatchObject({ seen: 400, updated: 400 });
    expect(await marked()).toEqual(inOrder(ids));
    expect(
      sandbox.requests().map(({ target }) => new URLSearchParams(target.split('?')[1]).get('page')),
    ).toEqual(['1', '2', '3', '4']);
  });

  test('misses nothing of pages that shift while they are read', async () => {
    await hold(ids);
    await readUntil(start - 15 * minute);
    sandbox.listChanged(ids, start - minute);
    // The oldest entry, which would stand on the last page, changes again while the second is read.
    const fetch: Fetch = (url, init) => {
      if (new URL(url).searchParams.get('page') === '2' && !shifted) {
        shifted = true;
        sandbox.listChanged([first], nowMs);
      }
      return globalThis.fetch(url, init);
    };
    let shifted = false;
    expect(await run({ fetch })).toMatchObject({ seen: 400, updated: 400 });
    expect(await marked()).toEqual(inOrder(ids));
  });

  test('takes over nothing of what TMDb refuses, and its watermark stays behind an outage', async () => {
    await hold([first, second]);
    await readUntil(start - 15 * minute);
    sandbox.listChanged([first], start - minute);
    sandbox.misbehave([{ kind: 'status-503', match: '/movie/changes' }]);
    expect(codeOf(await run().catch((error) => error))).toBe('upstream_unavailable');
    expect((await feed()).read_until).toEqual(new Date(start - 15 * minute));
    sandbox.misbehave([]);
    await database.pool.query("update upstream set circuit = 'closed', retry_at = null");
    nowMs = start + 5 * day;
    sandbox.listChanged([second], start + 2 * day);
    await run();
    expect(await marked()).toEqual(inOrder([first, second]));
    expect((await feed()).read_until).toEqual(new Date(nowMs));
  });

  test('that is killed half way has marked half, and the next one marks the rest', async () => {
    await hold(ids);
    await readUntil(start - 15 * minute);
    sandbox.listChanged(ids, start - minute);
    const killed: Fetch = (url, init) => {
      if (new URL(url).searchParams.get('page') === '3') throw new Error('killed');
      return globalThis.fetch(url, init);
    };
    await run({ fetch: killed }).catch(() => {});
    expect((await marked()).length).toBe(200);
    expect((await feed()).read_until).toEqual(new Date(start - 15 * minute));
    await database.pool.query("update upstream set circuit = 'closed', retry_at = null");
    await run();
    expect((await marked()).length).toBe(400);
  });

  test('asks for no window that TMDb refuses, however long it was off', async () => {
    await hold([first]);
    await readUntil(start - 13 * day);
    sandbox.listChanged([first], start - 12.5 * day);
    await hold([second], start - 14 * day);
    await run();
    expect(sandbox.requests().map(({ status }) => status)).toEqual([200, 200]);
    // The first was fetched since.
    expect(await marked()).toEqual([]);
    await database.pool.query('update movies set fetched_at = $1', [new Date(start - 12.8 * day)]);
    await readUntil(start - 13 * day);
    await run();
    expect(await marked()).toEqual([first]);
  });

  test('begins with what is older than its first run, where nothing was read before', async () => {
    await hold([first], start - 3 * day);
    sandbox.listChanged([first], start - 2 * day);
    await run();
    expect(await marked()).toEqual([first]);
  });
});

describe('a movie that stays listed all day', () => {
  beforeEach(async () => {
    await hold([first], start - hour);
    await readUntil(start - 15 * minute);
    sandbox.listChanged([first], start - minute);
    await run();
    await runDetails();
    expect(await marked()).toEqual([]);
  });

  test('is not marked again each time', async () => {
    nowMs = start + 15 * minute;
    await run();
    expect(await marked()).toEqual([]);
  });

  test('is looked at again after hours, since it may have changed again', async () => {
    nowMs = start + 4 * hour + minute;
    await run();
    expect(await marked()).toEqual([first]);
  });

  test('is looked at again when its day is over', async () => {
    nowMs = start + 11 * hour + 50 * minute;
    await run();
    await runDetails();
    sandbox.listChanged([first], nowMs + minute);
    nowMs = start + 12 * hour + 10 * minute;
    await run();
    expect(await marked()).toEqual([first]);
  });

  test('is looked at again at once when an administrator asks', async () => {
    nowMs = start + minute;
    await run({ trigger: 'admin' });
    expect(await marked()).toEqual([first]);
  });
});

describe('details', () => {
  test('asks about what changed before what is stale, and only once', async () => {
    await hold([first], start - 61 * day);
    await hold([second], start - hour);
    await readUntil(start - 15 * minute);
    sandbox.listChanged([second], start - minute);
    await run();
    sandbox.resetStats();
    await runDetails();
    expect(sandbox.requests().map(({ target }) => target.split('?')[0])).toEqual([
      `/movie/${second}`,
      `/movie/${first}`,
    ]);
    expect(await marked()).toEqual([]);
  });

  test('asks again about what changed while it was being asked about', async () => {
    await hold([first]);
    await readUntil(start - 15 * minute);
    sandbox.listChanged([first], start - minute);
    await run();
    nowMs += minute;
    let changes = 0;
    const changing: Fetch = async (url, init) => {
      const answer = await globalThis.fetch(url, init);
      if (url.includes(`/movie/${first}?`) && changes++ === 0) {
        // Between TMDb's answer and our writing it down.
        nowMs += minute;
        sandbox.override(first, { title: 'Changed again' });
        await run();
      }
      return answer;
    };
    await withContext((context) => syncDetails({ trigger: 'follow-up' }, context), changing);
    expect(await marked()).toEqual([first]);
    await runDetails();
    const { rows } = await database.pool.query('select title from movies where tmdb_id = $1', [first]);
    expect(rows[0].title).toBe('Changed again');
    expect(await marked()).toEqual([]);
  });
});

describe('a deleted movie', () => {
  test('is gone within 48 hours after the feed named it, and not within a day', async () => {
    await hold([first, second, third]);
    await readUntil(start - 15 * minute);
    await run();
    sandbox.setGone([first]);
    const deletedMs = nowMs;
    const goneAfterMs = async () => {
      for (nowMs += 7 * minute; nowMs < deletedMs + 60 * hour; nowMs += 15 * minute) {
        await run();
        await runDetails();
        const { rows } = await database.pool.query("select 1 from movies where state = 'gone'");
        if (rows.length > 0) return nowMs - deletedMs;
      }
      return Number.POSITIVE_INFINITY;
    };
    const hours = (await goneAfterMs()) / hour;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(26);
    const asked = sandbox.requests().filter(({ target }) => target.startsWith(`/movie/${first}?`));
    expect(asked.length).toBeLessThan(12);
  }, 120_000);
});

describe('a longer gap than TMDb keeps', () => {
  test('is noted, and healed by looking at everything that was fetched before, the oldest first', async () => {
    await hold([first], start - 2 * hour);
    await hold([second], start - 20 * day);
    await hold([third], start - 40 * day);
    await readUntil(start - 40 * day);
    await database.pool.query('update movies set fetched_at = $1 where tmdb_id = $2', [
      new Date(start - 14 * day),
      second,
    ]);
    await run();
    expect(await feed()).toMatchObject({
      read_until: new Date(start),
      gap_from: new Date(start - 40 * day),
      gap_until: new Date('2026-11-07T00:00:00Z'),
    });
    await runDetails();
    const { rows } = await database.pool.query(
      'select tmdb_id from movies where fetched_at = $1 and state = $2 and tmdb_id = any($3) order by 1',
      [new Date(start), 'detailed', [first, second, third]],
    );
    expect(rows.map((row) => row.tmdb_id)).toEqual(inOrder([second, third]));
    expect(await feed()).toMatchObject({ gap_from: null, gap_until: null });
  });
});
