import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import { readdir, utimes } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import { temporaryFolder } from '#tests/support/program.ts';
import { until } from '#tests/support/until.ts';

const jpeg = (bytes: number) => {
  const picture = new Uint8Array(bytes);
  picture.set([0xff, 0xd8, 0xff, 0xe0]);
  picture.set([0xff, 0xd9], bytes - 2);
  return picture;
};
const asJpeg = { headers: { 'content-type': 'image/jpeg' } };

interface Call {
  path: string;
  headers: Record<string, string>;
}

let api: TestApi;
let calls: Call[] = [];
let elsewhere: Call[] = [];
const answers = new Map<string, () => Response | Promise<Response>>();
const note = (to: () => Call[]) => (request: Request) => {
  const { pathname } = new URL(request.url);
  to().push({ path: pathname, headers: Object.fromEntries(request.headers) });
  return answers.get(pathname)?.() ?? new Response('<h1>File not Found</h1>', { status: 404 });
};
const upstream = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: note(() => calls) });
const other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: note(() => elsewhere) });
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  folder = await temporaryFolder();
  calls = [];
  elsewhere = [];
});
afterEach(async () => {
  answers.clear();
  await folder[Symbol.asyncDispose]();
});
afterAll(async () => {
  await upstream.stop(true);
  await other.stop(true);
  await api[Symbol.asyncDispose]();
});

const settings = (more = {}) => ({
  imageBaseUrl: `http://127.0.0.1:${upstream.port}/t/p`,
  imageCacheMb: 1,
  dataDir: folder.path,
  ...more,
});
const open = (more = {}, metrics = new Registry()) => api.another({ config: settings(more), metrics });

let next = 600;
/** A path that a movie's row holds, and what the upstream answers there. */
async function known(answer: () => Response | Promise<Response>, size = 'w342'): Promise<string> {
  const id = next++;
  await putMovie(api.pool, { tmdbId: id, posterPath: `/poster${id}.jpg` });
  answers.set(`/t/p/${size}/poster${id}.jpg`, answer);
  return `/t/p/${size}/poster${id}.jpg`;
}

const files = async () =>
  (await readdir(join(folder.path, 'pictures'), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test('is fetched once, without anything of the caller, and then served from disk, to other processes too', async () => {
  const path = await known(() => new Response(jpeg(5000), asJpeg));
  const get = open();
  const secret = { authorization: 'Bearer x.y.z', cookie: 'a=b', 'x-forwarded-for': '10.1.1.1' };
  const first = await get(path, secret);
  expect(first.status).toBe(200);
  expect(new Uint8Array(await first.arrayBuffer())).toEqual(jpeg(5000));
  const headers = Object.fromEntries(first.headers);
  expect(headers).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
  });
  const [call] = calls;
  expect(Object.keys(call?.headers ?? {}).filter((name) => Object.hasOwn(secret, name))).toEqual([]);
  for (const ask of [get, open()]) {
    const again = await ask(path);
    expect([again.status, again.headers.get('etag')]).toEqual([200, headers.etag ?? '']);
    expect((await again.arrayBuffer()).byteLength).toBe(5000);
    expect((await ask(path, { 'if-none-match': headers.etag ?? '' })).status).toBe(304);
  }
  const head = await api.anotherRequest({ config: settings() })(path, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(calls).toHaveLength(1);
  expect(await files()).toHaveLength(1);
});

test('a hundred at once are one call', async () => {
  const path = await known(async () => {
    await Bun.sleep(100);
    return new Response(jpeg(3000), asJpeg);
  });
  const get = open({ rateLimit: false });
  const all = await Promise.all(Array.from({ length: 100 }, () => get(path)));
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await Promise.all(all.map(async (each) => (await each.arrayBuffer()).byteLength))).toEqual(
    Array(100).fill(3000),
  );
  expect(calls).toHaveLength(1);
});

test('large ones come whole, from the call and from disk', async () => {
  const path = await known(() => new Response(jpeg(900_000 * 3), asJpeg), 'original');
  const get = open({ imageCacheMb: 10 });
  for (let turn = 0; turn < 2; turn++)
    expect(new Uint8Array(await (await get(path)).arrayBuffer())).toEqual(jpeg(900_000 * 3));
  expect(calls).toHaveLength(1);
  const head = await api.anotherRequest({ config: settings({ imageCacheMb: 10 }) })(path, { method: 'HEAD' });
  expect(head.status).toBe(200);
});

