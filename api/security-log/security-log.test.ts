import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi, testSecret } from '#tests/support/api/api-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { makePasswordsCheap } from '#tests/support/cheap-passwords.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { until } from '#tests/support/until.ts';
import { createSecurityLog } from './security-log.ts';
import { eventsStatement } from './service.ts';

makePasswordsCheap();

let api: TestApi;
let admin: TestUser;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  if (admin !== undefined) await read();
  await emptyTables(api.pool, 'users', 'security_events');
  admin = await openUser(api, { role: 'admin' });
});

const read = async (query = '') => (await admin.get(`/api/admin/log?${query}`)).json();
const send = (path: string, method: string, body: unknown, headers: Record<string, string> = {}) =>
  api.request(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const login = ({ userId }: TestUser, password = testPassword) =>
  send('/api/auth/login', 'POST', { email: `${userId}@example.org`, password });
type Line = Record<'event' | 'outcome' | 'user_id' | 'subject_id' | 'detail', string | null>;
const linesOf = async (query = '') =>
  (await read(query)).data.map(({ event, outcome, user_id, subject_id, detail }: Line) => [
    event,
    outcome,
    user_id,
    subject_id,
    detail,
  ]);

describe('the security log', () => {
  test('says who signed in, was refused, and what they did with their account, newest first', async () => {
    const user = await openUser(api);
    const { userId: id, headers } = user;
    await login(user, 'wrong');
    await send('/api/auth/login', 'POST', { email: 'nobody@example.org', password: 'wrong' });
    await login(user);
    await api.get('/api/admin/overview', headers);
    const email = { password: testPassword, next: `new-${id}@example.org` };
    await send('/api/user/profile', 'PATCH', { email }, headers);
    await send('/api/user/profile', 'PATCH', { password: { current: 'wrong', next: testPassword } }, headers);
    await send(
      '/api/user/profile',
      'PATCH',
      { password: { current: testPassword, next: testPassword } },
      headers,
    );
    await api.request('/api/auth/logout', { method: 'POST', headers });
    expect(await linesOf()).toEqual([
      ['logout', 'done', id, null, null],
      ['password_change', 'done', id, null, null],
      ['password_proof', 'refused', id, null, 'password_change'],
      ['email_change', 'done', id, null, null],
      ['access', 'refused', id, null, 'GET /api/admin/overview'],
      ['login', 'done', id, null, null],
      ['login', 'refused', null, null, 'invalid_credentials'],
      ['login', 'refused', id, null, 'invalid_credentials'],
    ]);
  });

  test('says what administrators did, and to whom', async () => {
    const { userId: id } = await openUser(api);
    const { userId: by, headers } = admin;
    await send(`/api/admin/users/${id}`, 'PATCH', { role: 'admin' }, headers);
    await send(`/api/admin/users/${id}`, 'PATCH', { locked: true }, headers);
    // What changes nothing is no news.
    await send(`/api/admin/users/${id}`, 'PATCH', { locked: true, role: 'admin' }, headers);
    await send(`/api/admin/users/${id}`, 'PATCH', { locked: false }, headers);
    await admin.remove(`/api/admin/users/${id}/sessions`);
    await admin.post(`/api/admin/users/${id}/reset-link`, {});
    await admin.post('/api/admin/sync/genres', {});
    await admin.post('/api/admin/movies/550/fetch', {});
    const { cookie } = admin.console;
    const fetched = await api.request('/admin/movies/551/fetch', {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    });
    expect(fetched.status).toBe(303);
    expect((await linesOf()).reverse()).toEqual([
      ['role_change', 'done', by, id, 'user to admin'],
      ['lock', 'done', by, id, null],
      ['unlock', 'done', by, id, null],
      ['session_end', 'done', by, id, '0 sessions'],
      ['reset_link', 'done', by, id, null],
      ['sync_request', 'done', by, null, 'genres'],
      ['movie_fetch', 'done', by, null, '550'],
      ['movie_fetch', 'done', by, null, '551'],
    ]);
  });

  test('says when another site tries to use a console, and a token is used again', async () => {
    await api.request('/admin/sync/genres', {
      method: 'POST',
      headers: { cookie: admin.console.cookie, 'sec-fetch-site': 'cross-site' },
    });
    const user = await openUser(api);
    const { refresh_token } = (await (await login(user)).json()).data;
    await send('/api/auth/refresh', 'POST', { refresh_token });
    api.advance(11_000);
    await send('/api/auth/refresh', 'POST', { refresh_token });
    api.advance(-11_000);
    expect((await linesOf()).sort()).toEqual([
      ['cross_site', 'refused', admin.userId, null, 'POST /admin/sync/genres'],
      ['login', 'done', user.userId, null, null],
      ['token_reuse', 'refused', user.userId, null, null],
    ]);
  });

  test('says where a token or a key was shown that was made up, and not where one has merely run out', async () => {
    const user = await openUser(api);
    const signed = user.token.split('.');
    const forged = [...signed.slice(0, 2), 'x'.repeat(43)].join('.');
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    await api.get('/api/user/profile', bearer(forged));
    await api.get('/api/movies/1', bearer('nonsense'));
    await api.get('/admin/users', { cookie: `nexus_console=${forged}` });
    await send('/api/auth/refresh', 'POST', { refresh_token: 'nonsense' });
    const keyed = api.anotherRequest({ config: { rateLimit: false, facade: 'keys' } });
    for (const path of ['/3/movie/550?api_key=nonsense', '/3/movie/550?api_key=nonsense', '/3/movie/550'])
      expect((await keyed(path, {})).status).toBe(401);
    // Of these nobody needs to know: no proof at all, a session that was ended, a token whose time is over.
    await api.get('/api/user/profile');
    await api.request('/api/auth/logout', { method: 'POST', headers: user.headers });
    await api.get('/api/user/profile', user.headers);
    api.advance(3_600_000);
    await api.get('/api/user/profile', user.headers);
    api.advance(-3_600_000);
    // The second app writes its own lines.
    await until(async () => (await linesOf('event=token_refused')).length === 6);
    const lines = await linesOf();
    expect(lines.sort()).toEqual(
      [
        ['logout', 'done', user.userId, null, null],
        ['token_refused', 'refused', null, null, 'GET /3/movie/550'],
        ['token_refused', 'refused', null, null, 'GET /3/movie/550'],
        ['token_refused', 'refused', null, null, 'GET /admin/users'],
        ['token_refused', 'refused', null, null, 'GET /api/movies/1'],
        ['token_refused', 'refused', null, null, 'GET /api/user/profile'],
        ['token_refused', 'refused', null, null, 'refresh token'],
      ].sort(),
    );
  });

  test('says when another site tries without the cookie, which a browser keeps back', async () => {
    const from = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' };
    const body = new URLSearchParams({ email: 'a@example.org', password: 'wrong' }).toString();
    const form = { ...from, 'content-type': 'application/x-www-form-urlencoded' };
    await api.request('/admin/sync/genres', { method: 'POST', headers: from });
    await api.request('/admin/sign-in', { method: 'POST', headers: form, body });
    await api.request('/reset-password', { method: 'POST', headers: form, body });
    // A page of another origin whose user is not signed in, a link to the console, and a program are everyday life.
    await api.request('/api/user/interactions', { method: 'POST', headers: from });
    await api.get('/admin', from);
    await api.request('/admin/sync/genres', { method: 'POST' });
    expect((await linesOf()).sort()).toEqual([
      ['cross_site', 'refused', null, null, 'POST /admin/sign-in'],
      ['cross_site', 'refused', null, null, 'POST /admin/sync/genres'],
      ['cross_site', 'refused', null, null, 'POST /reset-password'],
    ]);
  });

  test('has the id of the request in the line of the other log', async () => {
    await api.get('/api/admin/overview', {
      ...(await openUser(api)).headers,
      'x-request-id': 'the-one-refused',
    });
    await until(() =>
      api.logged.some((line) => line.includes('security event') && line.includes('the-one-refused')),
    );
  });

  test('says who gave a wrong code, password or link, wherever that is asked for', async () => {
    const { userId: id, headers } = await openUser(api);
    await send('/api/auth/totp', 'POST', { password: 'wrong' }, headers);
    await send('/api/auth/totp/confirm', 'POST', { code: '000000' }, headers);
    await send('/api/auth/reset', 'POST', { token: 'x'.repeat(43), password: 'a correct horse' });
    await api.request('/reset-password', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: 'x'.repeat(43), password: 'a correct horse' }).toString(),
    });
    // Whose token is read first has a line a moment later: the order is not told.
    await until(async () => (await linesOf()).length === 4);
    expect((await linesOf()).sort()).toEqual([
      ['password_proof', 'refused', null, null, 'POST /api/auth/reset'],
      ['password_proof', 'refused', id, null, 'POST /api/auth/totp'],
      ['password_proof', 'refused', id, null, 'POST /api/auth/totp/confirm'],
      ['password_reset', 'refused', null, null, null],
    ]);
  });

  test('has one line for one refusal: of a locked account that tries to sign in, too', async () => {
    const user = await openUser(api);
    await api.pool.query('update users set locked_at = now() where id = $1', [user.userId]);
    for (const from of [{}, { 'sec-fetch-site': 'cross-site' }] as Record<string, string>[]) {
      const body = { email: `${user.userId}@example.org`, password: testPassword };
      expect((await send('/api/auth/login', 'POST', body, from)).status).toBe(403);
    }
    const line = ['login', 'refused', user.userId, null, 'forbidden'];
    expect(await linesOf()).toEqual([line, line]);
  });

  test('is not filled by somebody who signs in again and again, and that hides nothing else', async () => {
    const [user, other] = [await openUser(api), await openUser(api)];
    let { access_token: token } = (await (await login(user)).json()).data;
    for (let times = 0; times < 70; times++) token = (await (await login(user)).json()).data.access_token;
    await login(other);
    await api.request('/api/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    for (let times = 0; times < 70; times++) await admin.remove(`/api/admin/users/${user.userId}/sessions`);
    const totalOf = async (query: string) => (await read(query)).meta.total_results;
    const kept = await totalOf(`event=login&user_id=${user.userId}`);
    expect(kept).toBeGreaterThanOrEqual(60);
    expect(kept).toBeLessThan(65);
    expect(await totalOf(`event=login&user_id=${other.userId}`)).toBe(1);
    expect(await totalOf(`event=logout&user_id=${user.userId}`)).toBe(1);
    expect(await totalOf(`event=session_end&user_id=${admin.userId}`)).toBe(70);
  });

  test('is searched by indexes, whatever is looked for and however little of it there is', async () => {
    await api.pool.query(`insert into security_events (at, event, outcome, user_id, address_key)
      select now() - n * interval '1 second', 'login', 'refused', 'u' || n % 500, 'a' || n % 500 from generate_series(1, 20000) n`);
    await api.pool.query('analyze security_events');
    const nothing = { event: null, outcome: null, userId: null, addressKey: null };
    for (const asked of [
      { event: 'lock' },
      { event: 'lock', outcome: 'refused' },
      { addressKey: 'nobodys' },
      { addressKey: 'a7', outcome: 'refused' },
      { userId: 'nobody' },
      {},
    ]) {
      const { text, values } = eventsStatement({ ...nothing, ...asked }, { limit: 21 });
      const { rows } = await api.pool.query(`explain (analyze, format json) ${text}`, [...values]);
      const plan = JSON.stringify(rows[0]['QUERY PLAN']);
      expect([asked, plan.includes('Seq Scan')]).toEqual([asked, false]);
      expect(plan.match(/"Rows Removed by Filter": \d{3,}/)).toBeNull();
    }
  });

  test('says who asks too often, a few times, and that hides no refused login', async () => {
    const user = await openUser(api);
    const request = api.anotherRequest({});
    const statuses: number[] = [];
    for (let i = 0; i < 340; i++)
      statuses.push((await request('/api/user/profile', { headers: user.headers })).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    for (let i = 0; i < 12; i++)
      await request('/api/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: `${user.userId}@example.org`, password: 'wrong' }),
      });
    // What another app of this process wrote is not flushed by this one.
    await until(async () => (await read('event=login&limit=100')).data.length >= 12);
    await Bun.sleep(700);
    const throttled = ['throttle', 'refused', user.userId, null, 'GET /api/user/profile'];
    expect(await linesOf('event=throttle')).toEqual([throttled, throttled, throttled]);
    const logins = (await read('event=login&limit=100')).data.map(({ detail }: Line) => detail);
    expect(logins.filter((detail: string) => detail === 'too_many_requests')).toHaveLength(2);
    expect(logins).toHaveLength(12);
    await api.pool.query('truncate rate_limits');
  });

  test('has pages and filters, and refuses what it does not know', async () => {
    const users = [await openUser(api), await openUser(api)] as const;
    for (const user of users) for (const password of ['wrong', testPassword]) await login(user, password);
    expect(await linesOf(`user_id=${users[0].userId}&outcome=done`)).toEqual([
      ['login', 'done', users[0].userId, null, null],
    ]);
    expect((await read('event=login&limit=3')).meta).toEqual({
      page: 1,
      limit: 3,
      total_results: 4,
      total_pages: 2,
      next: expect.any(String),
    });
    expect((await read('event=login&limit=3&page=2')).data).toHaveLength(1);
    for (const [query, path] of [
      ['event=x', 'event'],
      ['outcome=x', 'outcome'],
      ['user_id=%00', 'user_id'],
      ['address_key=a%20b', 'address_key'],
    ])
      expect((await read(query)).details[0].path).toBe(path);
  });

  test('has no address in it, but the same key for the same one', async () => {
    const server = api.anotherApp({ config: { rateLimit: false } });
    server.listen({ port: 0, hostname: '127.0.0.1' });
    for (const email of ['a@example.org', 'b@example.org'])
      await fetch(`${server.server?.url}api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: 'wrong' }),
      });
    await Bun.sleep(1000);
    await server.stop();
    const { rows } = await api.pool.query('select e::text as text, address_key from security_events e');
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map((row) => row.address_key)).size).toBe(1);
    expect(rows[0].address_key).toMatch(/^[\w-]{22}$/);
    expect(rows.map(({ text }) => text).join()).not.toMatch(/127\.0\.0\.1|example\.org/);
    expect(await linesOf(`address_key=${rows[0].address_key}`)).toHaveLength(2);
  });

  test('keeps the lines of a deleted user under a key, also those that were not written yet', async () => {
    const user = await openUser(api);
    await login(user);
    await send(`/api/admin/users/${user.userId}`, 'PATCH', { role: 'admin' }, admin.headers);
    await read();
    await login(user, 'wrong');
    await send('/api/user/profile', 'DELETE', { password: testPassword }, user.headers);
    const lines = await linesOf();
    const [{ user_id: key }] = (await read('event=account_delete')).data;
    expect(key).toMatch(/^deleted-[\w-]{22}$/);
    expect(JSON.stringify(lines)).not.toContain(user.userId);
    expect(await linesOf(`user_id=${key}`)).toHaveLength(4);
  });
});

describe('writing it', () => {
  const open = (pool = api.pool, now: () => number = Date.now) => {
    const warned: unknown[] = [];
    const log = { info: () => {}, warn: (line: unknown) => void warned.push(line) };
    const stopping = new AbortController();
    const security = createSecurityLog({
      pool,
      log: log as never,
      secret: testSecret,
      stopping: stopping.signal,
      now,
    });
    return { security, warned, stopping };
  };
  const count = async () =>
    (await api.pool.query('select count(*)::int as n from security_events where event = $1', ['login']))
      .rows[0].n;

  test('an attacker makes it write only so much, and what is dropped is counted', async () => {
    let time = Date.now();
    const { security } = open(api.pool, () => time);
    for (let i = 0; i < 5000; i++)
      security.record({ event: 'login', outcome: 'refused', address: `192.0.2.${i % 250}` });
    await security.flush();
    expect(await count()).toBe(300);
    // One address has used up what is its own, long before all have what is theirs.
    time += 600_000;
    for (let i = 0; i < 500; i++)
      security.record({ event: 'login', outcome: 'refused', address: '198.51.100.1' });
    await security.flush();
    expect(await count()).toBe(330);
    const { rows } = await api.pool.query(
      "select detail from security_events where event = 'events_dropped' order by id",
    );
    expect(rows).toEqual([{ detail: '4700' }, { detail: '470' }]);
  });

  test('the holder of a whole IPv6 network makes it write no more than one address does', async () => {
    const { security } = open();
    for (let i = 0; i < 500; i++)
      security.record({ event: 'login', outcome: 'refused', address: `2001:db8:1:${i.toString(16)}::1` });
    security.record({ event: 'login', outcome: 'refused', address: '2001:db8:2::1' });
    await security.flush();
    expect(await count()).toBe(31);
  });

  test('a store that is away costs nobody anything, and gets the lines later', async () => {
    let isAway = true;
    const failing = new Proxy(api.pool, {
      get: (pool, name) =>
        name === 'query' && isAway
          ? () => Promise.reject(new Error('away'))
          : Reflect.get(pool, name).bind(pool),
    });
    const { security, warned } = open(failing);
    security.record({ event: 'login', outcome: 'done', address: '' });
    await security.flush();
    expect([warned.length, await count()]).toEqual([1, 0]);
    isAway = false;
    await security.flush();
    expect(await count()).toBe(1);
  });

  test('what waits is written at a stop', async () => {
    const { security, stopping } = open();
    security.record({ event: 'login', outcome: 'done', address: '', detail: 'a\0b\ud800' });
    stopping.abort();
    await security.flush();
    expect(await count()).toBe(1);
  });

  test('a user who is deleted while lines are written is never left in them', async () => {
    const { security } = open();
    for (let round = 0; round < 10; round++) {
      const user = await openUser(api);
      for (let i = 0; i < 5; i++)
        security.record({ event: 'login', outcome: 'done', userId: user.userId, address: '' });
      const [gone] = await Promise.all([
        send('/api/user/profile', 'DELETE', { password: testPassword }, user.headers),
        security.flush(),
      ]);
      expect(gone.status).toBe(204);
      const { rows } = await api.pool.query('select 1 from security_events where user_id = $1', [
        user.userId,
      ]);
      expect(rows).toEqual([]);
    }
  });
});
