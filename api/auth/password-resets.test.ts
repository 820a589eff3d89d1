import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { makePasswordsCheap } from '#tests/support/cheap-passwords.ts';
import { type MailServer, openMailServer } from '#tests/support/mail-server.ts';
import { until } from '#tests/support/until.ts';
import { serve } from '../serve.ts';
import { forgottenLimits } from './forgotten-passwords.ts';

makePasswordsCheap();

let api: TestApi;
let server: MailServer;
let request: TestApi['request'];
const mailing = (smtpUrl: string) => ({
  publicUrl: 'https://nexus.test',
  mail: { smtpUrl, from: 'Nexus <no-reply@nexus.test>' },
});

beforeAll(async () => {
  [api, server] = await Promise.all([openTestApi({ config: { rateLimit: false } }), openMailServer()]);
  request = api.anotherRequest({ config: { rateLimit: false, ...mailing(server.url) } });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.mails.length = 0;
});

const post = (path: string, body: unknown, ask = request) =>
  ask(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const emailOf = ({ userId }: TestUser) => `${userId}@example.org`;
const login = async (user: TestUser, password: string) =>
  (await post('login', { email: emailOf(user), password })).status;
const next = 'another correct horse';

async function mailedToken(user: TestUser): Promise<string> {
  expect((await post('forgot', { email: emailOf(user) })).status).toBe(202);
  await until(async () => server.mails.length > 0);
  const text = (server.mails.at(-1)?.text ?? '').replaceAll('=\n', '').replaceAll('=3D', '=');
  return /https:\/\/nexus\.test\/reset-password\?token=([\w-]{43})/.exec(text)?.[1] ?? '';
}

describe('a forgotten password', () => {
  test('is set anew with the link of a mail: once, and all sessions end', async () => {
    const user = await openUser(api);
    const token = await mailedToken(user);
    expect(server.mails[0]).toMatchObject({ from: 'no-reply@nexus.test', to: emailOf(user) });
    const answer = await post('reset', { token, password: next });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect((await user.get('/api/user/profile')).status).toBe(401);
    expect([await login(user, testPassword), await login(user, next)]).toEqual([401, 200]);
    const again = await post('reset', { token, password: 'a third correct horse' });
    expect([again.status, (await again.json()).code]).toEqual([401, 'invalid_credentials']);
    expect(await login(user, next)).toBe(200);
  });

  test('is not set to what is like the email, on the page either, and the link is still good', async () => {
    const user = await openUser(api);
    const token = await mailedToken(user);
    const given = { token, password: emailOf(user) };
    const refused = await post('reset', given);
    expect([refused.status, (await refused.json()).details]).toEqual([
      422,
      [{ path: 'password', message: 'must not be your email address' }],
    ]);
    const page = await request('/reset-password', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(given).toString(),
    });
    expect([page.status, await page.text()]).toEqual([
      422,
      expect.stringContaining('The password must not be your email address.'),
    ]);
    expect((await post('reset', { token, password: next })).status).toBe(204);
  });

  test('is set anew at once by a process whose clock is a moment behind', async () => {
    const user = await openUser(api);
    const token = await mailedToken(user);
    const slow = api.anotherRequest({ config: { rateLimit: false }, now: () => Date.now() - 5000 });
    expect((await post('reset', { token, password: next }, slow)).status).toBe(204);
    expect(await login(user, next)).toBe(200);
  });

  test('gets the same answer whoever asks, and nobody without an account gets a mail', async () => {
    const user = await openUser(api);
    const locked = await openUser(api);
    await api.pool.query('update users set locked_at = now() where id = $1', [locked.userId]);
    const emails = ['nobody@example.org', emailOf(locked), emailOf(user)];
    for (const email of emails) {
      const answer = await post('forgot', { email });
      expect([answer.status, await answer.json()]).toEqual([
        202,
        { status: 'success', data: { requested: true } },
      ]);
    }
    await until(async () => server.mails.length > 0);
    expect(server.mails.map(({ to }) => to)).toEqual([emailOf(user)]);
  });

  test('is answered before the account is looked for', async () => {
    const user = await openUser(api);
    const client = await api.pool.connect();
    try {
      await client.query('begin');
      await client.query('lock table users in access exclusive mode');
      const answer = await Promise.race([post('forgot', { email: emailOf(user) }), Bun.sleep(60_000)]);
      expect(answer?.status).toBe(202);
      expect(server.mails).toEqual([]);
      await client.query('commit');
    } finally {
      client.release();
    }
    await until(async () => server.mails.length > 0);
  });

  test('without a mail server nothing is sent, and the answer is the same', async () => {
    const user = await openUser(api);
    expect((await post('forgot', { email: emailOf(user) }, api.request)).status).toBe(202);
    await Bun.sleep(200);
    const { rows } = await api.pool.query('select 1 from password_resets where user_id = $1', [user.userId]);
    expect(rows).toEqual([]);
  });

  test('a mail server that is away or refuses changes nothing of the answer, and is in the log', async () => {
    const user = await openUser(api);
    await using refusing = await openMailServer({ refuses: true });
    for (const url of [refusing.url, 'smtp://127.0.0.1:1']) {
      const logged = api.logged.length;
      const ask = api.anotherRequest({ config: { rateLimit: false, ...mailing(url) } });
      expect((await post('forgot', { email: emailOf(user) }, ask)).status).toBe(202);
      await until(async () => api.logged.slice(logged).some((line) => line.includes('could not be sent')));
    }
  });

  test('is mailed in turn with those of whoever asks very often, while the mail server is slow', async () => {
    const [user, flooder] = [await openUser(api), await openUser(api)];
    const faster = Promise.withResolvers<void>();
    await using slow = await openMailServer({ goesOn: faster.promise });
    const config = { rateLimit: false, trustProxy: ['127.0.0.1'], ...mailing(slow.url) };
    await using behindProxy = serve(api.anotherApp({ config }), { host: '127.0.0.1', port: 0, graceMs: 500 });
    const forgot = async (user: TestUser, address: string) => {
      const answer = await fetch(`${behindProxy.url}/api/auth/forgot`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ email: emailOf(user) }),
      });
      return answer.status;
    };
    const logged = api.logged.length;
    // More than there are places for.
    for (let i = 0; i < 210; i++) await forgot(flooder, '203.0.113.7');
    expect(await forgot(user, '198.51.100.9')).toBe(202);
    const dropped = () => api.logged.slice(logged).filter((line) => line.includes('Too many mails wait'));
    await until(async () => dropped().length > 0);
    faster.resolve();
    await until(async () => slow.mails.some(({ to }) => to === emailOf(user)));
    expect(slow.mails.findIndex(({ to }) => to === emailOf(user))).toBeLessThan(6);
  });

  test('a mail server on another host gets no link in the clear, unless that is allowed', async () => {
    const user = await openUser(api);
    // It reaches this machine, but by an address that is not one of its loopback.
    const elsewhere = server.url.replace('127.0.0.1', '0.0.0.0');
    expect(elsewhere).not.toBe(server.url);
    const logged = api.logged.length;
    const sendTo = (url: string) =>
      post(
        'forgot',
        { email: emailOf(user) },
        api.anotherRequest({ config: { rateLimit: false, ...mailing(url) } }),
      );
    await sendTo(elsewhere);
    await until(async () => api.logged.slice(logged).some((line) => line.includes('could not be sent')));
    expect(server.mails).toEqual([]);
    await sendTo(`${elsewhere}?ignoreTLS=true`);
    await until(async () => server.mails.length === 1);
  });

  test.each([
    [
      'the email is changed',
      'update users set email = $2 where id = $1',
      () => `${crypto.randomUUID()}@example.org`,
    ],
    ['the account is locked', 'update users set locked_at = $2 where id = $1', () => new Date()],
  ])('at the moment that %s no link is made for the mailbox of before', async (_, change, value) => {
    const user = await openUser(api);
    const client = await api.pool.connect();
    try {
      await client.query('begin');
      await client.query(change, [user.userId, value()]);
      await post('forgot', { email: emailOf(user) });
      await until(async () => {
        const { rows } = await api.pool.query(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length > 0;
      });
      await client.query('commit');
    } finally {
      client.release(true);
    }
    // Two at a time: what was asked for before has been looked at when these are mailed.
    for (let i = 0; i < 3; i++) await post('forgot', { email: emailOf(await openUser(api)) });
    await until(() => server.mails.length === 3);
    expect(server.mails.map(({ to }) => to)).not.toContain(emailOf(user));
    const { rows } = await api.pool.query('select 1 from password_resets where user_id = $1', [user.userId]);
    expect(rows).toEqual([]);
  });

  test('one address gets three mails an hour, and one caller asks twenty times', async () => {
    const user = await openUser(api);
    const ask = api.anotherRequest({ config: mailing(server.url) });
    const answers: number[] = [];
    for (let i = 0; i < 21; i++) answers.push((await post('forgot', { email: emailOf(user) }, ask)).status);
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 202), 429]);
    await until(async () => server.mails.length === 3);
    await Bun.sleep(200);
    expect(server.mails).toHaveLength(3);
  });
});

