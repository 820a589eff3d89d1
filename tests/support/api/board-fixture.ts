import { createLog } from '#shared/log.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { openAccount, type TestAccount } from './account-fixture.ts';
import { openTestApi, type TestApi } from './api-fixture.ts';
import type { TestBody } from './test-response.ts';

export const backends = hasRedis ? (['postgres', 'redis'] as const) : (['postgres'] as const);

export type AskBoard = (
  method: string,
  path: string,
  sent?: unknown,
) => Promise<{ http: number; body: TestBody }>;

export interface TestBoard extends AsyncDisposable {
  api: TestApi;
  admin: TestAccount;
  queues: Queues;
  /** Asks the dashboard's API as its page does. */
  ask: AskBoard;
  /** The same dashboard over other queues. */
  askOf(queues: Queues): AskBoard;
}

/** The dashboard, over stores of its own. */
export async function openTestBoard(backend: (typeof backends)[number]): Promise<TestBoard> {
  await using stack = new AsyncDisposableStack();
  const api = stack.use(await openTestApi({ config: { rateLimit: false } }));
  const admin = await openAccount(api, { role: 'admin' });
  let { queues } = api;
  if (backend === 'redis') {
    const log = createLog({ level: 'silent', name: 'test' });
    const { url } = stack.use(await testRedis());
    queues = stack.use(await openQueues({ redisUrl: url, database: api.database, log, role: 'worker' }));
  }
  const askOf = (of: Queues) =>
    askBoard(api.anotherRequest({ queues: of, config: { rateLimit: false } }), admin);
  const owned = stack.move();
  return {
    api,
    admin,
    queues,
    ask: askOf(queues),
    askOf,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const askBoard =
  (request: TestApi['request'], admin: TestAccount): AskBoard =>
  async (method, path, sent) => {
    const answer = await request(`/admin/queues/api${path}`, {
      method,
      headers: { ...admin.console, ...(sent !== undefined && { 'content-type': 'application/json' }) },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    });
    const text = await answer.text();
    return { http: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };
