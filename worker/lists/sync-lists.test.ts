import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { readReferenceDocument } from '#shared/reference/reference-document.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { openSandboxClient, type SandboxClient } from '#tests/support/sandbox-client.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { syncLists } from './sync-lists.ts';

let database: Database;
let upstream: SandboxClient;

beforeAll(async () => {
  database = await testDatabase();
  upstream = await openSandboxClient(database.pool, 1000);
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  upstream.sandbox.misbehave([]);
  await emptyTables(
    database.pool,
    'movies',
    'people',
    'list_snapshots',
    'reference_documents',
    'list_entries',
    'genres',
  );
});

async function run(
  regions: readonly string[] = ['US', 'DE'],
  changes: { force?: boolean; tmdb?: object } = {},
) {
  const { force, tmdb = upstream.tmdb } = changes;
  const context = jobContext(database, {
    tmdb: tmdb as SandboxClient['tmdb'],
    mirror: { scope: 'trending', popularPages: 1, spareCallsPerSecond: 0, languages: 'all', regions },
    counts: noCounts(),
  });
  await syncLists({ trigger: 'schedule', ...(force === undefined ? {} : { force }) }, context);
  return context.counts;
}

const rows = async (text: string) => (await database.pool.query(text)).rows;
/** Each list as its ids in order. */
const lists = async (): Promise<Record<string, number[]>> =>
  Object.fromEntries(
    (
      await rows(
        `select e.list || '/' || e.region as name, array_agg(m.tmdb_id order by e.rank) as ids
         from list_entries e join movies m on m.id = e.movie_id group by 1 order by 1`,
      )
    ).map(({ name, ids }) => [name, ids]),
  );

const names = ['now_playing', 'popular', 'top_rated', 'upcoming'].flatMap((list) => [
  `${list}/DE`,
  `${list}/US`,
]);

