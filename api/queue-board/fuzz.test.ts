import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Worker } from 'bullmq';
import fc from 'fast-check';
import { callerErrorCodes } from '#shared/errors.ts';
import { backends, openTestBoard, type TestBoard } from '#tests/support/api/board-fixture.ts';
import { nonsense } from '#tests/support/arbitrary-of.ts';
import { describeBoard } from './board-routes.ts';

/** Every route of the dashboard, driven with what it is made for and with what it is not. */
const routes = describeBoard().api.flatMap(({ method, route }) =>
  [method].flat().flatMap((verb) => [route].flat().map((path) => [verb.toUpperCase(), path] as const)),
);

/** Others each time; what fails names its seed. */
const runs = 24;

/** As they stand in an address. */
const odd = fc.oneof(
  fc.constantFrom(
    '%ff',
    '%zz',
    '%',
    '%25',
    '%00',
    '%ed%a0%80',
    '..',
    '%2e%2e%2f',
    '*',
    '%7B%7D',
    '-1',
    '1e300',
  ),
  fc.constantFrom('meta', 'id', 'events', 'repeat', 'repeat:purge', 'wait', 'de', 'constructor', '__proto__'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map(encodeURIComponent),
  fc.constant('x'.repeat(3000)),
);
const mostly = (right: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: odd });

const queueName = fc.constantFrom('sync', 'on-demand', 'background');
const status = fc.constantFrom(
  'latest',
  'active',
  'waiting',
  'completed',
  'failed',
  'delayed',
  'prioritized',
  'paused',
);
const jobIds = ['waiting', 'put-off', 'first', 'done', 'broken', 'next-of-schedule'];
const parameters: Record<string, fc.Arbitrary<string>> = {
  queueName: fc.oneof({ weight: 4, arbitrary: fc.constant('sync') }, { weight: 1, arbitrary: queueName }),
  jobId: fc.constantFrom(...jobIds),
  queueStatus: status,
};
const number = fc.oneof(
  fc.integer({ min: -5, max: 400 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(2 ** 21, 2 ** 31, 2 ** 53, 9e18, 1e300, -0, 1.5, Date.now(), Date.now() + 1e6),
);
const queryValue = mostly(fc.oneof(queueName, status, number.map(String), fc.constant('node')));
const query = fc.array(
  fc.tuple(
    mostly(
      fc.constantFrom(
        'activeQueue',
        'status',
        'page',
        'jobsPerPage',
        'queueName',
        'root',
        'depth',
        'maxChildren',
      ),
    ),
    queryValue,
  ),
  { maxLength: 5 },
);
const body = fc.oneof(
  fc.record({ runAt: number, priority: number }, { requiredKeys: [] }),
  fc.record({ runAt: nonsense, priority: nonsense }, { requiredKeys: [] }),
  nonsense,
);

const askedOf = (path: string) =>
  fc.record({
    path: fc
      .tuple(
        ...path
          .split('/')
          .map((part) =>
            part.startsWith(':') ? mostly(parameters[part.slice(1)] ?? odd) : fc.constant(part),
          ),
      )
      .map((parts) => parts.join('/')),
    query: query.map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
    body,
  });

describe.each(backends)('with queues on %s', (backend) => {
  let board: TestBoard;
  let worker: Worker;
  beforeAll(async () => {
    board = await openTestBoard(backend);
    worker = board.queues.worker('sync', async () => {}, {});
  });
  afterAll(async () => {
    await worker.close();
    await board[Symbol.asyncDispose]();
  });

  /** A job of every kind, also where a request took one away. */
  async function fill(): Promise<string> {
    const queue = board.queues.queue('sync');
    const keep = { removeOnComplete: false, removeOnFail: false };
    await queue.upsertJobScheduler('purge', { pattern: '0 0 * * *', tz: 'UTC' }, { name: 'purge' });
    for (const jobId of ['done', 'broken']) await queue.add('genres', {}, { jobId, lifo: true, ...keep });
    await queue.add('genres', {}, { jobId: 'waiting', ...keep });
    await queue.add('genres', {}, { jobId: 'first', priority: 3, ...keep });
    await queue.add('genres', {}, { jobId: 'put-off', delay: 600_000, ...keep });
    return `repeat:purge:${(await queue.getJobSchedulers())[0]?.next}`;
  }

  /** Works off what is at the head: what is to be over. */
  async function workOff(): Promise<void> {
    await board.queues.queue('sync').resume();
    for (const state of ['done', 'broken']) {
      const job = await worker.getNextJob('token', { block: false });
      if (job && state === 'done') await job.moveToCompleted({}, 'token', false);
      else await job?.moveToFailed(new Error('broken'), 'token', false);
    }
  }

  test.each(routes)(
    '%s %s: whatever comes, never a 5xx, and refusals in the envelope',
    async (method, path) => {
      const armed = await fill();
      await workOff();
      const property = fc.asyncProperty(askedOf(path), async (asked) => {
        // Who only reads takes nothing away.
        if (method !== 'GET') await fill();
        const address = `${asked.path.replace('next-of-schedule', armed)}?${asked.query}`.replace('/api', '');
        const sent = method === 'GET' ? undefined : asked.body;
        const { http, body } = await board.ask(method, address, sent);
        const told = `${method} ${address.slice(0, 200)} ${JSON.stringify(sent)?.slice(0, 200)} → ${http}`;
        if (http >= 500)
          throw new Error(`${told} ${board.api.logged.findLast((line) => line.includes('request failed'))}`);
        if (http < 400) return;
        expect([told, callerErrorCodes.includes(body.code)]).toEqual([told, true]);
        expect(body).toMatchObject({ status: 'error', message: expect.any(String) });
      });
      await fc.assert(property, { numRuns: runs });
    },
  );
});
