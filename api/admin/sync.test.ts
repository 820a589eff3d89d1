import { afterEach, beforeEach, expect, test } from 'bun:test';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { RequestedRun } from './model.ts';

let api: TestApi;
let admin: TestAccount;
let failing: boolean;
beforeEach(async () => {
  failing = false;
  api = await openTestApi();
  admin = await openAccount(api, { role: 'admin' });
});
afterEach(() => api[Symbol.asyncDispose]());

interface Asking {
  key?: string;
  body?: unknown;
  by?: TestAccount;
  from?: TestApi['request'];
}
const ask = (job: string, { key, body, by = admin, from = api.request }: Asking = {}) =>
  from(`/api/admin/sync/${job}`, {
    method: 'POST',
    headers: {
      ...by.headers,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const answerOf = async (asked: ReturnType<typeof ask>) => {
  const answer = await asked;
  const { data, code, details } = await answer.json();
  return { http: answer.status, ...(data ?? { code, details }) };
};
const runs = async () => (await api.pool.query('select * from sync_runs order by queued_at')).rows;
const queued = async () =>
  (await api.queues.queue('sync').getJobs(['waiting'])).map(({ name, id, data }) => ({ name, id, data }));
const change = (what: string) => api.pool.query(`update sync_runs set ${what}`);

test('every job of the catalogue can be asked for: there is a run at once, and a job in the queue that names it', async () => {
  for (const job of syncJobNames) {
    const answer = await ask(job);
    const { status, data } = await answer.json();
    expect([answer.status, status, data.job]).toEqual([202, 'success', job]);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    RequestedRun.strict().parse(data);
  }
  const rows = await runs();
  expect(rows.map((row) => row.job)).toEqual(syncJobNames);
  for (const row of rows)
    expect(row).toMatchObject({ status: 'queued', trigger: 'admin', requested_by: admin.userId });
  expect((await queued()).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1))).toEqual(
    rows
      .map(({ id, job }) => ({
        name: job,
        id: `run-${id}`,
        data: { trigger: 'admin', runId: id, force: false, requestId: expect.any(String) },
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
});

test('a job that there is not is not found, and neither is one that no admin asks for', async () => {
  for (const job of ['nonsense', 'movies.fetch', 'constructor', '%00'])
    expect(await answerOf(ask(job))).toMatchObject({ http: 404, code: 'not_found' });
  expect(await runs()).toEqual([]);
});

test('a second run of a live one is refused, a run of another job is not', async () => {
  const { run_id } = await answerOf(ask('genres'));
  expect(await answerOf(ask('genres'))).toMatchObject({ http: 409, code: 'already_running' });
  await change("status = 'running', lease_owner = 'a worker'");
  expect(await answerOf(ask('genres'))).toMatchObject({ http: 409, code: 'already_running' });
  expect((await ask('trending')).status).toBe(202);
  expect((await runs()).map((row) => row.id)[0]).toBe(run_id);
});

test('of many at the same moment one is taken', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => answerOf(ask('genres'))));
  expect(answers.filter(({ http }) => http === 202)).toHaveLength(1);
  expect(answers.filter(({ http }) => http === 409)).toHaveLength(19);
  expect(await queued()).toHaveLength(1);
});

test.each(['queued', 'running'])('a %s run whose lease is over stands in nobody’s way', async (status) => {
  await ask('genres');
  await change(`status = '${status}', lease_until = now() - interval '1 second'`);
  const { http, run_id } = await answerOf(ask('genres'));
  expect(http).toBe(202);
  const [old, young] = await runs();
  expect(old).toMatchObject({ status: 'failed', lease_until: null });
  expect([old.finished_at, old.error]).toEqual([expect.anything(), expect.stringContaining('ended')]);
  expect(young).toMatchObject({ id: run_id, status: 'queued' });
});

test('the same key of the same admin gives the same run, also when that is over', async () => {
  const first = await answerOf(ask('genres', { key: 'k-1' }));
  expect(await answerOf(ask('genres', { key: 'k-1' }))).toEqual(first);
  await change("status = 'succeeded', lease_until = null, finished_at = now()");
  expect(await answerOf(ask('genres', { key: 'k-1' }))).toEqual(first);
  const second = await answerOf(ask('genres', { key: 'k-2' }));
  expect([second.http, second.run_id === first.run_id]).toEqual([202, false]);
  expect(await queued()).toHaveLength(2);
});

test('a key is forgotten after 24 hours', async () => {
  const first = await answerOf(ask('genres', { key: 'k' }));
  await change("status = 'succeeded', lease_until = null, queued_at = now() - interval '23.9 hours'");
  expect((await answerOf(ask('genres', { key: 'k' }))).run_id).toBe(first.run_id);
  await change("queued_at = now() - interval '24.1 hours'");
  expect((await answerOf(ask('genres', { key: 'k' }))).run_id).not.toBe(first.run_id);
});

test('one key at the same moment gives one run, in any number of processes', async () => {
  const another = api.anotherRequest({});
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      answerOf(ask('genres', { key: 'k', from: i % 2 === 0 ? api.request : another })),
    ),
  );
  expect(new Set(answers.map(({ http, run_id }) => `${http} ${run_id}`)).size).toBe(1);
  expect(answers[0]).toMatchObject({ http: 202 });
  expect(await queued()).toHaveLength(1);
});

