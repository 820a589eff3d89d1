import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { makePasswordsCheap } from '#tests/support/cheap-passwords.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { foundStatement } from './found-users.ts';

makePasswordsCheap();

let api: TestApi;
let admin: TestUser;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  await emptyTables(api.pool, 'users', 'security_events');
  admin = await openUser(api, { role: 'admin' });
});

const patch = async (by: TestUser, id: string, body: unknown, request = api.request) => {
  const answer = await request(`/api/admin/users/${id}`, {
    method: 'PATCH',
    headers: { ...by.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
};
const login = async ({ userId }: TestUser) =>
  api.request('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${userId}@example.org`, password: testPassword }),
  });
const remove = (user: TestUser, request = api.request) =>
  request('/api/user/profile', {
    method: 'DELETE',
    headers: { ...user.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ password: testPassword }),
  });
const adminsLeft = async () =>
  (await api.pool.query("select id from users where role = 'admin' and locked_at is null")).rows.map(
    (row) => row.id,
  );
const list = async (query = '') => (await admin.get(`/api/admin/users?${query}`)).json();
const idsOf = async (query: string) => (await list(query)).data.map(({ id }: { id: string }) => id).sort();

describe('the list of users', () => {
  test('has them newest first, with what administrators need and no secret', async () => {
    const user = await openUser(api);
    const body = await list();
    expect(body.meta).toEqual({ page: 1, limit: 20, total_results: 2, total_pages: 1 });
    expect(body.data[0]).toEqual({
      id: user.userId,
      name: 'Somebody',
      email: `${user.userId}@example.org`,
      role: 'user',
      created_at: expect.any(String),
      locked_at: null,
      totp: false,
      sessions: 1,
      last_seen_at: expect.any(String),
    });
    expect(body.data[1].id).toBe(admin.userId);
  });

  test('is searched and filtered, and patterns mean nothing in it', async () => {
    const [ada, bob] = [await openUser(api), await openUser(api)];
    await api.pool.query("update users set name = 'Ada_100%', email = 'ada@example.net' where id = $1", [
      ada.userId,
    ]);
    await api.pool.query('update users set locked_at = now() where id = $1', [bob.userId]);
    expect(await idsOf('query=aDa')).toEqual([ada.userId]);
    expect(await idsOf('query=EXAMPLE.net')).toEqual([ada.userId]);
    expect(await idsOf('query=_100%25')).toEqual([ada.userId]);
    expect(await idsOf('query=%25%25')).toEqual([]);
    expect(await idsOf(`query=${bob.userId.toUpperCase()}`)).toEqual([bob.userId]);
    expect(await idsOf('status=locked')).toEqual([bob.userId]);
    expect(await idsOf('status=active&role=user')).toEqual([ada.userId]);
    expect(await idsOf('role=admin')).toEqual([admin.userId]);
    expect((await list('limit=1&page=2')).data).toHaveLength(1);
    expect((await list('page=9')).data).toEqual([]);
  });

  test('is searched page by page, and says how many are found, also past the end', async () => {
    await api.pool.query(`insert into users (id, name, email, password_hash, created_at)
      select gen_random_uuid(), 'Grace ' || n, 'g' || n || '@example.net', 'none', now() - n * interval '1 hour'
      from generate_series(1, 25) n`);
    const pages = [await list('query=grace&limit=10')];
    for (let next = pages[0].meta.next; next; next = pages.at(-1).meta.next)
      pages.push(await list(`query=grace&limit=10&after=${next}`));
    expect(pages.map(({ data, meta }) => [data.length, meta.total_results])).toEqual([
      [10, 25],
      [10, 25],
      [5, 25],
    ]);
    expect(pages.flatMap(({ data }) => data.map(({ name }: { name: string }) => name))).toEqual(
      Array.from({ length: 25 }, (_, n) => `Grace ${n + 1}`),
    );
    expect((await list('query=grace&limit=10&page=3')).data).toHaveLength(5);
    expect(await list('query=grace&limit=10&page=4')).toMatchObject({
      data: [],
      meta: { total_results: 25 },
    });
    expect(await list('query=GRACE&role=admin')).toMatchObject({ data: [], meta: { total_results: 0 } });
  });

  test('is found by an index, and looked through once where that cannot help', async () => {
    await api.pool.query(`insert into users (id, name, email, password_hash)
      select gen_random_uuid(), md5(n::text), md5('e' || n) || '@example.net', 'none' from generate_series(1, 20000) n`);
    await api.pool.query('analyze users');
    const planOf = async (query: string) => {
      const { text, values } = foundStatement(
        { query, role: null, isLocked: null, now: new Date() },
        { limit: 21 },
      );
      const { rows } = await api.pool.query(`explain ${text}`, [...values]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    for (const query of ['lovelace', 'ada.lovelace@example.org', '0193a3c0-1111-7000-8000-000000000001']) {
      const plan = await planOf(query);
      expect(plan).toContain('users_parts_index');
      expect(plan).not.toContain('Seq Scan on users');
    }
    for (const query of ['@', 'zq', '---', 'example.net'])
      expect((await planOf(query)).match(/ on users u\b.*rows=\d{3,}/g)?.length ?? 0).toBeLessThan(2);
  });

  test.each([
    ['role=boss', 'role'],
    ['status=x', 'status'],
    ['query=%00', 'query'],
    ['limit=101', 'limit'],
  ])('refuses ?%s', async (query, path) => {
    const answer = await admin.get(`/api/admin/users?${query}`);
    expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, path]);
  });
});

describe('an account', () => {
  test('that is locked cannot sign in, and its sessions end at once', async () => {
    const user = await openUser(api);
    const pair = (await (await login(user)).json()).data;
    const locked = await patch(admin, user.userId, { locked: true });
    expect(locked.status).toBe(200);
    const since = locked.body.data.locked_at;
    expect(locked.body.data).toMatchObject({ id: user.userId, locked_at: expect.any(String), sessions: 0 });
    expect((await user.get('/api/user/profile')).status).toBe(401);
    const refreshed = await api.request('/api/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: pair.refresh_token }),
    });
    expect(refreshed.status).toBe(401);
    const refused = await login(user);
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'forbidden']);
    const again = await patch(admin, user.userId, { locked: true });
    expect(again.body.data.locked_at).toBe(since);
    expect((await patch(admin, user.userId, { locked: false })).body.data.locked_at).toBeNull();
    expect((await login(user)).status).toBe(200);
  });

  test('that is locked has its import ended, and may send the file again when it is unlocked', async () => {
    const user = await openUser(api);
    const send = async (token: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
      const body = 'Name,Year\nHeat,1995\n';
      return (await api.request('/api/user/import?source=letterboxd', { method: 'POST', headers, body }))
        .status;
    };
    const signIn = async () => (await (await login(user)).json()).data.access_token as string;
    const states = async () => {
      const { rows } = await api.pool.query(
        'select status, finished_at is not null as ended from user_imports where user_id = $1 order by id',
        [user.userId],
      );
      return rows;
    };
    expect(await send(await signIn())).toBe(202);
    expect(await states()).toEqual([{ status: 'queued', ended: false }]);
    await patch(admin, user.userId, { locked: true });
    expect(await states()).toEqual([{ status: 'failed', ended: true }]);
    await patch(admin, user.userId, { locked: false });
    const token = await signIn();
    const told = await api.get('/api/user/import', { authorization: `Bearer ${token}` });
    expect((await told.json()).data[0].error).toContain('The account was locked');
    expect(await send(token)).toBe(202);
  });

  test('that is locked while it signs in has no session in the end', async () => {
    for (let round = 0; round < 10; round++) {
      const user = await openUser(api);
      const [locked] = await Promise.all([
        patch(admin, user.userId, { locked: true }),
        login(user),
        login(user),
      ]);
      expect(locked.status).toBe(200);
      const { rows } = await api.pool.query('select 1 from sessions where user_id = $1', [user.userId]);
      expect(rows).toEqual([]);
    }
  });

  test('gets and loses the role, which counts with the next request', async () => {
    const user = await openUser(api);
    expect((await patch(admin, user.userId, { role: 'admin' })).body.data.role).toBe('admin');
    expect((await user.get('/api/admin/users')).status).toBe(200);
    expect((await patch(admin, user.userId, { role: 'user' })).body.data.role).toBe('user');
    expect((await user.get('/api/admin/users')).status).toBe(403);
  });

  test('has its sessions ended, and nothing else', async () => {
    const [user, other] = [await openUser(api), await openUser(api)];
    expect((await admin.remove(`/api/admin/users/${user.userId}/sessions`)).status).toBe(204);
    expect((await user.get('/api/user/profile')).status).toBe(401);
    expect((await other.get('/api/user/profile')).status).toBe(200);
    expect((await login(user)).status).toBe(200);
  });

  test('gets a link, whose address is of the settings and not of the request', async () => {
    const user = await openUser(api);
    const path = `/api/admin/users/${user.userId}/reset-link`;
    const ask = async (publicUrl: string | undefined) => {
      const request = api.anotherRequest({ config: { rateLimit: false, publicUrl } });
      const answer = await request(path, {
        method: 'POST',
        headers: { ...admin.headers, host: 'evil.test' },
      });
      return { status: answer.status, body: await answer.json() };
    };
    const { status, body } = await ask('https://nexus.test');
    expect([status, body]).toEqual([
      201,
      {
        status: 'success',
        data: {
          token: expect.stringMatching(/^[\w-]{43}$/),
          url: `https://nexus.test/reset-password?token=${body.data.token}`,
          expires_at: expect.any(String),
        },
      },
    ]);
    expect((await ask(undefined)).body.data.url).toStartWith('/reset-password?token=');
  });

  test('that is one’s own gets no link and keeps its second factor: the owner has a password for that', async () => {
    await api.pool.query("insert into user_totp (user_id, secret, confirmed_at) values ($1, 'A', now())", [
      admin.userId,
    ]);
    for (const id of [admin.userId, admin.userId.toUpperCase()]) {
      const asked = [
        await admin.post(`/api/admin/users/${id}/reset-link`, {}),
        await admin.remove(`/api/admin/users/${id}/totp`),
        await api.request(`/admin/users/${id}/reset-link`, { method: 'POST', headers: admin.console }),
        await api.request(`/admin/users/${id}/remove-totp`, { method: 'POST', headers: admin.console }),
      ];
      expect(asked.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    }
    for (const [table, count] of [
      ['user_totp', 1],
      ['password_resets', 0],
    ] as const)
      expect((await api.pool.query(`select 1 from ${table}`)).rowCount).toBe(count);
    const other = await openUser(api, { role: 'admin' });
    expect((await other.remove(`/api/admin/users/${admin.userId}/totp`)).status).toBe(204);
    expect((await other.post(`/api/admin/users/${admin.userId}/reset-link`, {})).status).toBe(201);
  });

  test('that is not there is 404, an id that is none 422, and so is a change that is none', async () => {
    const nobody = Bun.randomUUIDv7();
    expect((await patch(admin, nobody, { locked: true })).body.code).toBe('not_found');
    expect((await admin.remove(`/api/admin/users/${nobody}/sessions`)).status).toBe(404);
    expect((await admin.post(`/api/admin/users/${nobody}/reset-link`, {})).status).toBe(404);
    expect((await patch(admin, 'none', { locked: true })).body.details[0].path).toBe('id');
    for (const body of [
      { role: 'boss' },
      { locked: 'yes' },
      { email: 'a@example.org' },
      { password_hash: 'x' },
    ])
      expect((await patch(admin, admin.userId, body)).status).toBe(422);
    expect((await patch(admin, admin.userId, {})).status).toBe(200);
  });
});

