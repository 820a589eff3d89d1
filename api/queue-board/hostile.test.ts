import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { callerErrorCodes } from '#shared/errors.ts';
import { type AskBoard, backends, openTestBoard, type TestBoard } from '#tests/support/api/board-fixture.ts';

const yearMs = 365 * 86_400_000;

/** What an administrator who means harm, or whose hand slips, would ask of the dashboard. */
describe.each(backends)('the dashboard, with queues on %s', (backend) => {
  let board: TestBoard;
  let ask: AskBoard;
  beforeAll(async () => {
    board = await openTestBoard(backend);
    ({ ask } = board);
    await board.queues
      .queue('sync')
      .upsertJobScheduler('purge', { pattern: '0 0 * * *', tz: 'UTC' }, { name: 'purge' });
  });
  afterAll(() => board[Symbol.asyncDispose]());

  const sync = () => board.queues.queue('sync');
  const schedules = async () => (await sync().getJobSchedulers()).map(({ key, next }) => ({ key, next }));
  /** The job that the schedule waits with. */
  const armedId = async () => `repeat:purge:${(await schedules())[0]?.next}`;
  const refused = (http: number, code: string) => ({
    http,
    body: {
      status: 'error',
      message: expect.stringMatching(/^[A-Z].*\.$/),
      code,
      request_id: expect.any(String),
      error: expect.anything(),
    },
  });
  const notFound = refused(404, 'not_found');
  const invalid = refused(422, 'invalid_input');

  test('takes for a job only what is one, and nothing else of a queue’s', async () => {
    const before = await schedules();
    await sync().pause();
    for (const name of [
      'repeat:purge',
      'meta',
      'events',
      'id',
      'repeat',
      'delayed',
      'wait',
      'metrics:failed',
    ]) {
      const job = `/queues/sync/${name}`;
      expect([name, await ask('GET', job)]).toEqual([name, notFound]);
      for (const path of ['logs', 'flow']) expect((await ask('GET', `${job}/${path}`)).http).toBe(404);
      for (const path of ['clean', 'retry', 'promote', 'remove-unprocessed-children'])
        expect([name, path, (await ask('PUT', `${job}/${path}`)).http]).toEqual([name, path, 404]);
      expect((await ask('PATCH', `${job}/priority`, { priority: 1 })).http).toBe(404);
      expect((await ask('PATCH', `${job}/delay`, { runAt: Date.now() })).http).toBe(404);
    }
    expect(await schedules()).toEqual(before);
    expect(await sync().isPaused()).toBe(true);
    await sync().resume();
    expect((await ask('GET', `/queues/sync/${await armedId()}`)).body.job.name).toBe('purge');
  });

  test('clears away only what is over', async () => {
    const waiting = await board.queues.enqueue('preferences.discover', { userId: Bun.randomUUIDv7() });
    for (const status of ['waiting', 'wait', 'delayed', 'active', 'prioritized', 'paused', 'meta', 'x'])
      expect([status, await ask('PUT', `/queues/background/clean/${status}`)]).toEqual([status, invalid]);
    expect(await board.queues.queue('background').getJob(waiting)).toBeDefined();
    for (const status of ['completed', 'failed'])
      expect((await ask('PUT', `/queues/background/clean/${status}`)).http).toBe(200);
  });

  test('leaves an import its job: its user would wait for it in vain', async () => {
    const importId = Bun.randomUUIDv7();
    const jobId = await board.queues.enqueue('users.import', { importId }, { jobId: `import-${importId}` });
    const job = `/queues/background/${jobId}`;
    expect(await ask('PUT', `${job}/clean`)).toEqual(invalid);
    expect(await ask('PATCH', `${job}/delay`, { runAt: Date.now() + 86_400_000 })).toEqual(invalid);
    expect(await board.queues.queue('background').getJob(jobId)).toBeDefined();
  });

  test('refuses with a sentence, a code of ours, and what its page shows of it', async () => {
    const id = await board.queues.enqueue('genres', { trigger: 'admin' });
    const refusals = [
      await ask('GET', '/queues?status=bogus'),
      await ask('PATCH', `/queues/sync/${id}/priority`, { priority: -1 }),
      await ask('PUT', `/queues/sync/${await armedId()}/clean`),
      await ask('PUT', '/queues/sync/retry/waiting'),
      await ask('PUT', `/queues/sync/${id}/promote`),
      await ask('PUT', '/queues/none/pause'),
    ];
    for (const { http, body } of refusals) {
      expect([404, 422]).toContain(http);
      expect(Object.keys(body).sort()).toEqual(['code', 'error', 'message', 'request_id', 'status']);
      expect(body.message).toMatch(/^[A-Z].*\.$/);
      expect(callerErrorCodes).toContain(body.code);
    }
  });

  test('refuses a job that is being worked on with a sentence', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const worker = board.queues.worker(
      'on-demand',
      () => {
        begin();
        return ended;
      },
      {},
    );
    const running = worker.run();
    const id = await board.queues.enqueue('movies.fetch', { tmdbId: 550, requestedAt: 1 });
    await begun;
    expect(await ask('PUT', `/queues/on-demand/${id}/clean`)).toEqual(invalid);
    end();
    await worker.close();
    await running;
  });

  test.each([
    ['GET', '/queues?activeQueue=%25', 404],
    ['GET', '/queues?activeQueue=none', 404],
    ['GET', '/queues?activeQueue=sync&activeQueue=sync', 422],
    ['GET', '/queues?status=%00', 422],
    ['GET', '/queues?status=failed&status=%ff', 422],
    ['GET', '/job-schedulers?queueName=%25', 404],
    ['GET', '/job-schedulers?queueName=%ff', 404],
    ['GET', '/queues?activeQueue=sync&status=failed&page=1e300', 422],
    ['GET', '/queues?activeQueue=sync&status=failed&page=1e18', 422],
    ['GET', '/queues?activeQueue=sync&status=failed&page=9007199254740993', 422],
    ['GET', '/queues/sync/%ff', 404],
    ['GET', '/queues/sync/%zz', 404],
    ['GET', '/queues/sync/constructor', 404],
    ['GET', '/queues/__proto__/metrics', 404],
    ['PUT', '/queues/%ff/pause', 404],
    ['PUT', '/queues/sync/retry/%ff', 404],
  ])('%s %s is answered with %d', async (method, path, http) => {
    const expected = http === 404 ? notFound : invalid;
    expect(await ask(method, path)).toEqual(expected);
  });

  test('puts no job off to a time that is none, or too far', async () => {
    const id = await board.queues.enqueue('trending', { trigger: 'admin' }, { delayMs: 600_000 });
    const delay = (runAt: unknown) => ask('PATCH', `/queues/sync/${id}/delay`, { runAt });
    for (const runAt of [1e300, 4e15, Date.now() + 0.5, Date.now() + yearMs + 60_000, 'soon', null])
      expect([runAt, await delay(runAt)]).toEqual([runAt, invalid]);
    expect((await delay(Date.now() + 60_000)).http).toBe(200);
    expect((await delay(0)).http).toBe(200);
  });

  test('changes neither the time nor the turn of a schedule’s job', async () => {
    const job = `/queues/sync/${await armedId()}`;
    expect(await ask('PATCH', `${job}/delay`, { runAt: Date.now() + 86_400_000 })).toEqual(invalid);
    expect(await ask('PATCH', `${job}/priority`, { priority: 5 })).toEqual(invalid);
    expect((await ask('GET', job)).body.status).toBe('delayed');
  });
});
