import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test';
import type { App } from '#api/app.ts';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import {
  putAbsence,
  putMovie,
  putRecord,
  putTrending,
  putWholeMovie,
} from '#tests/support/api/movie-fixture.ts';
import { openUser } from '#tests/support/api/user-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';

let api: TestApi;
const nowMs = Date.now();
const wholeIds = Array.from({ length: 12 }, (_, n) => 100 + n);
const parts = (id: number) =>
  answeredParts({
    details: JSON.stringify({ id, title: `Movie ${id}` }),
    credits: JSON.stringify({ cast: [{ id, name: `Ann ${id}` }], crew: [] }),
    keywords: JSON.stringify({ keywords: [{ id, name: `word ${id}` }] }),
  });

beforeAll(async () => {
  api = await openTestApi();
  const { pool } = api;
  await saveMovies(
    api.database.orm.em.fork(),
    wholeIds.map((id) => mirroredMovie(id, { parts: parts(id) })),
    { now: new Date(nowMs) },
  );
  await putWholeMovie(pool, 200);
  await putMovie(pool, { tmdbId: 201, state: 'gone' });
  await putAbsence(pool, 202);
  await putMovie(pool, { tmdbId: 203, state: 'listed' });
  for (const id of [1, 2, 3, 4])
    await putRecord(pool, {
      kind: 'person',
      id,
      state: 'detailed',
      parts: { details: { name: `Eve ${id}`, biography: `Life ${id}` }, images: { profiles: [] } },
    });
  await pool.query(
    "insert into collections (id, name) select id, 'Films ' || id from generate_series(1, 4) as id",
  );
  for (const id of [1, 2, 3])
    await putRecord(pool, {
      kind: 'collection',
      id,
      state: 'detailed',
      parts: { details: { name: `Films ${id}`, overview: `All ${id}`, parts: [{ id: 100 + id }] } },
    });
  await putTrending(pool, 'week', wholeIds);
});
afterAll(() => api[Symbol.asyncDispose]());

const openApp = () => api.anotherApp({ now: () => nowMs, config: { rateLimit: false, onDemandWaitMs: 0 } });

async function ask(app: App, path: string, headers: Record<string, string> = {}) {
  const answer = await app.handle(new Request(`http://127.0.0.1${path}`, { headers }));
  const { request_id: _, ...body } = JSON.parse(
    (await answer.text()).replace(/"request_id":"[^"]*"/, '"x":0'),
  );
  return { path, status: answer.status, etag: answer.headers.get('etag'), body };
}

/** The names of the statements that run meanwhile. */
async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const spies = [spyOn(api.database.pool, 'query'), spyOn(WatchedClient.prototype, 'read')];
  await run();
  const calls = spies.flatMap((spy) => spy.mock.calls as unknown as [{ name?: string }][]);
  for (const spy of spies) spy.mockRestore();
  return calls.map(([{ name = '' }]) => name);
}

const unknown = [201, 202, 203, 204];
const cases: [string, string, string[]][] = [
  ['movies', 'api-movie-plain-answers', [...wholeIds, 200, ...unknown].map((id) => `/api/movies/${id}`)],
  [
    'parts of movies',
    'api-facade-movies',
    [
      ...[...wholeIds, ...unknown].map((id) => `/3/movie/${id}`),
      ...wholeIds.map((id) => `/3/movie/${id}/credits`),
      ...wholeIds.map((id) => `/3/movie/${id}?append_to_response=keywords,credits,videos`),
    ],
  ],
  ['collections', 'api-several-collections', [1, 2, 3, 4, 5, 6].map((id) => `/api/collections/${id}`)],
  ['people', 'api-several-people', [1, 2, 3, 4, 5, 6].map((id) => `/api/people/${id}`)],
  [
    'parts of people',
    'api-facade-several-person',
    [1, 2, 3, 4].flatMap((id) => [`/3/person/${id}`, `/3/person/${id}?append_to_response=images`]),
  ],
];
test.each(cases)('%s that are asked for at once are answered as each alone', async (_, statement, paths) => {
  const [app, other] = [openApp(), openApp()];
  let together: Awaited<ReturnType<typeof ask>>[] = [];
  const names = await statementsOf(async () => {
    together = await Promise.all(paths.map((path) => ask(app, path)));
  });
  expect(names).toContain(statement);
  for (const answer of together) expect(answer).toEqual(await ask(other, answer.path));
  expect(together.filter(({ status }) => status === 200).length).toBeGreaterThan(2);
});

test('flags of users who ask at once are those of each', async () => {
  const users = await Promise.all(wholeIds.map(() => openUser(api)));
  for (const [at, user] of users.entries()) {
    const said = { tmdb_id: wholeIds[at], type: at % 2 === 0 ? 'liked' : 'bookmarked' };
    expect((await user.post('/api/user/interactions', said)).status).toBe(200);
  }
  const app = openApp();
  // What is shared is ready, and who they are is known: they wait for their flags alone.
  await ask(app, '/api/movies/trending');
  for (const { headers } of users) await ask(app, '/api/user/profile', headers);
  let answers: Awaited<ReturnType<typeof ask>>[] = [];
  const names = await statementsOf(async () => {
    answers = await Promise.all(users.map(({ headers }) => ask(app, '/api/movies/trending', headers)));
  });
  expect(names).toContain('api-viewers-flags');
  for (const [at, { status, body }] of answers.entries()) {
    expect(status).toBe(200);
    for (const { tmdb_id, viewer } of body.data) {
      const isSaid = tmdb_id === wholeIds[at];
      expect(viewer).toMatchObject({
        liked: isSaid && at % 2 === 0,
        bookmarked: isSaid && at % 2 === 1,
      });
    }
  }
});
