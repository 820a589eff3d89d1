import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Statement } from '#shared/db/sql.ts';
import { keywordTerm } from '#shared/movies/term-codes.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { unknownAudience } from '../movies/audience.ts';
import { selectOne } from '../store/select-one.ts';
import { countStatement } from './browse-statement.ts';
import { countMatches } from './count-matches.ts';
import type { MovieFilters } from './movie-filters.ts';

const movies = 20_000;
const cheap = 1;
const dear = 1e6;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.pool.query(
    `insert into movies (tmdb_id, state, title, runtime, adult) select n, 'listed', 'Film', n % 100, false
      from generate_series(1, $1::int) n`,
    [movies],
  );
  await api.pool.query(
    `insert into movie_terms (movie_id, terms) select id, array[$1::bigint] from movies where tmdb_id % 2 = 0`,
    [keywordTerm(5)],
  );
  await api.pool.query('vacuum analyze movies, movie_terms');
});
afterAll(() => api[Symbol.asyncDispose]());

const audience = unknownAudience;
const asked: [what: string, filters: MovieFilters, share: number][] = [
  ['all', { audience }, 1],
  ['what the row says', { audience, runtimeMin: 50 }, 1 / 2],
  ['terms', { audience, keywords: { any: false, values: [5] } }, 1 / 2],
  ['both', { audience, runtimeMin: 50, keywords: { any: true, values: [5, 6] } }, 1 / 4],
];

for (const [what, filters, share] of asked) {
  test(`${what}: cheap counts are exact, dear ones nearly`, async () => {
    const count = (cost: number) =>
      countMatches(api.pool, cost, (sampled) => countStatement(filters, { sampled }));
    expect(await count(cheap)).toBe(movies * share);
    const about = await count(dear);
    expect(Math.abs(about - movies * share)).toBeLessThan(movies * share * 0.2);
    // The same ones each time.
    expect(await count(dear)).toBe(about);
  });

  test(`${what}: a dear count reads only the sample`, async () => {
    const { text, values } = countStatement(filters, { sampled: true });
    const explain = { text: `explain (format json) ${text}`, values } as Statement<{ 'QUERY PLAN': unknown }>;
    const plan = JSON.stringify(await selectOne(api.pool, explain));
    expect(plan).toContain('movies_sample_index');
    expect(plan.includes('movie_terms_sample_index')).toBe(filters.keywords !== undefined);
  });
}
