import { prepared, sql } from '#shared/db/sql.ts';
import { storeReason } from '#shared/users/import-reason.ts';
import type { Query } from '../store/in-transaction.ts';

const endStatement = prepared<{ userId: string; now: Date; reason: string }>(
  'api-end-imports',
  ({ userId, now, reason }) => sql`
    update user_imports set status = 'failed', finished_at = ${now}, error = ${reason}
    where user_id = ${userId} and status in ('queued', 'running')`,
);

/**
 * What runs for an account that is locked ends with the next rows, and asks TMDb nothing more. In the transaction that
 * holds the user's row, as the worker does when it writes rows.
 */
export const endImports = (query: Query, userId: string, now: Date) =>
  query(endStatement({ userId, now, reason: storeReason({ code: 'account_locked' }) }));
