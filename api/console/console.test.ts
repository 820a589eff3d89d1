import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { needsOf } from '#api/http/callers/route-needs.ts';
import { jobs, syncJobNames } from '#shared/jobs/catalog.ts';
import { settingsInEffect } from '#shared/settings-in-effect.ts';
import { openAccount, type TestAccount, testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import packageJson from '../../package.json';
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
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-nexus_console=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const cookie = cookieOf(answer);
    const open = (headers: Record<string, string>, method = 'GET', path = '/admin') =>
      ask(path, { method, headers: { 'x-forwarded-proto': 'https', ...own, ...headers } });
    expect((await open({ cookie })).status).toBe(200);
    // What another host of the same site, or the network, can set is no session here.
    expect((await open({ cookie: cookie.replace('__Host-', '') })).status).toBe(401);
    expect((await open({ cookie: `nexus_console=x; ${cookie}` })).status).toBe(200);
    expect((await open({ cookie, 'x-forwarded-proto': 'http' })).status).toBe(401);
    const out = await open({ cookie }, 'POST', '/admin/sign-out');
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-nexus_console=; Path=\/; Secure; .*Max-Age=0$/);
    expect((await open({ cookie })).status).toBe(401);
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

  test('no form is longer than what people type', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', ...admin.console };
    for (const path of ['/admin/sign-in', '/admin/keys', '/reset-password']) {
      const send = (body: string) => api.request(path, { method: 'POST', headers: form, body });
      expect((await send(`name=&password=${'%C3%A4'.repeat(300)}`)).status).not.toBe(413);
      expect({ path, status: (await send('%&'.repeat(9000))).status }).toEqual({ path, status: 413 });
    }
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

  test('every page behind the sign-in shows the way out, and leaves when the session is over', async () => {
    const paths = api.routes.filter(
      (route) => route.method === 'GET' && needsOf(route).includes('console') && !route.path.endsWith('*'),
    );
    const pages: string[] = [];
    for (const { path } of paths) {
      const asked = path.replaceAll(/:\w+/g, '1');
      if (asked.endsWith('/events')) continue;
      const answer = await api.get(asked, { ...page, ...admin.console });
      const text = await answer.text();
      if (answer.status !== 200 || !answer.headers.get('content-type')?.startsWith('text/html')) continue;
      pages.push(path);
      const way = text.includes('"boardTitle"') ? '"/admin/sign-out"' : 'action="/admin/sign-out"';
      expect([path, text]).toEqual([path, expect.stringContaining(way)]);
      expect([path, text]).toEqual([path, expect.stringContaining('src="/admin/assets/session.js"')]);
    }
    for (const path of ['/admin', '/admin/users', '/admin/movies', '/admin/movies/:tmdb_id', '/admin/queues'])
      expect(pages).toContain(path);
    const asks = { ...admin.console, 'sec-fetch-mode': 'cors' };
    const looked = await api.request('/admin/assets/session.js', { method: 'HEAD', headers: asks });
    expect(looked.status).toBe(200);
  });

  test('signing out makes the browser forget what it was shown, in the API as well', async () => {
    const leaver = await openAccount(api, { role: 'admin' });
    const other = await openAccount(api);
    const shown = await api.get('/admin/sign-out', leaver.console);
    expect([shown.status, (await api.get('/admin', leaver.console)).status]).toEqual([200, 200]);
    const out = await post('/admin/sign-out', leaver.console);
    const loggedOut = await post('/api/auth/logout', other.headers);
    for (const answer of [out, loggedOut]) expect(answer.headers.get('clear-site-data')).toBe('"cache"');
    const looked = await api.request('/admin/assets/session.js', { method: 'HEAD', headers: leaver.console });
    expect(looked.status).toBe(401);
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

  test('shows the runs that are asked for, page by page', async () => {
    await api.pool.query("delete from sync_runs where job in ('export', 'trending')");
    await api.pool.query(
      `insert into sync_runs (id, job, trigger, status, queued_at, finished_at)
       select gen_random_uuid(), 'export', 'schedule', 'succeeded', now() - i * interval '1 hour', now() from generate_series(1, 30) i`,
    );
    const runsOf = async (query: string) => {
      const text = await (await api.get(`/admin${query}`, admin.console)).text();
      const list = text.slice(
        text.indexOf('id="runs"'),
        text.indexOf('</section>', text.indexOf('id="runs"')),
      );
      return { list, count: list.split('data-run=').length - 1 };
    };
    const first = await runsOf('?job=export&status=succeeded');
    expect(first.count).toBe(12);
    expect(first.list).toContain('Page 1 of 3, 30 runs.');
    expect(first.list).toContain('href="/admin?job=export&amp;status=succeeded&amp;page=2#runs"');
    const last = await runsOf('?job=export&page=3');
    expect([last.count, last.list.includes('Older')]).toEqual([6, false]);
    expect((await runsOf('?job=trending')).list).toContain('There are no such runs.');
    // What cannot be read is as if it was not asked for.
    for (const query of ['?job=nonsense', '?page=x', '?status=', '?job=a&job=b'])
      expect((await runsOf(query)).count).toBe(12);
  });

  test('says of each job when it runs next, where the queue knows', async () => {
    await api.queues
      .queue('sync')
      .upsertJobScheduler('genres', { pattern: '17 4 * * *', tz: 'UTC' }, { name: 'genres', data: {} });
    const text = await (await api.get('/admin', admin.console)).text();
    expect(text).toMatch(
      /id="times-genres"[^>]*>[^<]*<?.*?Next run: <time datetime="20\d\d-\d\d-\d\dT04:17:00\.000Z">/s,
    );
    expect(text).toMatch(/id="times-purge".*?Next run: unknown/s);
  });

  test('asks before a purge, also without scripts', async () => {
    const text = await (await api.get('/admin', admin.console)).text();
    expect(text).toMatch(
      /<details class="ask"><summary>Run purge…<\/summary>.*?action="\/admin\/sync\/purge"/s,
    );
    expect(text.split('class="ask"')).toHaveLength(2);
  });

  test('what was not done is not shown as done', async () => {
    for (const [notice, classes] of [
      ['requested', 'notice'],
      ['running', 'notice undone'],
      ['away', 'notice undone'],
    ])
      expect(await (await api.get(`/admin?notice=${notice}`, admin.console)).text()).toContain(
        `<p class="${classes}" role="status" id="said">`,
      );
  });

  test('finds a movie by id or title, tells what is known, and has it fetched', async () => {
    await api.pool.query(
      `insert into movies (tmdb_id, title, original_title, state, scope, fetched_at)
       values (4711, 'The Looked-Up <Movie>', 'x', 'listed', 1, now() - interval '50 hours')`,
    );
    const byId = await api.get('/admin/movies?q=+4711+', admin.console);
    expect([byId.status, byId.headers.get('location')]).toEqual([303, '/admin/movies/4711']);
    const found = await (await api.get('/admin/movies?q=looked+up', admin.console)).text();
    expect(found).toContain('<a href="/admin/movies/4711">The Looked-Up &lt;Movie&gt;</a>');
    const page = await (await api.get('/admin/movies/4711', admin.console)).text();
    for (const words of ['listed', '2 days old', 'action="/admin/movies/4711/fetch"'])
      expect(page).toContain(words);
    expect(await (await api.get('/admin/movies/4712', admin.console)).text()).toContain(
      'Nothing is known of this movie yet',
    );
    const { status, headers } = await post('/admin/movies/4712/fetch');
    expect([status, headers.get('location')]).toEqual([303, '/admin/movies/4712?notice=fetching']);
    expect((await api.queues.queue('on-demand').getJob('movie-4712'))?.data).toMatchObject({ tmdbId: 4712 });
    for (const q of ['', '%00', '%ED%A0%80', '0', '99999999999', 'zzzz'])
      expect([q, (await api.get(`/admin/movies?q=${q}`, admin.console)).status]).toEqual([q, 200]);
  });

  test('shows the version, and settings without secrets', async () => {
    const ask = api.another({
      config: { settingsInEffect: settingsInEffect({ JWT_SECRET: 'hidden-secret', PORT: '3111' }) },
    });
    const text = await (await ask('/admin', admin.console)).text();
    expect(text).toContain(`Project Nexus ${packageJson.version}`);
    expect(text).toContain('<code>3111</code>');
    expect(text).not.toContain('hidden-secret');
    expect(await (await ask('/metrics')).text()).toContain('nexus_http_requests_total');
  });

  test('shows what an administrator must act on before everything else', async () => {
    await api.pool.query(
      "update upstream set circuit = 'stopped', reason = 'TMDb rejects the <token>.', opened_at = now()",
    );
    const text = await (await api.get('/admin', admin.console)).text();
    expect(text.indexOf('TMDb rejects the &lt;token&gt;.')).toBeWithin(1, text.indexOf('id="jobs-title"'));
    await api.pool.query("update upstream set circuit = 'closed', reason = null, opened_at = null");
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
