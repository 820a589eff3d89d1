import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { jobIdOf } from '#shared/jobs/job-ids.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { until } from '#tests/support/until.ts';
import { Preferences } from './model.ts';

const path = '/api/user/preferences';
let api: TestApi;
let user: TestUser;
beforeAll(async () => {
  api = await openTestApi();
  await api.pool.query(`
    insert into genres (id, name) select n, 'Genre ' || n from generate_series(1, 60) n;
    insert into people (id, name) select n, 'Person ' || n from generate_series(1, 10) n;`);
  await putMovie(api.pool, { tmdbId: 1 });
  await putMovie(api.pool, { tmdbId: 2, state: 'listed' });
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  user = await openUser(api);
});

const save = async (body: unknown) => {
  const answer = await user.post(path, body);
  return { status: answer.status, body: await answer.json() };
};
const saved = async () => Preferences.parse((await (await user.get(path)).json()).data);
const ids = async () => {
  const { genres, actors, movies } = await saved();
  return [genres.map((one) => one.id), actors.map((one) => one.id), movies.map((one) => one.tmdb_id)];
};

test('who has saved nothing prefers nothing', async () => {
  expect(await (await user.get(path)).json()).toEqual({
    status: 'success',
    data: { genres: [], actors: [], movies: [] },
    meta: { language: { asked: 'en-US' } },
  });
});

test('what is saved is answered with names and list items, in the order given', async () => {
  await user.post('/api/user/interactions', { tmdb_id: 1, type: 'liked' });
  const { status, body } = await save({ genres: [3, 1, 3], actors: [7, 5], movies: [700_001, 1, 700_001] });
  expect([status, body.status]).toEqual([200, 'success']);
  const nobodys = {
    liked: false,
    disliked: false,
    bookmarked: false,
    watched: false,
    hidden: false,
    rating: null,
  };
  const empty = {
    original_title: null,
    overview: null,
    release_date: null,
    poster_path: null,
    backdrop_path: null,
    genres: [],
    popularity: null,
    vote_average: null,
    vote_count: null,
  };
  const noPictures = { poster_url: null, backdrop_url: null };
  expect(body.data).toEqual({
    genres: [
      { id: 3, name: 'Genre 3' },
      { id: 1, name: 'Genre 1' },
    ],
    actors: [
      { id: 7, name: 'Person 7' },
      { id: 5, name: 'Person 5' },
    ],
    movies: [
      { tmdb_id: 700_001, title: null, ...empty, adult: null, ...noPictures, viewer: nobodys },
      {
        tmdb_id: 1,
        title: 'Movie 1',
        ...empty,
        adult: false,
        ...noPictures,
        viewer: { ...nobodys, liked: true },
      },
    ],
  });
  expect((await (await user.get(path)).json()).data).toEqual(body.data);
  Preferences.strict().parse(body.data);
  const job = () => api.queues.queue('on-demand').getJob('movie-700001');
  await until(async () => (await job()) !== undefined);
});

test('a list given replaces the saved one, and one that is left out stays', async () => {
  await save({ genres: [1, 2, 3], actors: [1, 2], movies: [1, 2] });
  await save({ genres: [4, 3], movies: [] });
  expect(await ids()).toEqual([[4, 3], [1, 2], []]);
  await save({});
  expect(await ids()).toEqual([[4, 3], [1, 2], []]);
});

test('when a preference was first chosen stays known while it is kept', async () => {
  const chosen = async () =>
    (
      await api.pool.query(
        'select genre_id, created_at from user_genre_preferences where user_id = $1 order by 1',
        [user.userId],
      )
    ).rows;
  await save({ genres: [1, 2] });
  const [first] = await chosen();
  await save({ genres: [9, 1] });
  expect((await chosen())[0]).toEqual(first);
});

test('saving the same again writes nothing, and what stays in its place is not written', async () => {
  const rowsOf = async (table: string) =>
    (
      await api.pool.query(
        `select ctid::text, xmin::text, xmax::text, position from ${table} where user_id = $1 order by position`,
        [user.userId],
      )
    ).rows;
  const allRows = () =>
    Promise.all(['genre', 'actor', 'movie'].map((kind) => rowsOf(`user_${kind}_preferences`)));
  const lists = { genres: [3, 1, 2], actors: [2, 5], movies: [2, 1] };
  await save(lists);
  const before = await allRows();
  await save(lists);
  expect(await allRows()).toEqual(before);
  await save({ genres: [3, 2, 9], actors: [2], movies: [2, 1, 700_005] });
  const kept = (await allRows()).map(([first]) => first);
  expect(kept).toEqual(before.map(([first]) => first));
});

test('unknown genres and people are each named, and nothing is saved', async () => {
  await save({ genres: [1] });
  const { status, body } = await save({ genres: [2, 99, 3, 98], actors: [1, 77], movies: [700_002] });
  expect([status, body.code]).toEqual([422, 'invalid_input']);
  expect(body.details).toEqual([
    { path: 'genres.1', message: 'no genre with the id 99 is known' },
    { path: 'genres.3', message: 'no genre with the id 98 is known' },
    { path: 'actors.1', message: 'no person with the id 77 is known' },
  ]);
  expect(await ids()).toEqual([[1], [], []]);
  expect((await api.pool.query('select 1 from movies where tmdb_id = 700002')).rows).toEqual([]);
});

test('what the mirror has lost meanwhile is kept without its name, and may be sent back', async () => {
  await api.pool.query("insert into people (id, name) values (500, 'Passing')");
  await save({ actors: [500, 1] });
  await api.pool.query('delete from people where id = 500');
  const actors = [
    { id: 500, name: null },
    { id: 1, name: 'Person 1' },
  ];
  expect((await saved()).actors).toEqual(actors);
  expect((await save({ actors: [1, 500] })).status).toBe(200);
  expect((await saved()).actors).toEqual(actors.toReversed());
});