test.each([
  ['of no movie', '/t/p/w342/nobody.jpg'],
  ['of another size', '/t/p/w343/poster600.jpg'],
  ['up and away', '/t/p/w342/..%2f..%2fadmin.jpg'],
  ['of another host', '/t/p/w342/%2f%2fevil.example%2fx.jpg'],
  ['with a user', '/t/p/w342/@evil.example.jpg'],
  ['with a query', '/t/p/w342/x.jpg%3Fa=b.jpg'],
  ['of no kind of picture', '/t/p/w342/x.php'],
  ['with a null', '/t/p/w342/x%00.jpg'],
])('a path %s is never asked for upstream', async (_, path) => {
  const answer = await open()(path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
  expect(calls).toEqual([]);
});

test('a redirect is followed at home alone', async () => {
  const away = await known(() => Response.redirect(`http://127.0.0.1:${other.port}/t/p/w342/x.jpg`, 302));
  const inside = await known(() => Response.redirect('http://169.254.169.254/latest/meta-data', 302));
  const home = await known(() => Response.redirect(`http://127.0.0.1:${upstream.port}/moved.jpg`, 302));
  answers.set('/moved.jpg', () => new Response(jpeg(100), asJpeg));
  const round = await known(() => Response.redirect(`http://127.0.0.1:${upstream.port}/round.jpg`, 302));
  answers.set('/round.jpg', () => Response.redirect(`http://127.0.0.1:${upstream.port}/round.jpg`, 302));
  answers.set('/t/p/w342/x.jpg', () => new Response(jpeg(100), asJpeg));
  const get = open();
  const statuses = [];
  for (const path of [away, inside, home, round]) statuses.push((await get(path)).status);
  expect(statuses).toEqual([503, 503, 200, 503]);
  expect(elsewhere).toEqual([]);
});

const html = '<!doctype html><html><body>Blocked</body></html>';
test.each<[string, () => Response, number]>([
  ['absent', () => new Response('', { status: 404 }), 404],
  ['a page', () => new Response(html, { headers: { 'content-type': 'text/html' } }), 503],
  ['a page that says it is a picture', () => new Response(html, asJpeg), 503],
  [
    'a picture that says it is a page',
    () => new Response(jpeg(99), { headers: { 'content-type': 'text/html' } }),
    503,
  ],
  ['empty', () => new Response('', asJpeg), 503],
  ['cut off', () => new Response(jpeg(5000).subarray(0, 4000), asJpeg), 503],
  ['far too large', () => new Response(new Uint8Array(17 * 1024 * 1024), asJpeg), 503],
  ['not allowed', () => new Response('', { status: 403 }), 503],
  ['broken', () => new Response('', { status: 500 }), 503],
])('what is %s is not kept, and not asked for again at once', async (_, answer, status) => {
  const path = await known(answer);
  const get = open();
  for (let turn = 0; turn < 3; turn++) {
    const got = await get(path);
    expect([got.status, got.headers.get('content-type')]).toEqual([status, 'text/plain; charset=utf-8']);
    expect(got.headers.has('retry-after')).toBe(status === 503);
  }
  expect(calls).toHaveLength(1);
  expect(await files()).toEqual([]);
});

/** An upstream of bytes, for what no HTTP server would send. */
async function rawUpstream(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/t/p`,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test.each<[string, string, boolean]>([
  ['shorter than it says', 'Content-Length: 9000\r\n', true],
  ['cut off in a chunk', 'Transfer-Encoding: chunked\r\n', true],
  ['without a length and without an end', '', true],
])('an answer %s is no picture', async (_, header, ends) => {
  using raw = await rawUpstream((socket) => {
    const start = header.includes('chunked') ? '2000\r\n' : '';
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\n${header}\r\n${start}`);
    socket.write(jpeg(5000).subarray(0, 4000));
    if (ends) socket.end();
  });
  const path = await known(() => new Response());
  const answer = await open({ imageBaseUrl: raw.url })(path);
  expect(answer.status).toBe(503);
  expect(await files()).toEqual([]);
});

test('a slow one ends in time, and keeps nobody else waiting', async () => {
  using raw = await rawUpstream((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 9000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 200);
    socket.once('close', () => clearInterval(drip));
  });
  const path = await known(() => new Response());
  const get = open({ imageBaseUrl: raw.url });
  const slow = get(path);
  expect((await get('/api/configuration')).status).toBe(200);
  expect((await slow).status).toBe(503);
}, 60_000);

