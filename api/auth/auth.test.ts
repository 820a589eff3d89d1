import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { until } from '#tests/support/until.ts';

let api: TestApi;
let made = 0;

beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());

const password = 'correct horse';

async function post(path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await api.request(`/api/auth/${path}`, {
    method: 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: answer.status === 204 ? undefined : await answer.json(),
  };
}

async function register(changes: object = {}) {
  const email = `person-${++made}@example.org`;
  const answer = await post('register', { name: 'Ada', email, password, ...changes });
  expect(answer.status).toBe(201);
  return { email, ...answer.body.data };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const trending = async (token: string) =>
  (await api.get('/api/movies/550/recommendations?limit=0', bearer(token))).status;
/** 422: the token was taken for good, and the limit looked at. */
const good = 422;

describe('registration', () => {
  test('opens an account and signs in', async () => {
    const answer = await post('register', {
      name: '  Ada Lovelace ',
      email: ' Ada@Example.ORG ',
      password,
      date_of_birth: '1990-12-10',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      status: 'success',
      data: {
        user: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          name: 'Ada Lovelace',
          email: 'ada@example.org',
          date_of_birth: '1990-12-10',
          role: 'user',
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        },
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: 'Bearer',
        expires_in: 900,
        refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      },
    });
    expect(await trending(answer.body.data.access_token)).toBe(good);
  });

  test('keeps argon2id of the password, and nothing of the tokens', async () => {
    const { email, refresh_token } = await register();
    const { rows } = await api.pool.query(
      `select u.password_hash, encode(t.token_hash, 'hex') as token_hash from users u
       join sessions s on s.user_id = u.id join refresh_tokens t on t.session_id = s.id where email = $1`,
      [email],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].password_hash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(rows[0].token_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(rows)).not.toContain(refresh_token);
  });

  test('an address is one account, whatever its case', async () => {
    const { email } = await register();
    const again = await post('register', { name: 'Eve', email: email.toUpperCase(), password });
    expect([again.status, again.body.code]).toEqual([409, 'email_taken']);
  });

  test('of many at the same moment for one address, one gets it', async () => {
    const email = 'race@example.org';
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post('register', { name: 'Ada', email, password })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 409),
    ]);
  });

  test.each([
    ['name', ''],
    ['name', '   '],
    ['name', 'x'.repeat(256)],
    ['name', 'a\0b'],
    ['name', 'a\ud800b'],
    ['name', 5],
    ['email', 'nobody'],
    ['email', 'a@b'],
    ['email', `${'x'.repeat(250)}@example.org`],
    ['email', 'a\0@example.org'],
    // Lower-cased, the Kelvin sign is a k.
    ['email', '\u212aate@example.org'],
    ['email', 'ａda@example.org'],
    ['password', 'seven77'],
    ['password', 'x'.repeat(129)],
    ['password', 'nul\0nul\0nul'],
    ['password', ['correct horse']],
    ['date_of_birth', '1990-02-30'],
    ['date_of_birth', '1899-12-31'],
    ['date_of_birth', '2999-01-01'],
    ['date_of_birth', '1990-1-1'],
  ])('refuses %s %j by its name', async (field, value) => {
    const answer = await post('register', {
      name: 'Ada',
      email: 'fine@example.org',
      password,
      [field]: value,
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_input']);
    expect(answer.body.details.map(({ path }: { path: string }) => path)).toEqual([field]);
  });

  test.each([
    { role: 'admin' },
    { id: crypto.randomUUID() },
    { password_hash: 'x' },
    { created_at: '2000-01-01' },
  ])('does not let anybody set %j', async (extra) => {
    const answer = await post('register', { name: 'Eve', email: 'eve@example.org', password, ...extra });
    expect(answer.status).toBe(422);
    expect(answer.body.details[0].message).toContain(Object.keys(extra)[0]);
  });

  test('names and passwords of one to the most characters are taken, emoji counted as one', async () => {
    const { user } = await register({
      name: '🎬'.repeat(255),
      password: '🔑🎬🐎🗻🦄'.repeat(26).slice(0, 256),
    });
    expect([...user.name]).toHaveLength(255);
  });
});