describe('what is not in order', () => {
  const many = (length: number) => Array.from({ length }, (_, i) => i + 1);

  test.each<[string, unknown, string[]]>([
    ['a list', [], ['body']],
    ['no list', { genres: 1 }, ['genres']],
    ['null', { movies: null }, ['movies']],
    ['ids as text', { genres: ['1'] }, ['genres.0']],
    ['text with NUL', { actors: [1, 'a\0'] }, ['actors.1']],
    ['half a character', '{"movies":["\\ud800"]}', ['movies.0']],
    ['ids out of bounds', { movies: [0, 2_147_483_648, 1.5] }, ['movies.0', 'movies.1', 'movies.2']],
    ['too many genres', { genres: many(51) }, ['genres']],
    ['too many actors', { actors: many(201) }, ['actors']],
    ['too many movies', { movies: many(501) }, ['movies']],
    ['an unknown field', { genre: [1] }, ['body']],
  ])('%s is refused by name', async (_, body, paths) => {
    const { status, body: answer } = await save(body);
    expect([status, answer.code, answer.details.map((one: { path: string }) => one.path)]).toEqual([
      422,
      'invalid_input',
      paths,
    ]);
    expect(await ids()).toEqual([[], [], []]);
  });

  test('as many as are allowed are saved', async () => {
    expect((await save({ genres: many(50), movies: many(500).map((n) => 800_000 + n) })).status).toBe(200);
    const { genres, movies } = await saved();
    expect([genres.length, movies.length]).toEqual([50, 500]);
  });

  test('a visitor is refused before anything else is looked at', async () => {
    for (const init of [
      { method: 'GET' },
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' },
    ]) {
      const answer = await api.request(path, init);
      expect([answer.status, (await answer.json()).code]).toEqual([401, 'unauthenticated']);
    }
  });
});

test('another user’s preferences are out of reach', async () => {
  await save({ genres: [1] });
  const other = await openUser(api);
  expect((await (await other.get(path)).json()).data.genres).toEqual([]);
  await other.post(path, { genres: [] });
  expect(await ids()).toEqual([[1], [], []]);
});

test('of many saved at once one stands, whole', async () => {
  const elsewhere = api.anotherRequest({});
  const lists = [
    { genres: [1, 2, 3], actors: [1, 2], movies: [1, 2, 700_003] },
    { genres: [3, 2, 1], actors: [3], movies: [700_004, 1] },
    { genres: [5], actors: [2, 1], movies: [700_003, 700_004] },
  ];
  const headers = { ...user.headers, 'content-type': 'application/json' };
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, n) => {
      const body = lists[n % 3];
      return n % 2
        ? user.post(path, body)
        : elsewhere(path, { method: 'POST', headers, body: JSON.stringify(body) });
    }),
  );
  for (const [n, answer] of answers.entries()) {
    const { data } = await answer.json();
    expect(answer.status).toBe(200);
    expect(data.movies.map((one: { tmdb_id: number }) => one.tmdb_id)).toEqual(lists[n % 3]?.movies ?? []);
  }
  const now = await ids();
  expect(lists.map(({ genres, actors, movies }) => [genres, actors, movies])).toContainEqual(
    now as number[][],
  );
});

describe('movies of favourite genres and actors', () => {
  const saveWith = async (enqueue: typeof api.queues.enqueue, body: unknown) => {
    const { queue, ping, redis } = api.queues;
    const request = api.anotherRequest({ queues: { enqueue, queue, ping, redis } });
    const headers = { ...user.headers, 'content-type': 'application/json' };
    return (await request(path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };

  test('are asked for by one job, which knows nothing but the user', async () => {
    for (const body of [{ genres: [1, 2] }, { actors: [3] }]) expect((await save(body)).status).toBe(200);
    const job = () =>
      api.queues.queue('background').getJob(jobIdOf('preferences.discover', { userId: user.userId }) ?? '');
    await until(async () => (await job()) !== undefined);
    expect(await job()).toMatchObject({ name: 'preferences.discover', data: { userId: user.userId } });
    const waiting = await api.queues.queue('background').getJobs(['waiting']);
    expect(waiting.filter(({ data }) => data.userId === user.userId)).toHaveLength(1);
  });

  test('are asked for only where some were named, and saved', async () => {
    const asked: string[] = [];
    const enqueue: typeof api.queues.enqueue = async (name) => {
      asked.push(name);
      return 'one';
    };
    for (const body of [{}, { genres: [], actors: [] }, { movies: [1] }, { genres: [99] }])
      await saveWith(enqueue, body);
    expect(asked).toEqual([]);
    for (const body of [{ actors: [1] }, { genres: [1], actors: [] }]) await saveWith(enqueue, body);
    expect(asked).toEqual(['preferences.discover', 'preferences.discover']);
  });

  test('cost the answer nothing where the queue is away or hangs, and make no noise', async () => {
    const away = () => Promise.reject(new Error('the queue is far away'));
    expect(await saveWith(away, { genres: [2], actors: [1] })).toBe(200);
    expect(await saveWith(() => new Promise(() => {}), { genres: [3] })).toBe(200);
    expect(await ids()).toEqual([[3], [1], []]);
    const lines = () => api.logged.filter((line) => line.includes('the queue is far away'));
    await until(() => lines().length > 0);
    expect(lines().map((line) => JSON.parse(line).level)).toEqual(['debug']);
  });
});
