import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { jobs, syncJobNames } from '#shared/jobs/catalog.ts';
import { openAccount, type TestAccount, testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { html } from './html.ts';

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi();
  admin = await openAccount(api, { role: 'admin' });
});
afterAll(() => api[Symbol.asyncDispose]());

const own = { 'sec-fetch-site': 'same-origin' };
const page = { accept: 'text/html' };

const signIn = (fields: Record<string, string>, headers: Record<string, string> = own) =>
  api.request('/admin/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const of = (account: TestAccount) => ({ email: `${account.userId}@example.org`, password: testPassword });
const cookieOf = (answer: { headers: Headers }) =>
  (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const post = (path: string, headers: Record<string, string> = admin.console) =>
  api.request(path, { method: 'POST', headers });

describe('signing in to the console', () => {
  test('sets a cookie that scripts and other sites cannot use, and leads to where one wanted to go', async () => {
    const answer = await signIn({ ...of(admin), next: '/admin/queues' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/queues']);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^nexus_console=[\w-]+\.[\w-]+\.[\w-]+; Path=\/admin; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    expect((await api.get('/admin', { cookie: cookieOf(answer) })).status).toBe(200);
  });

  test('over a trusted proxy’s HTTPS the cookie is for HTTPS alone', async () => {
    const ask = api.anotherRequest({ config: { trustProxy: ['127.0.0.1'] } });
    const answer = await ask('/admin/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-proto': 'https', ...own },
      body: new URLSearchParams(of(admin)).toString(),
    });
    expect(answer.headers.get('set-cookie')).toEndWith('; Secure');
  });

  test('the cookie is no access token, and an access token no cookie', async () => {
    const token = admin.console.cookie.split('=')[1];
    expect((await api.get('/api/admin/overview', { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await api.get('/admin', { cookie: `nexus_console=${admin.token}` })).status).toBe(401);
  });

  test('the wrong password shows the form again, with the email and without a cookie', async () => {
    const answer = await signIn({ ...of(admin), password: 'mistaken <b>' });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    const text = await answer.text();
    expect(text).toContain('role="alert"');
    expect(text).toContain(of(admin).email);
    expect(text).not.toContain('mistaken');
  });

  test('no email at all is said, too', async () => {
    expect((await signIn({})).status).toBe(422);
  });

  test('an ordinary user is refused, and no session is left behind', async () => {
    const user = await openAccount(api);
    const answer = await signIn(of(user));
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
    const { rows } = await api.pool.query('select id from sessions where user_id = $1', [user.userId]);
    expect(rows).toEqual([{ id: user.sessionId }]);
  });

  test('is throttled like every login', async () => {
    const target = await openAccount(api, { role: 'admin' });
    for (let i = 0; i < 10; i++)
      expect((await signIn({ ...of(target), password: 'guess' })).status).toBe(401);
    const answer = await signIn(of(target));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeWithin(1, 901);
    expect(await answer.text()).toContain('Too many attempts');
  });

  test('leads nowhere but into the console', async () => {
    for (const next of [
      'https://evil.test',
      '//evil.test',
      '/admin//evil.test/..',
      '/api/x',
      '/admin\\evil',
      'javascript:1',
      '/admin/../x',
    ]) {
      const location = (await signIn({ ...of(admin), next })).headers.get('location') ?? '';
      expect(new URL(location, 'http://nexus.test').origin).toBe('http://nexus.test');
      expect(location).toStartWith('/admin');
    }
  });

  test('another site cannot sign a browser in; a program can', async () => {
    for (const from of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
    ])
      expect((await signIn(of(admin), from as Record<string, string>)).status).toBe(403);
    expect((await signIn(of(admin), {})).status).toBe(303);
  });

  test('signing out ends the session, wherever its cookie was copied to', async () => {
    const cookie = cookieOf(await signIn(of(admin)));
    const answer = await post('/admin/sign-out', { cookie, ...own });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/sign-in']);
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await api.get('/admin', { cookie })).status).toBe(401);
  });
});

describe('the console', () => {
  test('refuses whoever takes anything with the form to sign in, and programs in the envelope', async () => {
    for (const headers of [{}, { accept: '*/*' }] as Record<string, string>[]) {
      const answer = await api.get('/admin', headers);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
      expect(await answer.text()).toContain('type="password"');
    }
    for (const path of ['/admin', '/admin/queues', '/admin/events']) {
      const answer = await api.get(path, { accept: 'application/json' });
      expect([path, answer.status, (await answer.json()).code]).toEqual([path, 401, 'unauthenticated']);
    }
  });

  test('leads a browser that is not signed in to the form, and shows others why not', async () => {
    const answer = await api.get('/admin/queues/queue/sync', page);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/admin/sign-in?next=%2Fadmin%2Fqueues%2Fqueue%2Fsync',
    ]);
    const user = await openAccount(api);
    const refused = await api.get('/admin', { ...page, ...user.console });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
    expect(await refused.text()).toContain('Only an administrator may do this.');
  });

  test('every page has a policy that lets nothing in from elsewhere and nothing inline', async () => {
    for (const path of ['/admin', '/admin/sign-in', '/admin/nothing-here']) {
      const answer = await api.get(path, { ...page, ...admin.console });
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
      expect(await answer.text()).not.toMatch(/<script(?![^>]*(src=|application\/json))| style=| on\w+=/);
    }
  });

  test('shows every recorded job: what it is called, what it does, and a button for a run', async () => {
    const text = await (await api.get('/admin', admin.console)).text();
    for (const job of syncJobNames) {
      const { label, meaning } = jobs[job];
      expect(text).toContain(html`<h3>${label}</h3><p class="quiet">${meaning}</p>`.text);
      expect(text).toContain(`action="/admin/sync/${job}"><button type="submit">Run ${job} now</button>`);
    }
  });

  test('what runs and fails say is shown as text, whatever it is', async () => {
    const hostile = '</script><img src=x onerror=alert(1)>';
    await api.pool.query(
      "insert into sync_runs (id, job, trigger, status, error, finished_at) values ($1, 'genres', 'schedule', 'failed', $2, now())",
      [Bun.randomUUIDv7(), hostile],
    );
    await api.pool.query(
      "insert into job_failures (id, queue, job, subject, payload, code, message, attempts) values ($1, 'on-demand', 'movies.fetch', $2::text, '{}', 'internal_error', $2::text, 1)",
      [Bun.randomUUIDv7(), hostile],
    );
    const text = await (await api.get('/admin', admin.console)).text();
    expect(text.split('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;').length).toBeGreaterThan(3);
    expect(text).not.toContain('<img');
  });

  test('asks for a run, says so, and says when one is running already', async () => {
    const first = await post('/admin/sync/purge');
    expect([first.status, first.headers.get('location')]).toEqual([303, '/admin?notice=requested']);
    expect((await post('/admin/sync/purge')).headers.get('location')).toBe('/admin?notice=running');
    const { rows } = await api.pool.query("select requested_by, trigger from sync_runs where job = 'purge'");
    expect(rows).toEqual([{ requested_by: admin.userId, trigger: 'admin' }]);
    expect(await (await api.get('/admin?notice=running', admin.console)).text()).toContain('already running');
    expect((await post('/admin/sync/nonsense')).status).toBe(404);
  });

  test('a failure of a job that is asked for differently today cannot be replayed, and that is said', async () => {
    const id = Bun.randomUUIDv7();
    await api.pool.query(
      `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
       values ($1, 'on-demand', 'movies.fetch', '550', '{"movie": 550}', 'internal_error', 'x', 1)`,
      [id],
    );
    const path = `/api/admin/failures/${id}/replay`;
    const answer = await api.request(path, { method: 'POST', headers: admin.headers });
    expect([answer.status, (await answer.json()).code]).toEqual([422, 'invalid_input']);
    const { headers } = await post(`/admin/failures/${id}/replay`);
    expect(headers.get('location')).toBe('/admin?notice=outdated');
    expect(await (await api.get('/admin?notice=outdated', admin.console)).text()).toContain(
      'cannot run again',
    );
  });

  test('what fails without being a page is JSON, and says so', async () => {
    for (const answer of [
      await api.get('/admin/assets/none', admin.console),
      await post('/admin/sync/none'),
      await signIn(of(admin), { 'sec-fetch-site': 'cross-site' }),
    ]) {
      expect(answer.headers.get('content-type')).toStartWith('application/json');
      expect(await answer.json()).toMatchObject({ status: 'error' });
    }
  });

  test('a page that says to try again says when, too', async () => {
    const busy = await openAccount(api, { role: 'admin' });
    const leaving = new AbortController();
    const follow = (as: TestAccount) =>
      api.request('/admin/events', { headers: { ...page, ...as.console }, signal: leaving.signal });
    for (let i = 0; i < 10; i++) {
      const other = await openAccount(api, { role: 'admin' });
      for (let j = 0; j < 10; j++) await follow(other);
    }
    const full = await follow(busy);
    leaving.abort();
    let refused = full;
    while (refused.status !== 429)
      refused = await api.get('/admin/assets/none', { ...page, ...busy.console });
    expect(full.status).toBe(503);
    for (const { headers } of [full, refused]) {
      expect(headers.get('content-type')).toStartWith('text/html');
      expect(Number(headers.get('retry-after'))).toBeWithin(1, 61);
    }
  });

  test('all that it links to is there', async () => {
    const text = await (await api.get('/admin', admin.console)).text();
    const linked = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(linked).toEqual(
      expect.arrayContaining(['/admin/queues', '/docs', '/metrics', '/admin/assets/console.js']),
    );
    for (const path of linked.filter((each) => each !== '/metrics'))
      expect({ path, status: (await api.get(path, admin.console)).status }).toEqual({ path, status: 200 });
  });
});
