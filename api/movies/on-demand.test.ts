import { afterEach, beforeEach, expect, spyOn, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putAbsence, putMovie, putRecord, putWholeMovie, tell } from '#tests/support/api/movie-fixture.ts';
import type { TestResponse } from '#tests/support/api/test-response.ts';
import { until } from '#tests/support/until.ts';

let api: TestApi;
/** For so long a reader waits for a movie. */
const waitMs = 2000;
beforeEach(async () => {
  api = await openTestApi({ config: { onDemandWaitMs: waitMs } });
});
afterEach(() => api[Symbol.asyncDispose]());

const queued = async () =>
  Object.values(
    await api.queues.queue('on-demand').getJobCounts('waiting', 'active', 'delayed', 'prioritized'),
  ).reduce((sum, n) => sum + n, 0);
const isQueued = (id: number) =>
  until(async () => (await api.queues.queue('on-demand').getJob(`movie-${id}`)) !== undefined);
const setCircuit = async (circuit: string) => {
  await api.pool.query("update upstream set circuit = $1, retry_at = now() + interval '7 seconds'", [
    circuit,
  ]);
  await tell(api.pool, { kind: 'upstream' });
};
const seen = async (answer: TestResponse | Promise<TestResponse>) => {
  const { status, headers } = await answer;
  const body = await (await answer).json();
  return { status, code: body.code, body, retryAfter: headers.get('retry-after') };
};

test('a movie nobody knew is fetched once for two hundred who ask at the same time', async () => {
  const answers = Promise.all(Array.from({ length: 200 }, () => api.get('/api/movies/900')));
  await isQueued(900);
  expect(await queued()).toBe(1);
  const job = await api.queues.queue('on-demand').getJob('movie-900');
  expect(job?.data).toEqual({
    tmdbId: 900,
    requestedAt: expect.any(Number),
    requestId: expect.any(String),
  });
  await putMovie(api.pool, { tmdbId: 900 });
  await tell(api.pool, { kind: 'movies', ids: [900] });
  for (const answer of await answers) expect(answer.status).toBe(200);
});

const detailsOf = {
  person: { details: { biography: 'Eve.' } },
  collection: {
    details: { name: 'All', overview: 'Of them.', poster_path: '/p.jpg', parts: [{ id: 100 }] },
    images: {},
    translations: {},
  },
};
const old = [
  { path: '/api/movies/100', id: 100, of: undefined },
  { path: '/api/people/3', id: 3, of: 'person' },
  { path: '/api/collections/5', id: 5, of: 'collection' },
] as const;
test.each(old)(
  '$path: what is too old to be shown is waited for, as if it were not there',
  async ({ path, id, of }) => {
    await putWholeMovie(api.pool, 100);
    if (of !== undefined)
      await putRecord(api.pool, { kind: of, id, state: 'detailed', parts: detailsOf[of] });
    const table = of === undefined ? 'movies' : 'records';
    const tellOfIt = () =>
      tell(api.pool, of === undefined ? { kind: 'movies', ids: [id] } : { kind: 'records', of, ids: [id] });
    await api.pool.query(`update ${table} set fetched_at = now() - interval '181 days'`);
    const answer = seen(api.get(path));
    await until(async () => (await queued()) === 1);
    // Whoever waits looks at once, and it is as old as before.
    await tellOfIt();
    await Promise.race([answer, Bun.sleep(400)]);
    await api.pool.query(`update ${table} set fetched_at = now()`);
    await tellOfIt();
    expect(await answer).toMatchObject({ status: 200 });
  },
);

test('what is stale is refreshed again once TMDb is back, whether or not anybody asks for what is missing', async () => {
  await putMovie(api.pool, { tmdbId: 910, fetchedAt: new Date(Date.now() - 8 * 86_400_000) });
  const refreshOf = async () => (await (await api.get('/api/movies/910')).json()).meta.refresh;
  await setCircuit('open');
  expect((await api.get('/api/movies/911')).status).toBe(503);
  expect(await refreshOf()).toBe('none');
  await setCircuit('closed');
  // What is ready says so within a minute.
  const isRefreshed = async () => {
    api.advance(60_001);
    return (await refreshOf()) === 'queued';
  };
  await until(isRefreshed);
  await isQueued(910);
  // The same where the news were lost.
  await setCircuit('open');
  await until(async () => !(await isRefreshed()));
  await api.pool.query("update upstream set circuit = 'closed'");
  await until(isRefreshed);
});

test('TMDb has no such movie: all who wait are told', async () => {
  const answer = api.get('/api/movies/901');
  await isQueued(901);
  await putAbsence(api.pool, 901);
  await tell(api.pool, { kind: 'movies', ids: [901] });
  expect(await seen(answer)).toMatchObject({ status: 404, code: 'movie_not_found' });
});

