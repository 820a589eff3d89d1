import { afterAll, beforeAll, expect, test } from 'bun:test';
import { gunzipSync } from 'node:zlib';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { packingFor } from '../answers/packed.ts';

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi();
  admin = await openAccount(api, { role: 'admin' });
  // Long enough to be worth packing.
  await api.pool.query(
    `insert into genres (id, name, listed) select i, 'A genre with a long name, number ' || i, true from generate_series(1, 100) i`,
  );
  await api.pool.query("insert into list_snapshots (name, size, fetched_at) values ('genres', 100, now())");
});
afterAll(() => api[Symbol.asyncDispose]());

const long = (): [string, Record<string, string>][] => [
  ['/api/genres', {}],
  ['/docs/json', {}],
  ['/docs/assets/swagger-ui.css', {}],
  ['/metrics', {}],
  ['/admin', admin.console],
  ['/admin/assets/console.js', admin.console],
  ['/api/admin/overview', admin.headers],
];

test('what is long goes out packed to whoever can unpack it, and is the same', async () => {
  for (const [path, headers] of long()) {
    const plain = await api.get(path, { ...headers, 'accept-encoding': 'identity' });
    const gzipped = await api.get(path, { ...headers, 'accept-encoding': 'gzip, br' });
    expect([path, plain.headers.get('content-encoding')]).toEqual([path, null]);
    expect([path, gzipped.status, gzipped.headers.get('content-encoding')]).toEqual([path, 200, 'gzip']);
    expect(gzipped.headers.get('content-type')).toBe(String(plain.headers.get('content-type')));
    for (const answer of [plain, gzipped]) expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    const text = await plain.text();
    const unpacked = gunzipSync(await gzipped.arrayBuffer()).toString();
    // Figures move between two askings.
    if (!['/metrics', '/admin', '/api/admin/overview'].includes(path)) expect(unpacked).toBe(text);
    else expect(unpacked.slice(0, 30)).toBe(text.slice(0, 30));
    expect(unpacked.length).toBeGreaterThan(2000);
  }
});

test('the second time a ready body is packed already, and sent without waiting', async () => {
  const once = await api.get('/api/genres', { 'accept-encoding': 'gzip' });
  const again = await api.get('/api/genres', { 'accept-encoding': 'gzip' });
  expect(Buffer.from(await again.arrayBuffer())).toEqual(Buffer.from(await once.arrayBuffer()));
});

test('one ETag holds for both forms, and 304 says the same of caching as 200', async () => {
  const etag = (await api.get('/api/genres', { 'accept-encoding': 'gzip' })).headers.get('etag') ?? '';
  expect(etag).toStartWith('W/"');
  for (const encoding of ['gzip', 'identity']) {
    const answer = await api.get('/api/genres', { 'accept-encoding': encoding, 'if-none-match': etag });
    expect([answer.status, answer.headers.get('content-encoding'), answer.headers.get('etag')]).toEqual([
      304,
      null,
      etag,
    ]);
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect(await answer.text()).toBe('');
  }
});

test('HEAD has the headers of GET, and no body', async () => {
  const answer = await api.request('/api/genres', { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
  expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, 'gzip']);
  expect(await answer.text()).toBe('');
});

test('what is short goes out as it is', async () => {
  for (const path of ['/attribution', '/health/live', '/nothing']) {
    const answer = await api.get(path, { 'accept-encoding': 'gzip' });
    expect([path, answer.headers.get('content-encoding')]).toEqual([path, null]);
    await answer.json();
  }
});

test.each([
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['gzip, deflate, br, zstd', true],
  ['br', false],
  ['*', true],
  ['GZIP', true],
  ['x-gzip', true],
  ['gzip;q=0', false],
  ['gzip;q=0.5, identity', true],
  ['br, *;q=0.1', true],
  ['*;q=0', false],
  ['gzip;q=0, *', false],
  ['gzipped', false],
])('Accept-Encoding %p is packed for: %p', (header, accepts) => {
  const request = new Request(
    'http://nexus.test/',
    header === undefined ? {} : { headers: { 'accept-encoding': header } },
  );
  expect(packingFor(request) !== undefined).toBe(accepts);
});

test.each([
  [undefined, undefined],
  ['gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['zstd', 'zstd'],
  ['*', 'gzip'],
  ['zstd;q=0.5, gzip', 'gzip'],
  ['zstd;q=0, gzip', 'gzip'],
  ['zstd;q=0', undefined],
  ['br', undefined],
])('Accept-Encoding %p is answered with %p', (header, packing) => {
  const headers = header === undefined ? {} : { 'accept-encoding': header };
  const request = new Request('http://nexus.test/', { headers });
  // The second time it is remembered.
  for (const _ of [1, 2]) expect(packingFor(request)).toBe(packing as never);
});
