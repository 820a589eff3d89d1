import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi();
  admin = await openAccount(api, { role: 'admin' });
});
afterAll(() => api[Symbol.asyncDispose]());

const report = async (id: number | string) => {
  const answer = await api.get(`/api/admin/movies/${id}`, admin.headers);
  return { http: answer.status, ...(await answer.json()) };
};

test('tells the state, the age and who refers to a movie', async () => {
  const { rows } = await api.pool.query(
    `insert into movies (tmdb_id, title, state, scope, release_date, fetched_at)
     values (901, 'Known', 'detailed', 1, '1999-10-15', now() - interval '10 days') returning id`,
  );
  const movie = rows[0].id;
  await api.pool.query(
    'insert into user_movie_interactions (user_id, movie_id, interaction_type) values ($1, $2, $3)',
    [admin.userId, movie, 'liked'],
  );
  await api.pool.query(
    'insert into user_movie_preferences (user_id, movie_id, position) values ($1, $2, 0)',
    [admin.userId, movie],
  );
  await api.pool.query("insert into trending_entries (time_window, rank, movie_id) values ('week', 1, $1)", [
    movie,
  ]);
  const { http, data } = await report(901);
  expect({ http, data }).toEqual({
    http: 200,
    data: {
      tmdb_id: 901,
      title: 'Known',
      release_date: '1999-10-15',
      state: 'detailed',
      scope: 'trending',
      fetched_at: expect.stringMatching(/Z$/),
      age_seconds: expect.any(Number),
      stale: true,
      attempted_at: null,
      changed_at: null,
      refresh_due_at: null,
      gone_at: null,
      absence: null,
      failure: null,
      referred_by: { interactions: 1, preferences: 1, trending_lists: ['week'], related_movies: 0 },
    },
  });
  expect(data.age_seconds).toBeWithin(864_000 - 5, 864_000 + 60);
});

test('tells why a movie failed that the mirror does not have', async () => {
  await api.pool.query(
    `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
     values ($1, 'on-demand', 'movies.fetch', '902', '{}', 'upstream_malformed', 'TMDb sent nonsense.', 5)`,
    [Bun.randomUUIDv7()],
  );
  await api.pool.query(
    "insert into movie_absences (tmdb_id, first_seen_at, last_seen_at) values (903, now() - interval '1 day', now())",
  );
  expect((await report(902)).data).toMatchObject({
    state: null,
    failure: { code: 'upstream_malformed', message: 'TMDb sent nonsense.', attempts: 5 },
  });
  expect((await report(903)).data).toMatchObject({
    state: null,
    absence: { last_seen_at: expect.any(String) },
  });
});

test('nothing known is 404, and no id is 422', async () => {
  expect(await report(904)).toMatchObject({ http: 404, code: 'movie_not_found' });
  for (const id of ['0', 'abc', '2147483648', '1.5'])
    expect(await report(id)).toMatchObject({ http: 422, details: [{ path: 'tmdb_id' }] });
});

test('fetches a movie again, known or not', async () => {
  const answer = await api.request('/api/admin/movies/904/fetch', { method: 'POST', headers: admin.headers });
  expect([answer.status, await answer.json()]).toEqual([
    202,
    { status: 'success', data: { tmdb_id: 904, queued: true } },
  ]);
  const job = await api.queues.queue('on-demand').getJob('movie-904');
  expect(job?.data).toMatchObject({ tmdbId: 904 });
});