test('many keys at the same moment do not use up the connections', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => answerOf(ask('genres', { key: `k-${i}` }))),
  );
  expect(answers.filter(({ http }) => http === 202)).toHaveLength(1);
  expect(answers.filter(({ http }) => http === 409)).toHaveLength(39);
});

test('a key is its admin’s own', async () => {
  const other = await openAccount(api, { role: 'admin' });
  await ask('genres', { key: 'k' });
  expect(await answerOf(ask('genres', { key: 'k', by: other }))).toMatchObject({ http: 409 });
});

test('a key of one job does not stand for another', async () => {
  await ask('genres', { key: 'k' });
  const answer = await answerOf(ask('trending', { key: 'k' }));
  expect(answer).toMatchObject({ http: 422, code: 'invalid_input', details: [{ path: 'idempotency-key' }] });
  expect(await runs()).toHaveLength(1);
});

test('a key that is none is refused', async () => {
  for (const key of ['', 'x'.repeat(256), 'a b', 'schlüssel'])
    expect(await answerOf(ask('genres', { key }))).toMatchObject({
      http: 422,
      code: 'invalid_input',
      details: [{ path: 'idempotency-key' }],
    });
  expect((await ask('genres', { key: 'x'.repeat(255) })).status).toBe(202);
});

test('force is passed on and recorded, and what is no body is refused', async () => {
  for (const [body, http] of [
    [{ force: 'yes' }, 422],
    [[], 422],
    ['"x"', 422],
    ['{', 400],
  ] as const)
    expect((await ask('purge', { body })).status).toBe(http);
  expect((await ask('purge', { body: { force: true } })).status).toBe(202);
  expect((await ask('genres', { body: {} })).status).toBe(202);
  expect((await runs()).map((row) => [row.job, row.forced])).toEqual([
    ['purge', true],
    ['genres', false],
  ]);
  expect((await queued()).find(({ name }) => name === 'purge')?.data).toMatchObject({ force: true });
});

test('a queue that is away is said, and leaves no run behind', async () => {
  failing = true;
  const enqueue: Queues['enqueue'] = (...rest) =>
    failing ? Promise.reject(new Error('away')) : api.queues.enqueue(...rest);
  const from = api.anotherRequest({ queues: { ...api.queues, enqueue } });
  const answer = await ask('genres', { key: 'k', from });
  expect([answer.status, (await answer.clone().json()).code]).toEqual([503, 'unavailable']);
  expect(answer.headers.get('retry-after')).toBeString();
  expect(await runs()).toEqual([]);
  failing = false;
  expect((await ask('genres', { key: 'k', from })).status).toBe(202);
});

test('a queue that takes a run and does not say so in time has taken it', async () => {
  const enqueue: Queues['enqueue'] = async (...rest) => {
    await api.queues.enqueue(...rest);
    await change("status = 'running', started_at = now()");
    throw new Error('late');
  };
  const from = api.anotherRequest({ queues: { ...api.queues, enqueue } });
  expect((await ask('genres', { from })).status).toBe(202);
});
