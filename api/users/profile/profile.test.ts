import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import { makePasswordsCheap } from '#tests/support/cheap-passwords.ts';
import { UserExport } from './model.ts';

makePasswordsCheap();

let api: TestApi;
let made = 0;
const password = 'correct horse';

beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await putMovie(api.pool, { tmdbId: 550, title: 'Fight Club' });
});
afterAll(() => api[Symbol.asyncDispose]());

async function ask(method: string, path: string, body?: unknown, token?: string) {
  const answer = await api.request(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
}

async function register() {
  const email = `person-${++made}@example.org`;
  const { body } = await ask('POST', '/api/auth/register', { name: 'Ada', email, password });
  const { user, access_token: token, refresh_token: refreshToken } = body.data;
  return { user, email, token, refreshToken };
}
const profile = (token: string) => ask('GET', '/api/user/profile', undefined, token);
const change = (token: string, body: unknown) => ask('PATCH', '/api/user/profile', body, token);
const login = (email: string, given: string) => ask('POST', '/api/auth/login', { email, password: given });

describe('the profile', () => {
  test('says who one is, what one prefers and how much one has said', async () => {
    const { user, email, token } = await register();
    await ask('POST', '/api/user/preferences', { movies: [550] }, token);
    await ask(
      'POST',
      '/api/user/interactions',
      { items: [550, 551].flatMap((tmdb_id) => ['liked', 'watched'].map((type) => ({ tmdb_id, type }))) },
      token,
    );
    const { status, headers, body } = await profile(token);
    expect([status, headers.get('cache-control'), headers.get('vary')]).toEqual([
      200,
      'private, no-store',
      'Authorization, Accept-Language',
    ]);
    expect(Object.keys(body.data)).toEqual([
      'id',
      'name',
      'email',
      'date_of_birth',
      'country',
      'role',
      'created_at',
      'preferences',
      'interactions',
    ]);
    expect(body.data).toMatchObject({
      id: user.id,
      email,
      role: 'user',
      preferences: { genres: [], actors: [], movies: [{ tmdb_id: 550, title: 'Fight Club' }] },
      interactions: { liked: 2, disliked: 0, bookmarked: 0, watched: 2 },
    });
    expect(JSON.stringify(body)).not.toContain('argon2');
  });

  test('takes a country, and gives it back', async () => {
    const { token } = await register();
    expect((await profile(token)).body.data.country).toBeNull();
    expect((await change(token, { country: 'de' })).body.data.country).toBe('DE');
    expect((await change(token, { name: 'Grace' })).body.data.country).toBe('DE');
    for (const country of ['ZZ', '', 'DEU', 49])
      expect((await change(token, { country })).body.details).toEqual([
        { path: 'country', message: 'must be a country such as DE' },
      ]);
    expect((await change(token, { country: null })).body.data.country).toBeNull();
  });

  test('takes a new name and date of birth, and leaves what is not named', async () => {
    const { token } = await register();
    const changed = await change(token, { name: ' Grace ', date_of_birth: '1906-12-09' });
    expect(changed.body.data).toMatchObject({ name: 'Grace', date_of_birth: '1906-12-09' });
    expect((await change(token, {})).body.data).toMatchObject({ name: 'Grace', date_of_birth: '1906-12-09' });
    expect((await change(token, { date_of_birth: null })).body.data).toMatchObject({
      name: 'Grace',
      date_of_birth: null,
    });
  });

  test.each([
    [{ role: 'admin' }, 'body'],
    [{ id: crypto.randomUUID() }, 'body'],
    [{ email: 'other@example.org' }, 'email'],
    [{ name: '' }, 'name'],
    [{ name: null }, 'name'],
    [{ password: 'new password' }, 'password'],
    [{ password: { current: password } }, 'password.next'],
    [{ password: { current: password, next: 'short' } }, 'password.next'],
    [{ date_of_birth: '2999-01-01' }, 'date_of_birth'],
  ])('refuses %j', async (body, path) => {
    const { token, user } = await register();
    const answer = await change(token, body);
    expect([answer.status, answer.body.details[0].path]).toEqual([422, path]);
    expect((await profile(token)).body.data).toMatchObject({ id: user.id, name: 'Ada', role: 'user' });
  });

  test('a new email is not the password, which may be changed along with it', async () => {
    const { email, token } = await register();
    const to = { password, next: 'correct-horse@example.org' };
    const refused = await change(token, { email: to });
    const details = [{ path: 'email.next', message: 'must not be your password' }];
    expect([refused.status, refused.body.details]).toEqual([422, details]);
    expect((await profile(token)).body.data.email).toBe(email);
    const both = await change(token, { email: to, password: { current: password, next: 'battery staple' } });
    expect([both.status, both.body.data.email]).toEqual([200, to.next]);
  });

  test('a changed password ends the other sessions, and this one goes on', async () => {
    const { email, token } = await register();
    const other = (await login(email, password)).body.data;
    const changed = await change(token, { password: { current: password, next: 'battery staple' } });
    expect(changed.status).toBe(200);
    expect((await profile(token)).status).toBe(200);
    expect((await profile(other.access_token)).status).toBe(401);
    const refreshed = await ask('POST', '/api/auth/refresh', { refresh_token: other.refresh_token });
    expect(refreshed.status).toBe(401);
    expect((await login(email, password)).status).toBe(401);
    expect((await login(email, 'battery staple')).status).toBe(200);
  });

  test('a password is not changed without the current one', async () => {
    const { email, token } = await register();
    const answer = await change(token, {
      name: 'Eve',
      password: { current: 'wrong horse', next: 'battery staple' },
    });
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
    expect((await profile(token)).body.data.name).toBe('Ada');
    expect((await login(email, password)).status).toBe(200);
  });

  test('guessing the current password is bounded like logging in', async () => {
    const get = api.anotherApp({ config: { rateLimit: true } });
    const { email, token } = await register();
    const statuses = await Promise.all(
      Array.from({ length: 14 }, async () => {
        const answer = await get.handle(
          new Request('http://nexus.test/api/user/profile', {
            method: 'DELETE',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ password: 'guessed' }),
          }),
        );
        return answer.status;
      }),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    expect((await profile(token)).status).toBe(200);
    // Whoever guessed had this session's token: the owner's others are as free as before.
    const { access_token: other } = (await login(email, password)).body.data;
    const left = await get.handle(
      new Request('http://nexus.test/api/user/profile', {
        method: 'DELETE',
        headers: { authorization: `Bearer ${other}`, 'content-type': 'application/json' },
        body: JSON.stringify({ password }),
      }),
    );
    expect(left.status).toBe(204);
  });
});