describe('the last administrator', () => {
  test.each([{ role: 'user' }, { locked: true }])('stays one: not %j', async (change) => {
    const answer = await patch(admin, admin.userId, change);
    expect([answer.status, answer.body.code]).toEqual([409, 'last_admin']);
    // A locked one is none.
    const other = await openUser(api, { role: 'admin' });
    expect((await patch(admin, other.userId, { locked: true })).status).toBe(200);
    expect((await patch(admin, admin.userId, change)).status).toBe(409);
    expect(await adminsLeft()).toEqual([admin.userId]);
  });

  test('cannot delete the account, others can', async () => {
    expect((await remove(admin)).status).toBe(409);
    const other = await openUser(api, { role: 'admin' });
    expect((await remove(admin)).status).toBe(204);
    expect((await remove(other)).status).toBe(409);
    expect(await adminsLeft()).toEqual([other.userId]);
  });

  test('is left by none of many changes at the same moment, in two processes', async () => {
    const second = api.anotherRequest({ config: { rateLimit: false } });
    for (let round = 0; round < 8; round++) {
      await emptyTables(api.pool, 'users');
      const admins = await Promise.all(Array.from({ length: 4 }, () => openUser(api, { role: 'admin' })));
      const [a, b, c, d] = admins as [TestUser, TestUser, TestUser, TestUser];
      await Promise.all([
        patch(a, b.userId, { role: 'user' }),
        patch(b, a.userId, { locked: true }, second),
        patch(a, c.userId, { locked: true }, second),
        patch(c, d.userId, { role: 'user' }),
        remove(c, second),
        remove(d),
        remove(a),
        patch(d, d.userId, { role: 'user' }, second),
      ]);
      expect((await adminsLeft()).length).toBeGreaterThanOrEqual(1);
    }
  }, 60_000);
});
