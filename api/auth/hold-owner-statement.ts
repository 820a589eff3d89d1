import { prepared, sql } from '#shared/db/sql.ts';

/**
 * Locks the user's row before a write of the user's data, as `lockUserStatement` does, for as long as the session that
 * writes is live. No row: it has ended since the request was let in, or the account is locked or gone.
 */
export const holdOwnerStatement = prepared<{ userId: string; sessionId: string }>(
  'api-hold-owner',
  ({ userId, sessionId }) => sql`
    select 1 from users u where u.id = ${userId} and u.locked_at is null
      and exists (select 1 from sessions s where s.id = ${sessionId} and s.user_id = u.id)
    for no key update of u`,
);
