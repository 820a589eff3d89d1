import { describe, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';

describe.skipIf(!hasRedis)('while the queue takes every command and answers none', () => {
  test('requests with keys are told so within seconds, however many come at once', async () => {
    await using redis = await testRedis();
    await using api = await openTestApi();
    const { database } = api;
    const log = createLog({ level: 'silent', name: 'test' });
    await using queues = await openQueues({ redisUrl: redis.url, database, log, role: 'producer' });
    const { headers } = await openAccount(api, { role: 'admin' });
    const from = api.anotherRequest({ queues });
    const ask = async (key: string) => {
      const began = performance.now();
      const answer = await from('/api/admin/sync/purge', {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': key },
      });
      return { http: answer.status, code: (await answer.json()).code, ms: performance.now() - began };
    };

    redis.hang();
    const keys = ['a', 'a', 'a', ...Array.from({ length: 8 }, (_, i) => `k-${i}`)];
    const answers = await Promise.all(keys.map(ask));
    for (const { http, code, ms } of answers) {
      expect([503, 409]).toContain(http);
      expect(['unavailable', 'already_running']).toContain(code);
      // One after the other they would take a minute.
      expect(ms).toBeLessThan(25_000);
    }
    expect(answers.some(({ http }) => http === 503)).toBe(true);
    redis.resume();
    await until(async () => (await ask('a')).http === 202);
  }, 120_000);
});
