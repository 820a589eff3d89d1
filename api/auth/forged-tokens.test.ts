import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi, testSecret } from '#tests/support/api/api-fixture.ts';

let api: TestApi;
let account: TestAccount;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  account = await openAccount(api);
});
afterAll(() => api[Symbol.asyncDispose]());

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowS = () => Math.floor(Date.now() / 1000);
const claims = (changes: object = {}) => ({
  sub: account.userId,
  sid: account.sessionId,
  iss: 'nexus',
  aud: 'nexus-api',
  iat: nowS(),
  exp: nowS() + 900,
  ...changes,
});

function hs(
  algorithm: 'sha256' | 'sha384' | 'sha512',
  secret: string | Buffer,
  header: object,
  payload: object,
) {
  const text = `${encoded(header)}.${encoded(payload)}`;
  return `${text}.${createHmac(algorithm, secret).update(text).digest('base64url')}`;
}
const signed = (payload: object, secret = testSecret) =>
  hs('sha256', secret, { alg: 'HS256', typ: 'JWT' }, payload);

const statusOf = async (token: string) =>
  (await api.get('/api/genres', { authorization: `Bearer ${token}` })).status;
/** There is no genre list in this database: whoever is let through learns that. */
const letThrough = 503;

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

function rs256(): string {
  const text = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims())}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(rsa.privateKey, 'base64url')}`;
}

describe('a token', () => {
  test('of ours is good, so what follows fails for its own reason', async () => {
    expect(await statusOf(signed(claims()))).toBe(letThrough);
    expect(await statusOf(account.token)).toBe(letThrough);
  });

  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  const forgeries: [string, () => string][] = [
    [
      'without a signature, `alg: none`',
      () => `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims())}.`,
    ],
    ['with `alg: None` and our signature', () => hs('sha256', testSecret, { alg: 'None' }, claims())],
    ['signed with RS256', rs256],
    [
      'signed by HMAC with a public key as its secret',
      () => hs('sha256', String(pem), { alg: 'HS256' }, claims()),
    ],
    ['signed with our secret by HS384', () => hs('sha384', testSecret, { alg: 'HS384' }, claims())],
    ['signed with our secret by HS512', () => hs('sha512', testSecret, { alg: 'HS512' }, claims())],
    ['signed with another secret', () => signed(claims(), 'another secret, just as long as that')],
    ['signed with an empty secret', () => signed(claims(), '')],
    ['of another issuer', () => signed(claims({ iss: 'somebody' }))],
    ['without an issuer', () => signed(claims({ iss: undefined }))],
    ['for another audience', () => signed(claims({ aud: 'another-api' }))],
    ['without an audience', () => signed(claims({ aud: undefined }))],
    ['that has expired', () => signed(claims({ exp: nowS() - 1 }))],
    ['that never expires', () => signed(claims({ exp: undefined }))],
    ['whose expiry is text', () => signed(claims({ exp: '9999999999' }))],
    ['that is not valid yet', () => signed(claims({ nbf: nowS() + 600 }))],
    ['without a session', () => signed(claims({ sid: undefined }))],
    ['of a session that never was', () => signed(claims({ sid: Bun.randomUUIDv7() }))],
    ['of somebody else’s session', () => signed(claims({ sub: Bun.randomUUIDv7() }))],
    ['whose subject is SQL', () => signed(claims({ sub: "' or 1=1 --" }))],
    ['whose session is an object', () => signed(claims({ sid: { $ne: null } }))],
    ['with a role in it', () => signed(claims({ sid: Bun.randomUUIDv7(), role: 'admin' }))],
    [
      'with a key of its own in its header',
      () => hs('sha256', 'mine', { alg: 'HS256', jwk: { kty: 'oct', k: encoded({}) } }, claims()),
    ],
    [
      'with a critical header that nobody knows',
      () => hs('sha256', testSecret, { alg: 'HS256', crit: ['x'], x: 1 }, claims()),
    ],
    [
      'whose payload was changed',
      () => {
        const [header, , signature] = signed(claims()).split('.');
        return `${header}.${encoded(claims({ sub: Bun.randomUUIDv7() }))}.${signature}`;
      },
    ],
    ['whose signature was cut', () => signed(claims()).slice(0, -2)],
    ['with a fourth part', () => `${signed(claims())}.x`],
    ['of a megabyte', () => `${'x'.repeat(1_000_000)}.y.z`],
    ['that is no token', () => 'null'],
  ];
  test.each(forgeries)('%s is refused', async (_, forge) => {
    expect(await statusOf(forge())).toBe(401);
  });

  test('of the previous secret is good while that is set, and only then', async () => {
    const old = 'the secret before this one, long enough';
    const token = signed(claims(), old);
    expect(await statusOf(token)).toBe(401);
    const rotating = api.another({ config: { jwtSecretPrevious: old } });
    expect((await rotating('/api/genres', { authorization: `Bearer ${token}` })).status).toBe(letThrough);
    expect((await rotating('/api/genres', account.headers)).status).toBe(letThrough);
  });

  test('ends with its time, with its session and with its user', async () => {
    const one = await openAccount(api);
    api.advance(16 * 60_000);
    expect(await statusOf(one.token)).toBe(401);
    api.advance(-16 * 60_000);
    expect(await statusOf(one.token)).toBe(letThrough);
    await api.pool.query("update sessions set expires_at = now() - interval '1 second' where id = $1", [
      one.sessionId,
    ]);
    expect(await statusOf(one.token)).toBe(401);
    const two = await openAccount(api);
    await api.pool.query('delete from users where id = $1', [two.userId]);
    expect(await statusOf(two.token)).toBe(401);
  });

  test.each(['Basic', 'bearer\t', 'Token', ''])('in the scheme %j is no token', async (scheme) => {
    const answer = await api.get('/api/genres', { authorization: `${scheme} ${account.token}` });
    expect(answer.status).toBe(401);
  });
});
