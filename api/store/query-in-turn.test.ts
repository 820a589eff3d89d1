import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { until } from '#tests/support/until.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
});
afterAll(() => api[Symbol.asyncDispose]());

const lists = [
  '/api/admin/users',
  '/api/admin/users?query=ada',
  '/api/admin/log',
  '/api/admin/log?outcome=refused',
  '/api/admin/sync/runs',
  '/api/admin/failures',
  '/api/admin/merges',
];

test('administrators who ask for much take two connections, and nobody waits behind one of them', async () => {
  const [one, other] = [await openAccount(api, { role: 'admin' }), await openAccount(api, { role: 'admin' })];
  for (const { headers } of [one, other]) expect((await api.get(lists[0] ?? '', headers)).status).toBe(200);
  const holder = await api.pool.connect();
  await holder.query('begin');
  await holder.query('lock table users, security_events, sync_runs, job_failures, movie_merges');
  const held = async () => {
    const { rows } = await holder.query(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows[0].count as number;
  };
  const answered: string[] = [];
  const ask = (name: string, path: string, headers: Record<string, string>) =>
    api.get(path, headers).then(({ status }) => answered.push(`${name} ${status}`));
  const many = Array.from({ length: 5 }, () => lists.map((path) => ask('one', path, one.headers))).flat();
  await until(async () => (await held()) > 0);
  const late = ask('other', '/api/admin/sync/runs', other.headers);
  // The others are free.
  for (const _ of 'abc') await api.database.pool.query('select 1');
  expect(await held()).toBeLessThanOrEqual(2);
  await holder.query('commit');
  holder.release();
  await Promise.all([...many, late]);
  expect(answered.slice(0, many.length / 2)).toContain('other 200');
  expect(new Set(answered)).toEqual(new Set(['one 200', 'other 200']));
}, 60_000);
