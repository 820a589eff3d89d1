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

test('what is one user’s alone depends on both, who asks and from where', async () => {
  const user = await openAccount(api);
  const { status, headers } = await api.get('/api/user/preferences', { origin, ...user.headers });
  expect(status).toBe(200);
  expect(headers.get('vary')?.split(', ').sort()).toEqual(['Authorization', 'Origin']);
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
