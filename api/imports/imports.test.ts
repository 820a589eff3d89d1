import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { PageMeta } from '../http/answers/model.ts';
import { ImportReport, ImportSummary, StartedImport } from './model.ts';

let api: TestApi;
let somebody: TestAccount;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  somebody = await openAccount(api);
});

const csv =
  'Date,Name,Year,Letterboxd URI,Rating\n2024-02-11,Fight Club,1999,x,4.5\n2024-02-12,,,,\n,Se7en,1995,x,\n';
const send = (
  body: string | Uint8Array<ArrayBuffer> | undefined,
  query = 'source=letterboxd',
  headers: Record<string, string> = {},
) =>
  api.request(`/api/user/import?${query}`, {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
    headers: { ...somebody.headers, 'content-type': 'text/csv', ...headers },
  });
const startOne = async (body = csv, query = 'source=letterboxd') =>
  (await (await send(body, query)).json()).data.import_id as string;
const report = async (id: string, query = '') =>
  (await api.get(`/api/user/import/${id}?${query}`, somebody.headers)).json();
const end = () =>
  api.pool.query("update user_imports set status = 'succeeded' where user_id = $1", [somebody.userId]);

test('a file is taken, its rows are shown as they stand, and a job is there for it', async () => {
  const answer = await send(csv);
  expect(answer.status).toBe(202);
  const { status, data } = await answer.json();
  expect(status).toBe('success');
  expect(StartedImport.strict().parse(data)).toMatchObject({ list: 'ratings', list_assumed: false });
  expect(answer.headers.get('location')).toBe(`/api/user/import/${data.import_id}`);
  expect(answer.headers.get('cache-control')).toBe('private, no-store');
  const job = await api.queues.queue('background').getJob(`import-${data.import_id}`);
  expect([job?.name, job?.data]).toEqual([
    'users.import',
    { importId: data.import_id, requestId: answer.headers.get('x-request-id') },
  ]);
  const shown = await report(data.import_id);
  ImportReport.strict().parse(shown.data);
  expect(shown.data).toEqual({
    id: data.import_id,
    source: 'letterboxd',
    list: 'ratings',
    list_assumed: false,
    status: 'queued',
    created_at: expect.any(String),
    finished_at: null,
    counts: { rows: 3, matched: 0, ambiguous: 0, not_found: 1, pending: 2, added: 0, unchanged: 0 },
    error: null,
    rows: [
      row(2, { title: 'Fight Club', year: 1999 }),
      row(3, { status: 'not_found', reason: 'The row has neither a title nor an id.' }),
      row(4, { title: 'Se7en', year: 1995 }),
    ],
  });
  expect(PageMeta.strict().parse(shown.meta)).toEqual({
    page: 1,
    limit: 20,
    total_results: 3,
    total_pages: 1,
  });
});

const row = (line: number, changes: object) => ({
  line,
  title: null,
  year: null,
  status: 'pending',
  tmdb_id: null,
  matched_by: null,
  reason: null,
  candidates: [],
  ...changes,
});

test('the rows come page by page, and by their status', async () => {
  const id = await startOne(`Name\n${'A\n'.repeat(25)}`);
  await api.pool.query(
    `update user_import_rows set status = 'matched', tmdb_id = line, matched_by = 'title' where import_id = $1 and line <= 4`,
    [id],
  );
  await api.pool.query('update user_imports set matched = 3 where id = $1', [id]);
  const lines = ({ data }: { data: { rows: { line: number }[] } }) => data.rows.map(({ line }) => line);
  const second = await report(id, 'limit=10&page=3');
  expect(lines(second)).toEqual([22, 23, 24, 25, 26]);
  const matched = await report(id, 'status=matched');
  expect(lines(matched)).toEqual([2, 3, 4]);
  expect(matched.meta).toMatchObject({ total_results: 3, total_pages: 1 });
  const beyond = await report(id, 'status=pending&page=500');
  expect([beyond.data.rows, beyond.meta.total_results]).toEqual([[], 22]);
});

test('which list it is was assumed, said, or told by the columns, and both answers say so', async () => {
  const plain = 'Date,Name,Year\n2024-02-11,Fight Club,1999\n';
  for (const [query, list, assumed] of [
    ['source=letterboxd', 'watched', true],
    ['source=letterboxd&list=watchlist', 'watchlist', false],
    ['source=letterboxd&list=likes', 'likes', false],
  ] as const) {
    const { data } = await (await send(plain, query)).json();
    expect(data).toMatchObject({ list, list_assumed: assumed });
    expect((await report(data.import_id)).data).toMatchObject({ list, list_assumed: assumed });
    await end();
  }
});

test('one’s imports are listed, newest first, and nobody else’s', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    ids.unshift(await startOne());
    await end();
  }
  const other = await openAccount(api);
  const list = async (query: string, { headers } = somebody) =>
    (await api.get(`/api/user/import?${query}`, headers)).json();
  const { data, meta } = await list('limit=2');
  for (const it of data) ImportSummary.strict().parse(it);
  expect(data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
  expect(meta).toEqual({ page: 1, limit: 2, total_results: 3, total_pages: 2 });
  expect(await list('', other)).toMatchObject({ data: [], meta: { total_results: 0 } });
});

