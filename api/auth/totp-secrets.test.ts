import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi, testSecret } from '#tests/support/api/api-fixture.ts';
import { totpClock } from '#tests/support/api/totp-clock.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { createSecretBox } from './secret-box.ts';
import { keepTotpSecretsSealed, sealTotpSecrets } from './totp-secrets.ts';

const next = 'the next secret, which is long enough';
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => emptyTables(api.pool, 'users'));

const withSecrets = (
  jwtSecret: string,
  others: { jwtSecretPrevious?: string; jwtSecretRetired?: string } = {},
) => api.anotherRequest({ config: { rateLimit: false, jwtSecret, ...others } });
const boxOf = (secret: string, ...others: string[]) => createSecretBox({ secret, others });
const seal = (box = boxOf(testSecret)) =>
  sealTotpSecrets({ pool: api.pool, box, stopping: new AbortController().signal });

const send = (path: string, body: unknown, headers: object = {}, request = api.request) =>
  request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const clock = totpClock(() => api);
const codeOf = (secret: string) => {
  clock.nextStep();
  return clock.codeOf(secret);
};
const login = async ({ userId }: TestUser, code: string, request = api.request) =>
  (
    await send(
      '/api/auth/login',
      { email: `${userId}@example.org`, password: testPassword, code },
      {},
      request,
    )
  ).status;

async function setUp() {
  const user = await openUser(api);
  const { secret } = (await (await send('/api/auth/totp', { password: testPassword }, user.headers)).json())
    .data;
  const confirmed = await send('/api/auth/totp/confirm', { code: codeOf(secret) }, user.headers);
  return { user, secret, codes: (await confirmed.json()).data.recovery_codes };
}
const stored = async ({ userId }: TestUser): Promise<string> =>
  (await api.pool.query('select secret from user_totp where user_id = $1', [userId])).rows[0].secret;
const store = ({ userId }: TestUser, secret: string) =>
  api.pool.query('update user_totp set secret = $2 where user_id = $1', [userId, secret]);

test('the database holds no secret that can be read, and no other account can use it', async () => {
  const [ada, bob] = [await setUp(), await setUp()];
  const { rows } = await api.pool.query('select t::text as text from user_totp t');
  for (const { secret } of [ada, bob]) expect(JSON.stringify(rows)).not.toContain(secret);
  await store(bob.user, await stored(ada.user));
  expect(await login(bob.user, codeOf(ada.secret))).toBe(401);
  expect(await login(ada.user, codeOf(ada.secret))).toBe(200);
});

test('one that was stored plainly works, and is sealed', async () => {
  const { user, secret } = await setUp();
  await store(user, secret);
  expect(await login(user, codeOf(secret))).toBe(200);
  expect(await seal()).toEqual({ sealed: 1, unreadable: 0 });
  expect(await stored(user)).not.toContain(secret);
  expect(await login(user, codeOf(secret))).toBe(200);
  expect(await seal()).toEqual({ sealed: 0, unreadable: 0 });
});

test('all are sealed, however many', async () => {
  await api.pool.query(
    `with u as (insert into users (id, name, email, password_hash)
       select gen_random_uuid(), 'Somebody', n || '@example.net', 'x' from generate_series(1, 1100) n returning id)
     insert into user_totp (user_id, secret) select id, 'JBSWY3DPEHPK3PXP' from u`,
  );
  expect(await seal()).toEqual({ sealed: 1100, unreadable: 0 });
  const box = boxOf(testSecret);
  const { rows } = await api.pool.query('select user_id, secret from user_totp');
  expect(new Set(rows.map(({ user_id, secret }) => box.open(secret, user_id)))).toEqual(
    new Set(['JBSWY3DPEHPK3PXP']),
  );
});

test('a process seals what it finds when it starts', async () => {
  const { user, secret } = await setUp();
  await store(user, secret);
  const log = { info: () => {}, warn: () => {} } as never;
  await using _sealing = keepTotpSecretsSealed({ pool: api.pool, box: boxOf(testSecret), log });
  while ((await stored(user)) === secret) await Bun.sleep(10);
  expect(await login(user, codeOf(secret))).toBe(200);
});

test('JWT_SECRET is changed in two passes, and codes always work', async () => {
  const { user, secret } = await setUp();
  const first = withSecrets(testSecret, { jwtSecretPrevious: next });
  const second = withSecrets(next, { jwtSecretPrevious: testSecret });
  expect(await seal(boxOf(next, testSecret))).toEqual({ sealed: 1, unreadable: 0 });
  for (const request of [first, second]) expect(await login(user, codeOf(secret), request)).toBe(200);
  // In one pass it would not.
  expect(await login(user, codeOf(secret))).toBe(401);
  expect(await login(user, codeOf(secret), withSecrets(next))).toBe(200);
});

test('a secret that leaked opens them without signing anybody in', async () => {
  const { user, secret } = await setUp();
  const retired = withSecrets(next, { jwtSecretRetired: testSecret });
  expect((await retired('/api/user/profile', { headers: user.headers })).status).toBe(401);
  expect(await login(user, codeOf(secret), retired)).toBe(200);
});

test('where the secret is lost, recovery codes work, and a second factor can be set up anew', async () => {
  const { user, secret, codes } = await setUp();
  const lost = withSecrets(next);
  expect(await login(user, codeOf(secret), lost)).toBe(401);
  expect(await login(user, codes[0], lost)).toBe(200);
  expect(await seal(boxOf(next))).toEqual({ sealed: 0, unreadable: 1 });
  const pending = await openUser(api);
  const begin = async (headers: object, request = api.request) =>
    (await send('/api/auth/totp', { password: testPassword }, headers, request)).json();
  const { secret: before } = (await begin(pending.headers)).data;
  const { access_token } = (
    await (
      await send(
        '/api/auth/login',
        { email: `${pending.userId}@example.org`, password: testPassword },
        {},
        lost,
      )
    ).json()
  ).data;
  const { secret: after } = (await begin({ authorization: `Bearer ${access_token}` }, lost)).data;
  expect(after).toMatch(/^[A-Z2-7]{32}$/);
  expect(after).not.toBe(before);
});
