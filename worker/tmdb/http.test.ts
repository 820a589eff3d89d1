import { afterAll, describe, expect, test } from 'bun:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { codeOf, NexusError } from '#shared/errors.ts';
import { getJson, type HttpRequest } from './http.ts';

const endless = () =>
  new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array([32]));
      await Bun.sleep(20);
    },
  });

const json = '{"a":"äöü 🎬"}';
const answers: Record<string, () => Response> = {
  '/plain': () => new Response(json),
  '/gzip': () => new Response(gzipSync(json), { headers: { 'content-encoding': 'gzip' } }),
  '/gzip-unsaid': () => new Response(gzipSync(json)),
  '/gzip-cut': () => new Response(gzipSync('x'.repeat(5000) + Math.random()).subarray(0, 30)),
  '/cut': () => new Response('{"a": [1, 2'),
  '/html': () => new Response('<html>502 Bad Gateway</html>', { status: 502 }),
  '/empty': () => new Response(''),
  '/redirect': () => Response.redirect('/landed', 302),
  '/landed': () => new Response(json),
  '/large': () => new Response(`"${'x'.repeat(200_000)}"`),
  '/bomb': () => new Response(gzipSync(Buffer.alloc(50_000_000))),
  '/never': () => new Response(endless()),
};
const paths: string[] = [];
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request) => {
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    return answers[pathname]?.() ?? new Response('', { status: 404 });
  },
});
afterAll(() => server.stop(true));

function get(path: string, patch: Partial<HttpRequest> = {}) {
  return getJson({
    url: new URL(path, server.url).href,
    headers: {},
    signal: new AbortController().signal,
    timeoutMs: 5000,
    maxBytes: 100_000,
    fetch: (url, init) => fetch(url, init),
    ...patch,
  });
}

const failureOf = (promise: Promise<unknown>): Promise<NexusError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => (error instanceof NexusError ? error : Promise.reject(error)),
  );

test.each(['/plain', '/gzip', '/gzip-unsaid'])('reads JSON from %s', async (path) => {
  expect(await get(path)).toMatchObject({ status: 200, json: { a: 'äöü 🎬' } });
});

test.each(['/cut', '/empty'])('a body that is no JSON is none (%s)', async (path) => {
  expect(await get(path)).toMatchObject({ status: 200, json: undefined });
});

test('HTML keeps its status', async () => {
  expect(await get('/html')).toMatchObject({ status: 502, json: undefined });
});

test('a gzip body that was cut is trouble, to be tried again', async () => {
  expect(codeOf(await failureOf(get('/gzip-cut')))).toBe('upstream_unavailable');
});

test('a redirect is not followed', async () => {
  paths.length = 0;
  expect(await get('/redirect', { headers: { authorization: 'Bearer s3cret' } })).toMatchObject({
    status: 302,
  });
  expect(paths).toEqual(['/redirect']);
});

test('a body that is too large is refused, packed or not', async () => {
  expect(codeOf(await failureOf(get('/large')))).toBe('upstream_malformed');
  expect(codeOf(await failureOf(get('/bomb')))).toBe('upstream_malformed');
});

test('an answer that does not end is given up', async () => {
  const error = await failureOf(get('/never', { timeoutMs: 150 }));
  expect([error.code, (error.cause as Error).message]).toEqual([
    'upstream_unavailable',
    'no answer within 150 ms',
  ]);
});

test('the caller can stop it, before and while it runs', async () => {
  const running = new AbortController();
  setTimeout(() => running.abort(new Error('enough')), 50);
  expect(codeOf(await failureOf(get('/never', { signal: running.signal })))).toBe('shutting_down');
  expect(codeOf(await failureOf(get('/plain', { signal: AbortSignal.abort() })))).toBe('shutting_down');
});

describe('a failed connection', () => {
  const query = '?api_key=s3cret-key';
  test.each([
    ['refused', `http://127.0.0.1:1/3${query}`],
    ['to a host that does not exist', `http://nowhere.invalid/3${query}`],
    ['with a URL that is none', `http://${query}`],
  ])('%s is trouble, and says nothing of the URL', async (_, url) => {
    const error = await failureOf(get('/', { url, headers: { authorization: 'Bearer s3cret-key' } }));
    expect(error.code).toBe('upstream_unavailable');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cret');
  });

  test('that the other side cuts is trouble', async () => {
    const cutting = Bun.listen({
      port: 0,
      hostname: '127.0.0.1',
      socket: { data: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"a"') },
    });
    const error = await failureOf(get('/', { url: `http://127.0.0.1:${cutting.port}/` }));
    cutting.stop(true);
    expect(error.code).toBe('upstream_unavailable');
  });
});

describe('a proxy', () => {
  /** A process of its own, since Bun reads the proxy variables from the environment. */
  async function throughProxy(target: string, env: Record<string, string>): Promise<string> {
    const script = `
      import { getJson } from ${JSON.stringify(`${import.meta.dir}/http.ts`)};
      const answer = await getJson({ url: process.argv[1] ?? '', headers: { authorization: 'Bearer s3cret' },
        signal: new AbortController().signal, timeoutMs: 3000, maxBytes: 1000, fetch: (u, i) => fetch(u, i) })
        .catch((error) => ({ json: error.code }));
      process.stdout.write(JSON.stringify(answer.json));`;
    const child = Bun.spawn([process.execPath, '-e', script, target], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdout: 'pipe',
    });
    return await new Response(child.stdout).text();
  }

  const heard: string[] = [];
  const proxy = Bun.listen({
    port: 0,
    hostname: '127.0.0.1',
    socket: {
      data(socket, data) {
        heard.push(data.toString());
        if (data.toString().startsWith('CONNECT')) socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
        else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 15\r\nconnection: close\r\n\r\n{"via":"proxy"}');
      },
    },
  });
  const url = `http://127.0.0.1:${proxy.port}`;
  afterAll(() => proxy.stop(true));

  test('named by HTTP_PROXY is used for http', async () => {
    heard.length = 0;
    expect(await throughProxy('http://tmdb.invalid/3/x', { HTTP_PROXY: url })).toBe('{"via":"proxy"}');
    expect(heard[0]).toStartWith('GET http://tmdb.invalid/3/x');
  });

  test('named by HTTPS_PROXY is asked for a tunnel, and never sees the token', async () => {
    heard.length = 0;
    expect(await throughProxy('https://tmdb.invalid/3/x', { HTTPS_PROXY: url })).toBe(
      '"upstream_unavailable"',
    );
    expect(heard[0]).toStartWith('CONNECT tmdb.invalid:443');
    expect(heard.join('')).not.toContain('s3cret');
  });

  test('is left alone for hosts in NO_PROXY', async () => {
    heard.length = 0;
    const env = { HTTP_PROXY: url, NO_PROXY: '127.0.0.1,localhost' };
    expect(
      await throughProxy(new URL('/plain', server.url).href.replace('localhost', '127.0.0.1'), env),
    ).toBe(json);
    expect(heard).toEqual([]);
  });
});
