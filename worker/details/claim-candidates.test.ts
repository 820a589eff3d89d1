import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import {
  type CandidateOptions,
  claimCandidates,
  countCandidates,
  wantWhatUsersTouched,
} from './claim-candidates.ts';

let database: Database;
const now = new Date('2026-11-20T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'movies', 'movie_absences', 'users'));

interface Row {
  tmdb_id: number;
  state: string;
  scope?: number | null;
  popularity?: number | null;
  fetched_at?: Date | null;
  release_date?: string | null;
  gone_at?: Date | null;
  parts_version?: number | null;
  /** A week after it was fetched, unless it is given. */
  refresh_due_at?: Date | null;
  changed_at?: Date | null;
}

async function insert(...rows: Row[]) {
  for (const {
    tmdb_id,
    state,
    scope = state === 'detailed' ? 1 : null,
    popularity = null,
    fetched_at = null,
    release_date = null,
    gone_at = null,
    parts_version = state === 'detailed' ? 1 : null,
    refresh_due_at = fetched_at && new Date(fetched_at.getTime() + 7 * 24 * 3_600_000),
    changed_at = null,
  } of rows)
    await database.pool.query(
      `insert into movies (tmdb_id, title, state, scope, popularity, fetched_at, release_date, gone_at, parts_version, refresh_due_at, changed_at)
       values ($1, 'T', $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        tmdb_id,
        state,
        scope,
        popularity,
        fetched_at,
        release_date,
        gone_at,
        parts_version,
        refresh_due_at,
        changed_at,
      ],
    );
}

const absent = (tmdbId: number, first: Date, last: Date) =>
  database.pool.query('insert into movie_absences values ($1, $2, $3)', [tmdbId, first, last]);

const options = (changes: Partial<CandidateOptions> = {}): CandidateOptions => ({
  scope: 'full',
  since: now,
  now,
  ...changes,
});

async function claimAll(changes: Partial<CandidateOptions> = {}, limit = 100): Promise<number[]> {
  const claimed: number[] = [];
  for (;;) {
    const ids = await claimCandidates(database.orm.em.getKysely(), options(changes), limit);
    if (ids.length === 0) return claimed;
    claimed.push(...ids);
  }
}

describe('what details asks about', () => {
  test('goes by the reason first, then by popularity, and leaves relations alone', async () => {
    await insert(
      { tmdb_id: 1, state: 'unknown', scope: 3, popularity: 99 },
      { tmdb_id: 2, state: 'listed', scope: 1, popularity: 5 },
      { tmdb_id: 3, state: 'listed', scope: 1, popularity: 50 },
      { tmdb_id: 4, state: 'listed', scope: 2, popularity: null },
      { tmdb_id: 5, state: 'listed', scope: null, popularity: 1000 },
      { tmdb_id: 6, state: 'purged', scope: 1, popularity: null },
    );
    expect(await countCandidates(database.orm.em.getKysely(), options())).toBe(5);
    expect(await claimAll()).toEqual([3, 2, 6, 4, 1]);
  });

  test('is bounded by MIRROR_SCOPE', async () => {
    await insert(
      { tmdb_id: 1, state: 'unknown', scope: 3 },
      { tmdb_id: 2, state: 'listed', scope: 2 },
      { tmdb_id: 3, state: 'listed', scope: 1 },
    );
    expect(await claimAll({ scope: 'trending' })).toEqual([3]);
    expect(await claimAll({ scope: 'popular' }, 1)).toEqual([2]);
  });

  test('is before all else what was fetched before parts were kept, once', async () => {
    const fetched_at = hoursAgo(1);
    await insert(
      { tmdb_id: 1, state: 'listed', scope: 1 },
      { tmdb_id: 2, state: 'detailed', scope: 3, fetched_at, parts_version: null },
      { tmdb_id: 3, state: 'detailed', fetched_at: hoursAgo(24 * 8), popularity: 1, parts_version: null },
      { tmdb_id: 4, state: 'detailed', fetched_at, popularity: 9, parts_version: null },
      { tmdb_id: 5, state: 'detailed', fetched_at },
      { tmdb_id: 6, state: 'gone', scope: 1, fetched_at, parts_version: null },
    );
    expect(await countCandidates(database.orm.em.getKysely(), options())).toBe(4);
    expect(await claimAll({}, 1)).toEqual([4, 3, 2, 1]);
    expect(await claimAll({ scope: 'trending' })).toEqual([]);
  });

  test('is then what is due, by when it was due, and first what has no plan', async () => {
    const detailed = (tmdb_id: number, dueHoursAgo: number | null) => ({
      tmdb_id,
      state: 'detailed',
      fetched_at: hoursAgo(24),
      refresh_due_at: dueHoursAgo === null ? null : hoursAgo(dueHoursAgo),
    });
    await insert(
      detailed(1, 1),
      detailed(2, -1),
      detailed(3, 5),
      { ...detailed(4, 3), scope: 3 },
      detailed(5, null),
      { tmdb_id: 6, state: 'listed', scope: 1 },
    );
    expect(await countCandidates(database.orm.em.getKysely(), options())).toBe(5);
    expect(await claimAll()).toEqual([6, 5, 3, 4, 1]);
  });

  test('is before all else what TMDb has changed, in the order in which that became known', async () => {
    await insert(
      { tmdb_id: 1, state: 'listed', scope: 1 },
      { tmdb_id: 2, state: 'detailed', fetched_at: hoursAgo(3), changed_at: hoursAgo(1) },
      { tmdb_id: 3, state: 'detailed', fetched_at: hoursAgo(3), changed_at: hoursAgo(2), scope: 3 },
      { tmdb_id: 4, state: 'detailed', fetched_at: hoursAgo(3), changed_at: hoursAgo(2), scope: null },
      { tmdb_id: 5, state: 'detailed', fetched_at: hoursAgo(24 * 20) },
    );
    expect(await countCandidates(database.orm.em.getKysely(), options())).toBe(4);
    expect(await claimAll({}, 1)).toEqual([3, 2, 1, 5]);
  });

  test('is what changed again after it was tried, in the same run', async () => {
    await insert({ tmdb_id: 1, state: 'detailed', fetched_at: hoursAgo(3), changed_at: hoursAgo(1) });
    expect(await claimAll()).toEqual([1]);
    const later = { now: hoursAgo(-1) };
    await database.pool.query('update movies set changed_at = $1', [hoursAgo(-0.5)]);
    expect(await claimAll(later)).toEqual([1]);
    expect(await claimAll(later)).toEqual([]);
    // What a clock that is ahead has stamped does not keep the run going.
    await database.pool.query('update movies set changed_at = $1', [hoursAgo(-5)]);
    expect(await claimAll(later)).toEqual([]);
  });

  test('is last the oldest that are not due, as many as are left of the budget', async () => {
    await insert(
      ...[1, 2, 3, 4].map((n) => ({ tmdb_id: n, state: 'detailed', fetched_at: hoursAgo(12 + n) })),
      { tmdb_id: 5, state: 'detailed', fetched_at: hoursAgo(11) },
      { tmdb_id: 6, state: 'detailed', fetched_at: hoursAgo(24 * 8) },
    );
    const spareCalls = { left: 3 };
    expect(await claimAll({ spareCalls }, 2)).toEqual([6, 4, 3, 2]);
    expect(spareCalls.left).toBe(0);
    expect(await claimAll({ spareCalls: { left: 100 } })).toEqual([1]);
  });

  test('is before that what may have changed while nobody looked, the oldest first', async () => {
    await insert(
      ...[1, 2, 3, 4].map((n) => ({ tmdb_id: n, state: 'detailed', fetched_at: hoursAgo(12 + n) })),
    );
    expect(await claimAll({ suspectBefore: hoursAgo(14.5), spareCalls: { left: 1 } })).toEqual([4, 3, 2]);
  });

  test('keeps fresh what the scope names, and lets what an earlier, larger one took in grow old', async () => {
    await insert(
      { tmdb_id: 1, state: 'detailed', scope: 3, fetched_at: hoursAgo(24 * 9) },
      { tmdb_id: 2, state: 'detailed', scope: 1, fetched_at: hoursAgo(24 * 8) },
      { tmdb_id: 3, state: 'detailed', scope: 2, fetched_at: hoursAgo(24 * 10) },
    );
    expect(await claimAll({ scope: 'trending' })).toEqual([2]);
    expect(await claimAll({ scope: 'full' })).toEqual([3, 1]);
  });

  test('is asked once in one execution, and again in the next', async () => {
    await insert({ tmdb_id: 1, state: 'listed', scope: 1 });
    expect(await claimAll()).toEqual([1]);
    expect(await claimAll()).toEqual([]);
    const later = new Date(now.getTime() + 1000);
    expect(await claimAll({ since: later, now: later })).toEqual([1]);
  });

  test('leaves an absent id in peace for a day, then for twice as long each time', async () => {
    await insert(
      { tmdb_id: 1, state: 'listed', scope: 1 },
      { tmdb_id: 2, state: 'listed', scope: 1 },
      { tmdb_id: 3, state: 'gone', gone_at: hoursAgo(24 * 40) },
      { tmdb_id: 4, state: 'gone', gone_at: hoursAgo(24 * 40) },
    );
    await absent(1, hoursAgo(23), hoursAgo(23));
    await absent(2, hoursAgo(25), hoursAgo(25));
    await absent(3, hoursAgo(24 * 50), hoursAgo(24 * 26));
    await absent(4, hoursAgo(24 * 50), hoursAgo(24 * 20));
    expect(await claimAll()).toEqual([2, 3]);
  });

  test('asks for one whose details we hold again soon, then less often', async () => {
    const minutesAgo = (minutes: number) => hoursAgo(minutes / 60);
    for (const tmdb_id of [1, 2, 3, 4])
      await insert({ tmdb_id, state: 'detailed', fetched_at: hoursAgo(24 * (20 - tmdb_id)) });
    await absent(1, minutesAgo(9), minutesAgo(9));
    await absent(2, minutesAgo(11), minutesAgo(11));
    await absent(3, minutesAgo(180), minutesAgo(60));
    await absent(4, minutesAgo(180), minutesAgo(95));
    expect(await claimAll()).toEqual([2, 4]);
  });

  test('asks for one whose details we hold when the first answer is a day old, whatever came in between', async () => {
    for (const tmdb_id of [1, 2, 3, 4])
      await insert({ tmdb_id, state: 'detailed', fetched_at: hoursAgo(24 * (20 - tmdb_id)) });
    await absent(1, hoursAgo(24.1), hoursAgo(1));
    await absent(2, hoursAgo(23.9), hoursAgo(1));
    await absent(3, hoursAgo(24.1), hoursAgo(13));
    // It was refused then, because too many were gone.
    await absent(4, hoursAgo(30), hoursAgo(2));
    expect(await claimAll()).toEqual([1, 3]);
  });

  test('does not wait for a time that a wrong clock stamped', async () => {
    const ahead = hoursAgo(-200 * 24);
    await insert(
      { tmdb_id: 1, state: 'detailed', fetched_at: ahead },
      { tmdb_id: 2, state: 'listed', scope: 1, popularity: 2 },
      { tmdb_id: 3, state: 'listed', scope: 1, popularity: 1 },
    );
    await database.pool.query('update movies set attempted_at = $1 where tmdb_id = 2', [ahead]);
    await absent(3, ahead, ahead);
    expect(await countCandidates(database.orm.em.getKysely(), options())).toBe(3);
    expect(await claimAll()).toEqual([2, 3, 1]);
  });

  test('takes in what a user touched, even a mere relation', async () => {
    await insert({ tmdb_id: 1, state: 'listed' }, { tmdb_id: 2, state: 'listed' });
    const user = Bun.randomUUIDv7();
    await database.pool.query(
      "insert into users (id, name, email, password_hash) values ($1, 'U', 'u@x', 'h')",
      [user],
    );
    await database.pool.query(
      "insert into user_movie_interactions (user_id, movie_id, interaction_type) select $1, id, 'liked' from movies where tmdb_id = 2",
      [user],
    );
    await wantWhatUsersTouched(database.orm.em.getKysely());
    expect(await claimAll({ scope: 'trending' })).toEqual([2]);
  });
});