describe('it refuses', () => {
  test('a visitor, before anything is read', async () => {
    const asVisitor = { authorization: '' };
    for (const answer of [
      await send('{', 'source=none', { ...asVisitor, 'content-type': 'application/json' }),
      await api.get('/api/user/import'),
      await api.get(`/api/user/import/${Bun.randomUUIDv7()}`),
      await api.get('/api/user/import/x?limit=0'),
    ]) {
      expect([answer.status, (await answer.json()).code]).toEqual([401, 'unauthenticated']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('to show somebody else’s import, an unknown one, and what is no id', async () => {
    const id = await startOne();
    const other = await openAccount(api);
    for (const path of [id, Bun.randomUUIDv7(), '1', 'x', '%00']) {
      const answer = await api.get(`/api/user/import/${path}`, other.headers);
      expect([path, answer.status, (await answer.json()).code]).toEqual([path, 404, 'not_found']);
    }
    expect((await api.get('/api/user/import/%ff', other.headers)).status).toBe(422);
    expect((await report(id)).status).toBe('success');
  });

  test.each([
    ['', 'source'],
    ['source=netflix', 'source'],
    ['source=imdb&source=imdb', 'source'],
    ['source=imdb&list=seen', 'list'],
  ])('the query %p', async (query, path) => {
    const answer = await send(csv, query);
    expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, path]);
  });

  test.each([
    ['status=lost', 'status'],
    ['limit=101', 'limit'],
    ['page=0', 'page'],
  ])('the page %p', async (query, path) => {
    const id = await startOne();
    const answer = await api.get(`/api/user/import/${id}?${query}`, somebody.headers);
    expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, path]);
  });

  test.each([
    ['another kind of body', '{}', 'application/json', 415, 'unsupported_media_type'],
    ['a form', csv, 'multipart/form-data; boundary=x', 415, 'unsupported_media_type'],
    ['more than 10 MiB', 'x'.repeat(10 * 1024 * 1024 + 1), 'text/csv', 413, 'body_too_large'],
    [
      'bytes that are no text',
      new Uint8Array([0x4e, 0xff, 0xfe]),
      'text/csv; charset=utf-8',
      400,
      'malformed_body',
    ],
    ['nothing', undefined, 'text/csv', 422, 'invalid_input'],
    ['an empty file', '', 'text/csv', 422, 'invalid_input'],
    ['a file of something else', 'Street,Town\nA,B', 'text/csv', 422, 'invalid_input'],
  ] as const)('%s', async (_, body, type, status, code) => {
    const answer = await send(body, 'source=letterboxd', { 'content-type': type });
    expect([answer.status, (await answer.json()).code]).toEqual([status, code]);
    expect((await api.get('/api/user/import', somebody.headers).then((it) => it.json())).data).toEqual([]);
  });

  test('a second import while one is under way, also of two at once, and not another user’s', async () => {
    const answers = await Promise.all([send(csv), send(csv), send(csv)]);
    const bodies = await Promise.all(answers.map(async (it) => [it.status, (await it.json()).code]));
    expect(bodies.sort()).toEqual([
      [202, undefined],
      [409, 'already_running'],
      [409, 'already_running'],
    ]);
    const [live] = (await api.pool.query('select id from user_imports where user_id = $1', [somebody.userId]))
      .rows;
    expect((await (await send(csv)).json()).details).toEqual([{ path: 'import_id', message: live.id }]);
    somebody = await openAccount(api);
    expect((await send(csv)).status).toBe(202);
  });

  test('the twenty-first of a day, and files that were no good do not count', async () => {
    for (let i = 0; i < 3; i++) expect((await send('x')).status).toBe(422);
    for (let i = 0; i < 20; i++) {
      expect((await send(csv)).status).toBe(202);
      expect((await send(csv)).status).toBe(409);
      await end();
    }
    const answer = await send(csv);
    expect([answer.status, (await answer.json()).code]).toEqual([429, 'too_many_requests']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

test('whose account is deleted while the file is read is not signed in any more', async () => {
  const large = `Name,Year\n${Array.from({ length: 20_000 }, (_, i) => `Film ${i},1999`).join('\n')}\n`;
  const answer = send(large);
  await api.pool.query('delete from users where id = $1', [somebody.userId]);
  expect([(await answer).status, (await (await answer).json()).code]).toEqual([401, 'unauthenticated']);
});

test('an import whose job was lost with its queue gets it back when somebody asks again', async () => {
  const id = await startOne();
  const queue = api.queues.queue('background');
  await (await queue.getJob(`import-${id}`))?.remove();
  expect((await send(csv)).status).toBe(409);
  expect(await queue.getJob(`import-${id}`)).toBeDefined();
});

test('while the queue is away nothing is begun, and nothing is left over', async () => {
  const queues = { ...api.queues, enqueue: () => Promise.reject(new Error('away')) };
  await using closed = await openTestApi({ queues });
  const account = await openAccount(closed);
  const answer = await closed.request('/api/user/import?source=letterboxd', {
    method: 'POST',
    body: csv,
    headers: { ...account.headers, 'content-type': 'text/csv' },
  });
  expect([answer.status, (await answer.json()).code]).toEqual([503, 'unavailable']);
  expect(answer.headers.get('retry-after')).toBe('5');
  for (const table of ['user_imports', 'user_import_rows'])
    expect((await closed.pool.query(`select 1 from ${table}`)).rows).toEqual([]);
});