describe('login', () => {
  test('is the same account, with a session of its own', async () => {
    const first = await register();
    const answer = await post('login', { email: first.email.toUpperCase(), password });
    expect(answer.status).toBe(200);
    expect(answer.body.data.user).toEqual(first.user);
    await post('logout', undefined, bearer(first.access_token));
    expect(await trending(answer.body.data.access_token)).toBe(good);
  });

  test('says the same of an unknown email and of a wrong password', async () => {
    const { email } = await register();
    const wrong = await post('login', { email, password: 'wrong horse' });
    const unknown = await post('login', { email: 'nobody@example.org', password: 'wrong horse' });
    for (const { status, body } of [wrong, unknown])
      expect([status, { ...body, request_id: '' }]).toEqual([
        401,
        {
          status: 'error',
          message: 'The email or the password is wrong.',
          code: 'invalid_credentials',
          request_id: '',
        },
      ]);
  });

  test('a password that is composed otherwise is the same one', async () => {
    const { email } = await register({ password: 'caf\u00e9 noir' });
    expect((await post('login', { email, password: 'cafe\u0301 noir' })).status).toBe(200);
  });

  test('a password that is too long is refused as input, not looked at as a password', async () => {
    const answer = await post('login', { email: 'a@example.org', password: 'x'.repeat(60_000) });
    expect([answer.status, answer.body.details[0].path]).toEqual([422, 'password']);
  });

  test('an account has a bounded number of sessions: the oldest make room', async () => {
    const first = await register();
    await api.pool.query(
      `insert into sessions (id, user_id, refreshed_at, expires_at)
       select gen_random_uuid(), $1, now() - interval '1 day', now() + interval '1 day' from generate_series(1, 80)`,
      [first.user.id],
    );
    expect((await post('login', { email: first.email, password })).status).toBe(200);
    const { rows } = await api.pool.query('select count(*)::int as n from sessions where user_id = $1', [
      first.user.id,
    ]);
    expect(rows[0].n).toBe(50);
  });
});