describe('deletion', () => {
  test('takes everything of the user’s, and nothing of the mirror’s', async () => {
    const { user, email, token, refreshToken } = await register();
    await ask('POST', '/api/user/preferences', { movies: [550] }, token);
    await ask('POST', '/api/user/interactions', { tmdb_id: 550, type: 'liked' }, token);
    expect((await ask('DELETE', '/api/user/profile', { password }, token)).status).toBe(204);
    for (const table of [
      'sessions',
      'password_resets',
      'security_events',
      'user_genre_preferences',
      'user_actor_preferences',
      'user_movie_preferences',
      'user_movie_interactions',
    ]) {
      const { rows } = await api.pool.query(`select 1 from ${table} where user_id::text = $1`, [user.id]);
      expect([table, rows]).toEqual([table, []]);
    }
    expect((await profile(token)).status).toBe(401);
    expect((await ask('POST', '/api/auth/refresh', { refresh_token: refreshToken })).status).toBe(401);
    expect((await login(email, password)).status).toBe(401);
    expect((await api.get('/api/movies/550')).status).toBe(200);
  });

  test('leaves no table, not even one of the queue, in which the user is named', async () => {
    const { user, email, token } = await register();
    await ask('POST', '/api/user/preferences', { movies: [550] }, token);
    const answer = await api.request('/api/user/import?source=letterboxd', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: 'Date,Name,Year,Letterboxd URI,Rating\n2024-02-11,Fight Club,1999,https://boxd.it/2a9q,4.5\n',
    });
    const importId = (await answer.json()).data.import_id as string;
    await api.queues.enqueue('preferences.discover', { userId: user.id });
    for (const [job, subject] of [
      ['preferences.discover', user.id],
      ['users.import', importId],
    ])
      await api.pool.query(
        `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
         values ($1, 'imports', $2, $3, $4, 'internal_error', 'No.', 5)`,
        [Bun.randomUUIDv7(), job, subject, JSON.stringify({ of: subject })],
      );
    const named = async () => {
      const { rows: tables } = await api.pool.query<{ name: string }>(
        "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
      );
      const found: string[] = [];
      for (const { name } of tables) {
        const { rows } = await api.pool.query(`select 1 from ${name} t where t::text like any ($1) limit 1`, [
          [user.id, email].map((text) => `%${text}%`),
        ]);
        if (rows.length > 0) found.push(name);
      }
      return found;
    };
    expect((await named()).length).toBeGreaterThan(5);
    // The jobs run, find nobody, and are gone.
    for (const name of ['imports', 'background'] as const)
      await (api.queues.queue(name) as unknown as { drain(): Promise<void> }).drain();
    expect((await ask('DELETE', '/api/user/profile', { password }, token)).status).toBe(204);
    expect(await named()).toEqual([]);
    expect((await api.pool.query('select 1 from job_failures')).rows).toEqual([]);
  });

  test('leaves no limit in which the user is counted', async () => {
    const { handle } = api.anotherApp({ config: { rateLimit: true } });
    const { user, email, token } = await register();
    const asked = async (method: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await handle(new Request(`http://nexus.test${path}`, { method, headers, ...init }));
      const text = await answer.text();
      return { status: answer.status, data: text === '' ? undefined : JSON.parse(text).data };
    };
    const next = `next-${email}`;
    const { secret } = (await asked('POST', '/api/auth/totp', { password })).data;
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    for (const [method, path, body, status] of [
      ['GET', '/api/user/export', undefined, 200],
      ['PATCH', '/api/user/profile', { email: { password, next } }, 200],
      ['POST', '/api/user/interactions', { tmdb_id: 977_001, type: 'liked' }, 200],
      ['POST', '/api/auth/totp/confirm', { code }, 200],
      ['POST', '/api/auth/login', { email: next, password, code: '000000' }, 401],
    ] as const)
      expect([path, (await asked(method, path, body)).status]).toEqual([path, status]);
    // Beyond what a process counts by itself.
    for (let n = 0; n < 40; n++) await asked('GET', '/api/auth/totp');
    const named = async () => {
      const { rows } = await api.pool.query('select key from rate_limits where strpos(key, $1) > 0', [
        user.id,
      ]);
      return rows.map(({ key }) => key.replace(`:user:${user.id}`, ''));
    };
    expect((await named()).sort()).toEqual([
      'nexus-email-changes',
      'nexus-exports',
      'nexus-placeholders',
      'nexus-requests',
      'nexus-totp-codes',
    ]);
    expect((await asked('DELETE', '/api/user/profile', { password })).status).toBe(204);
    expect(await named()).toEqual([]);
    // Those of where it came from go on.
    const { rows: after } = await api.pool.query("select key from rate_limits where key like '%:address:%'");
    expect(after.length).toBeGreaterThan(0);
  });

  test('needs the password', async () => {
    const { token } = await register();
    const answer = await ask('DELETE', '/api/user/profile', { password: 'wrong horse' }, token);
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
    expect((await ask('DELETE', '/api/user/profile', undefined, token)).status).toBe(422);
    expect((await profile(token)).status).toBe(200);
  });
});

