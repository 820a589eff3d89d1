import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { PageMeta } from '../http/answers/model.ts';
import { SyncRun } from './model.ts';

let api: TestApi;
let admin: TestAccount;
beforeEach(async () => {
  api = await openTestApi();
  admin = await openAccount(api, { role: 'admin' });
});
afterEach(() => api[Symbol.asyncDispose]());

const get = (path: string) => api.get(`/api/admin/sync/runs${path}`, admin.headers);
const runs = async (query = '') => (await get(query)).json();
const idsOf = (data: { id: string }[]) => data.map(({ id }) => id);

/** @param minutes ago */
async function put(job: string, status: string, minutes: number): Promise<string> {
  const id = Bun.randomUUIDv7();
  await api.pool.query(
    `insert into sync_runs (id, job, trigger, status, queued_at)
     values ($1, $2, 'schedule', $3, date_trunc('minute', now()) - $4 * interval '1 minute')`,
    [id, job, status, minutes],
  );
  return id;
}

test('a run is shown whole', async () => {
  const id = Bun.randomUUIDv7();
  await api.pool.query(
    `insert into sync_runs (id, job, trigger, requested_by, status, queued_at, started_at, finished_at, seen, created,
       updated, unchanged, gone, failed, progress, error, error_code, lease_owner)
     values ($1, 'details', 'admin', $2, 'failed', '2026-03-01T12:00:00.5Z', '2026-03-01T12:00:01Z',
       '2026-03-01 14:00:02+02', 9, 1, 2, 3, 1, 2, 0.5, 'Too many are gone.', 'too_many_gone', 'a host:1')`,
    [id, admin.userId],
  );
  const expected = {
    id,
    job: 'details',
    trigger: 'admin',
    requested_by: admin.userId,
    status: 'failed',
    queued_at: '2026-03-01T12:00:00.500Z',
    started_at: '2026-03-01T12:00:01.000Z',
    finished_at: '2026-03-01T12:00:02.000Z',
    counts: { seen: 9, created: 1, updated: 2, unchanged: 3, gone: 1, failed: 2 },
    progress: 0.5,
    error: 'Too many are gone.',
    error_code: 'too_many_gone',
  };
  expect(await (await get(`/${id}`)).json()).toEqual({ status: 'success', data: expected });
  expect((await runs()).data).toEqual([expected]);
});

test('a run that has not begun shows what is not known yet as null', async () => {
  const id = await put('genres', 'queued', 1);
  const { data } = await (await get(`/${id}`)).json();
  SyncRun.strict().parse(data);
  expect(data).toMatchObject({ requested_by: null, started_at: null, finished_at: null, error: null });
});

test('runs come newest first, and pages neither repeat nor leave out one, also of one moment', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 12; i++) ids.push(await put('genres', 'succeeded', Math.floor((11 - i) / 4)));
  const { data, meta } = await runs();
  expect(idsOf(data)).toEqual(ids.toReversed());
  expect(PageMeta.strict().parse(meta)).toEqual({ page: 1, limit: 20, total_results: 12, total_pages: 1 });
  const pages: string[] = [];
  for (const page of [1, 2, 3]) pages.push(...idsOf((await runs(`?limit=5&page=${page}`)).data));
  expect(pages).toEqual(ids.toReversed());
  const beyond = await get('?page=100&limit=100');
  expect([beyond.status, (await beyond.json()).data]).toEqual([200, []]);
});

test('runs go on from a cursor, also of one moment, and a cursor is for one list', async () => {
  for (let i = 0; i < 12; i++) await put('genres', 'succeeded', Math.floor((11 - i) / 4));
  const whole = idsOf((await runs('?limit=100')).data);
  const first = await runs('?limit=5');
  const ids = idsOf(first.data);
  let next = first.meta.next;
  for (let number = 2; next !== undefined; number++) {
    const { data, meta } = await runs(`?limit=5&after=${next}`);
    expect(meta.page).toBe(number);
    ids.push(...idsOf(data));
    next = meta.next;
  }
  expect([ids.length, ids]).toEqual([12, whole]);
  for (const query of [
    `?job=genres&after=${first.meta.next}`,
    `?page=2&after=${first.meta.next}`,
    '?after=nonsense',
  ]) {
    const answer = await get(query);
    expect([query, answer.status, (await answer.json()).details[0].path]).toEqual([query, 422, 'after']);
  }
});

test('they can be asked for by job and by status', async () => {
  const failed = await put('genres', 'failed', 3);
  const good = await put('genres', 'succeeded', 2);
  const other = await put('trending', 'failed', 1);
  expect(idsOf((await runs('?job=genres')).data)).toEqual([good, failed]);
  expect(idsOf((await runs('?status=failed')).data)).toEqual([other, failed]);
  const both = await runs('?job=genres&status=failed');
  expect([idsOf(both.data), both.meta.total_results]).toEqual([[failed], 1]);
});

test('what cannot be asked for is refused by name', async () => {
  for (const [query, path] of [
    ['?job=nonsense', 'job'],
    ['?job=movies.fetch', 'job'],
    ['?status=done', 'status'],
    ['?limit=101', 'limit'],
    ['?page=0', 'page'],
    ['/not-a-uuid', 'id'],
    ['/550', 'id'],
  ]) {
    const answer = await get(query ?? '');
    expect([query, answer.status, (await answer.json()).details[0].path]).toEqual([query, 422, path]);
  }
});

test('a run that there is not is not found', async () => {
  for (const id of [Bun.randomUUIDv7(), '11111111-1111-1111-1111-111111111111']) {
    const answer = await get(`/${id}`);
    expect([answer.status, (await answer.json()).code]).toEqual([404, 'not_found']);
  }
});

test('a run outlives the admin who asked for it', async () => {
  const other = await openAccount(api, { role: 'admin' });
  const id = await put('genres', 'succeeded', 1);
  await api.pool.query('update sync_runs set requested_by = $1', [other.userId]);
  await api.pool.query('delete from users where id = $1', [other.userId]);
  expect((await (await get(`/${id}`)).json()).data.requested_by).toBeNull();
});
