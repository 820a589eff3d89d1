import { expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { keepSessionsPruned, pruneSessions } from './prune-sessions.ts';

test('sessions that have run out are deleted with their tokens, and no others', async () => {
  await using api = await openTestApi();
  const live = await openAccount(api);
  const over = await openAccount(api);
  await api.pool.query("update sessions set expires_at = now() - interval '1 minute' where id = $1", [
    over.sessionId,
  ]);
  await api.pool.query(
    "insert into refresh_tokens (token_hash, session_id, expires_at) values ('\\x01', $1, now())",
    [over.sessionId],
  );
  expect(await pruneSessions(api.pool, new Date())).toBe(1);
  const { rows } = await api.pool.query('select id from sessions');
  expect(rows).toEqual([{ id: live.sessionId }]);
  expect((await api.pool.query('select 1 from refresh_tokens')).rows).toEqual([]);
});

test('while the time is in doubt, none is deleted', async () => {
  await using api = await openTestApi();
  await openAccount(api);
  const { log, lines } = rememberingLog();
  let reason: string | undefined = 'The clock of PostgreSQL jumped.';
  const clock = { now: () => Date.now() + 400 * 86_400_000, doubt: () => reason };
  using _kept = keepSessionsPruned({ pool: api.pool, log, clock, everyMs: 20 });
  const count = async () => (await api.pool.query('select 1 from sessions')).rows.length;
  await until(() => lines.some((line) => line.includes('sessions were not pruned')));
  expect(await count()).toBe(1);
  reason = undefined;
  await until(async () => (await count()) === 0);
});

test('a session that a clock made that was ahead is none', async () => {
  await using api = await openTestApi();
  const { token, sessionId } = await openAccount(api);
  const profile = () => api.get('/api/user/profile', { authorization: `Bearer ${token}` });
  expect((await profile()).status).toBe(200);
  await api.pool.query("update sessions set created_at = now() + interval '200 days' where id = $1", [
    sessionId,
  ]);
  expect((await profile()).status).toBe(401);
});