test('where nobody answers, nobody is kept waiting for long', async () => {
  const paths = await Promise.all(Array.from({ length: 12 }, () => known(() => new Response())));
  const get = open({ imageBaseUrl: 'http://127.0.0.1:1/t/p' });
  const statuses = [];
  for (const path of paths) statuses.push((await get(path)).status);
  expect(new Set(statuses)).toEqual(new Set([503]));
});

test('the longest unused go when there is no more room', async () => {
  const metrics = new Registry();
  const get = open({}, metrics);
  const paths: string[] = [];
  for (let count = 0; count < 4; count++) {
    const path = await known(() => new Response(jpeg(300_000), asJpeg));
    paths.push(path);
    expect((await get(path)).status).toBe(200);
    if (count === 2) await (await get(paths[0] ?? '')).arrayBuffer();
  }
  await until(async () => (await files()).length === 3);
  const before = calls.length;
  await get(paths[0] ?? '');
  expect(calls).toHaveLength(before);
  await get(paths[1] ?? '');
  expect(calls).toHaveLength(before + 1);
  const said = await metrics.metrics();
  expect(said).toContain('nexus_pictures_total{outcome="fetched"} 5');
  expect(Number(/nexus_picture_cache_bytes (\d+)/.exec(said)?.[1])).toBeLessThanOrEqual(1024 * 1024);
});

test('what is left of a write that was cut off is no picture, and what is broken is fetched again', async () => {
  const path = await known(() => new Response(jpeg(2000), asJpeg));
  await (await open()(path)).arrayBuffer();
  const [name = ''] = await files();
  const file = join(folder.path, 'pictures', name.slice(0, 2), name);
  await Bun.write(`${file}.1-1.part`, 'half');
  await utimes(`${file}.1-1.part`, 0, 0);
  await Bun.write(file, 'rubbish');
  const answer = await open()(path);
  expect((await answer.arrayBuffer()).byteLength).toBe(2000);
  expect(calls).toHaveLength(2);
  await until(async () => (await files()).length === 1);
});

test('a disk that takes nothing costs a call each time, and no answer', async () => {
  await Bun.write(join(folder.path, 'pictures'), 'no folder');
  const path = await known(() => new Response(jpeg(2000), asJpeg));
  const get = open();
  for (let turn = 0; turn < 2; turn++) expect((await (await get(path)).arrayBuffer()).byteLength).toBe(2000);
  expect(calls).toHaveLength(2);
  expect(api.logged.join('')).toContain('a picture could not be kept');
});

test('what an answer has named is known to every process, though no row holds it', async () => {
  await putMovie(api.pool, { tmdbId: 599, posterPath: '/sent.jpg' });
  await api.pool.query(
    `insert into movie_posters select id, '{"de": "/german.jpg"}'::jsonb from movies where tmdb_id = 599`,
  );
  answers.set('/t/p/w342/german.jpg', () => new Response(jpeg(500), asJpeg));
  const [one, other] = [open(), open()];
  expect((await one('/t/p/w342/german.jpg')).status).toBe(404);
  const { data } = await (await one('/api/movies/599?language=de-DE')).json();
  expect(data.poster_url).toBe('http://nexus.test/t/p/w342/german.jpg');
  expect((await other('/t/p/w342/german.jpg')).status).toBe(200);
  expect(calls).toHaveLength(1);
});

test('is off unless it is asked for', async () => {
  const path = await known(() => new Response(jpeg(500), asJpeg));
  expect((await open({ imageCacheMb: 0 })(path)).status).toBe(404);
  const { data } = await (await open({ imageCacheMb: 0 })('/api/configuration')).json();
  expect(data.images.base_url).toBe(`http://127.0.0.1:${upstream.port}/t/p`);
  const here = await (await open()('/api/configuration')).json();
  expect(here.data.images.base_url).toBe('http://nexus.test/t/p');
  expect(calls).toEqual([]);
});

test('pictures have a room of their own in the limits', async () => {
  const path = await known(() => new Response(jpeg(500), asJpeg));
  const get = open();
  const statuses: number[] = [];
  for (let count = 0; count < 400; count++) statuses.push((await get(path)).status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await get('/api/configuration')).status).toBe(200);
});
