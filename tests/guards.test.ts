import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Pool } from 'pg';
import type { App } from '#api/app.ts';
import { consoleCookieHeader } from '#api/http/callers/console-cookie.ts';
import { type Need, needsOf } from '#api/http/callers/route-needs.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';

let api: TestApi;
let user: TestAccount;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  user = await openAccount(api);
});
afterAll(() => api[Symbol.asyncDispose]());

interface Way {
  method: string;
  path: string;
}

const hasNeed = (route: App['routes'][number], need: Need) => needsOf(route).includes(need);

/** Every way in that needs this, as the finished table of routes has it. A new route cannot be forgotten. */
const waysThatNeed = (...needs: Need[]): Way[] =>
  api.routes
    .filter((route) => needs.some((need) => hasNeed(route, need)))
    .flatMap(({ method, path }) => {
      const asked = path.replaceAll(/:[^/]+|\*/g, 'x');
      return (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((each) => ({ method: each, path: asked }));
    });

/** With input that is wrong in every way: whoever may not be here is not even told so. */
async function answersTo(ways: Way[], headers: Record<string, string>) {
  const answers: unknown[] = [];
  for (const { method, path } of ways) {
    const hasBody = !['GET', 'HEAD'].includes(method);
    const answer = await api.request(`${path}?page=0&limit=x`, {
      method,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(hasBody ? { 'content-type': 'text/nonsense' } : {}),
      },
      ...(hasBody ? { body: '{' } : {}),
    });
    const code = method === 'HEAD' ? undefined : (await answer.json()).code;
    answers.push({ method, path, http: answer.status, code });
  }
  return answers;
}
const all = (ways: Way[], http: number, code: string) =>
  ways.map(({ method, path }) => ({ method, path, http, code: method === 'HEAD' ? undefined : code }));

test('every route says what it needs of its callers, once', () => {
  for (const route of api.routes)
    expect({ path: route.path, needs: needsOf(route) }).toEqual({
      path: route.path,
      needs: [expect.any(String)],
    });
});

test('what looks at no token at all is this, and nothing else', () => {
  const open = api.routes.filter((route) => hasNeed(route, 'nothing'));
  // Has keys of its own, and is read-only.
  const facade = open.filter(({ path }) => /^\/?\/3(\/|$)/.test(path));
  expect(new Set(facade.map(({ method }) => method))).toEqual(new Set(['GET', 'OPTIONS']));
  const others = open.filter((route) => !facade.includes(route));
  expect(others.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'GET /',
    'GET /admin/sign-in',
    'GET /admin/sign-in/console.css',
    'GET /attribution',
    'GET /docs',
    'GET /docs/assets/:name',
    'GET /docs/json',
    'GET /health/live',
    'GET /health/ready',
    'GET /metrics',
    'GET /reset-password',
    'GET /t/p/:size/:name',
    'POST /admin/sign-in',
    'POST /api/auth/forgot',
    'POST /api/auth/login',
    'POST /api/auth/refresh',
    'POST /api/auth/register',
    'POST /api/auth/reset',
    'POST /reset-password',
  ]);
});

test('what anybody may read lets a visitor in, and refuses a token that proves nothing', async () => {
  const ways = waysThatNeed('optional');
  expect(ways.length).toBeGreaterThanOrEqual(12);
  for (const authorization of ['Bearer x.y.z', 'Basic eDp5'])
    expect(await answersTo(ways, { authorization })).toEqual(all(ways, 401, 'unauthenticated'));
  for (const { method, path } of ways) {
    const answer = await api.request(path, { method });
    expect({ path, refused: [401, 403].includes(answer.status) }).toEqual({ path, refused: false });
  }
});

test('whatever is of a user or of an admin refuses a visitor, and one whose token proves nothing', async () => {
  const ways = waysThatNeed('user', 'admin');
  expect(ways.length).toBeGreaterThanOrEqual(30);
  for (const headers of [{}, { authorization: 'Bearer x.y.z' }, { authorization: 'Basic eDp5' }])
    expect(await answersTo(ways, headers as Record<string, string>)).toEqual(
      all(ways, 401, 'unauthenticated'),
    );
});

test('whatever is of an admin refuses an ordinary user', async () => {
  const ways = waysThatNeed('admin');
  expect(ways.length).toBeGreaterThanOrEqual(12);
  expect(await answersTo(ways, user.headers)).toEqual(all(ways, 403, 'forbidden'));
});

const consoleWays = () => waysThatNeed('console');

test('whatever is of the console or the dashboard lies where a browser sends the cookie', () => {
  for (const isSecure of [false, true]) {
    const { path = '' } = Bun.Cookie.parse(consoleCookieHeader({ value: 'x', maxAgeSeconds: 1, isSecure }));
    for (const way of consoleWays()) expect(`${way.path}/`).toStartWith(`${path}/`.replace('//', '/'));
  }
});

test('whatever is of the console or the dashboard refuses a visitor, and whoever shows something else', async () => {
  const ways = consoleWays();
  expect(ways.length).toBeGreaterThan(40);
  for (const headers of [
    {},
    user.headers,
    { cookie: 'nexus_console=x.y.z' },
    { cookie: `nexus_console=${user.token}` },
  ])
    expect(await answersTo(ways, headers as Record<string, string>)).toEqual(
      all(ways, 401, 'unauthenticated'),
    );
});

test('whatever is of the console or the dashboard refuses an ordinary user', async () => {
  const ways = consoleWays();
  expect(await answersTo(ways, user.console)).toEqual(all(ways, 403, 'forbidden'));
});

test('an administrator’s console changes nothing for another site', async () => {
  const admin = await openAccount(api, { role: 'admin' });
  const ways = consoleWays().filter(({ method }) => !['GET', 'HEAD'].includes(method));
  expect(ways.length).toBeGreaterThan(8);
  const { cookie } = admin.console;
  for (const from of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.test', host: 'nexus.test' },
    { origin: 'ftp://nexus.test', host: 'nexus.test' },
    { origin: 'http://nexus.test', host: 'nexus.test', 'x-forwarded-proto': 'https' },
    { origin: 'null', host: 'null' },
    {},
  ])
    expect(await answersTo(ways, { cookie, ...from } as Record<string, string>)).toEqual(
      all(ways, 403, 'forbidden'),
    );
});

test('while the database is away nobody is told that their request is at fault', async () => {
  await using pool = Object.assign(new Pool({ host: '127.0.0.1', port: 1 }), {
    [Symbol.asyncDispose]: () => pool.end(),
  });
  const request = api.anotherRequest({ database: { pool }, config: { rateLimit: false } });
  const admin = await openAccount(api, { role: 'admin' });
  const ways = waysThatNeed('user', 'admin', 'console').filter(
    ({ method }) => !['GET', 'HEAD'].includes(method),
  );
  expect(ways.length).toBeGreaterThan(15);
  for (const { method, path } of ways)
    for (const body of ['{}', undefined]) {
      const headers = { ...admin.headers, ...admin.console, 'content-type': 'application/json' };
      const answer = await request(path, { method, headers, ...(body === undefined ? {} : { body }) });
      const { code } = await answer.json();
      expect({ method, path, http: answer.status, code }).toEqual({
        method,
        path,
        http: 503,
        code: 'unavailable',
      });
    }
});

test('a role that was taken away is gone with the next request', async () => {
  const admin = await openAccount(api, { role: 'admin' });
  expect((await api.get('/api/admin/overview', admin.headers)).status).toBe(200);
  await api.pool.query("update users set role = 'user' where id = $1", [admin.userId]);
  expect((await api.get('/api/admin/overview', admin.headers)).status).toBe(403);
});