describe('a link', () => {
  const linkFor = async (user: TestUser) => {
    const admin = await openUser(api, { role: 'admin' });
    const answer = await admin.post(`/api/admin/users/${user.userId}/reset-link`, {});
    return (await answer.json()).data.token as string;
  };

  test('works for an hour', async () => {
    const user = await openUser(api);
    const token = await linkFor(user);
    api.advance(3_600_001);
    expect((await post('reset', { token, password: next }, api.request)).status).toBe(401);
    api.advance(-3_600_001);
    expect((await post('reset', { token, password: next }, api.request)).status).toBe(204);
  });

  test('used many times at the same moment works once', async () => {
    const user = await openUser(api);
    const token = await linkFor(user);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        post('reset', { token, password: `${next} ${i}` }, i % 2 ? request : api.request),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      204,
      ...Array.from({ length: 7 }, () => 401),
    ]);
    const won = answers.findIndex(({ status }) => status === 204);
    expect(await login(user, `${next} ${won}`)).toBe(200);
  });

  test.each([
    ['password', { password: { current: testPassword, next } }],
    ['email', { email: { password: testPassword, next: `${crypto.randomUUID()}@example.org` } }],
  ])('is worth nothing once the %s was changed', async (_, change) => {
    const user = await openUser(api);
    const token = await linkFor(user);
    const changed = await api.request('/api/user/profile', {
      method: 'PATCH',
      headers: { ...user.headers, 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
    expect(changed.status).toBe(200);
    expect((await post('reset', { token, password: next })).status).toBe(401);
  });

  test('does not unlock an account', async () => {
    const user = await openUser(api);
    const token = await linkFor(user);
    await api.pool.query('update users set locked_at = now() where id = $1', [user.userId]);
    expect((await post('reset', { token, password: next })).status).toBe(204);
    expect(await login(user, next)).toBe(403);
  });

  test('that was made before its account was locked is worth nothing, also when that is unlocked', async () => {
    const [user, admin] = [await openUser(api), await openUser(api, { role: 'admin' })];
    const token = await linkFor(user);
    for (const locked of [true, false])
      await api.request(`/api/admin/users/${user.userId}`, {
        method: 'PATCH',
        headers: { ...admin.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ locked }),
      });
    expect((await post('reset', { token, password: next })).status).toBe(401);
    expect(await login(user, testPassword)).toBe(200);
  });

  test('sets no password that is the email of its account, and works for another one', async () => {
    const user = await openUser(api);
    const token = await linkFor(user);
    const weak = await post('reset', { token, password: emailOf(user) });
    expect([weak.status, (await weak.json()).details]).toEqual([
      422,
      [{ path: 'password', message: 'must not be your email address' }],
    ]);
    const page = await request('/reset-password', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ token, password: emailOf(user) }).toString(),
    });
    expect([page.status, await page.text()]).toEqual([
      422,
      expect.stringContaining('The password must not be your email address.'),
    ]);
    expect((await post('reset', { token, password: next })).status).toBe(204);
  });

  test('is not taken away by the mails that anybody can ask for while it lives', async () => {
    const user = await openUser(api);
    const token = await linkFor(user);
    const mails = 2 * forgottenLimits.email.points;
    for (let i = 0; i < mails; i++) await post('forgot', { email: emailOf(user) });
    await until(async () => server.mails.length === mails);
    expect((await post('reset', { token, password: next })).status).toBe(204);
  });

  test('an account has eight at most, and its token is stored nowhere', async () => {
    const user = await openUser(api);
    const tokens: string[] = [];
    for (let i = 0; i < 10; i++) tokens.push(await linkFor(user));
    const { rows } = await api.pool.query(
      "select encode(token_hash, 'hex') as hash from password_resets where user_id = $1",
      [user.userId],
    );
    expect(rows).toHaveLength(8);
    expect((await post('reset', { token: tokens[0], password: next })).status).toBe(401);
    expect((await post('reset', { token: tokens[9], password: next })).status).toBe(204);
  });

  test.each([
    [{ token: 'x' }, 'password'],
    [{ token: '', password: next }, 'token'],
    [{ token: 'x', password: 'short' }, 'password'],
    [{ token: 'x', password: next, more: 1 }, 'body'],
  ])('%j is refused as input', async (body, path) => {
    const answer = await post('reset', body);
    expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, path]);
  });
});

describe('the page of the link', () => {
  const form = (
    fields: Record<string, string>,
    headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ) =>
    request('/reset-password', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });

  test('sets the password, and says what is wrong', async () => {
    const user = await openUser(api);
    const token = await mailedToken(user);
    const page = await request(`/reset-password?token=${token}`, { method: 'GET' });
    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain(`value="${token}"`);
    const short = await form({ token, password: 'short' });
    expect([short.status, await short.text()]).toEqual([422, expect.stringContaining('must have 8 to 128')]);
    expect((await form({ token, password: next }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const saved = await form({ token, password: next });
    expect([saved.status, await saved.text()]).toEqual([200, expect.stringContaining('Password saved')]);
    expect(await login(user, next)).toBe(200);
    expect((await form({ token, password: next })).status).toBe(401);
  });

  test('shows no HTML of a link', async () => {
    const page = await request('/reset-password?token=%22%3E%3Cscript%3E', { method: 'GET' });
    expect(await page.text()).not.toContain('<script>');
  });
});
