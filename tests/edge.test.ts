import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { bodyRuleOf } from '#api/http/input/body-rule.ts';
import { serve } from '#api/serve.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putTrending, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { hasProxy, startProxy } from '#tests/support/caddy.ts';

/** What every route has in common, however it is asked. */
let stack: AsyncDisposableStack;
let api: TestApi;
let admin: TestAccount;
let url: URL;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  api = stack.use(await openTestApi({ config: { rateLimit: false, onDemandWaitMs: 0 } }));
  url = new URL(stack.use(serve(api.app, { host: '127.0.0.1', port: 0, graceMs: 500 })).url);
  admin = await openAccount(api, { role: 'admin' });
  await putWholeMovie(api.pool, 100);
  await putTrending(api.pool, 'week', [100]);
});
afterAll(() => stack.disposeAsync());

interface RawAnswer {
  http: number;
  headers: Headers;
  body: string;
}

/** Sends just these lines: a client of the platform would tidy them up. */
async function exchange(lines: readonly string[], port: string): Promise<RawAnswer> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), url.hostname);
    let got = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      got += data;
    });
    socket.on('end', () => resolve(got)).on('error', reject);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  });
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [status = '', ...fields] = head.split('\r\n');
  const headers = new Headers();
  for (const field of fields)
    headers.append(field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1));
  return { http: Number(status.split(' ')[1]), headers, body: body.join('\r\n\r\n') };
}
const get = (path: string, { host = 'nexus.test', more = [] as string[], port = url.port } = {}) =>
  exchange([`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...more], port);

/** Ways to write `/metrics` that something on the way may understand. */
const spellings = [
  '/x\\..\\metrics',
  '/\\metrics',
  '/.\\metrics',
  '/%2e/metrics',
  '/.%2E/metrics',
  '/./metrics',
  '/x/../metrics',
  '/x/%2e%2e/metrics',
  '/x/.%2e/metrics',
  '/health/live/%2e%2e\\../metrics',
  '//metrics',
  '/metrics/',
  '/metrics/.',
  '/metrics/x/..',
  '/metrics\\',
  '/metrics%2f',
  '/%6detrics',
  '/metrics;a',
  '/metrics#a',
  '/METRICS',
  'http://nexus.test/x/../metrics',
  'http://nexus.test\\metrics',
];

describe('a path that a proxy keeps inside', () => {
  test('is answered as it is written', async () => {
    for (const path of ['/metrics', '/metrics?a=/../b']) {
      const answer = await get(path);
      expect([path, answer.http]).toEqual([path, 200]);
      expect(answer.body).toContain('# HELP');
    }
  });

  test.each(spellings)('is not there as %s', async (path) => {
    const answer = await get(path);
    expect(answer.body).not.toContain('# HELP');
    expect(answer.http === 404 || answer.headers.get('location') !== null).toBe(true);
  });
});

describe('a request without a Host', () => {
  test.each([
    ['HTTP/1.0', []],
    ['HTTP/1.1', ['Host:']],
  ])('is answered like any other: %s %j', async (version, more) => {
    for (const [path, status, body] of [
      ['/health/ready', 200, '"queue":"up"'],
      ['/api/movies?limit=1', 200, '"success"'],
      ['/nothing', 404, 'route_not_found'],
      ['/api/movies?nonsense=1', 422, 'nonsense'],
    ] as const) {
      const answer = await exchange([`GET ${path} ${version}`, 'Connection: close', ...more], url.port);
      expect([path, answer.http]).toEqual([path, status]);
      expect(answer.body).toContain(body);
    }
  });
});

test.each([
  'x:80',
  'nexus.test:443',
  '/api/genres',
  '/3/movie/550',
  '/docs',
  '/admin',
  '*',
  'http://nexus.test/metrics',
])(
  'CONNECT %s ends its connection, where nothing more would be read: whoever comes next on it would wait',
  async (target) => {
    const answer = await exchange([`CONNECT ${target} HTTP/1.1`, 'Host: nexus.test'], url.port);
    expect(answer.http).toBeOneOf([404, 405, 422]);
    // It changes nothing for others either.
    expect((await get('/api/genres', { host: '[' })).http).toBe(422);
  },
);

describe('a Host that no URL can have', () => {
  const hosts = [
    '[',
    '[::1',
    ']',
    'a b',
    'x/metrics?',
    'x#',
    'user@x',
    '%zz',
    'a:99999',
    'xn--',
    'x\\y',
    'http://x',
    'é',
    '<script>',
  ];

  test.each(hosts)('%j is refused on every kind of route', async (host) => {
    for (const path of [
      '/admin/sign-in',
      '/admin',
      '/docs',
      '/api/genres',
      '/api/movies/100',
      '/health/live',
      '/nothing',
    ]) {
      const answer = await get(path, { host, more: ['Accept: application/json'] });
      expect([path, answer.http]).toEqual([path, 422]);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid_input', details: [{ path: 'host' }] });
      expect(answer.headers.get('x-request-id')).not.toBeNull();
    }
    const page = await get('/admin/sign-in', { host, more: ['Accept: text/html'] });
    expect([page.http, page.headers.get('content-type')]).toEqual([422, 'text/html; charset=utf-8']);
  });

  test('an Origin like that comes from another site', async () => {
    for (const origin of ['[', 'http://[', 'null', 'a b', '%zz'])
      expect(
        (
          await api.request('/admin/sync/genres', {
            method: 'POST',
            headers: { cookie: admin.console.cookie, origin },
          })
        ).status,
      ).toBe(403);
  });

  test('ordinary ones are fine', async () => {
    for (const host of ['nexus.test', 'h', '127.0.0.1:3000', '[::1]:3000', 'a_b.test', 'a,b'])
      expect([host, (await get('/health/live', { host })).http]).toEqual([host, 200]);
  });
});

/** Every way to ask for something, each with all that an administrator can show. */
async function* allAnswers(headers: Record<string, string>) {
  const sample: Record<string, string> = {
    ':tmdb_movie_id': '100',
    ':name': 'swagger-ui.css',
    ':job': 'genres',
  };
  const paths = api.routes.filter(({ path }) => !path.endsWith('/events') && !path.endsWith('/sign-out'));
  for (const { method, path } of [
    ...paths,
    { method: 'GET', path: '/nothing' },
    { method: 'OPTIONS', path: '/docs' },
  ]) {
    const asked = path.replaceAll(/:[^/]+/g, (name) => sample[name] ?? 'x').replace('*', 'main.js');
    if (method === 'DELETE' || asked.includes('/logout')) continue;
    const answer = await fetch(`${url.origin}${asked}`, {
      method,
      headers: { ...headers, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
      ...(method === 'GET' || method === 'OPTIONS' ? {} : { body: '{"x":1}' }),
      redirect: 'manual',
    });
    yield { what: `${method} ${asked}`, answer };
  }
}

describe('every answer', () => {
  const secure = (answer: Response | RawAnswer) => answer.headers.get('x-content-type-options')?.trim();

  test('is never taken for another type, and every page has its policies', async () => {
    const pages = new Set<string>();
    for (const accept of ['text/html', 'application/json'])
      for (const shown of [{}, { ...admin.headers, ...admin.console }])
        for await (const { what, answer } of allAnswers({ accept, ...shown })) {
          await answer.arrayBuffer();
          expect([what, secure(answer as Response)]).toEqual([what, 'nosniff']);
          const type = answer.headers.get('content-type') ?? '';
          if (/^text\/|[/+]xml/.test(type))
            expect([what, type]).toEqual([what, expect.stringContaining('charset=')]);
          // Opened in a browser by itself, nothing of it can load, run or be framed.
          const ruled = answer.headers.get('content-security-policy') ?? '';
          for (const directive of [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            'form-action',
          ])
            expect([what, ruled]).toEqual([what, expect.stringContaining(directive)]);
          if (!answer.headers.get('content-type')?.startsWith('text/html')) continue;
          pages.add(what);
          // The address of the page for a new password holds a secret.
          const policy = what.includes('/reset-password') ? 'no-referrer' : 'same-origin';
          expect([what, answer.headers.get('referrer-policy')]).toEqual([what, policy]);
          expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
          expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
        }
    for (const page of ['GET /docs', 'GET /admin', 'GET /admin/sign-in', 'GET /admin/queues'])
      expect(pages).toContain(page);
  }, 60_000);

  test('also one that says that nothing changed, a stream, and one of a failure that escaped', async () => {
    const etag = (await get('/api/movies/100')).headers.get('etag')?.trim() ?? '';
    const same = await get('/api/movies/100', { more: [`If-None-Match: ${etag}`] });
    expect([same.http, secure(same)]).toEqual([304, 'nosniff']);
    const leaving = new AbortController();
    const events = await fetch(new URL('/api/admin/sync/events', url), {
      headers: admin.headers,
      signal: leaving.signal,
    });
    expect([events.status, secure(events as Response)]).toEqual([200, 'nosniff']);
    leaving.abort();
    const exported = await fetch(new URL('/api/user/export', url), { headers: admin.headers });
    expect([exported.status, secure(exported as Response)]).toEqual([200, 'nosniff']);
    await exported.arrayBuffer();
  });
});

test('what is sent to sign in and out, or by anybody, is at most 64 KiB, and 16 to the console', async () => {
  const ways = api.routes.filter(
    (route) =>
      route.method !== 'GET' && (route.path.startsWith('/api/auth/') || route.path === '/admin/sign-in'),
  );
  expect(ways.length).toBeGreaterThanOrEqual(5);
  for (const route of ways) {
    const { limitBytes, mediaType } = bodyRuleOf(route);
    // Forms of the console have few and short fields.
    const most = route.path.startsWith('/admin/') ? 16 : 64;
    expect([route.path, limitBytes]).toEqual([route.path, most * 1024]);
    const ask = (size: number) =>
      api.request(route.path, {
        method: route.method,
        headers: { 'content-type': mediaType, accept: 'application/json', ...admin.headers },
        body: `"${'x'.repeat(size)}"`,
      });
    const refused = await ask(most * 1024);
    expect([route.path, refused.status]).toEqual([route.path, 413]);
    expect((await refused.json()).message).toBe(`The body may have at most ${most} KiB.`);
    if (!route.path.endsWith('/logout')) expect((await ask(most * 1024 - 2)).status).not.toBe(413);
  }
});

test('what is sent to sign in holds at most 500 values', async () => {
  for (const body of [
    `[${'1,'.repeat(500)}1]`,
    `{${Array.from({ length: 501 }, (_, i) => `"${i * 7}":1`)}}`,
  ]) {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.request('/api/auth/login', { method: 'POST', headers, body });
    expect(answer.status).toBe(422);
    expect((await answer.json()).details).toEqual([{ path: 'body', message: 'may hold at most 500 values' }]);
  }
});

test('a query of nothing but parameters is refused, and not read', async () => {
  for (const query of [
    'a&'.repeat(8000),
    '%&'.repeat(8000),
    'limit=5&'.repeat(2000),
    'x=%E0%A4%A&'.repeat(1000),
  ])
    for (const path of [
      '/api/movies',
      '/api/people',
      '/api/movies/trending',
      '/api/movies/100/recommendations',
      '/admin/sign-in',
    ]) {
      const answer = await api.get(`${path}?${query}`, { accept: 'application/json' });
      expect([path, answer.status]).toEqual([path, 422]);
      expect((await answer.json()).details).toEqual([
        { path: 'query', message: 'may have at most 100 parameters' },
      ]);
    }
});

test('everything but health and metrics counts as a request', async () => {
  const request = api.anotherRequest({ config: { onDemandWaitMs: 0 } });
  while ((await request('/api/genres', {})).status !== 429);
  // Under `/3` callers have a limit of their own: a page of an application of TMDb's makes many calls.
  while ((await request('/3/configuration', {})).status !== 429);
  // Pictures have one, too: a page shows forty.
  while ((await request('/t/p/w342/x.jpg', {})).status !== 429);
  const open = api.routes
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => path.replaceAll(/:[^/]+|\*/g, 'x'));
  const answered: string[] = [];
  for (const path of [...open, '/nothing', '/api/movies/7']) {
    const { status } = await request(path, { headers: { accept: 'application/json' } });
    if (status !== 429) answered.push(path);
  }
  expect(answered.sort()).toEqual(['/health/live', '/health/ready', '/metrics']);
  expect((await request('/docs', { method: 'POST' })).status).toBe(429);
  for (const path of ['/docs', '/api/movies/7', '/3', '/3/movie/7', '//3/movie/7', '/t/p/w342/x.jpg'])
    for (const method of ['OPTIONS', 'HEAD', 'TRACE'])
      expect([path, method, (await request(path, { method })).status]).toEqual([path, method, 429]);
});

describe.skipIf(!hasProxy)('behind the proxy', () => {
  test('nobody waits because of methods that no route has', async () => {
    await using proxy = await startProxy(['127.0.0.1'], Number(url.port));
    const { port, host } = new URL(proxy.url);
    for (const method of ['CONNECT', 'TRACE', 'FOO', 'get', 'PROPFIND'])
      for (let times = 0; times < 5; times += 1) {
        const target = method === 'CONNECT' ? host : '/api/genres';
        const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close'];
        const odd = await exchange(lines, port);
        expect([method, odd.http, JSON.parse(odd.body).code]).toEqual([method, 405, 'method_not_allowed']);
        expect(odd.headers.get('allow')).toContain('GET');
        // On the same connection to the API, if it was kept.
        expect((await get('/health/live', { host, port })).http).toBe(200);
      }
    const put = await fetch(`${proxy.url}/api/genres`, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  }, 60_000);

  test('no spelling leads to the metrics, and no Host to a failure of ours', async () => {
    await using proxy = await startProxy(['127.0.0.1'], Number(url.port));
    const { port, host } = new URL(proxy.url);
    expect((await get('/health/live', { host, port })).http).toBe(200);
    for (const path of ['/metrics', '/metrics?a', ...spellings]) {
      const answer = await get(path.replace('nexus.test', host), { host, port });
      expect([path, answer.body.includes('# HELP'), answer.http < 500]).toEqual([path, false, true]);
    }
    for (const odd of ['[', '[::1', '%zz', 'a:99999', 'xn--', 'a b', ''])
      for (const path of ['/admin/sign-in', '/api/genres', '/metrics']) {
        const answer = await get(path, { host: odd, port, more: ['Accept: text/html'] });
        expect([odd, path, answer.http < 500, answer.body.includes('# HELP')]).toEqual([
          odd,
          path,
          true,
          false,
        ]);
      }
  }, 60_000);
});
