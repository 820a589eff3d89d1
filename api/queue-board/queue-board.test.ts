import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Queues } from '#shared/queues/queue.ts';
import { type AskBoard, backends, openTestBoard, type TestBoard } from '#tests/support/api/board-fixture.ts';
import { until } from '#tests/support/until.ts';

describe('the dashboard’s page', () => {
  test('its page loads nothing from elsewhere, and all that it loads is there', async () => {
    await using board = await openTestBoard('postgres');
    const { api, admin } = board;
    const answer = await api.get('/admin/queues', admin.console);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const text = await answer.text();
    expect(text).not.toContain('https://');
    const linked = [...text.matchAll(/(?:src|href)="\/admin\/queues\/(static[^"]+)"/g)].map(
      ([, path]) => path,
    );
    expect(linked.length).toBeGreaterThan(4);
    for (const path of linked) {
      const file = await api.get(`/admin/queues/${path}`, admin.console);
      expect(file.status).toBe(200);
      // What is text says in which characters.
      const type = file.headers.get('content-type') ?? '';
      expect([path, type]).toEqual([path, expect.stringMatching(/^image\/(?!svg)|;\s*charset=utf-8$/)]);
    }
    for (const path of ['..%2f..%2fpackage.json', '../index.ejs', 'js/', 'constructor'])
      expect((await api.get(`/admin/queues/static/${path}`, admin.console)).status).toBe(404);
  });
});

describe.each(backends)('the dashboard, with queues on %s', (backend) => {
  let board: TestBoard;
  let queues: Queues;
  let ask: AskBoard;
  beforeAll(async () => {
    board = await openTestBoard(backend);
    ({ queues, ask } = board);
  });
  afterAll(() => board[Symbol.asyncDispose]());
  const statesOf = async () => {
    const { body } = await ask('GET', '/queues?activeQueue=sync&status=latest&page=1&jobsPerPage=50');
    return body.queues.find(({ name }: { name: string }) => name === 'sync').counts;
  };

  test('shows every queue, what is in it, when schedules come and what it is kept in', async () => {
    const id = await queues.enqueue('genres', { trigger: 'admin' });
    await queues
      .queue('sync')
      .upsertJobScheduler('purge', { pattern: '0 0 * * *', tz: 'UTC' }, { name: 'purge' });
    const { body } = await ask('GET', '/queues?activeQueue=sync&status=latest&page=1&jobsPerPage=10');
    expect(body.queues.map(({ name }: { name: string }) => name)).toEqual([
      'sync',
      'on-demand',
      'background',
      'imports',
    ]);
    expect(body.queues[0].jobs).toContainEqual(expect.objectContaining({ id, name: 'genres' }));
    expect((await ask('GET', `/queues/sync/${id}`)).body.job).toMatchObject({
      id,
      data: { trigger: 'admin' },
    });
    expect((await ask('GET', `/queues/sync/${id}/logs`)).body).toEqual([]);
    expect((await ask('GET', '/job-schedulers')).body.schedulers).toEqual([
      expect.objectContaining({ id: 'purge', pattern: '0 0 * * *', tz: 'UTC' }),
    ]);
    expect((await ask('GET', '/redis/stats')).body.backend).toBe(backend);
    for (const path of ['/queues/sync/metrics', '/queues/sync/workers'])
      expect((await ask('GET', path)).http).toBe(200);
  });

  test('pauses and resumes a queue', async () => {
    expect((await ask('PUT', '/queues/background/pause')).http).toBe(200);
    expect(await queues.queue('background').isPaused()).toBe(true);
    expect((await ask('PUT', '/queues/background/resume')).http).toBe(200);
    expect(await queues.queue('background').isPaused()).toBe(false);
  });

  test('takes a job away, and lets one that is delayed come now', async () => {
    const [waiting, delayed] = await Promise.all([
      queues.enqueue('details', { trigger: 'admin' }),
      queues.enqueue('trending', { trigger: 'admin' }, { delayMs: 600_000 }),
    ]);
    const before = await statesOf();
    expect(await ask('PUT', `/queues/sync/${waiting}/clean`)).toEqual({ http: 204, body: undefined });
    expect((await ask('PUT', `/queues/sync/${delayed}/promote`)).http).toBe(204);
    expect(await statesOf()).toMatchObject({ waiting: before.waiting, delayed: before.delayed - 1 });
    expect(await ask('PUT', `/queues/sync/${delayed}/promote`)).toMatchObject({
      http: 404,
      body: { status: 'error', code: 'not_found' },
    });
  });

  test('has a line in the security log for what is done, and none for what is looked at or refused', async () => {
    const id = await queues.enqueue('genres', { trigger: 'admin' });
    expect((await ask('GET', `/queues/sync/${id}`)).http).toBe(200);
    expect((await ask('PUT', `/queues/sync/${id}/retry`)).http).toBe(422);
    expect((await ask('PUT', `/queues/sync/${id}/clean`)).http).toBe(204);
    const linesOf = async () =>
      (
        await board.api.pool.query(
          'select event, outcome, user_id, detail from security_events where position($1 in detail) > 0',
          [`sync/${id}`],
        )
      ).rows;
    await until(async () => (await linesOf()).length > 0);
    expect(await linesOf()).toEqual([
      {
        event: 'queue_action',
        outcome: 'done',
        user_id: board.admin.userId,
        detail: `PUT queues/sync/${id}/clean`,
      },
    ]);
  });

  test('makes and wipes nothing', async () => {
    for (const path of ['obliterate', 'empty', 'concurrency'])
      expect((await ask('PUT', `/queues/sync/${path}`)).http).toBeOneOf([404, 405]);
    expect((await ask('POST', '/queues/sync/add', { name: 'x', data: {} })).http).toBeOneOf([404, 405]);
  });

  test('refuses in the envelope, with what its page shows of it beside', async () => {
    const envelope = { status: 'error', message: expect.any(String), request_id: expect.any(String) };
    for (const path of ['/queues/sync/none', '/queues/none/1', '/queues/sync/a%00b'])
      expect(await ask('GET', path)).toMatchObject({ http: 404, body: { ...envelope, code: 'not_found' } });
    const id = await queues.enqueue('genres', { trigger: 'admin' });
    expect(await ask('PUT', `/queues/sync/${id}/retry`)).toMatchObject({
      http: 422,
      body: { ...envelope, code: 'invalid_input', error: { key: 'ERRORS.JOB_NOT_RETRIABLE' } },
    });
    expect((await ask('PATCH', `/queues/sync/${id}/priority`, { priority: -4 })).http).toBe(422);
    expect((await ask('GET', '/queues?page=x')).http).toBe(422);
  });
});