describe('of each table that says something of a user, the export has every column', () => {
  /** Where a row of it stands in the export, and what of it is left out: `secret`, `ours` or said in another way. */
  const sections: Record<string, { in: z.ZodType; leftOut: Record<string, string> }> = {
    users: {
      in: UserExport.shape.account,
      leftOut: { password_hash: 'secret', taste_version: 'ours', locked_at: 'who is locked exports nothing' },
    },
    sessions: { in: UserExport.shape.sessions.element, leftOut: {} },
    refresh_tokens: {
      in: z.object({}),
      leftOut: Object.fromEntries(
        ['token_hash', 'session_id', 'expires_at', 'spent_at', 'uses'].map((name) => [name, 'secret']),
      ),
    },
    login_networks: { in: UserExport.shape.login_networks.element, leftOut: {} },
    password_resets: { in: UserExport.shape.password_resets.element, leftOut: { token_hash: 'secret' } },
    user_totp: { in: UserExport.shape.totp.unwrap(), leftOut: { secret: 'secret', last_step: 'ours' } },
    totp_recovery_codes: { in: z.object({}), leftOut: { code_hash: 'secret' } },
    user_genre_preferences: {
      in: UserExport.shape.preferences.shape.genres.element,
      leftOut: { genre_id: 'id', position: 'the order' },
    },
    user_actor_preferences: {
      in: UserExport.shape.preferences.shape.actors.element,
      leftOut: { person_id: 'id', position: 'the order' },
    },
    user_movie_preferences: {
      in: UserExport.shape.preferences.shape.movies.element,
      leftOut: { movie_id: 'tmdb_id', position: 'the order' },
    },
    user_movie_interactions: {
      in: UserExport.shape.interactions.element,
      leftOut: { movie_id: 'tmdb_id', interaction_type: 'type', created_at: 'at', is_dated: 'ours' },
    },
    user_movie_ratings: {
      in: UserExport.shape.ratings.element,
      leftOut: { movie_id: 'tmdb_id', rated_at: 'at', is_dated: 'ours' },
    },
    user_import_budgets: { in: UserExport.shape.import_budgets.element, leftOut: {} },
    user_imports: {
      in: UserExport.shape.imports.element,
      leftOut: {
        list_assumed: 'list',
        asked_at: 'ours',
        failures: 'ours',
        ...Object.fromEntries(
          ['matched', 'ambiguous', 'not_found', 'skipped', 'added', 'unchanged'].map((name) => [
            name,
            'rows',
          ]),
        ),
      },
    },
    user_import_rows: {
      in: UserExport.shape.imports.element.shape.rows.element,
      leftOut: { import_id: 'where it stands', same_as: 'ours', reason: 'ours', candidates: 'ours' },
    },
    // Of an administrator: a line of the security log says the same.
    sync_runs: { in: z.object({}), leftOut: {} },
  };

  test('or a reason why not', async () => {
    const { rows } = await api.pool.query<{ name: string; columns: string[] }>(`
      with recursive owned as (
        select 'users'::regclass::oid as id
        union select f.conrelid from pg_constraint f join owned on f.confrelid = owned.id where f.contype = 'f'
      )
      select c.relname as name, array_agg(a.attname::text) as columns from owned
      join pg_class c on c.oid = owned.id join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      group by 1 order by 1`);
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(sections).sort());
    for (const { name, columns } of rows) {
      const { in: section, leftOut } = sections[name] ?? { in: z.object({}), leftOut: {} };
      const shown = section instanceof z.ZodObject ? Object.keys(section.shape) : [];
      const missing = columns.filter(
        (column) => ![...shown, ...Object.keys(leftOut), 'user_id'].includes(column),
      );
      expect({ name, missing: name === 'sync_runs' ? [] : missing }).toEqual({ name, missing: [] });
    }
  });
});

