import { expect, test } from 'bun:test';
import { providerTerm } from '#shared/movies/term-codes.ts';
import { openTestApi } from '#tests/support/api/api-fixture.ts';

const ids = (many: number) => Array.from({ length: many }, (_, at) => at + 1).join(',');

test('of very many values that all are wanted, each counts', async () => {
  await using api = await openTestApi();
  await api.pool.query(
    "insert into movies (tmdb_id, state, title, fetched_at) select n, 'listed', 'Film', now() from generate_series(1, 40) n",
  );
  // Movie 12 has the providers 1 to 12, and so on.
  await api.pool.query(
    `insert into movie_terms (movie_id, terms)
      select id, array(select $1::bigint + n from generate_series(1, tmdb_id) n) from movies`,
    [providerTerm('DE', 0, 'buy')],
  );
  await api.pool.query('analyze');
  const own = await api.request(`/api/movies?provider=${ids(7)}&region=DE`, {});
  expect((await own.json()).meta.total_results).toBe(34);
  for (const many of [2, 6, 7, 30]) {
    const theirs = await api.request(
      `/3/discover/movie?with_watch_providers=${ids(many)}&watch_region=DE`,
      {},
    );
    expect([many, (await theirs.json()).total_results]).toEqual([many, 40 - many + 1]);
  }
});
