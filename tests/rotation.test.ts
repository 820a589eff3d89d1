import { expect, test } from 'bun:test';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';

const secrets = {
  old: 'the old secret, which is long enough',
  next: 'the next secret, which is long enough',
};

/** Every state that a process is in on the way, over the same stores. */
async function openProcesses() {
  const api = await openTestApi({ config: { rateLimit: false } });
  const withSecrets = (jwtSecret: string, jwtSecretPrevious?: string) =>
    api.anotherRequest({ config: { jwtSecret, jwtSecretPrevious } });
  return {
    api,
    before: withSecrets(secrets.old),
    first: withSecrets(secrets.old, secrets.next),
    second: withSecrets(secrets.next, secrets.old),
    after: withSecrets(secrets.next),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}
type Ask = Awaited<ReturnType<typeof openProcesses>>['before'];

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const register = async (ask: Ask, email: string): Promise<TestBody['data']> =>
  (await (await ask('/api/auth/register', json({ name: 'Ada', email, password: 'correct horse' }))).json())
    .data;
const profile = async (ask: Ask, token: string) =>
  (await ask('/api/user/profile', { headers: { authorization: `Bearer ${token}` } })).status;

test('the secret of tokens is changed in two passes, and no process refuses what another one signed', async () => {
  await using processes = await openProcesses();
  const { before, first, second, after } = processes;
  const passes = [
    [before, first],
    [first, second],
  ];
  for (const [pass, mixed] of passes.entries())
    for (const [i, signer] of mixed.entries()) {
      const { access_token } = await register(signer, `ada-${pass}-${i}@example.org`);
      for (const verifier of mixed) expect(await profile(verifier, access_token)).toBe(200);
    }
  // In one pass they would: who still has the old one alone does not know the new one.
  const { access_token } = await register(second, 'grace@example.org');
  expect(await profile(before, access_token)).toBe(401);
  expect(await profile(after, access_token)).toBe(200);
}, 120_000);

test('when the old one is taken away, only who did not come by meanwhile has to refresh', async () => {
  await using processes = await openProcesses();
  const { before, second, after } = processes;
  const old = await register(before, 'ada@example.org');
  const refreshed: TestBody = await (
    await second('/api/auth/refresh', json({ refresh_token: old.refresh_token }))
  ).json();
  expect(await profile(after, refreshed.data.access_token)).toBe(200);
  expect(await profile(after, old.access_token)).toBe(401);
  const again = await after('/api/auth/refresh', json({ refresh_token: refreshed.data.refresh_token }));
  expect(again.status).toBe(200);
}, 120_000);

test('nobody who sits at the console is signed out by it', async () => {
  await using processes = await openProcesses();
  const { api, before, first, second } = processes;
  await register(before, 'boss@example.org');
  await api.pool.query("update users set role = 'admin'");
  const signIn = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ email: 'boss@example.org', password: 'correct horse' }).toString(),
  };
  for (const signer of [first, second]) {
    const cookie = (await signer('/admin/sign-in', signIn)).headers.get('set-cookie')?.split(';')[0] ?? '';
    for (const ask of [first, second])
      expect((await ask('/admin', { headers: { cookie } })).status).toBe(200);
  }
}, 120_000);