test('the export is everything, and no secret', async () => {
  const { user, email, token, refreshToken } = await register();
  await ask('POST', '/api/user/preferences', { movies: [550, 552] }, token);
  const at = '2020-02-02T02:02:02.000Z';
  await ask('POST', '/api/user/interactions', { tmdb_id: 550, type: 'liked', at }, token);
  const answer = await api.request('/api/user/import?source=letterboxd', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: 'Date,Name,Year,Letterboxd URI,Rating\n2024-02-11,Fight Club,1999,https://boxd.it/2a9q,4.5\n',
  });
  const imported = { body: await answer.json() };
  const { status, headers, body } = await ask('GET', '/api/user/export', undefined, token);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(headers.get('content-disposition')).toContain('attachment');
  expect(body).toEqual({
    status: 'success',
    data: {
      account: { ...user, country: null, updated_at: expect.any(String) },
      login_networks: [],
      sessions: [
        {
          id: expect.any(String),
          kind: 'api',
          device: null,
          network: null,
          totp: false,
          created_at: expect.any(String),
          refreshed_at: expect.any(String),
          expires_at: expect.any(String),
        },
      ],
      totp: null,
      password_resets: [],
      import_budgets: [],
      security_events: [
        {
          at: expect.any(String),
          event: 'register',
          outcome: 'done',
          by_you: true,
          address_key: null,
          detail: null,
        },
      ],
      preferences: {
        genres: [],
        actors: [],
        movies: [
          { tmdb_id: 550, title: 'Fight Club', created_at: expect.any(String) },
          { tmdb_id: 552, title: null, created_at: expect.any(String) },
        ],
      },
      interactions: [{ tmdb_id: 550, title: 'Fight Club', type: 'liked', at }],
      ratings: [],
      imports: [
        {
          id: imported.body.data.import_id,
          source: 'letterboxd',
          list: 'ratings',
          status: 'queued',
          created_at: expect.any(String),
          finished_at: null,
          error: null,
          rows: [
            {
              line: 2,
              title: 'Fight Club',
              original_title: null,
              year: 1999,
              directors: null,
              given_tmdb_id: null,
              given_imdb_id: null,
              rating: 9,
              at: expect.any(String),
              rated_at: null,
              status: 'pending',
              tmdb_id: null,
              matched_by: null,
            },
          ],
        },
      ],
    },
  });
  expect(body.data.account.email).toBe(email);
  for (const secret of ['argon2', refreshToken, password]) expect(JSON.stringify(body)).not.toContain(secret);
});

