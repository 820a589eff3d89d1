import { prepared, sql } from '#shared/db/sql.ts';

/**
 * Whoever writes what is a user's waits here for whoever else does: one at a time for each user, and in one order for
 * all. No row: the account is gone.
 */
export const lockUserStatement = prepared<{ userId: string }>(
  'api-lock-user',
  ({ userId }) => sql`select 1 from users where id = ${userId} for no key update`,
);
