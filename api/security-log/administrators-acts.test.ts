import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount, type TestAccount, testPassword } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false, facade: 'keys' } });
  admin = await openAccount(api, { role: 'admin' });
  await openAccount(api, { role: 'admin' });
});
afterAll(() => api[Symbol.asyncDispose]());

const another = async () => (await openAccount(api, { role: 'user' })).userId;
const failure = async () => {
  const id = Bun.randomUUIDv7();
  await api.pool.query(
    `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
     values ($1::uuid, 'on-demand', 'movies.fetch', $1::text, '{"tmdbId": 7, "requestedAt": 1}', 'internal_error', '', 1)`,
    [id],
  );
  return id;
};
let merges = 0;
const merge = async () => {
  const id = ++merges;
  await api.pool.query(
    "insert into movie_merges (tmdb_id, into_tmdb_id, state, looked_at) values ($1, $1 + 1000, 'proposed', now())",
    [id],
  );
  return id;
};
const withTotp = async () => {
  const id = await another();
  await api.pool.query("insert into user_totp (user_id, secret, confirmed_at) values ($1, 'x', now())", [id]);
  return id;
};
const key = async () => {
  const id = Bun.randomUUIDv7();
  await api.pool.query(
    'insert into facade_keys (id, name, api_key_hash, token_hash) values ($1::uuid, $1::text, sha256($1::text::bytea), sha256(($1::text)::bytea))',
    [id],
  );
  return id;
};

interface Act {
  /** What stands in place of `:id` and the like. */
  of?: () => Promise<string | number> | string;
  body?: object;
  /** What the console sends. */
  form?: string;
  event: string;
}

/** Everything that an administrator can change, but for what the Bull dashboard does. */
const acts: Record<string, Act> = {
  'POST /api/admin/sync/:job': { of: () => 'genres', event: 'sync_request' },
  'POST /api/admin/failures/:id/replay': { of: failure, event: 'failure_replay' },
  'POST /api/admin/movies/:tmdb_id/fetch': { of: () => '7', event: 'movie_fetch' },
  'POST /api/admin/merges/:tmdb_id': { of: merge, body: { confirm: false }, event: 'movie_merge' },
  'PATCH /api/admin/users/:id': { of: another, body: { locked: true }, event: 'lock' },
  'DELETE /api/admin/users/:id/sessions': { of: another, event: 'session_end' },
  'DELETE /api/admin/users/:id/totp': { of: withTotp, event: 'totp_off' },
  'POST /api/admin/users/:id/reset-link': { of: another, event: 'reset_link' },
  'POST /api/admin/keys': { body: { name: 'one' }, event: 'key_issue' },
  'DELETE /api/admin/keys/:id': { of: key, event: 'key_revoke' },
  'POST /admin/sync/:job': { of: () => 'purge', event: 'sync_request' },
  'POST /admin/failures/:id/replay': { of: failure, event: 'failure_replay' },
  'POST /admin/movies/:tmdb_id/fetch': { of: () => '8', event: 'movie_fetch' },
  'POST /admin/merges/:tmdb_id/confirm': { of: merge, event: 'movie_merge' },
  'POST /admin/merges/:tmdb_id/reject': { of: merge, event: 'movie_merge' },
  'POST /admin/users/:id/reset-link': { of: another, event: 'reset_link' },
  'POST /admin/users/:id/:action': { of: async () => `${await another()}/make-admin`, event: 'role_change' },
  'POST /admin/keys': { form: 'name=two', event: 'key_issue' },
  'POST /admin/keys/:id/revoke': { of: key, event: 'key_revoke' },
};

const isAct = ({ method, path }: { method: string; path: string }) =>
  !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
  /^(\/api)?\/admin\//.test(path) &&
  !path.startsWith('/admin/queues') &&
  !path.startsWith('/admin/sign-');

test('the table is of all that administrators can change', () => {
  const routes = api.routes.filter(isAct).map(({ method, path }) => `${method} ${path}`);
  expect(routes.sort()).toEqual(Object.keys(acts).sort());
});

test.each(Object.entries(acts))('%s has its line in the security log', async (route, act) => {
  const [method = '', pattern = ''] = route.split(' ');
  const of = String((await act.of?.()) ?? '');
  const path = pattern.replace(/:[a-z_]+(\/:action)?/, of);
  const headers = path.startsWith('/api/') ? admin.headers : admin.console;
  await api.pool.query('truncate security_events');
  const answer = await api.request(path, {
    method,
    headers: {
      ...headers,
      ...(act.body && { 'content-type': 'application/json' }),
      ...(act.form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(act.body && { body: JSON.stringify(act.body) }),
    ...(act.form && { body: act.form }),
  });
  expect([route, answer.status < 400]).toEqual([route, true]);
  const { data } = await (await api.get('/api/admin/log', admin.headers)).json();
  expect(data).toMatchObject([{ event: act.event, outcome: 'done', user_id: admin.userId }]);
});

test('the last administrator is refused to leave with a line, in the console as well', async () => {
  await api.pool.query('truncate security_events');
  await api.pool.query("update users set role = 'user' where id <> $1", [admin.userId]);
  const ask = (method: string, path: string, body: object) =>
    api.request(path, {
      method,
      headers: { ...admin.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const inConsole = (action: string) =>
    api.request(`/admin/users/${admin.userId}/${action}`, { method: 'POST', headers: admin.console });
  expect((await ask('PATCH', `/api/admin/users/${admin.userId}`, { role: 'user' })).status).toBe(409);
  expect((await ask('PATCH', `/api/admin/users/${admin.userId}`, { locked: true })).status).toBe(409);
  expect((await inConsole('lock')).headers.get('location')).toContain('last-admin');
  expect((await inConsole('make-user')).headers.get('location')).toContain('last-admin');
  expect((await ask('DELETE', '/api/user/profile', { password: testPassword })).status).toBe(409);
  const { data } = await (await api.get('/api/admin/log?outcome=refused', admin.headers)).json();
  const lines = (data as { event: string; user_id: string; detail: string }[]).map(
    ({ event, user_id, detail }) => [event, user_id, detail],
  );
  const expected = ['account_delete', 'role_change', 'lock', 'lock', 'role_change'];
  expect(lines).toEqual(expected.map((event) => [event, admin.userId, 'last administrator']));
});
