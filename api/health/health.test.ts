import { expect, test } from 'bun:test';
import pg from 'pg';
import { createLog } from '#shared/log.ts';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { createHealthService } from './service.ts';

test('a process that runs is live, and ready when its stores answer', async () => {
  await using api = await openTestApi();
  expect((await api.get('/health/live')).status).toBe(200);
  const answer = await api.get('/health/ready');
  expect(await answer.json()).toEqual({ status: 'success', data: { postgres: 'up', queue: 'up' } });
});

test('it is not ready, but live, when the queue is away', async () => {
  await using api = await openTestApi();
  const get = api.another({
    queues: { ...api.queues, queue: api.queues.queue, ping: () => Promise.reject(new Error('away')) },
  });
  const answer = await get('/health/ready');
  expect([answer.status, (await answer.json()).code]).toEqual([503, 'unavailable']);
  expect(answer.headers.get('retry-after')).toBeString();
  expect((await get('/health/live')).status).toBe(200);
});

test('a store that does not answer is not waited for', async () => {
  const log = createLog({ level: 'silent', name: 'test' });
  const pool = new pg.Pool({ host: '127.0.0.1', port: 1 });
  const health = createHealthService({ pool, queues: { ping: () => new Promise(() => {}) }, log });
  expect(await health.readiness()).toEqual({ postgres: 'down', queue: 'down' });
});