describe('refresh', () => {
  test('gives a new pair, and the old token is spent', async () => {
    const first = await register();
    const second = await post('refresh', { refresh_token: first.refresh_token });
    expect(second.status).toBe(200);
    expect(Object.keys(second.body.data).sort()).toEqual([
      'access_token',
      'expires_in',
      'refresh_token',
      'token_type',
    ]);
    expect(second.body.data.refresh_token).not.toBe(first.refresh_token);
    expect(await trending(second.body.data.access_token)).toBe(good);
  });

  test('a token used again after a while ends the whole family, and no other session', async () => {
    const first = await register();
    const other = (await post('login', { email: first.email, password })).body.data;
    const second = (await post('refresh', { refresh_token: first.refresh_token })).body.data;
    api.advance(10_001);
    expect((await post('refresh', { refresh_token: first.refresh_token })).status).toBe(401);
    expect((await post('refresh', { refresh_token: second.refresh_token })).status).toBe(401);
    expect(await trending(second.access_token)).toBe(401);
    expect(await trending(other.access_token)).toBe(good);
  });

  test('within ten seconds of its first use a token gives up to three pairs, and each goes on', async () => {
    const { refresh_token } = await register();
    const pairs = [];
    // Two seconds are left for a machine that has other things to do.
    for (const ms of [0, 5000, 3000]) {
      api.advance(ms);
      const answer = await post('refresh', { refresh_token });
      expect(answer.status).toBe(200);
      pairs.push(answer.body.data);
    }
    expect(new Set(pairs.map((pair) => pair.refresh_token)).size).toBe(3);
    for (const pair of pairs)
      expect((await post('refresh', { refresh_token: pair.refresh_token })).status).toBe(200);
    // The fourth, still within the ten seconds.
    expect((await post('refresh', { refresh_token })).status).toBe(401);
    for (const pair of pairs) expect(await trending(pair.access_token)).toBe(401);
  });

  test('of many uses at the same moment three work, by two processes too, and the family ends', async () => {
    const other = api.anotherRequest({ config: { rateLimit: false } });
    for (let round = 0; round < 10; round++) {
      const { refresh_token } = await register();
      const body = JSON.stringify({ refresh_token });
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => (i % 2 ? api.request : other)('/api/auth/refresh', init)),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(3);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
      for (const answer of won) expect(await trending((await answer.json()).data.access_token)).toBe(401);
    }
  });

  test('of three uses at the same moment each works, and nobody is signed out', async () => {
    const { refresh_token } = await register();
    const answers = await Promise.all(Array.from({ length: 3 }, () => post('refresh', { refresh_token })));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(await trending(body.data.access_token)).toBe(good);
    }
  });

  test('a session ends after 90 days, however often it is refreshed', async () => {
    let { refresh_token } = await register();
    const days = [25, 25, 25, 14.9];
    try {
      for (const each of days) {
        api.advance(each * 86_400_000);
        const answer = await post('refresh', { refresh_token });
        expect(answer.status).toBe(200);
        refresh_token = answer.body.data.refresh_token;
      }
      api.advance(0.2 * 86_400_000);
      expect((await post('refresh', { refresh_token })).status).toBe(401);
    } finally {
      api.advance(-(days.reduce((sum, each) => sum + each, 0.2) * 86_400_000));
    }
  });

  test('a token that nobody was given is refused, and so is one whose time is over', async () => {
    expect((await post('refresh', { refresh_token: 'x'.repeat(43) })).status).toBe(401);
    const { refresh_token } = await register();
    api.advance(31 * 86_400_000);
    expect((await post('refresh', { refresh_token })).status).toBe(401);
    api.advance(-31 * 86_400_000);
    expect((await post('refresh', { refresh_token })).status).toBe(200);
  });

  test.each(['\0', 'a\0b', 'a\ud800'])(
    '%j is no text, and so no token that anybody was given',
    async (token) => {
      for (const [path, body, field] of [
        ['refresh', { refresh_token: token }, 'refresh_token'],
        ['reset', { token, password: 'another correct horse' }, 'token'],
      ] as const) {
        const { status, body: answer } = await post(path, body);
        expect([path, status, answer.code]).toEqual([path, 422, 'invalid_input']);
        expect(answer.details).toMatchObject([{ path: field }]);
      }
    },
  );

  test('a token that the database was too late for is not spent: who is told to try again can', async () => {
    const { refresh_token, access_token } = await register();
    const { sid } = JSON.parse(atob(access_token.split('.')[1] ?? ''));
    const client = await api.pool.connect();
    try {
      await client.query('begin');
      await client.query('select 1 from sessions where id = $1 for update', [sid]);
      const late = await post('refresh', { refresh_token });
      expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([
        503,
        'unavailable',
        '5',
      ]);
      await client.query('commit');
    } finally {
      client.release();
    }
    // It is done with the statement that nobody waits for any more.
    await until(async () => {
      const { rows } = await api.pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'",
      );
      return rows.length === 0;
    });
    expect((await post('refresh', { refresh_token })).status).toBe(200);
  }, 120_000);

  test('a token that has expired beside the request is not looked at', async () => {
    const { refresh_token } = await register();
    const answer = await post('refresh', { refresh_token }, bearer('expired'));
    expect(answer.status).toBe(200);
  });
});

describe('logout', () => {
  test('ends the session: neither its access token nor its refresh token is good any more', async () => {
    const { access_token, refresh_token } = await register();
    expect((await post('logout', undefined, bearer(access_token))).status).toBe(204);
    expect(await trending(access_token)).toBe(401);
    expect((await post('refresh', { refresh_token })).status).toBe(401);
  });

  test('refuses a visitor', async () => {
    const answer = await post('logout');
    expect([answer.status, answer.body.code, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'unauthenticated',
      'Bearer',
    ]);
  });
});
