import { afterAll, beforeAll, describe, expect, spyOn, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { until } from '#tests/support/until.ts';
import type { SyncRun } from './model.ts';

let api: TestApi;
let admin: TestAccount;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  admin = await openAccount(api, { role: 'admin' });
});
afterAll(() => api[Symbol.asyncDispose]());

/** What came so far, and whether it has ended. */
async function follow(path = '/api/admin/sync/events', as = admin) {
  const leaving = new AbortController();
  const headers = path.startsWith('/api/') ? as.headers : as.console;
  const answer = await api.request(path, { headers, signal: leaving.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toStartWith('text/event-stream');
  const seen = { runs: [] as SyncRun[], ended: false, leave: () => leaving.abort() };
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data: '));
        if (data !== undefined) seen.runs.push(JSON.parse(data.slice(6)));
      }
    }
    seen.ended = true;
  };
  read().catch(() => {
    seen.ended = true;
  });
  return seen;
}

const addRun = async (job: string, status = 'succeeded') => {
  const id = Bun.randomUUIDv7();
  await api.pool.query(
    "insert into sync_runs (id, job, trigger, status, lease_until) values ($1, $2, 'schedule', $3, now() + interval '1 hour')",
    [id, job, status],
  );
  return id;
};

const byAdmin = (method: string, path: string, body?: object) =>
  api.request(path, {
    method,
    headers: { ...admin.headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const patch = (userId: string, change: object) => byAdmin('PATCH', `/api/admin/users/${userId}`, change);

describe('following runs', () => {
  test('shows the newest run of each job at once, and each change of any', async () => {
    await addRun('genres');
    const newest = await addRun('genres');
    const seen = await follow();
    await until(async () => seen.runs.length > 0);
    expect(seen.runs.map(({ id }) => id)).toEqual([newest]);

    const live = await addRun('trending', 'running');
    await until(async () => seen.runs.some(({ id }) => id === live));
    await api.pool.query('update sync_runs set progress = 0.5, seen = 12 where id = $1', [live]);
    await until(async () => seen.runs.some(({ id, progress }) => id === live && progress === 0.5));
    expect(seen.runs.at(-1)).toMatchObject({ id: live, job: 'trending', counts: { seen: 12 } });
    seen.leave();
    await until(async () => seen.ended);
  });

  test('may be of one job alone', async () => {
    const seen = await follow('/api/admin/sync/events?job=purge');
    await addRun('export');
    const id = await addRun('purge');
    await until(async () => seen.runs.length > 0);
    expect(seen.runs.map((run) => run.id)).toEqual([id]);
    seen.leave();
  });

  test('a change of which no notice came is seen all the same', async () => {
    const seen = await follow('/api/admin/sync/events?job=neighbours');
    await api.pool.query('alter table sync_runs disable trigger sync_runs_tell');
    const id = await addRun('neighbours');
    await until(async () => seen.runs.length > 0);
    await api.pool.query('alter table sync_runs enable trigger sync_runs_tell');
    expect(seen.runs.map((run) => run.id)).toEqual([id]);
    seen.leave();
  });

  test('ends for whoever is no administrator any more', async () => {
    const former = await openAccount(api, { role: 'admin' });
    const seen = await follow('/api/admin/sync/events', former);
    await api.pool.query("update users set role = 'user' where id = $1", [former.userId]);
    await until(async () => seen.ended, 40_000);
  }, 60_000);

  test.each<[string, (former: TestAccount) => Promise<unknown>]>([
    ['locked', ({ userId }) => patch(userId, { locked: true })],
    ['made a user', ({ userId }) => patch(userId, { role: 'user' })],
    ['signed out everywhere', ({ userId }) => byAdmin('DELETE', `/api/admin/users/${userId}/sessions`)],
    ['signed out', ({ headers }) => api.request('/api/auth/logout', { method: 'POST', headers })],
  ])(
    'shows nothing that happens after its administrator was %s',
    async (_, act) => {
      const former = await openAccount(api, { role: 'admin' });
      const streams = await Promise.all([
        follow('/api/admin/sync/events', former),
        follow('/admin/events', former),
      ]);
      const stays = await follow();
      await act(former);
      const later = await addRun('lists');
      await until(async () => stays.runs.some(({ id }) => id === later));
      await until(async () => streams.every(({ ended }) => ended));
      for (const { runs } of streams) expect(runs.map(({ id }) => id)).not.toContain(later);
      stays.leave();
    },
    90_000,
  );

  test('shows nothing more to a former administrator when nobody could tell of it', async () => {
    const former = await openAccount(api, { role: 'admin' });
    const seen = await follow('/api/admin/sync/events', former);
    const stays = await follow();
    await until(async () => seen.runs.length > 0 && stays.runs.length > 0);
    await api.database.pool.query(
      `with cut as materialized (select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'nexus-notices' and datname = current_database())
       select count(*) from cut`,
    );
    await api.database.pool.query("update users set role = 'user' where id = $1", [former.userId]);
    const shown = seen.runs.length;
    const later = await addRun('lists');
    // Before anybody looks again at who they are.
    await until(async () => seen.ended);
    expect(seen.runs).toHaveLength(shown);
    await until(async () => stays.runs.some(({ id }) => id === later));
    stays.leave();
  }, 60_000);

  test('goes on for an administrator of whom something else has changed', async () => {
    const { userId, headers, console } = await openAccount(api, { role: 'admin' });
    const seen = await follow('/api/admin/sync/events', { ...admin, headers, console });
    await api.pool.query("update users set name = 'Another' where id = $1", [userId]);
    const later = await addRun('lists');
    await until(async () => seen.runs.some(({ id }) => id === later));
    expect(seen.ended).toBe(false);
    seen.leave();
  });

  test('is for a hundred at once, and not for more', async () => {
    const admins = await Promise.all(Array.from({ length: 10 }, () => openAccount(api, { role: 'admin' })));
    const many = await Promise.all(
      Array.from({ length: 100 }, (_, i) => follow('/api/admin/sync/events', admins[i % 10])),
    );
    const one = await api.get('/api/admin/sync/events', admin.headers);
    expect([one.status, (await one.json()).code]).toEqual([503, 'unavailable']);
    for (const each of many) each.leave();
    await until(async () => many.every(({ ended }) => ended));
    const again = await follow();
    again.leave();
  });

  test('leaves nothing behind for whoever left before it began', async () => {
    const begun = spyOn(globalThis, 'setInterval');
    const ended = spyOn(globalThis, 'clearInterval');
    const answer = await api.request('/api/admin/sync/events', {
      headers: admin.headers,
      signal: AbortSignal.abort(),
    });
    const timers = begun.mock.results.map(({ value }) => value);
    expect(timers.length).toBeGreaterThan(0);
    const over = new Set<unknown>(ended.mock.calls.map(([timer]) => timer));
    expect(timers.filter((timer) => !over.has(timer))).toHaveLength(0);
    expect(await answer.text()).toBe('retry: 2000\n\n');
    begun.mockRestore();
    ended.mockRestore();
  });

  test('asked for its headers alone answers at once, and takes nobody’s place', async () => {
    for (let i = 0; i < 101; i++)
      for (const [path, headers] of [
        ['/api/admin/sync/events', admin.headers],
        ['/admin/events', admin.console],
      ] as const) {
        const answer = await api.request(path, { method: 'HEAD', headers });
        expect([answer.status, await answer.text()]).toEqual([200, '']);
        expect(answer.headers.get('content-type')).toStartWith('text/event-stream');
      }
    (await follow()).leave();
  });

  test('an unknown job is refused', async () => {
    expect((await api.get('/api/admin/sync/events?job=x', admin.headers)).status).toBe(422);
  });
});

test('an administrator has ten streams at most, others have theirs, and one that ends makes room', async () => {
  const [one, other] = [await openAccount(api, { role: 'admin' }), await openAccount(api, { role: 'admin' })];
  const open: Awaited<ReturnType<typeof follow>>[] = [];
  for (let i = 0; i < 10; i++) open.push(await follow('/api/admin/sync/events', one));
  const ask = (path: string, headers: Record<string, string>) => api.get(path, headers);
  for (const [path, headers] of [
    ['/api/admin/sync/events', one.headers],
    ['/admin/events', one.console],
  ] as const) {
    const refused = await ask(path, headers);
    expect([path, refused.status]).toEqual([path, 429]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  open.push(await follow('/api/admin/sync/events', other));
  open[0]?.leave();
  await until(async () => open[0]?.ended === true);
  open.push(await follow('/api/admin/sync/events', one));
  for (const stream of open) stream.leave();
  await until(async () => open.every(({ ended }) => ended));
});
