import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putSnapshot, tell } from '#tests/support/api/movie-fixture.ts';
import { until } from '#tests/support/until.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test('before the first sync there is nothing to show, and none is invented', async () => {
  expect((await api.get('/api/genres')).status).toBe(503);
});

test('the genres that TMDb lists come by name', async () => {
  await api.pool.query(
    "insert into genres (id, name, listed) values (1, 'Western', true), (2, 'Drama', true), (3, 'Dropped', false)",
  );
  await putSnapshot(api.pool, 'genres', 2, new Date('2026-01-02T03:04:05Z'));
  const answer = await api.get('/api/genres');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
  const { status, data, meta } = await answer.json();
  expect({ status, data }).toEqual({
    status: 'success',
    data: [
      { id: 2, name: 'Drama' },
      { id: 1, name: 'Western' },
    ],
  });
  expect(meta).toMatchObject({
    source: 'mirror',
    fetched_at: '2026-01-02T03:04:05.000Z',
    stale: true,
    refresh: 'none',
  });
  expect((await api.get('/api/genres', { 'if-none-match': answer.headers.get('etag') ?? '' })).status).toBe(
    304,
  );
});

test('a new list is shown once it is told of', async () => {
  await api.pool.query("insert into genres (id, name) values (4, 'Action')");
  await tell(api.pool, { kind: 'list', name: 'genres' });
  await until(async () => (await (await api.get('/api/genres')).json()).data.length === 3);
});

test('the wrong method is told the right one', async () => {
  const answer = await api.request('/api/genres', { method: 'POST', body: '{}' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
});
