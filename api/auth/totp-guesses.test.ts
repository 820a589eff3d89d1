import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import type { TestResponse } from '#tests/support/api/test-response.ts';
import { totpClock } from '#tests/support/api/totp-clock.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { makePasswordsCheap } from '#tests/support/cheap-passwords.ts';
import { serve } from '../serve.ts';

makePasswordsCheap();

/** What somebody can do who knows the password of an account, and not its second factor. */
let stack: AsyncDisposableStack;
let api: TestApi;
let url: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  api = stack.use(await openTestApi({ config: { trustProxy: ['127.0.0.1'] } }));
  url = stack.use(serve(api.app, { host: '127.0.0.1', port: 0, graceMs: 500 })).url;
});
afterAll(() => stack.disposeAsync());

const { nextStep, codeOf } = totpClock(() => api);

const send = (
  address: string,
  path: string,
  body: object,
  headers: object = {},
  method = 'POST',
): Promise<TestResponse> =>
  fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...headers },
    body: JSON.stringify(body),
  }) as never;

const begin = async (headers: object): Promise<string> =>
  (await (await send('10.0.0.1', '/api/auth/totp', { password: testPassword }, headers)).json()).data.secret;
const confirm = (code: string, headers: object) =>
  send('10.0.0.1', '/api/auth/totp/confirm', { code }, headers);

async function setUp({ headers }: TestUser) {
  const secret = await begin(headers);
  const { recovery_codes: codes } = (await (await confirm(codeOf(secret), headers)).json()).data;
  nextStep();
  return { secret, codes: codes as string[] };
}

/** What limits failed logins is in nobody's way. */
const forgetLogins = () => api.pool.query("delete from rate_limits where key not like '%totp%'");

async function signIn({ userId }: TestUser, address: string, code = '000000'): Promise<number> {
  await forgetLogins();
  const login = { email: `${userId}@example.org`, password: testPassword, code };
  return (await send(address, '/api/auth/login', login)).status;
}

async function repeat(times: number, ask: (i: number) => Promise<number>) {
  const counts: Record<number, number> = {};
  for (let i = 0; i < times; i++) {
    const status = await ask(i);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

const haveSignedIn = ({ userId }: TestUser, networks: string[]) =>
  api.pool.query('insert into login_networks (user_id, network) select $1, unnest($2::text[])', [
    userId,
    networks,
  ]);

test('nobody is kept out where they have signed in before, nor anywhere with a recovery code', async () => {
  const user = await openUser(api);
  const { secret, codes } = await setUp(user);
  expect(await signIn(user, '10.1.1.1', codeOf(secret))).toBe(200);
  nextStep();
  expect(await repeat(24, (i) => signIn(user, `10.9.${i}.1`))).toEqual({ 401: 20, 429: 4 });
  expect(await signIn(user, '10.9.99.1', codeOf(secret))).toBe(429);
  expect(await signIn(user, '10.1.1.200', codeOf(secret))).toBe(200);
  nextStep();
  expect(await signIn(user, '10.9.98.1', codes[0]?.toUpperCase())).toBe(200);
  // By now they have signed in from there, too.
  expect(await signIn(user, '10.9.98.7', codeOf(secret))).toBe(200);
  nextStep();
}, 60_000);

test('codes are guessed ten times an hour in a network of the owner, and forty times in all of them', async () => {
  const user = await openUser(api);
  const { secret, codes } = await setUp(user);
  await haveSignedIn(user, ['10.2.0.0/24', '10.2.1.0/24', '10.2.2.0/24', '10.2.3.0/24', '10.2.4.0/24']);
  expect(await repeat(14, (i) => signIn(user, `10.2.0.${i + 1}`))).toEqual({ 401: 10, 429: 4 });
  expect(await signIn(user, '10.2.0.1', codeOf(secret))).toBe(429);
  expect(await signIn(user, '10.2.0.1', codes[0])).toBe(200);
  expect(await signIn(user, '10.2.1.1', codeOf(secret))).toBe(200);
  nextStep();
  expect(await repeat(50, (i) => signIn(user, `10.2.${1 + (i % 4)}.9`))).toEqual({ 401: 30, 429: 20 });
  // Nothing there names the user but what goes with the account.
  const { rows } = await api.pool.query('select key from rate_limits where strpos(key, $1) > 0', [
    user.userId,
  ]);
  for (const { key } of rows) expect(key).toEndWith(`:user:${user.userId}`);
  expect(rows.length).toBeGreaterThan(0);
}, 60_000);

test('a session guesses twenty times an hour, and only for itself', async () => {
  const user = await openUser(api);
  const { secret, codes } = await setUp(user);
  const removeWith = async (code: string) =>
    (await send('10.3.1.1', '/api/auth/totp', { password: testPassword, code }, user.headers, 'DELETE'))
      .status;
  expect(await repeat(24, () => removeWith('000000'))).toEqual({ 401: 20, 429: 4 });
  expect(await removeWith(codes[0] ?? '')).toBe(429);
  expect(await signIn(user, '10.3.2.1', codeOf(secret))).toBe(200);
  nextStep();
}, 60_000);

test('nobody is kept from setting up one by another session that fails to', async () => {
  const user = await openUser(api);
  const login = { email: `${user.userId}@example.org`, password: testPassword };
  const other = (await (await send('10.4.1.1', '/api/auth/login', login)).json()).data;
  const thief = { authorization: `Bearer ${other.access_token}` };
  await begin(thief);
  expect(await repeat(24, async () => (await confirm('000000', thief)).status)).toEqual({ 401: 20, 429: 4 });
  expect((await confirm(codeOf(await begin(user.headers)), user.headers)).status).toBe(200);
  nextStep();
}, 60_000);
