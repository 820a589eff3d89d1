import { expect, test } from 'bun:test';
import { openTestApi } from '#api/api-fixture.ts';
import type { TestBody } from '#api/test-response.ts';

const secrets = {
  old: 'the old secret, which is long enough',
  next: 'the next secret, which is long enough',
};

test('the secret of tokens is changed without signing anybody out', async () => {
  await using api = await openTestApi({ config: { rateLimit: false } });
  const before = api.anotherRequest({ config: { jwtSecret: secrets.old } });
  const during = api.anotherRequest({ config: { jwtSecret: secrets.next, jwtSecretPrevious: secrets.old } });
  const after = api.anotherRequest({ config: { jwtSecret: secrets.next } });
  const json = (body: unknown) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const profile = (ask: typeof before, token: string) =>
    ask('/api/user/profile', { headers: { authorization: `Bearer ${token}` } });

  const account = { name: 'Ada', email: 'ada@example.org', password: 'correct horse' };
  const signedIn: TestBody = await (await before('/api/auth/register', json(account))).json();
  const old = signedIn.data.access_token;
  expect((await profile(before, old)).status).toBe(200);

  // The new secret signs, the old one still verifies.
  expect((await profile(during, old)).status).toBe(200);
  const refreshed: TestBody = await (
    await during('/api/auth/refresh', json({ refresh_token: signedIn.data.refresh_token }))
  ).json();
  const next = refreshed.data.access_token;
  expect((await profile(during, next)).status).toBe(200);
  expect((await profile(before, next)).status).toBe(401);

  // The old one is gone: only whoever did not come by meanwhile has to refresh.
  expect((await profile(after, next)).status).toBe(200);
  expect((await profile(after, old)).status).toBe(401);
  const again = await after('/api/auth/refresh', json({ refresh_token: refreshed.data.refresh_token }));
  expect(again.status).toBe(200);
}, 30_000);

test('nor is anybody who sits at the console', async () => {
  await using api = await openTestApi({ config: { rateLimit: false } });
  await api.pool.query('select 1');
  const before = api.anotherRequest({ config: { jwtSecret: secrets.old } });
  const during = api.anotherRequest({ config: { jwtSecret: secrets.next, jwtSecretPrevious: secrets.old } });
  const register = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Boss', email: 'boss@example.org', password: 'correct horse' }),
  };
  expect((await before('/api/auth/register', register)).status).toBe(201);
  await api.pool.query("update users set role = 'admin'");
  const signIn = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ email: 'boss@example.org', password: 'correct horse' }).toString(),
  };
  const cookie =
    ((await before('/admin/sign-in', signIn)).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect((await during('/admin', { headers: { cookie } })).status).toBe(200);
}, 30_000);