test('that TMDb has no such movie is remembered for a day', async () => {
  await putAbsence(api.pool, 902, new Date(Date.now() - 25 * 3_600_000));
  const get = api.another({ config: { onDemandWaitMs: 0 } });
  expect((await get('/api/movies/902')).status).toBe(202);
  await putAbsence(api.pool, 903, new Date(Date.now() - 23 * 3_600_000));
  expect((await get('/api/movies/903')).status).toBe(404);
});

test('a notice that was missed is made up for by looking', async () => {
  const answer = api.get('/api/movies/904');
  await isQueued(904);
  await putMovie(api.pool, { tmdbId: 904 });
  expect((await answer).status).toBe(200);
});

test('a movie that a list has meanwhile is still waited for', async () => {
  const answer = api.get('/api/movies/905');
  await isQueued(905);
  await putMovie(api.pool, { tmdbId: 905, state: 'listed' });
  await tell(api.pool, { kind: 'movies', ids: [905] });
  await putMovie(api.pool, { tmdbId: 905 });
  await tell(api.pool, { kind: 'movies', ids: [905] });
  expect((await answer).status).toBe(200);
});

test('what takes too long is answered with 202 and a time to come back', async () => {
  const get = api.another({ config: { onDemandWaitMs: 50 } });
  const answer = await seen(get('/api/movies/906'));
  expect(answer).toMatchObject({ status: 202, retryAfter: '2' });
  expect(answer.body).toEqual({
    status: 'pending',
    message: expect.any(String),
    code: 'fetch_pending',
    retry_after: 2,
  });
});

test('a movie known only from a list is fetched like an unknown one', async () => {
  await putMovie(api.pool, { tmdbId: 907, state: 'listed' });
  const answer = api.get('/api/movies/907');
  await isQueued(907);
  await putMovie(api.pool, { tmdbId: 907 });
  await tell(api.pool, { kind: 'movies', ids: [907] });
  expect((await (await answer).json()).meta.stale).toBe(false);
});

test('TMDb in trouble: readers are told at once, and those after them too', async () => {
  const answer = api.get('/api/movies/908');
  await isQueued(908);
  await tell(api.pool, { kind: 'trouble', ids: [908] });
  expect(await seen(answer)).toMatchObject({ status: 503, code: 'upstream_unavailable', retryAfter: '10' });
  // Whoever waited would be told 202.
  expect((await api.get('/api/movies/908')).status).toBe(503);
  await putMovie(api.pool, { tmdbId: 908 });
  await tell(api.pool, { kind: 'movies', ids: [908] });
  await until(async () => (await api.get('/api/movies/908')).status === 200);
});

test('TMDb in trouble: a list-only movie is shown with what is known', async () => {
  const fetchedAt = new Date(Date.now() - 20 * 86_400_000);
  await putMovie(api.pool, {
    tmdbId: 909,
    state: 'listed',
    title: 'Known',
    fetchedAt,
  });
  const answer = api.get('/api/movies/909');
  await isQueued(909);
  await tell(api.pool, { kind: 'trouble', ids: [909] });
  const { status, body } = await seen(answer);
  expect(status).toBe(200);
  expect(body.data).toMatchObject({ title: 'Known', runtime: null, cast: [], images: { poster: null } });
  expect(body.meta).toMatchObject({ fetched_at: fetchedAt.toISOString(), stale: true, refresh: 'none' });
});

test.each(['open', 'stopped'])(
  'with a circuit that is %s nothing is queued and nobody waits',
  async (circuit) => {
    await putMovie(api.pool, { tmdbId: 910, state: 'listed' });
    await putMovie(api.pool, { tmdbId: 911, fetchedAt: new Date(Date.now() - 8 * 86_400_000) });
    await setCircuit(circuit);
    const get = api.another({ config: { onDemandWaitMs: 100_000 } });
    const started = performance.now();
    const lacking = await seen(get('/api/movies/912'));
    expect(lacking).toMatchObject({ status: 503, code: 'upstream_unavailable' });
    expect(Number(lacking.retryAfter)).toBeWithin(5, 8);
    expect((await get('/api/movies/910')).status).toBe(200);
    expect((await (await get('/api/movies/911')).json()).meta).toMatchObject({
      stale: true,
      refresh: 'none',
    });
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(await queued()).toBe(0);
  },
);

test('a circuit that closes again is noticed', async () => {
  await setCircuit('open');
  const get = api.another({ config: { onDemandWaitMs: 0 } });
  expect((await get('/api/movies/913')).status).toBe(503);
  await setCircuit('closed');
  await until(async () => (await get('/api/movies/913')).status === 202);
});

test('a queue that is away makes a miss 503, and leaves mirrored reads alone', async () => {
  const away = () => Promise.reject(new Error('the queue is away'));
  const get = api.another({ queues: { ...api.queues, queue: api.queues.queue, enqueue: away, ping: away } });
  await putMovie(api.pool, { tmdbId: 914 });
  expect(await seen(get('/api/movies/915'))).toMatchObject({
    status: 503,
    code: 'unavailable',
    retryAfter: '5',
  });
  expect((await get('/api/movies/914')).status).toBe(200);
});

