import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { upstreamSearchKey } from '#shared/search/upstream-search-key.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { openSandboxClient, type SandboxClient } from '#tests/support/sandbox-client.ts';
import { searchUpstream } from './search-upstream.ts';

let database: Database;
let upstream: SandboxClient;
beforeAll(async () => {
  database = await testDatabase();
  upstream = await openSandboxClient(database.pool, 200);
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  upstream.sandbox.misbehave([]);
  upstream.sandbox.resetStats();
  await emptyTables(database.pool, 'movies', 'upstream_searches', 'list_snapshots');
});

const run = (search: Parameters<typeof upstreamSearchKey>[0], tmdb = upstream.tmdb) => {
  const context = jobContext(database, { tmdb });
  return searchUpstream({ key: upstreamSearchKey(search), ...search } as never, context);
};
const asked = () =>
  upstream.sandbox
    .requests()
    .map(({ target }) => target)
    .filter((target) => !target.startsWith('/genre'));
const rows = async (text: string) => (await database.pool.query(text)).rows;

test('what TMDb has is there for the next search, and the same is not asked for again', async () => {
  await run({ query: 'Alien', year: 1979 });
  expect(await rows("select state from movies where title = 'Alien'")).toEqual([{ state: 'listed' }]);
  expect(await rows('select found > 0 as found from upstream_searches')).toEqual([{ found: true }]);
  expect(asked()).toHaveLength(1);
  await run({ query: ' alien', year: 1979 });
  expect(asked()).toHaveLength(1);
  await database.pool.query("update upstream_searches set asked_at = now() - interval '8 days'");
  await run({ query: 'Alien', year: 1979 });
  expect(asked()).toHaveLength(2);
});

test('filters are TMDb’s own, but for adult titles', async () => {
  const filters = { with_genres: '18', sort_by: 'popularity.desc', include_adult: 'true' };
  await run({ filters: new URLSearchParams(filters).toString() });
  const query = new URLSearchParams(asked()[0]?.split('?')[1]);
  expect(Object.fromEntries(query)).toMatchObject({ ...filters, include_adult: 'false', page: '1' });
  expect((await rows('select count(*)::int as n from movies'))[0].n).toBeGreaterThan(0);
});

test('a day has its budget, and a failure gives back what it took', async () => {
  const failing = { ...upstream.tmdb, searchMovies: () => Promise.reject(new Error('a bug')) };
  await expect(run({ query: 'broken' }, failing as never)).rejects.toThrow('a bug');
  expect(await rows('select 1 from upstream_searches')).toEqual([]);
  upstream.sandbox.misbehave([]);
  await database.pool.query(
    "insert into upstream_searches select 'k' || n, now(), 0 from generate_series(1, 2000) n",
  );
  await run({ query: 'Alien' });
  expect(asked()).toEqual([]);
});

test.each([
  ['person', 'Norton', "from people where name = 'Edward Norton' and gender is not null"],
  ['collection', 'star wars', "from collections where name = 'Star Wars Collection'"],
  ['company', 'pictures', "from companies where name like '%Pictures%' and origin_country = 'US' limit 1"],
  ['keyword', 'dystop', "from keywords where name like '%dystop%'"],
  ['imdb_id', 'tt0137523', "from movies where title = 'Fight Club' and state = 'listed'"],
  ['imdb_id', 'nm0000819', "from people where imdb_id = 'nm0000819' and name = 'Edward Norton'"],
] as const)('a %s that is looked for is known afterwards', async (kind, query, where) => {
  await emptyTables(database.pool, 'people', 'collections', 'keywords', 'companies');
  await run({ kind, query });
  expect(await rows(`select 1 ${where}`)).toHaveLength(1);
  expect(asked()).toHaveLength(1);
  await run({ kind, query: ` ${query.toUpperCase()}` });
  expect(asked()).toHaveLength(1);
});
