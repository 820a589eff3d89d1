import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { App } from '#api/app.ts';
import { needsOf } from '#api/http/callers/route-needs.ts';
import { bodyRuleOf } from '#api/http/input/body-rule.ts';
import { serve } from '#api/serve.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putSnapshot, putTrending, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { until } from '#tests/support/until.ts';

/** What somebody who means harm would try first, at the whole of the api. */
const password = 'correct horse';
let stack: AsyncDisposableStack;
let api: TestApi;
let url: URL;
let turn = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  api = stack.use(await openTestApi({ config: { rateLimit: false, onDemandWaitMs: 0 } }));
  url = new URL(stack.use(serve(api.app, { host: '127.0.0.1', port: 0, graceMs: 500 })).url);
  await putWholeMovie(api.pool, 100);
  await putTrending(api.pool, 'week', [100]);
  await api.pool.query('update genres set listed = true');
  await putSnapshot(api.pool, 'genres', 2);
});
afterAll(() => stack.disposeAsync());

async function ask(method: string, path: string, body?: unknown, token?: string, more = {}) {
  const answer = await api.request(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...more,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { http: answer.status, text, body: text === '' ? undefined : JSON.parse(text) };
}
const login = (email: string, given = password) => ask('POST', '/api/auth/login', { email, password: given });
const refresh = (token: string) => ask('POST', '/api/auth/refresh', { refresh_token: token });
const profile = (token: string) => ask('GET', '/api/user/profile', undefined, token);

async function register() {
  const email = `somebody-${++turn}@example.org`;
  const { body } = await ask('POST', '/api/auth/register', { name: 'Somebody', email, password });
  return { email, token: body.data.access_token as string, refreshToken: body.data.refresh_token as string };
}

describe('bodies', () => {
  const withBody = () =>
    api.routes.filter(({ method }) => method === 'POST' || method === 'PATCH' || method === 'DELETE');

  const notJson = new Set(['/api/user/import', '/admin/sign-in', '/admin/keys', '/reset-password']);

  test('that nest without end are refused at once, on every route', async () => {
    const nested = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    for (const { method, path } of withBody()) {
      const { token, console: cookie } = await openAccount(api, { role: 'admin' });
      const asked = path.replace(':tmdb_id', '100').replace(':type', 'liked').replace(':job', 'genres');
      const answer = await ask(method, asked, nested, token, cookie);
      expect([asked, answer.http]).toEqual([asked, notJson.has(path) ? 415 : 400]);
    }
  });

  test('of nothing but unknown fields are answered in a few words', async () => {
    const fields = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`field-${i}`, 1]));
    const answer = await ask('POST', '/api/auth/login', fields);
    expect(answer.http).toBe(422);
    expect(answer.text.length).toBeLessThan(2000);
    expect((await ask('POST', '/api/auth/login', { ['k'.repeat(60_000)]: 1 })).text.length).toBeLessThan(
      2000,
    );
  });

  test.each([
    ['POST', '/api/auth/register', { name: 'Eve', email: 'eve@example.org', password }],
    ['POST', '/api/auth/login', { email: 'eve@example.org', password }],
    ['POST', '/api/auth/refresh', { refresh_token: 'x' }],
    ['PATCH', '/api/user/profile', { name: 'Eve' }],
    ['DELETE', '/api/user/profile', { password }],
    ['POST', '/api/user/preferences', { movies: [100] }],
    ['POST', '/api/user/interactions', { tmdb_id: 100, type: 'liked' }],
  ])('%s %s takes no field that is not its own', async (method, path, right) => {
    const { token, userId } = await openAccount(api);
    const other = await openAccount(api);
    for (const stray of [
      { role: 'admin' },
      { id: other.userId },
      { user_id: other.userId },
      { password_hash: 'x' },
      { created_at: '2000-01-01' },
    ]) {
      const answer = await ask(method, path, { ...right, ...stray }, token);
      expect([stray, answer.http, answer.body.code]).toEqual([stray, 422, 'invalid_input']);
    }
    const hidden = `{"__proto__":{"role":"admin"},${JSON.stringify(right).slice(1)}`;
    expect((await ask(method, path, hidden, token)).http).toBe(422);
    for (const odd of [[right], null, JSON.stringify(right), 1])
      expect((await ask(method, path, JSON.stringify(odd), token)).http).toBe(422);
    const { rows } = await api.pool.query('select role, name from users where id = $1', [userId]);
    expect(rows).toEqual([{ role: 'user', name: 'Somebody' }]);
  });

  test('of nothing, said to be JSON, end a session and take an interaction back', async () => {
    const { token } = await openAccount(api);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const told = (method: string, path: string) => api.request(path, { method, headers });
    expect((await told('DELETE', '/api/user/interactions/100/liked')).status).toBe(204);
    expect((await told('POST', '/api/auth/logout')).status).toBe(204);
    expect((await profile(token)).http).toBe(401);
  });
});

