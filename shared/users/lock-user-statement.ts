import { prepared, sql } from '#shared/db/sql.ts';

/**
 * Locks the user's row before a write of the user's data, so that a user's writes happen one at a time and
 * all writers lock in the same order. No row: the account is gone.
 */
export const lockUserStatement = prepared<{ userId: string }>(
  'api-lock-user',
  ({ userId }) => sql`select 1 from users where id = ${userId} for no key update`,
);
