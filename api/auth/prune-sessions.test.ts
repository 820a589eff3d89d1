import { expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { pruneSessions } from './prune-sessions.ts';

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
