import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putAbsence, putMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { until } from '#tests/support/until.ts';

let api: TestApi;
let user: TestUser;
beforeEach(async () => {
  api = await openTestApi({ config: { rateLimit: false, onDemandWaitMs: 100 } });
  user = await openUser(api);
});
afterEach(() => api[Symbol.asyncDispose]());

const counts = () => api.queues.queue('on-demand').getJobCounts('waiting', 'prioritized');
const jobOf = (id: number) => api.queues.queue('on-demand').getJob(`movie-${id}`);
const name = async (from: number, size: number) => {
  const items = Array.from({ length: size }, (_, i) => ({ tmdb_id: from + i, type: 'bookmarked' }));
  expect((await user.post('/api/user/interactions', { items })).status).toBe(200);
};

test('what users name takes half of the room, behind what readers wait for', async () => {
  for (const from of [1000, 2000]) await name(from, 500);
  await until(async () => (await counts()).prioritized === 500);
  expect((await api.get('/api/movies/5000')).status).toBe(202);
  expect(await counts()).toEqual({ waiting: 1, prioritized: 500 });
  expect((await jobOf(5000))?.priority).toBe(0);
}, 120_000);

test('who asks for hundreds that are not there leaves room to others, and comes after them', async () => {
  const many = api.another({ config: { rateLimit: false, onDemandWaitMs: 0 } });
  const [statuses, ids] = [new Set<number>(), Array.from({ length: 600 }, (_, n) => 20_000 + n)];
  for (const id of ids) statuses.add((await many(`/api/movies/${id}`)).status);
  expect(statuses).toEqual(new Set([202, 503]));
  expect(await counts()).toEqual({ waiting: 30, prioritized: 470 });
  expect((await jobOf(20_400))?.priority).toBe(10);
  // Not by asking for the same again, either.
  await Bun.sleep(1100);
  await many('/api/movies/20400');
  await Bun.sleep(200);
  expect(await counts()).toEqual({ waiting: 30, prioritized: 470 });
  expect((await api.get('/api/movies/5000')).status).toBe(202);
  expect((await jobOf(5000))?.priority).toBe(0);
  // What many were asked for and somebody else waits for comes first, too.
  expect((await api.get('/api/movies/20400')).status).toBe(202);
  await until(async () => (await jobOf(20_400))?.priority === 0);
}, 60_000);

test('what is mirrored, or known not to be there, is not asked for', async () => {
  await putMovie(api.pool, { tmdbId: 1 });
  await putMovie(api.pool, { tmdbId: 2, state: 'gone' });
  await putMovie(api.pool, { tmdbId: 4, state: 'listed' });
  await putAbsence(api.pool, 3);
  await name(1, 5);
  await until(async () => (await jobOf(4)) !== undefined);
  expect((await jobOf(5))?.data).toEqual({
    tmdbId: 5,
    requestedAt: expect.any(Number),
    requestId: expect.any(String),
  });
  expect(await counts()).toEqual({ waiting: 0, prioritized: 2 });
});

test('what is named again and again is asked for once', async () => {
  const enqueued: unknown[] = [];
  const request = api.anotherRequest({
    queues: {
      ...api.queues,
      enqueue(job, payload, options) {
        enqueued.push(payload);
        return api.queues.enqueue(job, payload, options);
      },
    },
  });
  const say = (ids: number[], type: string) =>
    request('/api/user/interactions', {
      method: 'POST',
      headers: { ...user.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ items: ids.map((tmdb_id) => ({ tmdb_id, type })) }),
    });
  await say([1, 2], 'liked');
  await until(() => enqueued.length === 2);
  for (const type of ['disliked', 'bookmarked']) await say([1, 2], type);
  // One after the other: when this one is asked for, all before were looked at.
  await say([3], 'liked');
  await until(() => enqueued.some((payload) => Bun.deepMatch({ tmdbId: 3 }, payload)));
  expect(enqueued).toHaveLength(3);
});

test('while TMDb is away nothing is asked for: the details job will', async () => {
  await api.pool.query("update upstream set circuit = 'open', retry_at = now() + interval '7 seconds'");
  await tell(api.pool, { kind: 'upstream' });
  await until(async () => (await api.get('/api/movies/7000')).status === 503);
  await name(1, 3);
  await api.pool.query("update upstream set circuit = 'closed', retry_at = null");
  await tell(api.pool, { kind: 'upstream' });
  await until(async () => (await api.get('/api/movies/7001')).status === 202);
  await name(4, 1);
  await until(async () => (await jobOf(4)) !== undefined);
  expect(await jobOf(1)).toBeUndefined();
});

test('a queue that is away keeps nobody from saying what they think', async () => {
  const request = api.anotherRequest({
    queues: {
      ...api.queues,
      enqueue: () => Promise.reject(new Error('away')),
    },
  });
  const answer = await request('/api/user/interactions', {
    method: 'POST',
    headers: { ...user.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ tmdb_id: 9, type: 'liked' }),
  });
  expect([answer.status, (await answer.json()).data]).toEqual([200, { added: 1, unchanged: 0 }]);
  await until(() => api.logged.some((line) => line.includes('left to the details job')));
});
