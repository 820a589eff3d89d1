import { afterAll, beforeAll, expect, test } from 'bun:test';
import { CursorPageMeta, MirrorCursorPageMeta } from '#api/http/answers/model.ts';
import { InteractionsMeta } from '#api/users/interactions/model.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import description from '../docs/openapi.json' with { type: 'json' };

/** Every list that goes on without end by the contract: more rows than pages reach, most of one moment. */
const count = 10_150;
const lists = {
  '/api/movies': 'genre=1',
  '/api/user/interactions': 'type=liked',
  '/api/admin/sync/runs': 'job=genres',
  '/api/admin/users': 'role=user',
  '/api/admin/log': 'event=login',
} as const;
type Path = keyof typeof lists;
const paths = Object.keys(lists) as Path[];

let api: TestApi;
let admin: TestUser;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  admin = await openUser(api, { role: 'admin' });
  const fill = (statement: string, ...more: unknown[]) => api.pool.query(statement, [count, ...more]);
  await fill(
    "insert into movies (tmdb_id, state, title, popularity, fetched_at) select n, 'listed', 'Movie', 1, now() from generate_series(1, $1::int) n",
  );
  await api.pool.query("insert into genres (id, name) values (1, 'One')");
  await api.pool.query('insert into movie_genres (movie_id, genre_id, position) select id, 1, 0 from movies');
  await fill(
    "insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at) select $2, id, 'liked', now() from movies limit $1",
    admin.userId,
  );
  await fill(
    `insert into sync_runs (id, job, trigger, status, queued_at)
     select gen_random_uuid(), 'genres', 'schedule', 'succeeded', now() from generate_series(1, $1::int)`,
  );
  await fill(
    `insert into users (id, name, email, password_hash, created_at)
     select gen_random_uuid(), 'Somebody', n || '@example.net', 'x', now() from generate_series(1, $1::int) n`,
  );
  await fill(
    `insert into security_events (at, event, outcome) select now(), 'login', 'done' from generate_series(1, $1::int)`,
  );
  await api.pool.query('analyze');
});
afterAll(() => api[Symbol.asyncDispose]());

interface List {
  data: Record<string, unknown>[];
  meta: { page: number; total_results: number; next?: string };
}
const ask = async (path: Path, query: string) => {
  const answer = await admin.get(`${path}?${lists[path]}&${query}`);
  return { status: answer.status, body: await answer.json() };
};
const read = async (path: Path, query: string): Promise<List> => {
  const { status, body } = await ask(path, query);
  expect([path, query, status]).toEqual([path, query, 200]);
  return body;
};
const idOf = ({ id, tmdb_id }: Record<string, unknown>) => id ?? tmdb_id;

/** Of those that have texts, too. */
const metaOf = { '/api/movies': MirrorCursorPageMeta, '/api/user/interactions': InteractionsMeta };

test('the API description names the same lists', () => {
  const described = Object.entries(description.paths).flatMap(([path, methods]) => {
    const { parameters = [] } = (methods as { get?: { parameters?: { name: string }[] } }).get ?? {};
    return parameters.some(({ name }) => name === 'after') ? [path] : [];
  });
  expect(described.sort()).toEqual([...paths].sort());
});

test.each(paths)(
  '%s goes on beyond 10,000 rows, once through all of them',
  async (path) => {
    const pages = [await read(path, 'limit=100')];
    for (let next = pages[0]?.meta.next; next !== undefined; next = pages.at(-1)?.meta.next)
      pages.push(await read(path, `limit=100&after=${next}`));
    const ids = pages.flatMap(({ data }) => data.map(idOf));
    expect([ids.length, new Set(ids).size]).toEqual([count, count]);
    expect(pages.at(-1)?.meta).toMatchObject({ page: 102, total_results: count });
    const meta = metaOf[path as keyof typeof metaOf] ?? CursorPageMeta;
    for (const page of pages) expect(meta.strict().parse(page.meta)).toEqual(page.meta as never);
    expect((await read(path, 'limit=100&page=100')).data.map(idOf)).toEqual(ids.slice(9900, 10_000));
    for (const refused of ['limit=100&page=101', 'limit=20&page=501']) {
      const { status, body } = await ask(path, refused);
      expect([status, body.details[0].path]).toEqual([422, 'page']);
    }
  },
  120_000,
);

test.each(paths)('%s refuses a cursor of another list, of other filters, and nonsense', async (path) => {
  const { meta } = await read(path, 'limit=3');
  const refused = async (of: Path, query: string) => {
    const answer = await admin.get(`${of}?${query}`);
    expect([of, query, answer.status]).toEqual([of, query, 422]);
    expect((await answer.json()).details[0].path).toBe('after');
  };
  await refused(path, `after=${meta.next}`);
  await refused(path, `${lists[path]}&page=1&after=${meta.next}`);
  for (const other of paths.filter((each) => each !== path))
    await refused(other, `${lists[other]}&after=${meta.next}`);
  for (const text of ['', 'x', '%00', `${meta.next}x`, 'x'.repeat(5000)])
    await refused(path, `${lists[path]}&after=${text}`);
});
