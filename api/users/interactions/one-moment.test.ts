import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Statement } from '#shared/db/sql.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { interactionsStatement } from '../profile/export-service.ts';
import { pageAfterStatement, pageStatement } from './page-statement.ts';

/** As many as an import without days brings. */
const movies = 5000;
let api: TestApi;
let user: TestUser;
const at = '2020-01-01T00:00:00Z';

beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  user = await openUser(api);
  await api.pool.query(
    `insert into movies (tmdb_id, title) select n, 'Movie ' || n from generate_series(1, $1::int) n`,
    [movies],
  );
  await api.pool.query(
    `insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
      select $1, id, type, $2::timestamptz from movies, unnest(array['watched', 'liked']) as type`,
    [user.userId, at],
  );
  await api.pool.query('vacuum analyze');
});
afterAll(() => api[Symbol.asyncDispose]());

interface Node {
  'Node Type': string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
}

/** The most rows that were sorted, and that were read and left out. */
async function wasteOf({ text, values }: Statement): Promise<{ sorted: number; leftOut: number }> {
  const { rows } = await api.pool.query(`explain (analyze, format json) ${text}`, [...values]);
  const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan);
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort'));
  return {
    sorted: Math.max(0, ...sorts.map(({ Plans: [sortedOf] = [] }) => sortedOf?.['Actual Rows'] ?? 0)),
    leftOut: Math.max(...nodes.map((node) => node['Rows Removed by Filter'] ?? 0)),
  };
}

test('what many movies have of one moment is listed and exported page by page, and no page reads them all', async () => {
  const { rows } = await api.pool.query('select id from movies order by id offset $1 limit 1', [movies / 2]);
  const middle = Number(rows[0].id);
  const { userId } = user;
  const asked = { userId, type: null, limit: 20 };
  const statements = {
    first: pageStatement({ ...asked, offset: 0 }),
    after: pageAfterStatement({ ...asked, at: Date.parse(at) * 1000, movieId: middle, ofType: 'liked' }),
    exported: interactionsStatement({ userId, at, movieId: String(middle) }),
  };
  for (const [name, statement] of Object.entries(statements)) {
    const { sorted, leftOut } = await wasteOf(statement);
    // A page of the export has 2,000, and what else was said of its last movie.
    expect([name, sorted > 2001, leftOut > 2]).toEqual([name, false, false]);
  }
});

test('each of them once, in the list and in the export', async () => {
  const expected = 2 * movies;
  const seen = new Set<string>();
  let next = '';
  for (let pages = 0; pages < expected / 100; pages++) {
    const answer = await (await user.get(`/api/user/interactions?limit=100${next}`)).json();
    for (const { tmdb_id, type } of answer.data) seen.add(`${tmdb_id} ${type}`);
    next = `&after=${answer.meta.next}`;
  }
  expect(seen.size).toBe(expected);
  const { data } = await (await user.get('/api/user/export')).json();
  const exported = data.interactions.map(
    ({ tmdb_id, type }: { tmdb_id: number; type: string }) => `${tmdb_id} ${type}`,
  );
  expect([exported.length, new Set(exported).size]).toEqual([expected, expected]);
});
