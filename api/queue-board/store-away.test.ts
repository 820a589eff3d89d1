import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { openTestBoard, type TestBoard } from '#tests/support/api/board-fixture.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { freePort, hasRedis, testRedis } from '#tests/support/redis.ts';
import { tookMs } from '#tests/support/took-ms.ts';
import { until } from '#tests/support/until.ts';

const log = createLog({ level: 'silent', name: 'test' });
let board: TestBoard;
beforeAll(async () => {
  board = await openTestBoard('postgres');
});
afterAll(() => board[Symbol.asyncDispose]());

const asked = [
  ['GET', '/queues'],
  ['GET', '/queues/sync/1'],
  ['GET', '/redis/stats'],
  ['GET', '/job-schedulers'],
  ['PUT', '/queues/background/pause'],
  ['PUT', '/queues/pause'],
] as const;

/** Everything at once: none may wait for another. */
async function expectUnavailable(queues: Queues): Promise<void> {
  const ask = board.askOf(queues);
  const askAll = async () => {
    const answers = await Promise.all(asked.map(([method, path]) => ask(method, path)));
    for (const { http, body } of answers) {
      expect([http, body.code]).toEqual([503, 'unavailable']);
      expect(body).toMatchObject({ status: 'error', message: expect.any(String), error: expect.any(String) });
    }
  };
  expect(await leastOf(() => tookMs(askAll), { enough: 6000, rounds: 5 })).toBeLessThan(6000);
}

describe.skipIf(!hasRedis).each(['producer', 'worker'] as const)('as a %s of Redis', (role) => {
  const open = (url: string) => openQueues({ redisUrl: url, database: board.api.database, log, role });

  test('that hangs, the dashboard is unavailable in seconds, and nothing asked for happens later', async () => {
    await using redis = await testRedis();
    await using queues = await open(redis.url);
    redis.hang();
    await expectUnavailable(queues);
    redis.resume();
    await until(() => queues.ping().then(() => true));
    await Bun.sleep(300);
    expect(await queues.queue('background').isPaused()).toBe(false);
    expect((await board.askOf(queues)('PUT', '/queues/background/pause')).http).toBe(200);
  });

  test('that is down, the dashboard is unavailable in seconds, and nothing asked for happens later', async () => {
    const redis = await testRedis();
    await using queues = await open(redis.url);
    await redis[Symbol.asyncDispose]();
    await expectUnavailable(queues);
    await using _back = await testRedis(Number(new URL(redis.url).port));
    await until(() =>
      queues.ping().then(
        () => true,
        () => false,
      ),
    );
    await Bun.sleep(300);
    expect(await queues.queue('background').isPaused()).toBe(false);
  });
});

test('as a producer of a PostgreSQL that is away, the dashboard is unavailable', async () => {
  const { database } = board.api;
  const clientConfig = { ...database.clientConfig, host: '127.0.0.1', port: await freePort() };
  const elsewhere = { ...database, clientConfig };
  await using queues = await openQueues({ redisUrl: undefined, database: elsewhere, log, role: 'producer' });
  await expectUnavailable(queues);
});
