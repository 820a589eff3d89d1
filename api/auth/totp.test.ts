import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { totpClock } from '#tests/support/api/totp-clock.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { makePasswordsCheap } from '#tests/support/cheap-passwords.ts';
import { until } from '#tests/support/until.ts';

makePasswordsCheap();

let api: TestApi;
/** Where administrators must have a second factor. */
let strict: TestApi['request'];
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  strict = api.anotherRequest({ config: { rateLimit: false, adminRequireTotp: true } });
});
afterAll(() => api[Symbol.asyncDispose]());

const { nextStep, codeOf } = totpClock(() => api);

const send = (path: string, method: string, body: unknown, headers: object = {}, request = api.request) =>
  request(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const login = ({ userId }: TestUser, code?: string, request = api.request) =>
  send(
    '/api/auth/login',
    'POST',
    { email: `${userId}@example.org`, password: testPassword, code },
    {},
    request,
  );

async function setUp(user: TestUser, request = api.request) {
  const begun = await send('/api/auth/totp', 'POST', { password: testPassword }, user.headers, request);
  const { secret, url } = (await begun.json()).data;
  const confirmed = await send(
    '/api/auth/totp/confirm',
    'POST',
    { code: codeOf(secret) },
    user.headers,
    request,
  );
  const { recovery_codes: codes } = (await confirmed.json()).data;
  nextStep();
  return { secret, url, codes, statuses: [begun.status, confirmed.status] };
}
const stateOf = async (user: TestUser) => (await (await user.get('/api/auth/totp')).json()).data;

describe('a second factor', () => {
  test('is set up with a code, and asked for from then on', async () => {
    const user = await openUser(api);
    const other = (await (await login(user)).json()).data;
    expect(await stateOf(user)).toEqual({ enabled: false, recovery_codes_left: 0 });
    const { secret, url, codes, statuses } = await setUp(user);
    expect(statuses).toEqual([201, 200]);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(url).toStartWith('otpauth://totp/Project%20Nexus');
    expect(new Set(codes).size).toBe(10);
    expect(codes[0]).toMatch(/^[0-9a-f]{4}(-[0-9a-f]{4}){7}$/);
    expect(await stateOf(user)).toEqual({ enabled: true, recovery_codes_left: 10 });
    expect(
      (await api.get('/api/user/profile', { authorization: `Bearer ${other.access_token}` })).status,
    ).toBe(401);
    const missing = await login(user);
    expect([missing.status, (await missing.json()).code]).toEqual([401, 'totp_required']);
    expect((await login(user, '000000')).status).toBe(401);
    expect((await login(user, codeOf(secret))).status).toBe(200);
  });

  test('is asked for before the email changes, where links for a new password go', async () => {
    const user = await openUser(api);
    const next = `next-${user.userId}@example.org`;
    const change = async (email: object) => {
      const answer = await send('/api/user/profile', 'PATCH', { email }, user.headers);
      const { code, data } = await answer.json();
      return [answer.status, code ?? data.email];
    };
    const { secret, codes } = await setUp(user);
    const proof = { password: testPassword, next };
    expect(await change(proof)).toEqual([401, 'totp_required']);
    expect(await change({ ...proof, code: '000000' })).toEqual([401, 'totp_required']);
    expect(await change({ ...proof, code: codeOf(secret), password: 'wrong' })).toEqual([
      401,
      'invalid_credentials',
    ]);
    expect(await change({ ...proof, code: codeOf(secret) })).toEqual([200, next]);
    // The same code is used up; a recovery code is as good.
    const back = { password: testPassword, next: `${user.userId}@example.org` };
    expect(await change({ ...back, code: codeOf(secret) })).toEqual([401, 'totp_required']);
    expect(await change({ ...back, code: codes[0] })).toEqual([200, back.next]);
    await until(async () => {
      const { rowCount } = await api.pool.query(
        `select 1 from security_events
        where user_id = $1 and event = 'password_proof' and outcome = 'refused' and detail = 'email_change'`,
        [user.userId],
      );
      return rowCount === 4;
    });
  });

  test('is not asked for before it is confirmed, and a wrong code confirms nothing', async () => {
    const user = await openUser(api);
    await send('/api/auth/totp', 'POST', { password: testPassword }, user.headers);
    const wrong = await send('/api/auth/totp/confirm', 'POST', { code: '000000' }, user.headers);
    expect([wrong.status, (await wrong.json()).code]).toEqual([401, 'invalid_credentials']);
    expect((await login(user)).status).toBe(200);
  });

  test('needs the password to be begun, and none is set up twice', async () => {
    const user = await openUser(api);
    expect((await send('/api/auth/totp', 'POST', { password: 'wrong' }, user.headers)).status).toBe(401);
    await setUp(user);
    const again = await send('/api/auth/totp', 'POST', { password: testPassword }, user.headers);
    expect([again.status, (await again.json()).code]).toEqual([403, 'forbidden']);
  });

  test('a code works once, also for many at the same moment', async () => {
    const user = await openUser(api);
    const { secret } = await setUp(user);
    const code = codeOf(secret);
    const answers = await Promise.all(Array.from({ length: 6 }, () => login(user, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    expect((await login(user, code)).status).toBe(401);
  });

  test('a recovery code stands for a code once, however it is typed', async () => {
    const user = await openUser(api);
    const { codes } = await setUp(user);
    const [first = '', second = ''] = codes;
    expect((await login(user, first.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await login(user, first)).status).toBe(401);
    const answers = await Promise.all(Array.from({ length: 4 }, () => login(user, second)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    expect(await stateOf(user)).toEqual({ enabled: true, recovery_codes_left: 8 });
    const { rows } = await api.pool.query('select c::text as text from totp_recovery_codes c');
    expect(JSON.stringify(rows)).not.toContain(codes[5]);
  });

  test('is removed with password and code, or by an administrator', async () => {
    const [user, admin] = [await openUser(api), await openUser(api, { role: 'admin' })];
    const { secret } = await setUp(user);
    const remove = (body: object) => send('/api/auth/totp', 'DELETE', body, user.headers);
    expect((await remove({ password: 'wrong', code: codeOf(secret) })).status).toBe(401);
    expect((await remove({ password: testPassword, code: '000000' })).status).toBe(401);
    expect((await remove({ password: testPassword, code: codeOf(secret) })).status).toBe(204);
    expect((await login(user)).status).toBe(200);
    await setUp(user);
    expect((await login(user)).status).toBe(401);
    const found = async () =>
      (await (await admin.get(`/api/admin/users?query=${user.userId}`)).json()).data[0].totp;
    expect(await found()).toBe(true);
    expect((await admin.remove(`/api/admin/users/${user.userId}/totp`)).status).toBe(204);
    expect(await found()).toBe(false);
    expect((await login(user)).status).toBe(200);
    expect((await admin.remove(`/api/admin/users/${Bun.randomUUIDv7()}/totp`)).status).toBe(404);
  });

  test('is still asked for after the password was set anew with a link', async () => {
    const [user, admin] = [await openUser(api), await openUser(api, { role: 'admin' })];
    const { secret } = await setUp(user);
    const made = await admin.post(`/api/admin/users/${user.userId}/reset-link`, {});
    const { token } = (await made.json()).data;
    const next = 'another correct horse';
    expect((await send('/api/auth/reset', 'POST', { token, password: next })).status).toBe(204);
    const email = `${user.userId}@example.org`;
    const signIn = (code?: string) => send('/api/auth/login', 'POST', { email, password: next, code });
    const missing = await signIn();
    expect([missing.status, (await missing.json()).code]).toEqual([401, 'totp_required']);
    expect((await signIn(codeOf(secret))).status).toBe(200);
  });

  test('is named in the security log, as is a recovery code', async () => {
    const [user, admin] = [await openUser(api), await openUser(api, { role: 'admin' })];
    const { secret, codes } = await setUp(user);
    await login(user, codeOf(secret));
    await login(user, codes[0]);
    const { data } = await (await admin.get(`/api/admin/log?user_id=${user.userId}&event=login`)).json();
    expect(data.map(({ detail }: { detail: string }) => detail)).toEqual(['recovery code', 'totp']);
  });

  test('is guessed no more than twenty times an hour, from wherever', async () => {
    const user = await openUser(api);
    const { secret } = await setUp(user);
    const asks = Array.from({ length: 4 }, (_, i) =>
      api.anotherRequest({ config: { trustProxy: ['127.0.0.1'], rateLimit: i < 4 } }),
    );
    const codes: number[] = [];
    for (let i = 0; i < 24; i++) {
      // A limit of the address would answer 429 as well: it is taken back each time.
      await api.pool.query("delete from rate_limits where key not like '%totp%'");
      const ask = asks[i % 4] ?? api.request;
      codes.push((await login(user, '000000', ask)).status);
    }
    expect(codes).toEqual([
      ...Array.from({ length: 20 }, () => 401),
      ...Array.from({ length: 4 }, () => 429),
    ]);
    await api.pool.query("delete from rate_limits where key not like '%totp%'");
    expect((await login(user, codeOf(secret), asks[0])).status).toBe(429);
  });

  test('is kept from nobody by a session that was stolen: confirming it once more uses up no guesses', async () => {
    const user = await openUser(api);
    const { secret } = await setUp(user);
    const limited = api.anotherRequest({});
    for (let i = 0; i < 25; i++)
      await send('/api/auth/totp/confirm', 'POST', { code: '000000' }, user.headers, limited);
    expect((await login(user, codeOf(secret), limited)).status).toBe(200);
  });

  /** Until somebody waits for a lock on the row of an account. */
  const untilWaiting = (waiting: number) =>
    until(async () => {
      const { rows } = await api.pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return rows.length >= waiting;
    });
  /** What comes at the moment that the account is held: one after the other, in the order of the list. */
  async function inTurn<T>(userId: string, acts: (() => Promise<T>)[]): Promise<T[]> {
    const client = await api.pool.connect();
    try {
      await client.query('begin');
      await client.query('select 1 from users where id = $1 for update', [userId]);
      const done: Promise<T>[] = [];
      for (const [at, act] of acts.entries()) {
        done.push(act());
        await untilWaiting(at + 1);
      }
      await client.query('commit');
      return await Promise.all(done);
    } finally {
      client.release(true);
    }
  }

  test('lets nobody in who was signing in without it at the moment that it was confirmed', async () => {
    const user = await openUser(api);
    const begun = await send('/api/auth/totp', 'POST', { password: testPassword }, user.headers);
    const { secret } = (await begun.json()).data;
    const [confirmed, signedIn] = await inTurn(user.userId, [
      () => send('/api/auth/totp/confirm', 'POST', { code: codeOf(secret) }, user.headers),
      () => login(user),
    ]);
    expect([confirmed?.status, signedIn?.status]).toEqual([200, 401]);
    const { rows } = await api.pool.query('select id, totp from sessions where user_id = $1', [user.userId]);
    expect(rows).toEqual([{ id: user.sessionId, totp: true }]);
    nextStep();
  });

  test('proves nothing for a session that is opened at the moment that it is removed', async () => {
    const [user, admin] = [await openUser(api), await openUser(api, { role: 'admin' })];
    const { secret } = await setUp(user);
    await inTurn(user.userId, [
      () => login(user, codeOf(secret)),
      () => admin.remove(`/api/admin/users/${user.userId}/totp`),
    ]);
    nextStep();
    expect(
      (await api.pool.query('select 1 from sessions where user_id = $1 and totp', [user.userId])).rows,
    ).toEqual([]);
    expect((await login(user)).status).toBe(200);
  });

  test('that one session began is not the one that another confirms, however well both know the password', async () => {
    const owner = await openUser(api);
    const thief = (await (await login(owner)).json()).data;
    const stolen = { authorization: `Bearer ${thief.access_token}` };
    const begin = async (headers: object) =>
      (await (await send('/api/auth/totp', 'POST', { password: testPassword }, headers)).json()).data.secret;
    const confirm = async (secret: string) =>
      (await send('/api/auth/totp/confirm', 'POST', { code: codeOf(secret) }, owner.headers)).status;
    const [known, secret] = [await begin(stolen), await begin(owner.headers)];
    expect(await begin(stolen)).toBe(known);
    expect(secret).not.toBe(known);
    expect([await confirm(known), await confirm(secret)]).toEqual([401, 200]);
    nextStep();
    expect((await login(owner, codeOf(known))).status).toBe(401);
    expect((await login(owner, codeOf(secret))).status).toBe(200);
    nextStep();
  });

  test('is confirmed within a quarter of an hour, or begun anew', async () => {
    const user = await openUser(api);
    const confirmAfter = async (minutes: number) => {
      const begun = await send('/api/auth/totp', 'POST', { password: testPassword }, user.headers);
      const { secret } = (await begun.json()).data;
      const before =
        "update user_totp set created_at = created_at - interval '1 minute' * $2 where user_id = $1";
      await api.pool.query(before, [user.userId, minutes]);
      const body = { code: codeOf(secret) };
      const answer = await send('/api/auth/totp/confirm', 'POST', body, user.headers);
      return answer.status === 200 ? 'on' : (await answer.json()).code;
    };
    expect(await confirmAfter(16)).toBe('invalid_credentials');
    expect(await confirmAfter(14)).toBe('on');
    nextStep();
  });

  test('goes with its account, and is in the export', async () => {
    const user = await openUser(api);
    await setUp(user);
    const { totp } = (await (await user.get('/api/user/export')).json()).data;
    const at = expect.any(String);
    expect(totp).toEqual({ created_at: at, confirmed_at: at, recovery_codes_left: 10 });
    expect((await send('/api/user/profile', 'DELETE', { password: testPassword }, user.headers)).status).toBe(
      204,
    );
    for (const table of ['user_totp', 'totp_recovery_codes'])
      expect((await api.pool.query(`select 1 from ${table} where user_id = $1`, [user.userId])).rows).toEqual(
        [],
      );
  });
});

describe('where administrators must have one', () => {
  const form = (fields: Record<string, string>) =>
    strict('/admin/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(fields).toString(),
    });

  const shownIn = (page: string) => ({
    secret: /<code>([A-Z2-7]{32})<\/code>/.exec(page)?.[1] ?? '',
    id: /name="form" value="([\w-]{43})"/.exec(page)?.[1] ?? '',
  });

  test('one who has none is an ordinary user until it is set up', async () => {
    const admin = await openUser(api, { role: 'admin' });
    const overview = async () =>
      (await strict('/api/admin/overview', { method: 'GET', headers: admin.headers })).status;
    const page = async () => (await strict('/admin', { method: 'GET', headers: admin.console })).status;
    expect([await overview(), await page()]).toEqual([403, 403]);
    expect((await strict('/api/user/profile', { method: 'GET', headers: admin.headers })).status).toBe(200);
    await setUp(admin, strict);
    expect([await overview(), await page()]).toEqual([200, 200]);
    expect((await admin.get('/api/admin/overview')).status).toBe(200);
  });

  test('one whose second factor is removed is an ordinary user again, also where they are signed in', async () => {
    const [admin, other] = [await openUser(api, { role: 'admin' }), await openUser(api, { role: 'admin' })];
    await setUp(admin, strict);
    const overview = async () =>
      (await strict('/api/admin/overview', { method: 'GET', headers: admin.headers })).status;
    expect(await overview()).toBe(200);
    expect((await other.remove(`/api/admin/users/${admin.userId}/totp`)).status).toBe(204);
    expect(await overview()).toBe(403);
  });

  test('the console leads through it, shows recovery codes once, and lets in', async () => {
    const { userId } = await openUser(api, { role: 'admin' });
    const fields = { email: `${userId}@example.org`, password: testPassword, next: '/admin/users' };
    const first = await form(fields);
    expect([first.status, first.headers.get('set-cookie')]).toEqual([403, null]);
    const { secret, id } = shownIn(await first.text());
    // Another form is shown another one: whoever else knows the password does not know this one.
    expect(shownIn(await (await form(fields)).text()).secret).not.toBe(secret);
    expect((await form({ ...fields, code: codeOf(secret) })).status).toBe(403);
    const wrong = await form({ ...fields, form: id, code: '000000' });
    expect([wrong.status, await wrong.text()]).toEqual([403, expect.stringContaining(secret)]);
    const done = await form({ ...fields, form: id, code: codeOf(secret) });
    const cookie = (done.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect((await done.text()).match(/<li><code>/g)).toHaveLength(10);
    expect((await strict('/admin', { method: 'GET', headers: { cookie } })).status).toBe(200);
    nextStep();
    const missing = await form(fields);
    expect([missing.status, await missing.text()]).toEqual([
      401,
      expect.stringContaining('authenticator app'),
    ]);
    const again = await form({ ...fields, code: codeOf(secret) });
    expect([again.status, again.headers.get('location')]).toEqual([303, '/admin/users']);
  });

  test('a secret that was shown a while ago is not the one that is set up', async () => {
    const { userId } = await openUser(api, { role: 'admin' });
    const fields = { email: `${userId}@example.org`, password: testPassword };
    const first = shownIn(await (await form(fields)).text());
    const shown = async () => shownIn(await (await form({ ...fields, form: first.id })).text());
    expect(await shown()).toEqual(first);
    for (let i = 0; i < 31; i++) nextStep();
    expect((await shown()).secret).not.toBe(first.secret);
  });
});
