import { expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { lastResort } from './last-resort.ts';

test('even what escapes all handling is answered in the envelope, and is never taken for another type', async () => {
  const answer = lastResort(createLog({ level: 'silent', name: 'test' }))(new Error('select secret'));
  expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([500, 'nosniff']);
  const body = (await answer.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ status: 'error', code: 'internal_error' });
  expect(body.request_id).toBe(answer.headers.get('x-request-id'));
  expect(JSON.stringify(body)).not.toContain('secret');
});
