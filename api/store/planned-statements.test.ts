import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { QueryConfig } from 'pg';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putList, putTrending } from '#tests/support/api/movie-fixture.ts';
import { notingStatements } from '#tests/support/api/noting-pool.ts';
import { putCatalogueMovies } from '#tests/support/api/recommendations-fixture.ts';

let api: TestApi;
let user: TestAccount;
beforeAll(async () => {
  api = await openTestApi();
  user = await openAccount(api);
  const ids = Array.from({ length: 400 }, (_, n) => n + 1);
  await putCatalogueMovies(
    api.pool,
    ids.map((tmdbId) => ({ tmdbId, genres: [18 + (tmdbId % 3)], votes: tmdbId })),
  );
  await putTrending(api.pool, 'week', ids.slice(0, 100));
  await putList(api.pool, 'popular', 'US', ids.slice(0, 100));
  await api.pool.query("insert into people (id, name) values (5, 'Ann')");
  await api.pool.query(
    "insert into records (kind, id, state, fetched_at) values ('person', 5, 'detailed', now())",
  );
  await api.pool.query(
    `insert into person_credits (person_id, credit_id, movie_id, kind, position)
      select 5, id::text, id, 'cast', id from movies where tmdb_id <= 40`,
  );
  await api.pool.query(
    `insert into movie_releases (movie_id, country, release_date)
      select id, country, '2001-02-03' from movies, unnest(array['US', 'DE', 'FR', 'GB', 'IT', 'ES']) as country`,
  );
  // Somebody who has said much: for who has said little, a plan of their own then looks cheaper than one for all.
  const { userId } = await openAccount(api);
  await api.pool.query(
    `insert into user_movie_interactions (user_id, movie_id, interaction_type)
      select $1, id, type from movies, unnest(array['liked', 'watched', 'bookmarked', 'hidden']) as type`,
    [userId],
  );
  await api.pool.query(
    'insert into user_movie_preferences (user_id, movie_id, position) select $1, id, id from movies',
    [userId],
  );
  await api.pool.query('vacuum analyze');
});
afterAll(() => api[Symbol.asyncDispose]());

/** The best plan of it hangs on whose rows they are, and is worth finding. */
const plannedEachTime = ['api-interactions'];
/** More than PostgreSQL plans for their values before it compares what both cost. */
const times = 8;

test('what every request asks is planned once for each connection, not each time', async () => {
  const asked = new Map<string, QueryConfig>();
  const note = (statement: QueryConfig) => {
    if (statement.name !== undefined) asked.set(statement.name, statement);
  };
  const options = {
    config: { rateLimit: false, facade: 'open' as const, onDemandWaitMs: 0 },
    database: { pool: notingStatements(api.database.pool, note) },
    hub: { connected: false, subscribe: () => {} },
  };
  const get = api.another(options);
  const request = api.anotherRequest(options);
  const headers = { ...user.headers, 'content-type': 'application/json' };
  const says = (path: string, body: object) =>
    request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  for (const path of [
    ...['/api/movies/trending', '/api/movies/popular', '/api/people/5', '/api/movies/7/recommendations'],
    ...['/api/recommendations?movies=8', '/api/recommendations?genres=18', '/3/movie/popular?language=de'],
    ...['/3/movie/changes', '/api/genres?language=de'],
  ])
    await get(path);
  for (const path of ['profile', 'preferences', 'interactions', 'recommendations'])
    await get(`/api/user/${path}`, user.headers);
  await says('/api/user/interactions', { tmdb_id: 7, type: 'watched', rating: 4 });
  await says('/api/user/preferences', { genres: [18], movies: [9] });

  const client = await api.pool.connect();
  await client.query('begin');
  for (const { name = '', text, values } of asked.values())
    if (!/^(api-)?(begin|commit|rollback)/.test(name))
      for (let n = 0; n < times; n++) await client.query({ name, text, values: [...(values ?? [])] });
  const { rows } = await client.query(
    'select name from pg_prepared_statements where custom_plans > 5 and generic_plans = 0 order by name',
  );
  await client.query('rollback');
  client.release(true);
  expect(asked.size).toBeGreaterThan(25);
  expect(rows.map(({ name }) => name).filter((name) => !plannedEachTime.includes(name))).toEqual([]);
});
