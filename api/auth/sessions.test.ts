import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openAccount, type TestAccount, testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { deviceOf, networkOf } from './client-of.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const own = { 'sec-fetch-site': 'same-origin' };
const json = { 'content-type': 'application/json' };

const post = (path: string, body?: unknown, headers: Record<string, string> = {}, request = api.request) =>
  request(`/api/auth/${path}`, {
    method: 'POST',
    headers: { ...(body === undefined ? {} : json), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const login = async ({ userId }: TestUser, headers: Record<string, string> = {}, fields: object = {}) =>
  post('login', { email: `${userId}@example.org`, password: testPassword, ...fields }, headers);
const tokenOf = async (answer: Awaited<ReturnType<typeof post>>) => (await answer.json()).data;
const sessionsOf = async (user: Pick<TestUser, 'get'>) =>
  (await (await user.get('/api/auth/sessions')).json()).data;

describe('the sessions of a user', () => {
  test('say where one is signed in, the latest used first, and which one it is', async () => {
    const user = await openUser(api);
    await api.pool.query("update sessions set refreshed_at = now() - interval '1 day' where id = $1", [
      user.sessionId,
    ]);
    await login(user, { 'user-agent': firefox });
    const answer = await user.get('/api/auth/sessions');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    const times = {
      created_at: expect.any(String),
      refreshed_at: expect.any(String),
      expires_at: expect.any(String),
    };
    expect(await answer.json()).toEqual({
      status: 'success',
      data: [
        {
          id: expect.any(String),
          kind: 'api',
          device: 'Firefox on Linux',
          network: null,
          ...times,
          current: false,
        },
        { id: user.sessionId, kind: 'api', device: null, network: null, ...times, current: true },
      ],
    });
  });

  test('keep the network of an address, and not the address', async () => {
    const user = await openUser(api);
    const server = api.anotherApp({ config: { rateLimit: false } });
    server.listen({ port: 0, hostname: '127.0.0.1' });
    await fetch(`${server.server?.url}api/auth/login`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ email: `${user.userId}@example.org`, password: testPassword }),
    });
    await server.stop();
    const { rows } = await api.pool.query(
      'select s::text as text, network from sessions s where user_id = $1',
      [user.userId],
    );
    expect(rows.map((row) => row.network).sort()).toEqual(['127.0.0.0/24', null].sort());
    expect(rows.map((row) => row.text).join()).not.toContain('127.0.0.1');
  });

  test('one is ended: its tokens are worth nothing at once', async () => {
    const user = await openUser(api);
    const other = await tokenOf(await login(user));
    const [{ id }] = (await sessionsOf(user)).filter(({ current }: { current: boolean }) => !current);
    expect((await user.remove(`/api/auth/sessions/${id}`)).status).toBe(204);
    expect(
      (await api.get('/api/user/profile', { authorization: `Bearer ${other.access_token}` })).status,
    ).toBe(401);
    expect((await post('refresh', { refresh_token: other.refresh_token })).status).toBe(401);
    expect((await user.remove(`/api/auth/sessions/${id}`)).status).toBe(404);
    expect((await user.remove(`/api/auth/sessions/${user.sessionId}`)).status).toBe(204);
    expect((await user.get('/api/auth/sessions')).status).toBe(401);
  });

  test('that of somebody else is none, and stays', async () => {
    const [user, other] = [await openUser(api), await openUser(api)];
    const answer = await user.remove(`/api/auth/sessions/${other.sessionId}`);
    expect([answer.status, (await answer.json()).code]).toEqual([404, 'not_found']);
    expect((await other.get('/api/user/profile')).status).toBe(200);
    const wrong = await user.remove('/api/auth/sessions/none');
    expect([wrong.status, (await wrong.json()).details]).toEqual([
      422,
      [{ path: 'id', message: 'must be a UUID' }],
    ]);
  });

  test('all others are ended, and nobody else’s', async () => {
    const [user, other] = [await openUser(api), await openUser(api)];
    for (const _ of 'abc') await login(user);
    expect(await sessionsOf(user)).toHaveLength(4);
    expect((await user.remove('/api/auth/sessions')).status).toBe(204);
    expect((await sessionsOf(user)).map(({ id }: { id: string }) => id)).toEqual([user.sessionId]);
    expect((await other.get('/api/user/profile')).status).toBe(200);
  });
});