test('misses are bounded: over a thousand are refused', async () => {
  // Of so many processes, each of which would let its caller come before those who ask for very many.
  const open = () => api.another({ config: { onDemandWaitMs: 0, rateLimit: false } });
  const statuses: number[] = [];
  for (let batch = 0; batch < 44; batch++) {
    const get = open();
    const ids = Array.from({ length: 25 }, (_, i) => 10_000 + batch * 25 + i);
    const answers = await Promise.all(ids.map((id) => get(`/api/movies/${id}`)));
    statuses.push(...answers.map((answer) => answer.status));
  }
  expect(new Set(statuses)).toEqual(new Set([202, 503]));
  expect(await queued()).toBeLessThanOrEqual(1000);
  expect(await queued()).toBeGreaterThan(800);
  const get = open();
  const refused = await seen(get('/api/movies/99999'));
  expect(refused).toMatchObject({ status: 503, code: 'unavailable' });
  await putMovie(api.pool, { tmdbId: 99_998 });
  expect((await get('/api/movies/99998')).status).toBe(200);
}, 120_000);

test('an address has three hundred new fetches a minute; joining others costs nothing', async () => {
  // Each user has requests of their own; the fetches are their common address's.
  const users = await Promise.all([1, 2, 3, 4].map(() => openAccount(api)));
  const ask = api.another({ config: { onDemandWaitMs: 0 } });
  let asked = 0;
  const get = (path: string) => ask(path, users[asked++ % users.length]?.headers);
  for (let i = 0; i < 400; i++) expect((await get('/api/movies/20000')).status).toBe(202);
  const statuses: number[] = [];
  for (let i = 1; i <= 300; i++) statuses.push((await get(`/api/movies/${20_000 + i}`)).status);
  expect(statuses.slice(0, 299)).toEqual(Array.from({ length: 299 }, () => 202));
  const refused = await seen(get('/api/movies/20301'));
  expect(refused).toMatchObject({ status: 429, code: 'too_many_requests' });
  expect(Number(refused.retryAfter)).toBeWithin(1, 61);
  expect((await get('/api/movies/20001')).status).toBe(202);
}, 60_000);

test('what the queue has lost, or was just ending, is queued again for who asks next', async () => {
  const get = api.another({ config: { onDemandWaitMs: 50 } });
  expect((await get('/api/movies/930')).status).toBe(202);
  await (await api.queues.queue('on-demand').getJob('movie-930'))?.remove();
  expect((await get('/api/movies/930')).status).toBe(202);
  await Bun.sleep(1000);
  expect((await get('/api/movies/930')).status).toBe(202);
  await isQueued(930);
});

test('what nobody waited for comes first as soon as a reader does', async () => {
  const user = await openAccount(api);
  const priorityOf = async (id: number) =>
    (await api.queues.queue('on-demand').getJob(`movie-${id}`))?.priority;
  const body = JSON.stringify({ tmdb_id: 931, type: 'liked' });
  const headers = { ...user.headers, 'content-type': 'application/json' };
  await api.request('/api/user/interactions', { method: 'POST', headers, body });
  await isQueued(931);
  expect(await priorityOf(931)).toBeGreaterThan(0);
  const get = api.another({ config: { onDemandWaitMs: 50 } });
  expect((await get('/api/movies/931')).status).toBe(202);
  await until(async () => (await priorityOf(931)) === 0);
  expect(await queued()).toBe(1);
});

test('recommendations of a movie that is not mirrored take the same way', async () => {
  const get = api.another({ config: { onDemandWaitMs: 50 } });
  expect((await get('/api/movies/916/recommendations')).status).toBe(202);
  await putAbsence(api.pool, 917);
  expect((await get('/api/movies/917/recommendations')).status).toBe(404);
  await putMovie(api.pool, { tmdbId: 918, state: 'gone' });
  expect((await get('/api/movies/918/recommendations')).status).toBe(410);
  await putMovie(api.pool, { tmdbId: 919, state: 'listed' });
  await setCircuit('open');
  await until(async () => (await get('/api/movies/919/recommendations')).status === 503);
});

test('a miss looks for its job only while some wait that no reader waits for', async () => {
  const queue = api.queues.queue('on-demand');
  const looks = spyOn(queue, 'getJob');
  const get = api.another({ config: { onDemandWaitMs: 0 } });
  for (let n = 0; n < 5; n++) expect((await get(`/api/movies/${8100 + n}`)).status).toBe(202);
  expect(looks).toHaveBeenCalledTimes(0);
  await api.queues.enqueue('movies.fetch', { tmdbId: 8200, requestedAt: 1 }, { priority: 10 });
  api.advance(1000);
  expect((await get('/api/movies/8200')).status).toBe(202);
  await until(() => looks.mock.calls.length === 1);
  looks.mockRestore();
  await until(async () => (await queue.getJob('movie-8200'))?.priority === 0);
});