test('each list is taken over for each region, in TMDb’s order, and its movies are to be detailed', async () => {
  await run();
  const taken = await lists();
  expect(Object.keys(taken)).toEqual(names);
  expect(taken['popular/US']).toEqual(upstream.sandbox.catalogue.popular().slice(0, 200) as number[]);
  expect(taken['popular/DE']).not.toEqual(taken['popular/US'] ?? []);
  expect(await rows('select distinct scope from movies')).toEqual([{ scope: 1 }]);
  const [{ dates }] = await rows("select dates from list_snapshots where name = 'now_playing/DE'");
  expect(dates).toEqual({
    maximum: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    minimum: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
  expect(await rows("select dates from list_snapshots where name = 'popular/DE'")).toEqual([{ dates: null }]);
});

test('a second run changes nothing', async () => {
  const first = await run();
  expect(first.created).toBeGreaterThan(200);
  const before = await lists();
  expect(await run()).toMatchObject({ created: 0, updated: 0, failed: 0, seen: first.seen });
  expect(await lists()).toEqual(before);
});

test('people are kept as TMDb sent them, and known by name', async () => {
  await run();
  for (const name of ['person/popular', 'trending/person/day', 'trending/person/week'] as const) {
    const kept = await readReferenceDocument(database.pool, name);
    const { results } = JSON.parse(kept?.text ?? '{}');
    expect(results.length).toBe(200);
    expect(results[0].known_for.length).toBeGreaterThan(0);
    const [{ n }] = await rows(
      `select count(*)::int as n from people where id in (${results.map((row: { id: number }) => row.id)})`,
    );
    expect(n).toBe(200);
  }
  const latest = await readReferenceDocument(database.pool, 'movie/latest');
  expect(JSON.parse(latest?.text ?? '{}')).toHaveProperty('production_companies');
  // Too old to be shown.
  await database.pool.query("update reference_documents set fetched_at = now() - interval '181 days'");
  expect(await readReferenceDocument(database.pool, 'movie/latest')).toBeUndefined();
});

test.each([
  ['empty', { kind: 'empty-list', match: '/movie/popular' }, 'list_too_short'],
  ['much shorter', { kind: 'short-list', match: '/movie/popular' }, 'list_incomplete'],
  ['of another shape', { kind: 'wrong-shape', match: '/movie/popular' }, 'upstream_malformed'],
  ['missing a page', { kind: 'empty-list', match: 'page=3&region=US' }, 'list_incomplete'],
  ['gone from a page on', { kind: 'vanish', match: 'page=4&region=DE' }, 'upstream_not_found'],
] as const)('a list that is %s never replaces a good one', async (_what, fault, code) => {
  await run();
  const before = await lists();
  await database.pool.query("update list_snapshots set fetched_at = '2020-01-01'");
  upstream.sandbox.misbehave([fault]);
  await expect(run()).rejects.toMatchObject({ code });
  expect((await lists())['popular/US']).toEqual(before['popular/US'] as number[]);
  expect((await lists())['popular/DE']).toEqual(before['popular/DE'] as number[]);
  upstream.sandbox.misbehave([]);
  await run();
  expect(await lists()).toEqual(before);
});

test('one wrong list does not keep the others from being read', async () => {
  upstream.sandbox.misbehave([{ kind: 'empty-list', match: '/movie/popular' }]);
  await expect(run()).rejects.toMatchObject({ code: 'list_too_short' });
  expect(Object.keys(await lists())).toEqual(names.filter((name) => !name.startsWith('popular')));
});

test('a list of another region is not believed', async () => {
  await run();
  const before = await lists();
  const { tmdb } = upstream;
  const blind: typeof tmdb = {
    ...tmdb,
    movieList: (list, _region, page, o) => tmdb.movieList(list, 'US', page, o),
  };
  await expect(run(['US', 'DE'], { tmdb: blind })).rejects.toMatchObject({ code: 'list_of_other_region' });
  const after = await lists();
  for (const list of ['popular', 'top_rated', 'now_playing'])
    expect(after[`${list}/DE`]).toEqual(before[`${list}/DE`] as number[]);
});

test('pages of two lists are not one list', async () => {
  await run(['US']);
  const before = await lists();
  const { tmdb } = upstream;
  const mixed: typeof tmdb = {
    ...tmdb,
    movieList: async (list, region, page, o) => {
      const answer = await tmdb.movieList(list, region, page, o);
      return page === 2 && answer.dates
        ? { ...answer, dates: { maximum: '2020-01-02', minimum: '2020-01-01' } }
        : answer;
    },
  };
  await expect(run(['US'], { tmdb: mixed })).rejects.toMatchObject({ code: 'list_incomplete' });
  const stuck: typeof tmdb = {
    ...tmdb,
    movieList: (list, region, _page, o) => tmdb.movieList(list, region, 1, o),
  };
  await expect(run(['US'], { tmdb: stuck })).rejects.toMatchObject({ code: 'list_incomplete' });
  expect(await lists()).toEqual(before);
});

test('dates that cannot be read cost the list nothing', async () => {
  const { tmdb } = upstream;
  for (const bad of [1, 2]) {
    const odd: typeof tmdb = {
      ...tmdb,
      movieList: async (list, region, page, o) => {
        const answer = await tmdb.movieList(list, region, page, o);
        return page === bad ? { ...answer, dates: undefined } : answer;
      },
    };
    await run(['US'], { tmdb: odd });
    expect((await lists())['now_playing/US']?.length).toBeGreaterThan(20);
    const [{ dates }] = await rows("select dates from list_snapshots where name = 'now_playing/US'");
    expect(dates).not.toBeNull();
  }
});

test('a list that really became short is taken if an operator says so', async () => {
  await run(['US']);
  const { tmdb } = upstream;
  const short: typeof tmdb = {
    ...tmdb,
    movieList: async (...asked) => ({ ...(await tmdb.movieList(...asked)), totalPages: 1 }),
  };
  await expect(run(['US'], { tmdb: short })).rejects.toMatchObject({ code: 'list_too_short' });
  expect((await lists())['popular/US']).toHaveLength(200);
  await run(['US'], { tmdb: short, force: true });
  expect((await lists())['popular/US']).toHaveLength(20);
});

test('while TMDb is down nothing is lost, and the job waits', async () => {
  await run(['US']);
  const before = await lists();
  upstream.sandbox.misbehave([{ kind: 'status-503' }]);
  await expect(run(['US'])).rejects.toMatchObject({ code: 'upstream_unavailable' });
  expect(await lists()).toEqual(before);
});
