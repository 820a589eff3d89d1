import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { serve } from '#api/serve.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { PageMeta } from '../http/answers/model.ts';
import { memoryLimit } from '../http/throttles/memory-limit.ts';
import { createImportThrottle } from './import-limit.ts';
import { ImportReport, ImportRow, ImportSummary, StartedImport } from './model.ts';

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

test('of one user 200,000 rows are kept: the oldest imports make room for a new one', async () => {
  const put = (days: number, status: string) =>
    api.pool.query(
      `insert into user_imports (id, user_id, source, list, list_assumed, status, rows, created_at)
        values ($1, $2, 'letterboxd', 'ratings', false, $3, 50000, now() - $4 * interval '1 day') returning id`,
      [crypto.randomUUID(), somebody.userId, status, days],
    );
  for (let days = 1; days <= 6; days++) await put(days, days % 2 === 0 ? 'failed' : 'succeeded');
  const other = await openAccount(api);
  await api.pool.query(
    'update user_imports set user_id = $1 where user_id = $2 and created_at < now() - $3::interval',
    [other.userId, somebody.userId, '5 days 12 hours'],
  );
  await startOne();
  const { rows } = await api.pool.query(
    `select user_id = $1 as own, count(*)::int, sum(rows)::int as rows from user_imports where user_id in ($1, $2)
      group by 1 order by 1`,
    [somebody.userId, other.userId],
  );
  expect(rows).toEqual([
    { own: false, count: 1, rows: 50_000 },
    { own: true, count: 4, rows: 150_003 },
  ]);
});

test('of one address a million rows a day are taken, over all its users', async () => {
  const throttle = createImportThrottle(memoryLimit);
  const take = (userId: string, address: string) => throttle.take({ userId, address }, 50_000);
  for (let i = 0; i < 20; i++) await take(`user-${i}`, '10.0.0.1');
  expect(take('user-20', '10.0.0.1')).rejects.toMatchObject({ code: 'too_many_requests' });
  // What was refused for the address does not count for the user.
  for (let i = 0; i < 20; i++) await take('user-20', `10.0.1.${i}`);
});

test('who sends many files at once keeps nobody out who sends one from elsewhere', async () => {
  await using proxied = await openTestApi({ config: { rateLimit: false, trustProxy: ['127.0.0.1'] } });
  await using server = serve(proxied.app, { host: '127.0.0.1', port: 0, graceMs: 500 });
  const [many, other] = [await openAccount(proxied), await openAccount(proxied)];
  const sendFrom = async (address: string, account: TestAccount, body: string) => {
    const answer = await fetch(`${server.url}/api/user/import?source=letterboxd`, {
      method: 'POST',
      body,
      headers: { ...account.headers, 'content-type': 'text/csv', 'x-forwarded-for': address },
    });
    await answer.text();
    return answer.status;
  };
  // Read to their ends, and refused only there: nothing of them is written.
  const tooLong = `Name,Year\n${'Film,1999\n'.repeat(50_020)}`;
  const sent = Promise.all(Array.from({ length: 9 }, () => sendFrom('192.0.2.1', many, tooLong)));
  let isOver = false;
  const ended = sent.finally(() => {
    isOver = true;
  });
  const others = [];
  while (!isOver) others.push(await sendFrom('198.51.100.1', other, 'Nothing\n'));
  expect(new Set(others)).toEqual(new Set([422]));
  expect(new Set(await ended)).toEqual(new Set([422, 503]));
});

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
    for (const path of [id, Bun.randomUUIDv7(), '1', 'x']) {
      const answer = await api.get(`/api/user/import/${path}`, other.headers);
      expect([path, answer.status, (await answer.json()).code]).toEqual([path, 404, 'not_found']);
    }
    // What no text may hold.
    for (const path of ['%00', 'x%00', '%ff'])
      expect([path, (await api.get(`/api/user/import/${path}`, other.headers)).status]).toEqual([path, 422]);
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

  test('more than 300 of a day from one address, whoever sends them', async () => {
    await api.pool.query(
      `insert into rate_limits (key, points, expire) values ('nexus-address-import-files:address:', 299, $1)
        on conflict (key) do update set points = excluded.points`,
      [Date.now() + 3_600_000],
    );
    expect((await send('x')).status).toBe(422);
    somebody = await openAccount(api);
    const answer = await send(csv);
    expect([answer.status, (await answer.json()).code]).toEqual([429, 'too_many_requests']);
    await api.pool.query("delete from rate_limits where key like 'nexus-address-import-files%'");
  });
});