describe('what ends while a body arrives', () => {
  const guarded = () =>
    api.routes.filter(
      (route) =>
        ['POST', 'PATCH', 'PUT', 'DELETE'].includes(route.method) &&
        needsOf(route).some((need) => need !== 'nothing' && need !== 'optional'),
    );
  const endings = {
    'the session': (of: TestAccount) => api.pool.query('delete from sessions where id = $1', [of.sessionId]),
    'the account’s freedom': (of: TestAccount) =>
      api.pool.query('update users set locked_at = now() where id = $1', [of.userId]),
    'the role': (of: TestAccount) =>
      api.pool.query("update users set role = 'user' where id = $1", [of.userId]),
  };

  /** Sends a body whose last part comes only after that. */
  async function hold(route: App['routes'][number], caller: TestAccount, between: () => Promise<unknown>) {
    const { method, path } = route;
    const { mediaType } = bodyRuleOf(route);
    const text = mediaType === 'application/json' ? '{}' : 'a=b';
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const isFirst = pulls++ === 0;
          if (!isFirst) await between();
          controller.enqueue(new TextEncoder().encode(isFirst ? text.slice(0, 1) : text.slice(1)));
          if (!isFirst) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const asked = path
      .replace(':job', 'genres')
      .replace(':type', 'liked')
      .replaceAll(/:[a-z_]*id\b/g, '100');
    const headers = { ...caller.headers, ...caller.console, 'content-type': mediaType };
    const answer = await api.request(asked, { method, headers, body, duplex: 'half' } as RequestInit);
    return { http: answer.status, pulls };
  }

  test.each(Object.entries(endings))('%s: nothing is done any more, on any route', async (what, end) => {
    expect(guarded().length).toBeGreaterThan(40);
    for (const route of guarded()) {
      const caller = await openAccount(api, { role: 'admin' });
      const { http, pulls } = await hold(route, caller, () => end(caller));
      const isAdmins = needsOf(route).some((need) => need === 'admin' || need === 'console');
      const isStill = what === 'the role' && !isAdmins;
      const named = `${route.method} ${route.path}`;
      expect([named, pulls]).toEqual([named, 2]);
      if (isStill) expect([named, [401, 403].includes(http)]).toEqual([named, false]);
      else expect([named, http]).toEqual([named, what === 'the role' ? 403 : 401]);
    }
  });
});