test('a user exports thirty times an hour, whatever others do', async () => {
  const { handle } = api.anotherApp({ config: { rateLimit: true } });
  const exported = (token: string) =>
    handle(
      new Request('http://nexus.test/api/user/export', { headers: { authorization: `Bearer ${token}` } }),
    );
  const { token } = await register();
  for (let n = 0; n < 30; n++) expect((await exported(token)).status).toBe(200);
  const refused = await exported(token);
  expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'too_many_requests' }]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
  expect((await exported((await register()).token)).status).toBe(200);
  expect((await profile(token)).status).toBe(200);
});

test('the export of many interactions has every one once, in order, also of one moment', async () => {
  const { user, token } = await register();
  await api.pool.query(
    `insert into movies (tmdb_id, state, title) select 1000000 + n, 'listed', 'M ' || n from generate_series(1, 4000) n`,
  );
  await api.pool.query(
    `insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
      select $1, id, type, timestamptz '2020-01-01 00:00:00.000001+00' + (tmdb_id % 2) * interval '1 microsecond'
      from movies, unnest(array['watched', 'liked']) as type where tmdb_id > 1000000`,
    [user.id],
  );
  const { interactions } = (await ask('GET', '/api/user/export', undefined, token)).body.data;
  const ids = (rest: number) =>
    Array.from({ length: 2000 }, (_, i) => 1_000_000 + 2 * i + (rest === 0 ? 2 : 1));
  const expected = [0, 1].flatMap((rest) =>
    ids(rest).flatMap((id) => [
      [id, 'liked'],
      [id, 'watched'],
    ]),
  );
  expect(interactions.map((one: { tmdb_id: number; type: string }) => [one.tmdb_id, one.type])).toEqual(
    expected,
  );
  expect(interactions[0]).toEqual({
    tmdb_id: 1_000_002,
    title: 'M 2',
    type: 'liked',
    at: '2020-01-01T00:00:00.000Z',
  });
});

test('the export of a long import has every row once, in order', async () => {
  const { user, token } = await register();
  const ids = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  for (const [index, rows] of [4500, 0].entries()) {
    await api.pool.query(
      "insert into user_imports (id, user_id, source, list, list_assumed, status, rows) values ($1, $2, 'imdb', 'watched', false, 'succeeded', $3)",
      [ids[index], user.id, rows],
    );
    await api.pool.query(
      "insert into user_import_rows (import_id, line, same_as, title) select $1, n, n, 'Title ' || n from generate_series(2, $2::int + 1) n",
      [ids[index], rows],
    );
  }
  const { imports } = (await ask('GET', '/api/user/export', undefined, token)).body.data;
  expect(imports.map((one: { id: string; rows: unknown[] }) => [one.id, one.rows.length])).toEqual([
    [ids[0], 4500],
    [ids[1], 0],
  ]);
  expect(imports[0].rows.map((row: { line: number }) => row.line)).toEqual(
    Array.from({ length: 4500 }, (_, i) => i + 2),
  );
});

test.each([
  ['GET', '/api/user/profile'],
  ['PATCH', '/api/user/profile'],
  ['DELETE', '/api/user/profile'],
  ['GET', '/api/user/export'],
])('%s %s refuses a visitor, before anything else is looked at', async (method, path) => {
  const body = method === 'GET' ? undefined : '{"not json';
  const answer = await api.request(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  expect([answer.status, (await answer.json()).code]).toEqual([401, 'unauthenticated']);
});
