import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openAccount, testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false, publicUrl: 'https://nexus.test' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const own = { 'sec-fetch-site': 'same-origin' };
const cookieOf = (answer: { headers: Headers }) =>
  (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const signIn = async (userId: string, headers: Record<string, string> = {}) =>
  cookieOf(
    await api.request('/admin/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...own, ...headers },
      body: new URLSearchParams({ email: `${userId}@example.org`, password: testPassword }).toString(),
    }),
  );

describe('the page of users', () => {
  test('finds accounts, and shows nothing of them as HTML', async () => {
    const admin = await openAccount(api, { role: 'admin' });
    const { userId } = await openAccount(api);
    await api.pool.query("update users set name = '<b>Bold</b>' where id = $1", [userId]);
    const answer = await api.get(`/admin/users?query=${userId}&role=&status=&page=x`, admin.console);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    const text = await answer.text();
    expect(text).toContain(`${userId}@example.org`);
    expect(text).toContain('&lt;b&gt;Bold');
    expect(text).toContain('1 found');
    const nothing = await api.get('/admin/users?query=%22%3E%3Cscript%3E', admin.console);
    expect(await nothing.text()).not.toContain('<script>');
  });

  test('does what its buttons say, and says so', async () => {
    const admin = await openAccount(api, { role: 'admin' });
    const { userId, sessionId } = await openAccount(api);
    const press = async (action: string, id = userId) => {
      const answer = await api.request(`/admin/users/${id}/${action}`, {
        method: 'POST',
        headers: admin.console,
      });
      return [answer.status, answer.headers.get('location')];
    };
    const state = async () =>
      (
        await api.pool.query(
          'select role, locked_at is not null as locked, (select count(*)::int from sessions where user_id = u.id) as sessions from users u where id = $1',
          [userId],
        )
      ).rows[0];
    expect(await state()).toEqual({ role: 'user', locked: false, sessions: 1 });
    expect(await press('end-sessions')).toEqual([303, '/admin/users?notice=end-sessions']);
    expect(await state()).toMatchObject({ sessions: 0 });
    await press('make-admin');
    await press('lock');
    expect(await state()).toEqual({ role: 'admin', locked: true, sessions: 0 });
    await press('unlock');
    await press('make-user');
    expect(await state()).toEqual({ role: 'user', locked: false, sessions: 0 });
    expect(await press('lock', Bun.randomUUIDv7())).toEqual([303, '/admin/users?notice=missing']);
    expect((await press('explode'))[0]).toBe(404);
    expect((await press('last-admin'))[0]).toBe(404);
    expect((await press('lock', 'none'))[0]).toBe(422);
    const page = await (await api.get('/admin/users?notice=lock', admin.console)).text();
    expect(page).toContain('The account is locked');
    expect(sessionId).toBeString();
  });

  test('shows a link for a new password once, and it works', async () => {
    const admin = await openAccount(api, { role: 'admin' });
    const { userId } = await openAccount(api);
    const answer = await api.request(`/admin/users/${userId}/reset-link`, {
      method: 'POST',
      headers: admin.console,
    });
    const [, token] =
      /https:\/\/nexus\.test\/reset-password\?token=([\w-]{43})/.exec(await answer.text()) ?? [];
    const reset = await api.request('/api/auth/reset', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, password: 'another correct horse' }),
    });
    expect(reset.status).toBe(204);
  });

  test('keeps the last administrator', async () => {
    await emptyTables(api.pool, 'users');
    const admin = await openAccount(api, { role: 'admin' });
    for (const action of ['lock', 'make-user']) {
      const answer = await api.request(`/admin/users/${admin.userId}/${action}`, {
        method: 'POST',
        headers: admin.console,
      });
      expect(answer.headers.get('location')).toBe('/admin/users?notice=last-admin');
    }
  });
});

describe('the session of a console', () => {
  test('ends when the same browser signs in anew, and only then', async () => {
    const { userId } = await openAccount(api, { role: 'admin' });
    const first = await signIn(userId);
    const elsewhere = await signIn(userId);
    const failed = await api.request('/admin/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...own, cookie: first },
      body: new URLSearchParams({ email: `${userId}@example.org`, password: 'wrong' }).toString(),
    });
    expect(failed.status).toBe(401);
    expect((await api.get('/admin', { cookie: first })).status).toBe(200);
    const second = await signIn(userId, { cookie: first });
    expect((await api.get('/admin', { cookie: first })).status).toBe(401);
    for (const cookie of [elsewhere, second]) expect((await api.get('/admin', { cookie })).status).toBe(200);
  });

  test('ends when nobody uses it, and a page that only stands open is no use', async () => {
    const { userId } = await openAccount(api, { role: 'admin' });
    const cookie = await signIn(userId);
    const minutes = 60_000;
    const opens = (mode: string, path = '/admin') => api.get(path, { cookie, 'sec-fetch-mode': mode });
    const settled = () => Bun.sleep(150);
    let ahead = 0;
    const advance = (ms: number) => {
      api.advance(ms);
      ahead += ms;
    };
    try {
      advance(50 * minutes);
      expect((await opens('navigate')).status).toBe(200);
      await settled();
      advance(50 * minutes);
      for (const path of ['/admin', '/admin/queues/api/queues'])
        expect((await opens('cors', path)).status).toBe(200);
      await settled();
      advance(11 * minutes);
      expect((await opens('navigate')).status).toBe(401);
    } finally {
      api.advance(-ahead);
    }
  });

  test('is among the sessions of the administrator', async () => {
    const { userId, headers } = await openAccount(api, { role: 'admin' });
    await signIn(userId, {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    });
    const { data } = await (await api.get('/api/auth/sessions', headers)).json();
    expect(data).toContainEqual(expect.objectContaining({ kind: 'console', device: 'Firefox on Linux' }));
  });
});
