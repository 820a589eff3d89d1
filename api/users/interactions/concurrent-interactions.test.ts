import { afterAll, beforeAll, beforeEach, expect, spyOn, test } from 'bun:test';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import type { TestResponse } from '#tests/support/api/test-response.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';

const path = '/api/user/interactions';
let api: TestApi;
/** A process of its own, as far as turns and connections go, over the same database. */
let second: TestApi['request'];
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  second = api.anotherRequest({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => emptyTables(api.pool, 'movies', 'users'));

/** What the other process is asked. */
const postElsewhere = ({ headers }: TestUser, body: unknown) =>
  second(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const rows = async (text: string, values: unknown[] = []) => (await api.pool.query(text, values)).rows;
/** No two opinions of one movie, whoever holds them. */
const contradictions = () =>
  rows(`select 1 from user_movie_interactions where interaction_type in ('liked', 'disliked')
    group by user_id, movie_id having count(*) > 1`);
const deadlocks = async () =>
  (await rows('select deadlocks::int as n from pg_stat_database where datname = current_database()'))[0].n;

test('fifty writers of one user toggling the same movies leave one opinion of each', async () => {
  const user = await openUser(api);
  const movies = [5, 3, 1, 4, 2];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => {
      const type = n % 4 < 2 ? 'liked' : 'disliked';
      const order = n % 3 === 0 ? movies : movies.toReversed();
      const items = order.flatMap((tmdb_id) => [
        { tmdb_id, type },
        { tmdb_id, type: 'watched' },
      ]);
      return n % 2 ? user.post(path, { items }) : postElsewhere(user, { items });
    }),
  );
  const counts = await Promise.all(
    answers.map(async (answer) => [answer.status, (await answer.json()).data]),
  );
  for (const [status, data] of counts) expect([status, data.added + data.unchanged]).toEqual([200, 10]);
  expect(await contradictions()).toEqual([]);
  const kept = await rows(
    'select count(*)::int as n, count(distinct movie_id)::int as movies from user_movie_interactions',
  );
  expect(kept).toEqual([{ n: 10, movies: 5 }]);
  const shown = await (await user.get(path)).json();
  expect(shown.meta.total_results).toBe(10);
});

test('what all the answers say was added is what is there', async () => {
  const user = await openUser(api);
  const types = ['bookmarked', 'watched'];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => user.post(path, { tmdb_id: 1 + (n % 5), type: types[n % 2] })),
  );
  let added = 0;
  for (const answer of answers) added += (await answer.json()).data.added;
  expect(added).toBe(10);
  expect(await rows('select count(*)::int as n from user_movie_interactions')).toEqual([{ n: 10 }]);
});

test('many users naming the same unknown movies at once all get their rows, and each movie one', async () => {
  const users = await Promise.all(Array.from({ length: 30 }, () => openUser(api)));
  const before = await deadlocks();
  const ids = Array.from({ length: 100 }, (_, i) => 1000 + i);
  const answers = await Promise.all(
    users.flatMap((user, n) =>
      [ids, ids.toReversed()].map((order, turn) =>
        user.post(path, {
          items: order
            .slice(n % 7)
            .map((tmdb_id, i) => ({ tmdb_id, type: (i + turn + n) % 2 ? 'liked' : 'disliked' })),
        }),
      ),
    ),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(await rows('select count(*)::int as n, count(distinct tmdb_id)::int as ids from movies')).toEqual([
    { n: 100, ids: 100 },
  ]);
  expect(await contradictions()).toEqual([]);
  expect(await rows('select count(distinct user_id)::int as users from user_movie_interactions')).toEqual([
    { users: 30 },
  ]);
  expect(await deadlocks()).toBe(before);
});

test('saying and taking back at once ends with what either order would give', async () => {
  const user = await openUser(api);
  await user.post(path, { tmdb_id: 1, type: 'liked' });
  const asked = Array.from({ length: 40 }, (_, n) =>
    n % 2
      ? user.remove(`${path}/1/disliked`)
      : user.post(path, { tmdb_id: 1, type: n % 4 ? 'liked' : 'disliked' }),
  );
  for (const answer of await Promise.all(asked)) expect(answer.status).toBeOneOf([200, 204]);
  await user.post(path, { tmdb_id: 1, type: 'liked' });
  expect(await rows('select interaction_type from user_movie_interactions')).toEqual([
    { interaction_type: 'liked' },
  ]);
});

test('a bulk of five hundred takes as many statements as one of one', async () => {
  const user = await openUser(api);
  // It is told of each statement, and still does its work.
  const watched = WatchedClient.prototype as unknown as { noteAsked: (asked: unknown) => void };
  const noted = spyOn(watched, 'noteAsked');
  try {
    const count = async (size: number, from: number) => {
      noted.mockClear();
      const items = Array.from({ length: size }, (_, i) => ({ tmdb_id: from + i, type: 'liked' }));
      expect((await user.post(path, { items })).status).toBe(200);
      return noted.mock.calls.filter(([one]) =>
        /^api-(begin|hold-owner|count|place|save|commit)/.test(nameOf(one)),
      ).length;
    };
    expect([await count(1, 1), await count(500, 100)]).toEqual([6, 6]);
  } finally {
    noted.mockRestore();
  }
});

const nameOf = (statement: unknown) => String((statement as { name?: string } | undefined)?.name ?? '');

test.each([
  ['without a time', () => ({})],
  ['with that of the caller', () => ({ at: new Date().toISOString() })],
])('what is said last stands, whichever clock is behind: %s', async (_, when) => {
  const user = await openUser(api);
  const slow = api.anotherRequest({ config: { rateLimit: false }, now: () => Date.now() - 400 });
  const said = async (answer: Promise<TestResponse>) => (await (await answer).json()).data.added;
  const atSlow = (body: object) =>
    said(
      slow(path, {
        method: 'POST',
        headers: { ...user.headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  for (const [tmdb_id, type, other] of [
    [7, 'liked', 'disliked'],
    [8, 'disliked', 'liked'],
  ] as const) {
    expect(await said(user.post(path, { tmdb_id, type: other, ...when() }))).toBe(1);
    expect(await atSlow({ tmdb_id, type, ...when() })).toBe(1);
    // What was said of another day is older all the same.
    expect(await atSlow({ tmdb_id, type: other, at: '1990-01-01T00:00:00Z' })).toBe(0);
  }
  expect(await rows('select interaction_type as type from user_movie_interactions order by 1')).toEqual([
    { type: 'disliked' },
    { type: 'liked' },
  ]);
});