describe('a browser', () => {
  const forgotten = ({ headers }: Response) => [headers.get('clear-site-data'), headers.get('set-cookie')];
  const gone = ['"cache"', 'nexus_refresh=; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=0'];
  const goneOfConsole = ['"cache"', 'nexus_console=; Path=/admin; HttpOnly; SameSite=Strict; Max-Age=0'];
  const sent = (method: string, path: string, headers: Record<string, string>, body?: object) =>
    api.request(path, {
      method,
      headers: { ...headers, ...(body && json) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const openAdmin = () => openAccount(api, { role: 'admin' });

  type Own = Pick<TestAccount, 'userId' | 'sessionId' | 'headers'>;
  test.each<[string, (own: Own) => Promise<Response>]>([
    ['signs out', ({ headers }) => sent('POST', '/api/auth/logout', headers)],
    ['ends it', ({ sessionId, headers }) => sent('DELETE', `/api/auth/sessions/${sessionId}`, headers)],
    [
      'deletes the account',
      ({ headers }) => sent('DELETE', '/api/user/profile', headers, { password: testPassword }),
    ],
    [
      'ends all of their account',
      ({ userId, headers }) => sent('DELETE', `/api/admin/users/${userId.toUpperCase()}/sessions`, headers),
    ],
    [
      'locks their account',
      ({ userId, headers }) => sent('PATCH', `/api/admin/users/${userId}`, headers, { locked: true }),
    ],
  ])('forgets the session, and what it was shown, when its owner %s', async (_, end) => {
    await openAdmin();
    const answer = await end(await openAdmin());
    expect([answer.ok, ...forgotten(answer)]).toEqual([true, ...gone]);
  });

  test.each<[string, (own: TestAccount) => string]>([
    ['signs out', () => '/admin/sign-out'],
    ['ends all sessions of their account', ({ userId }) => `/admin/users/${userId}/end-sessions`],
    ['locks their account', ({ userId }) => `/admin/users/${userId}/lock`],
  ])('forgets that of the console when its owner %s', async (_, pathOf) => {
    await openAdmin();
    const admin = await openAdmin();
    const answer = await sent('POST', pathOf(admin), admin.console);
    expect([answer.status, ...forgotten(answer)]).toEqual([303, ...goneOfConsole]);
  });

  test('keeps the session that goes on', async () => {
    const [admin, user] = [await openAdmin(), await openUser(api)];
    await login(user);
    const [latest] = await sessionsOf(user);
    for (const answer of [
      await user.remove(`/api/auth/sessions/${latest.id}`),
      await user.remove('/api/auth/sessions'),
      await sent('DELETE', `/api/admin/users/${user.userId}/sessions`, admin.headers),
      await sent('PATCH', `/api/admin/users/${user.userId}`, admin.headers, { locked: true }),
      await sent('PATCH', `/api/admin/users/${admin.userId}`, admin.headers, { locked: false }),
      await sent('POST', `/admin/users/${user.userId}/end-sessions`, admin.console),
      await sent('POST', `/admin/users/${admin.userId}/unlock`, admin.console),
    ])
      expect([answer.status < 400, ...forgotten(answer)]).toEqual([true, null, null]);
  });
});

test('whoever refreshes on and on makes no more than a thousand tokens be kept, those spent last', async () => {
  const user = await openUser(api);
  const { refresh_token } = await tokenOf(await login(user));
  const spent = (n: number) => `spent-${n}-${user.userId}`;
  // In the last month of a session all its tokens end at the same moment.
  await api.pool.query(
    `insert into refresh_tokens (token_hash, session_id, expires_at, spent_at, uses)
      select sha256(('spent-' || n || '-' || $2)::bytea), session_id, expires_at, now() - n * interval '1 minute', 1
      from generate_series(1, 1500) n, refresh_tokens t where t.token_hash = sha256($1::bytea)`,
    [refresh_token, user.userId],
  );
  const next = await tokenOf(await post('refresh', { refresh_token }));
  expect((await post('refresh', { refresh_token: next.refresh_token })).status).toBe(200);
  const { rows } = await api.pool.query(
    `select count(*)::int as kept from refresh_tokens where session_id in (
      select session_id from refresh_tokens where token_hash = sha256($1::bytea))`,
    [next.refresh_token],
  );
  expect(rows[0].kept).toBeWithin(1000, 1003);
  // One of long ago opens nothing, and ends nothing; a later one ends the session.
  const alive = async () =>
    (await user.get('/api/auth/sessions').then((answer) => answer.json())).data.length;
  const before = await alive();
  expect((await post('refresh', { refresh_token: spent(1400) })).status).toBe(401);
  expect(await alive()).toBe(before);
  expect((await post('refresh', { refresh_token: spent(900) })).status).toBe(401);
  expect(await alive()).toBe(before - 1);
});

describe('the refresh token in a cookie', () => {
  const cookieOf = (answer: { headers: Headers }) =>
    (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const signIn = async (headers: Record<string, string> = {}) => {
    const user = await openUser(api);
    const answer = await login(user, headers, { cookie: true });
    return { user, answer, cookie: cookieOf(answer), data: await tokenOf(answer) };
  };

  test('is kept from scripts and from other sites, and is not in the answer', async () => {
    const { answer, data } = await signIn();
    expect(answer.headers.get('set-cookie')).toMatch(
      /^nexus_refresh=[\w-]{43}; Path=\/api\/auth; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
    expect(data.refresh_token).toBeNull();
  });

  test('has another name under HTTPS, and only that one counts there', async () => {
    const ask = api.anotherRequest({ config: { rateLimit: false, trustProxy: ['127.0.0.1'] } });
    const https = { 'x-forwarded-proto': 'https', ...own };
    const account = { name: 'A', email: `${crypto.randomUUID()}@example.org`, password: testPassword };
    const answer = await post('register', { ...account, cookie: true }, https, ask);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Secure-nexus_refresh=[\w-]{43}; Path=\/api\/auth; HttpOnly; SameSite=Strict; Max-Age=2592000; Secure$/,
    );
    const cookie = cookieOf(answer);
    const plain = cookie.replace('__Secure-', '');
    expect((await post('refresh', undefined, { ...https, cookie: plain }, ask)).status).toBe(401);
    expect((await post('refresh', undefined, { ...https, cookie }, ask)).status).toBe(200);
  });

  test('ends the session that the same browser had before, and no other', async () => {
    const { user, cookie } = await signIn();
    const others = await signIn();
    const alive = async (of: string) => (await post('refresh', undefined, { ...own, cookie: of })).status;
    // Another site can send it along, but ends nothing by it; nor does a failed login, or one without the cookie.
    await login(user, { cookie, 'sec-fetch-site': 'same-site' }, { cookie: true });
    await login(user, { cookie }, {});
    const wrong = { email: `${user.userId}@example.org`, password: 'wrong', cookie: true };
    expect((await post('login', wrong, { ...own, cookie })).status).toBe(401);
    const kept = await post('refresh', undefined, { ...own, cookie });
    expect(kept.status).toBe(200);
    const second = cookieOf(await login(user, { ...own, cookie: cookieOf(kept) }, { cookie: true }));
    expect(await alive(cookieOf(kept))).toBe(401);
    for (const each of [second, others.cookie]) expect(await alive(each)).toBe(200);
  });

  test('is exchanged by an empty body, for another one in the cookie', async () => {
    const { cookie } = await signIn();
    for (const [body, headers] of [
      [undefined, { origin: 'http://nexus.test', host: 'nexus.test' }],
      [{}, own],
    ] as [unknown, Record<string, string>][]) {
      const answer = await post('refresh', body, { ...headers, cookie });
      expect(answer.status).toBe(200);
      expect(cookieOf(answer)).not.toBe(cookie);
      expect(await answer.json()).toEqual({
        status: 'success',
        data: {
          access_token: expect.any(String),
          token_type: 'Bearer',
          expires_in: 900,
          refresh_token: null,
        },
      });
    }
  });

  test('is of no use to another site, nor where nobody says who sent it, and is not spent there', async () => {
    const { cookie } = await signIn();
    for (const from of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.test', host: 'nexus.test' },
      { origin: 'null', host: 'nexus.test' },
    ] as Record<string, string>[]) {
      const answer = await post('refresh', undefined, { ...from, cookie });
      expect([answer.status, (await answer.json()).code]).toEqual([403, 'forbidden']);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    const { rows } = await api.pool.query(
      'select uses from refresh_tokens where token_hash = sha256($1::bytea)',
      [cookie.split('=')[1]],
    );
    expect(rows).toEqual([{ uses: 0 }]);
  });

  test('works for an origin in CORS_ORIGINS, which may send it, and for no other', async () => {
    const origin = 'https://app.nexus.test';
    const ask = api.anotherRequest({ config: { rateLimit: false, corsOrigins: [origin] } });
    const { cookie } = await signIn();
    const from = { 'sec-fetch-site': 'same-site', origin };
    const answer = await post('refresh', undefined, { ...from, cookie }, ask);
    expect([answer.status, answer.headers.get('access-control-allow-credentials')]).toEqual([200, 'true']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    const preflight = await ask('/api/auth/refresh', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
    const other = { ...from, origin: 'https://evil.nexus.test', cookie: cookieOf(answer) };
    const refused = await post('refresh', undefined, other, ask);
    expect([refused.status, refused.headers.get('access-control-allow-credentials')]).toEqual([403, null]);
    const elsewhere = await ask('/api/genres', { headers: { origin } });
    expect(elsewhere.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('without it and without a body nobody is known; a token in the body goes before it', async () => {
    expect((await post('refresh', undefined, own)).status).toBe(401);
    const { user, cookie } = await signIn();
    const { refresh_token } = await tokenOf(await login(user));
    const answer = await post('refresh', { refresh_token }, { ...own, cookie });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect((await tokenOf(answer)).refresh_token).toMatch(/^[\w-]{43}$/);
  });

  test('goes when one signs out, or ends the session', async () => {
    const gone = 'nexus_refresh=; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=0';
    const [left, ended] = [await signIn(), await signIn()];
    const headersOf = ({ cookie, data }: typeof left) => ({
      ...own,
      cookie,
      authorization: `Bearer ${data.access_token}`,
    });
    const out = await post('logout', undefined, headersOf(left));
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, gone]);
    const headers = headersOf(ended);
    const { data: sessions } = await (await api.get('/api/auth/sessions', headers)).json();
    const { id } = sessions.find(({ current }: { current: boolean }) => current);
    const answer = await api.request(`/api/auth/sessions/${id.toUpperCase()}`, { method: 'DELETE', headers });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([204, gone]);
  });

  test.each([['yes'], [1], [null]])('is asked for with true or false, not %j', async (cookie) => {
    const answer = await login(await openUser(api), {}, { cookie });
    expect([answer.status, (await answer.json()).details]).toEqual([
      422,
      [{ path: 'cookie', message: 'must be true or false' }],
    ]);
  });
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1',
    'Chrome on iOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [firefox, 'Firefox on Linux'],
  ['curl/8.5.0', 'curl'],
  ['<script>', null],
  ['', null],
  [null, null],
])('the device of %j is %p', (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device);
});

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['', null],
])('the network of %p is %p', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
