import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { until } from '#tests/support/until.ts';

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi({ config: { facade: 'keys' } });
  admin = await openAccount(api, { role: 'admin' });
});
afterAll(() => api[Symbol.asyncDispose]());

const send = (method: string, path = '', body?: object) =>
  api.request(`/api/admin/keys${path}`, {
    method,
    headers: { ...admin.headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const issue = async (name: string) => (await (await send('POST', '', { name })).json()).data;
const isOpen = async (key: string) => (await api.get(`/3/configuration?api_key=${key}`)).status === 200;

test('a key opens from when it is issued until it is revoked', async () => {
  const key = await issue('  living room ');
  expect(key.name).toBe('living room');
  expect((await (await send('GET')).json()).data[0].last_used_at).toBeNull();
  expect(await isOpen(key.api_key)).toBe(true);
  await until(async () => (await (await send('GET')).json()).data[0].last_used_at !== null);
  const { data } = await (await send('GET')).json();
  expect(data).toEqual([
    { id: key.id, name: 'living room', created_at: expect.any(String), last_used_at: expect.anything() },
  ]);
  expect((await send('DELETE', `/${key.id}`)).status).toBe(204);
  expect(await isOpen(key.api_key)).toBe(false);
  expect((await send('DELETE', `/${key.id}`)).status).toBe(404);
});

test('nothing of a key is stored that opens', async () => {
  const key = await issue('stored');
  const { rows } = await api.pool.query("select f::text as row from facade_keys f where name = 'stored'");
  for (const text of [key.api_key, key.token, key.token.split('.')[2]])
    expect(rows[0].row).not.toContain(text);
});

test('names are unique, and keys are not without number', async () => {
  await issue('one');
  const again = await send('POST', '', { name: 'one' });
  expect([again.status, (await again.json()).details[0].path]).toEqual([422, 'name']);
  expect((await send('POST', '', { name: 'x'.repeat(101) })).status).toBe(422);
  await api.pool.query(`insert into facade_keys (id, name, api_key_hash, token_hash)
    select gen_random_uuid(), 'many ' || n, n::text::bytea, n::text::bytea from generate_series(1, 100) n`);
  const over = await send('POST', '', { name: 'one more' });
  expect([over.status, (await over.json()).details[0].message]).toEqual([
    422,
    'cannot be given: there are 100 keys, so revoke one first',
  ]);
  await api.pool.query("delete from facade_keys where name like 'many %'");
});

test('both acts stand in the security log', async () => {
  const key = await issue('logged');
  await send('DELETE', `/${key.id}`);
  await until(async () => {
    const { rows } = await api.pool.query("select event from security_events where detail = 'logged'");
    return rows.map(({ event }) => event).join() === 'key_issue,key_revoke';
  });
});

test('the console issues, lists and revokes them, too', async () => {
  const own = { ...admin.console, 'sec-fetch-site': 'same-origin' };
  const form = { 'content-type': 'application/x-www-form-urlencoded', ...own };
  const post = (path: string, body?: string) =>
    api.request(path, { method: 'POST', ...(body ? { body, headers: form } : { headers: own }) });
  const page = await (await post('/admin/keys', 'name=%3Cb%3Eattic')).text();
  const [, key = ''] = /<code>([0-9a-f]{32})<\/code>/.exec(page) ?? [];
  expect(await isOpen(key)).toBe(true);
  expect(page).toContain('&lt;b&gt;attic');
  const list = await (await api.get('/admin/keys', admin.console)).text();
  expect(list).not.toContain(key);
  // It was asked with once.
  expect(list).toMatch(/&lt;b&gt;attic<\/th>\s*<td[^>]*><code>\/3\/[^<]+<\/code><\/td>\s*<td[^>]*>1<\/td>/);
  const [, path = ''] = /action="(\/admin\/keys\/[^"]+\/revoke)"/.exec(list) ?? [];
  expect((await post(path)).headers.get('location')).toBe('/admin/keys?notice=revoked');
  expect(await isOpen(key)).toBe(false);
  expect((await post(path)).headers.get('location')).toBe('/admin/keys?notice=missing');
  expect((await post('/admin/keys', 'name=%20')).headers.get('location')).toBe('/admin/keys?notice=refused');
});