test('a file of more rows than are written at once is whole, in its order', async () => {
  const id = await startOne(
    `Name,Year\n${Array.from({ length: 5001 }, (_, i) => `Film ${i},1999`).join('\n')}\n`,
  );
  const { rows } = await api.pool.query(
    `select count(*)::int as count, count(distinct line)::int as lines, max(line) as last,
      bool_and(title = 'Film ' || (line - 2)) as same from user_import_rows where import_id = $1`,
    [id],
  );
  expect(rows).toEqual([{ count: 5001, lines: 5001, last: 5002, same: true }]);
  expect((await report(id)).data.counts).toMatchObject({ rows: 5001, pending: 5001 });
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

describe('the characters of a file', () => {
  const latin1 = async () =>
    new Uint8Array(
      await Bun.file(join(import.meta.dir, '../../tests/field/i13-imdb-latin-1.csv')).arrayBuffer(),
    );
  const titleOf = async (answer: Awaited<ReturnType<typeof send>>) =>
    (await report((await answer.json()).data.import_id)).data.rows[0].title;

  test.each([
    'text/csv; charset=iso-8859-1',
    'text/csv;charset="windows-1252"',
    'text/csv; header=present; Charset=latin1',
  ])('are those of %s', async (type) => {
    expect(await titleOf(await send(await latin1(), 'source=imdb', { 'content-type': type }))).toBe('Amélie');
  });

  test('that are no UTF-8 and not declared are refused, with what to do', async () => {
    const answer = await send(await latin1(), 'source=imdb');
    const { code, message } = await answer.json();
    expect([answer.status, code]).toEqual([400, 'malformed_body']);
    expect(message).toContain('CSV UTF-8');
  });

  test('that nobody knows are refused', async () => {
    const answer = await send(csv, 'source=letterboxd', { 'content-type': 'text/csv; charset=klingon' });
    expect([answer.status, (await answer.json()).code]).toEqual([415, 'unsupported_media_type']);
  });

  test('may be UTF-16, which says so itself, and the file may be of tabs', async () => {
    const text = '\ufeffName\tYear\r\nAmélie\t2001\r\n';
    const bytes = new Uint8Array(new Uint16Array([...text].map((letter) => letter.charCodeAt(0))).buffer);
    expect(
      await titleOf(await send(bytes, 'source=letterboxd', { 'content-type': 'text/tab-separated-values' })),
    ).toBe('Amélie');
  });
});

describe('a row can be settled by its user', () => {
  const rows = 'Name,Year,Rating,Date\nTwin,1990,5,2024-05-06\nTwin,1990,1,2024-05-07\nOther,1991,,\n';
  const settle = (id: string, line: number | string, body: unknown, account = somebody) =>
    api.request(`/api/user/import/${id}/rows/${line}`, {
      method: 'POST',
      headers: { ...account.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  /** As the worker leaves it. */
  const ended = async () => {
    const id = await startOne(rows);
    await api.pool.query(
      "update user_import_rows set status = case when line = 4 then 'not_found' else 'ambiguous' end, reason = 'Why' where import_id = $1",
      [id],
    );
    await api.pool.query(
      "update user_imports set status = 'succeeded', ambiguous = 2, not_found = 1 where id = $1",
      [id],
    );
    return id;
  };
  const said = async () =>
    (
      await api.pool.query(
        `select interaction_type || ' ' || tmdb_id || ' ' || to_char(i.created_at at time zone 'UTC', 'MM-DD') as it
         from user_movie_interactions i join movies m on m.id = i.movie_id where user_id = $1 order by 1`,
        [somebody.userId],
      )
    ).rows.map(({ it }) => it);

  test('with a movie: it and all rows that say the same mean what they would have meant', async () => {
    const id = await ended();
    const answer = await settle(id, 2, { tmdb_id: 777 });
    const { data } = await answer.json();
    expect(answer.status).toBe(200);
    expect(ImportRow.strict().parse(data)).toMatchObject({
      line: 2,
      status: 'matched',
      tmdb_id: 777,
      matched_by: 'user',
      reason: null,
      candidates: [],
    });
    const shown = (await report(id)).data;
    ImportReport.strict().parse(shown);
    expect(shown.rows.map((row: { status: string }) => row.status)).toEqual([
      'matched',
      'matched',
      'not_found',
    ]);
    expect(shown.counts).toEqual({
      rows: 3,
      matched: 2,
      ambiguous: 0,
      not_found: 1,
      pending: 0,
      added: 2,
      unchanged: 2,
    });
    expect(await said()).toEqual(['disliked 777 05-07', 'watched 777 05-06']);
    const { rows: rated } = await api.pool.query(
      'select rating::float8 from user_movie_ratings where user_id = $1',
      [somebody.userId],
    );
    expect(rated).toEqual([{ rating: 1 }]);
    // Again is no error, and counts nothing.
    expect((await settle(id, 3, { tmdb_id: 777 })).status).toBe(200);
    expect((await report(id)).data.counts).toEqual(shown.counts);
  });

  test('by leaving it out, and by changing one’s mind afterwards', async () => {
    const id = await ended();
    expect((await (await settle(id, 4, { skip: true })).json()).data).toMatchObject({
      line: 4,
      status: 'skipped',
    });
    expect((await report(id)).data.counts).toMatchObject({ not_found: 0, skipped: 1, pending: 0 });
    expect((await report(id, 'status=skipped')).meta.total_results).toBe(1);
    expect((await settle(id, 4, { skip: true })).status).toBe(200);
    expect((await report(id)).data.counts).toMatchObject({ not_found: 0, skipped: 1, pending: 0 });
    expect((await settle(id, 4, { tmdb_id: 778 })).status).toBe(200);
    const { counts } = (await report(id)).data;
    expect([counts.matched, counts.skipped]).toEqual([1, undefined]);
    expect(await said()).toHaveLength(1);
  });

  test('again, and nothing of all the rows that say the same is written again', async () => {
    const writtenBy = async (id: string) => {
      const { rows: written } = await api.pool.query(
        'select line, xmin::text as by from user_import_rows where import_id = $1 order by line',
        [id],
      );
      return written;
    };
    const id = await startOne(rows);
    for (const body of [{ skip: true }, { tmdb_id: 777 }]) {
      expect((await settle(id, 2, body)).status).toBe(200);
      const before = await writtenBy(id);
      for (const line of [2, 3]) expect((await settle(id, line, body)).status).toBe(200);
      expect(await writtenBy(id)).toEqual(before);
    }
  });

  test('while it is pending, and then the worker leaves it alone', async () => {
    const id = await startOne(rows);
    expect((await settle(id, 2, { skip: true })).status).toBe(200);
    expect((await report(id)).data.counts).toMatchObject({ skipped: 2, pending: 1 });
  });

  test.each([
    ['nothing', {}, 'tmdb_id'],
    ['both', { tmdb_id: 1, skip: true }, 'tmdb_id'],
    ['skip: false', { skip: false }, 'skip'],
    ['an id that is none', { tmdb_id: 0 }, 'tmdb_id'],
    ['an unknown field', { movie: 1 }, 'body'],
  ])('but not with %s', async (_, body, path) => {
    const answer = await settle(await ended(), 2, body);
    const { code, details } = await answer.json();
    expect([answer.status, code, details[0].path]).toEqual([422, 'invalid_input', path]);
  });

  test('but not twice with different movies, not another one’s, and none that is not there', async () => {
    const id = await ended();
    const other = await openAccount(api);
    for (const answer of [
      await settle(id, 2, { tmdb_id: 1 }, other),
      await settle(id, 99, { tmdb_id: 1 }),
      await settle(Bun.randomUUIDv7(), 2, { tmdb_id: 1 }),
      await settle('x', 2, { tmdb_id: 1 }),
    ])
      expect([answer.status, (await answer.json()).code]).toEqual([404, 'not_found']);
    for (const line of ['0', 'x', '-1', '1e9', '99999999999'])
      expect([line, (await settle(id, line, { tmdb_id: 1 })).status]).toEqual([line, 422]);
    expect((await settle(id, 2, { tmdb_id: 777 })).status).toBe(200);
    for (const body of [{ tmdb_id: 778 }, { skip: true }]) {
      const answer = await settle(id, 2, body);
      expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, 'line']);
    }
    expect((await api.request(`/api/user/import/${id}/rows/2`, { method: 'POST', body: '{' })).status).toBe(
      401,
    );
  });
});

test('an import can be deleted at any time, by its user alone, and another one begun', async () => {
  const remove = (id: string, { headers } = somebody) =>
    api.request(`/api/user/import/${id}`, { method: 'DELETE', headers });
  const id = await startOne();
  const other = await openAccount(api);
  expect((await remove(id, other)).status).toBe(404);
  const answer = await remove(id);
  expect([answer.status, await answer.text()]).toEqual([204, '']);
  for (const gone of [
    await remove(id),
    await remove('x'),
    await api.get(`/api/user/import/${id}`, somebody.headers),
  ])
    expect([gone.status, (await gone.json()).code]).toEqual([404, 'not_found']);
  expect((await api.pool.query('select 1 from user_import_rows where import_id = $1', [id])).rows).toEqual(
    [],
  );
  expect((await send(csv)).status).toBe(202);
  expect((await api.request(`/api/user/import/${id}`, { method: 'DELETE' })).status).toBe(401);
});
