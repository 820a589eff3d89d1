import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await api.pool.query(`insert into movies (tmdb_id, title, state)
    values (9001, '<b>Fight Klub', 'gone'), (9002, 'Fight Club', 'listed'), (9003, 'Other Klub', 'gone')`);
});
afterAll(() => api[Symbol.asyncDispose]());

const propose = (tmdbId: number) =>
  api.pool.query(
    `insert into movie_merges (tmdb_id, into_tmdb_id, state, certainty, looked_at)
    values ($1, 9002, 'proposed', 0.75, now())`,
    [tmdbId],
  );
const stateOf = async (tmdbId: number) =>
  (await api.pool.query('select state from movie_merges where tmdb_id = $1', [tmdbId])).rows[0].state;

test('merges are confirmed and rejected on their page, once, by administrators', async () => {
  const admin = await openAccount(api, { role: 'admin' });
  const press = async (path: string, headers: Record<string, string> = admin.console) => {
    const answer = await api.request(`/admin/merges/${path}`, { method: 'POST', headers });
    return [answer.status, answer.headers.get('location')];
  };
  await propose(9001);
  await propose(9003);
  const page = await (await api.get('/admin/merges', admin.console)).text();
  expect(page).toContain('2 found');
  expect(page).toContain('&lt;b&gt;Fight Klub');
  expect(page).toContain('75 %');
  expect(page).toContain('action="/admin/merges/9001/confirm"');

  expect(await press('9003/reject')).toEqual([303, '/admin/merges?notice=rejected']);
  expect(await stateOf(9003)).toBe('rejected');
  const rejected = await (
    await api.get('/admin/merges?state=rejected&notice=rejected', admin.console)
  ).text();
  expect(rejected).toContain('they stay two movies');
  expect(rejected).toContain('9003/confirm');
  expect(rejected).not.toContain('9003/reject');
  expect(rejected).not.toContain('9001/');

  expect(await press('9001/confirm')).toEqual([303, '/admin/merges?notice=confirmed']);
  expect(await stateOf(9001)).toBe('confirmed');
  expect(await press('9001/reject')).toEqual([303, '/admin/merges?notice=missing']);
  expect(await press('9009/confirm')).toEqual([303, '/admin/merges?notice=missing']);
  expect((await press('x/confirm'))[0]).toBe(422);

  const { data } = await (await api.get('/api/admin/log?event=movie_merge', admin.headers)).json();
  expect(data.map(({ user_id, detail }: { user_id: string; detail: string }) => [user_id, detail])).toEqual([
    [admin.userId, '9001 into 9002: confirmed'],
    [admin.userId, '9003 into 9002: rejected'],
  ]);
  expect((await press('9003/confirm', {}))[0]).not.toBe(200);
  expect(await stateOf(9003)).toBe('rejected');
});
