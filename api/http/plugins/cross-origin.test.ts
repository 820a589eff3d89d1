import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';

const origin = 'https://app.example';
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { corsOrigins: [origin, 'http://localhost:5173'] } });
});
afterAll(() => api[Symbol.asyncDispose]());

const preflight = (from: string) =>
  api.request('/api/movies/550', {
    method: 'OPTIONS',
    headers: {
      origin: from,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization, if-none-match',
    },
  });

test('a named origin may read every kind of answer, and its headers', async () => {
  for (const path of ['/attribution', '/api/movies/x', '/nothing']) {
    const { headers } = await api.get(path, { origin });
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-expose-headers')).toBe('ETag, Retry-After, X-Request-Id');
    expect(headers.get('vary')).toContain('Origin');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  }
});

test('what is one user’s alone depends on who asks, from where and in which language', async () => {
  const user = await openAccount(api);
  const { status, headers } = await api.get('/api/user/preferences', { origin, ...user.headers });
  expect(status).toBe(200);
  expect(headers.get('vary')?.split(', ').sort()).toEqual(['Accept-Language', 'Authorization', 'Origin']);
});

test('no other origin may', async () => {
  for (const other of ['https://evil.example', `${origin}.evil`, 'null']) {
    expect(
      (await api.get('/attribution', { origin: other })).headers.get('access-control-allow-origin'),
    ).toBeNull();
    expect((await preflight(other)).headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('a preflight is answered, and may be remembered', async () => {
  const { status, headers } = await preflight(origin);
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-allow-headers')).toContain('Authorization');
  expect(headers.get('access-control-allow-methods')).toContain('GET');
  expect(headers.get('access-control-max-age')).toBe('600');
});

test('without named origins there is no word of it', async () => {
  const get = api.another({ config: { corsOrigins: [] } });
  const { headers } = await get('/attribution', { origin });
  expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test.each([
  'http://localhost:5173',
  'http://127.0.0.1:3001',
  'https://localhost',
  'http://[::1]:8080',
  'http://app.localhost:4200',
])('outside production a page at %s may call', async (from) => {
  const get = api.another({ config: { corsOrigins: [], allowLoopbackOrigins: true } });
  expect((await get('/attribution', { origin: from })).headers.get('access-control-allow-origin')).toBe(from);
  expect(
    (await api.get('/attribution', { origin: 'http://127.0.0.1:3001' })).headers.get(
      'access-control-allow-origin',
    ),
  ).toBeNull();
});

test.each([
  'http://localhost.evil.example',
  'http://evil-localhost',
  'http://127.0.0.1.evil.example',
  'ftp://localhost',
  'http://localhost/path',
  'http://user@localhost',
  'http://192.168.1.5:5173',
  'null',
])('no other origin looks like one of this machine: %s', async (from) => {
  const get = api.another({ config: { corsOrigins: [], allowLoopbackOrigins: true } });
  expect((await get('/attribution', { origin: from })).headers.get('access-control-allow-origin')).toBeNull();
});

test('a refused origin is one line in the log, which names the setting; our own pages are none', async () => {
  const get = api.another({ config: { corsOrigins: [] } });
  const lines = () => api.logged.filter((line) => line.includes('CORS_ORIGINS'));
  const before = lines().length;
  await get('/attribution', { origin: 'http://nexus.test' });
  expect(lines()).toHaveLength(before);
  for (let i = 0; i < 3; i++) await get('/attribution', { origin: 'https://shop.example' });
  expect(lines()).toHaveLength(before + 1);
  expect(lines().at(-1)).toContain('"origin":"https://shop.example"');
  for (let i = 0; i < 300; i++) await get('/attribution', { origin: `https://bot-${i}.example` });
  expect(lines().length).toBeLessThanOrEqual(before + 100);
});