describe('one’s token is no key to what is another’s', () => {
  const everything = async ({ userId }: TestAccount) => {
    const tables = ['user_movie_interactions', 'user_movie_preferences', 'sessions', 'user_imports'];
    const rows = tables.map((table) =>
      api.pool.query(`select * from ${table} where user_id = $1 order by 1, 2`, [userId]),
    );
    const users = api.pool.query('select * from users where id = $1', [userId]);
    return (await Promise.all([users, ...rows])).map((result) => result.rows);
  };

  test('whatever one does leaves the other’s as it is, and shows nothing of it', async () => {
    const [ada, eve] = [await openAccount(api), await openAccount(api)];
    await ask('POST', '/api/user/interactions', { tmdb_id: 100, type: 'watched' }, ada.token);
    await ask('POST', '/api/user/preferences', { movies: [100] }, ada.token);
    const before = await everything(ada);
    await ask('POST', '/api/user/preferences', { movies: [] }, eve.token);
    await ask('DELETE', '/api/user/interactions/100/watched', undefined, eve.token);
    await ask('PATCH', '/api/user/profile', { name: 'Eve' }, eve.token);
    for (const path of ['profile', 'preferences', 'interactions', 'export', 'import']) {
      const asked = await ask('GET', `/api/user/${path}?user_id=${ada.userId}`, undefined, eve.token);
      expect([path, asked.http, asked.body.details[0].path]).toEqual([path, 422, 'user_id']);
      const answer = await ask('GET', `/api/user/${path}`, undefined, eve.token);
      expect([path, answer.http]).toEqual([path, 200]);
      for (const { text } of [asked, answer]) {
        expect(text).not.toContain(ada.userId);
        expect(text).not.toContain('"tmdb_id":100');
      }
    }
    await ask('POST', '/api/auth/logout', undefined, eve.token);
    expect(await everything(ada)).toEqual(before);
  });
});

describe('a cache between callers', () => {
  const own = ['profile', 'preferences', 'interactions', 'export', 'import'].map((it) => `/api/user/${it}`);
  const admins = ['/api/admin/overview', '/api/admin/sync/runs'];

  test.each([...own, ...admins])('keeps nothing of %s', async (path) => {
    const { headers } = await openAccount(api, { role: 'admin' });
    const answer = await api.get(path, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toMatch(/private.*no-store/);
    expect(answer.headers.get('vary')).toContain('Authorization');
  });

  test.each([
    '/api/movies/100',
    '/api/movies/100/recommendations',
    '/api/movies/trending',
    '/api/movies?query=a',
    '/api/people?query=a',
    '/api/genres',
  ])('tells callers apart at %s, also when nothing has changed', async (path) => {
    const { headers } = await openAccount(api);
    for (const asked of [{}, headers]) {
      const whole = await api.get(path, asked);
      const etag = whole.headers.get('etag') ?? '';
      const same = await api.get(path, { ...asked, 'if-none-match': etag });
      expect([whole.status, same.status]).toEqual([200, 304]);
      for (const answer of [whole, same]) {
        expect(answer.headers.get('vary')).toContain('Authorization');
        expect(answer.headers.get('cache-control')).toStartWith(asked === headers ? 'private' : 'public');
      }
    }
    const refused = await api.get(path, { authorization: 'Bearer x' });
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([401, 'no-store']);
  });
});

describe('at the same moment', () => {
  const all = <T>(...asked: Promise<T>[]) => Promise.all(asked);
  type Answer = Awaited<ReturnType<typeof ask>>;
  const tokensIn = (answers: Answer[]) =>
    answers.filter(({ http, body }) => http === 200 && body?.data?.access_token).map(({ body }) => body.data);

  test('an account is deleted and signed in to: nobody is left in it, and nothing breaks', async () => {
    for (let round = 0; round < 3; round++) {
      const { email, token, refreshToken } = await register();
      const answers = await all(
        login(email),
        refresh(refreshToken),
        ask('POST', '/api/user/interactions', { tmdb_id: 100, type: 'liked' }, token),
        ask('DELETE', '/api/user/profile', { password }, token),
        login(email),
        ask('POST', '/api/user/preferences', { movies: [100] }, token),
        ask('PATCH', '/api/user/profile', { name: 'Still here' }, token),
        ask('GET', '/api/user/export', undefined, token),
      );
      expect(answers.filter(({ http }) => http >= 500)).toEqual([]);
      expect(answers[3]?.http).toBe(204);
      for (const signedIn of tokensIn(answers)) {
        expect((await profile(signedIn.access_token)).http).toBe(401);
        expect((await refresh(signedIn.refresh_token)).http).toBe(401);
      }
      expect((await profile(token)).http).toBe(401);
      expect((await ask('POST', '/api/auth/register', { name: 'New', email, password })).http).toBe(201);
    }
  });

  test('an account is locked while its user writes: what was not written before is written no more', async () => {
    const writes: [string, string, unknown][] = [
      ['POST', '/api/user/interactions', { tmdb_id: 100, type: 'liked' }],
      ['DELETE', '/api/user/interactions/100/liked', undefined],
      ['POST', '/api/user/preferences', { movies: [100] }],
      ['PATCH', '/api/user/profile', { name: 'Still here' }],
      ['DELETE', '/api/user/profile', { password }],
      ['POST', '/api/user/import?source=letterboxd', 'Date,Name,Year,Letterboxd URI\n,Film,1999,\n'],
    ];
    for (const [method, path, body] of writes) {
      const { token, email } = await register();
      const other = await api.database.pool.connect();
      await other.query('begin');
      await other.query('select 1 from users where email = $1 for no key update', [email]);
      const more = typeof body === 'string' ? { 'content-type': 'text/csv' } : {};
      const asked = ask(method, path, body, token, more);
      await until(async () => {
        const { rows } = await api.database.pool.query(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length > 0;
      });
      await other.query('update users set locked_at = now() where email = $1', [email]);
      await other.query('commit');
      other.release();
      const { http } = await asked;
      const { rows } = await api.pool.query(
        `select name, (select count(*)::int from user_imports i where i.user_id = u.id) as imports,
          (select count(*)::int from user_movie_interactions i where i.user_id = u.id) as interactions
        from users u where email = $1`,
        [email],
      );
      const as = { name: 'Somebody', imports: 0, interactions: 0 };
      expect([method, path, http, rows]).toEqual([method, path, 401, [as]]);
    }
  });

  test('a password is changed, and the old one signs in or a session is renewed: only the changer stays', async () => {
    for (let round = 0; round < 3; round++) {
      const { email, token } = await register();
      const other = (await login(email)).body.data;
      const change = { password: { current: password, next: 'battery staple' } };
      const answers = await all(
        login(email),
        refresh(other.refresh_token),
        ask('PATCH', '/api/user/profile', change, token),
        login(email),
      );
      expect(answers[2]?.http).toBe(200);
      for (const signedIn of [other, ...tokensIn(answers)]) {
        expect((await profile(signedIn.access_token)).http).toBe(401);
        expect((await refresh(signedIn.refresh_token)).http).toBe(401);
      }
      expect((await profile(token)).http).toBe(200);
    }
  });

  test('two change the password: one of them did, and that one is what it is', async () => {
    const { email, token } = await register();
    const other = (await login(email)).body.data.access_token as string;
    const changeTo = (next: string, by: string) =>
      ask('PATCH', '/api/user/profile', { password: { current: password, next } }, by);
    const answers = await all(changeTo('first horse', token), changeTo('second horse', other));
    expect(answers.map(({ http }) => http).sort()).toEqual([200, 401]);
    const [won, lost] = answers[0]?.http === 200 ? ['first', 'second'] : ['second', 'first'];
    expect([(await login(email, `${won} horse`)).http, (await login(email, `${lost} horse`)).http]).toEqual([
      200, 401,
    ]);
    expect((await profile(won === 'first' ? other : token)).http).toBe(401);
  });

  test('a session is ended and renewed: it is over', async () => {
    const { token, refreshToken } = await register();
    const answers = await all(
      refresh(refreshToken),
      ask('POST', '/api/auth/logout', undefined, token),
      refresh(refreshToken),
    );
    expect(answers.filter(({ http }) => http >= 500)).toEqual([]);
    for (const renewed of tokensIn(answers)) expect((await profile(renewed.access_token)).http).toBe(401);
  });
});

describe('over a bare connection', () => {
  const exchange = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      let got = '';
      socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
      socket.on('data', (data) => {
        got += data;
      });
      socket.on('end', () => resolve(got)).on('error', reject);
      socket.write(text);
    });
  const httpOf = (answer: string) => Number(answer.split(' ')[1]);
  const head = (line: string, ...headers: string[]) =>
    `${[`${line} HTTP/1.1`, 'Host: nexus.test', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;
  const get = (path: string, ...headers: string[]) => exchange(head(`GET ${path}`, ...headers));

  test.each([
    ['//api/user/profile', 404],
    ['/api//user/profile', 404],
    ['/API/user/profile', 404],
    ['/api/user%2Fprofile', 404],
    ['/api/user/%70rofile', 404],
    ['/api/user/profile%00', 404],
    ['/api/user/profile/', 401],
    ['/./api/user/profile', 401],
    ['/api/movies/../user/profile', 401],
    ['http://elsewhere.test/api/user/profile', 401],
    ['/api/admin/overview/', 401],
    ['/api/admin%2foverview', 404],
  ])('%s is no way around the gate', async (path, http) => {
    expect(httpOf(await get(path))).toBe(http);
  });

  test('two tokens, a token in the address or in a cookie, and a folded one prove nothing', async () => {
    const [one, two] = [await openAccount(api), await openAccount(api)];
    const bearer = ({ token }: TestAccount) => `Authorization: Bearer ${token}`;
    expect(httpOf(await get('/api/user/profile', bearer(one)))).toBe(200);
    expect(httpOf(await get('/api/user/profile', bearer(one), bearer(two)))).toBe(401);
    expect(httpOf(await get(`/api/user/profile?access_token=${one.token}`))).toBe(401);
    expect(httpOf(await get('/api/user/profile', `Cookie: access_token=${one.token}`))).toBe(401);
    expect(httpOf(await get('/api/user/profile', 'Authorization: Bearer', ` ${one.token}`))).toBe(400);
  });

  test('a method is what the first line says, and nothing else', async () => {
    const { token, userId } = await openAccount(api);
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])
      await get('/api/user/profile?_method=DELETE', `Authorization: Bearer ${token}`, `${name}: DELETE`);
    expect((await api.pool.query('select 1 from users where id = $1', [userId])).rowCount).toBe(1);
    const trace = await exchange(head('TRACE /api/user/profile', `Authorization: Bearer ${token}`));
    expect(httpOf(trace)).toBe(405);
    expect(trace).not.toContain(token);
  });

  test('a request id cannot carry a header of its own, nor two', async () => {
    for (const ids of [['a\tb'], ['a,b'], ['<script>'], ['one', 'two'], ['x'.repeat(200)]]) {
      const answer = await get('/api/user/profile', ...ids.map((id) => `X-Request-Id: ${id}`));
      expect(/^x-request-id: (.*)\r$/im.exec(answer)?.[1]).toMatch(/^[\da-f]{8}-[\da-z]+$/);
    }
    expect(httpOf(await get('/attribution', 'X-Request-Id: a', '\tfolded: x'))).toBe(400);
  });

  test('lengths that disagree are no way to slip in a second request', async () => {
    const body = JSON.stringify({ email: 'a@example.org', password });
    const inner = head('GET /health/live');
    const json = 'Content-Type: application/json';
    for (const headers of [
      [`Content-Length: ${body.length}`, 'Content-Length: 3'],
      [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'],
      ['Content-Length: -1'],
      ['Content-Length: 1e3'],
      ['Transfer-Encoding: gzip'],
    ]) {
      const answer = await exchange(head('POST /api/auth/login', json, ...headers) + body + inner);
      expect([headers, httpOf(answer), answer.split('HTTP/1.1').length]).toEqual([headers, 400, 2]);
    }
  });
});

test('nothing that is secret or tells who somebody is stands in the log, however much is logged', async () => {
  const { email, token, refreshToken } = await register();
  const next = 'battery staple';
  await login(email, 'wrong horse');
  await ask('PATCH', '/api/user/profile', { password: { current: password, next } }, token);
  const renewed = (await refresh(refreshToken)).body.data;
  await refresh(refreshToken);
  await ask('POST', '/api/auth/register', { name: 'Somebody', email, password });
  await ask('POST', '/api/auth/login', `{"email":"${email}","password":"${next}"`);
  const log = api.logged.join('');
  expect(log).toContain('/api/auth/refresh');
  for (const secret of [
    email,
    token,
    refreshToken,
    renewed.access_token,
    renewed.refresh_token,
    password,
    next,
    'wrong horse',
    'argon2',
  ])
    expect(log.includes(secret)).toBe(false);
});
