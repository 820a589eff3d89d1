import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { Query } from '../../store/in-transaction.ts';

const waitStatement = prepared(
  'api-wait-for-admins',
  () => sql`select pg_advisory_xact_lock(hashtext('nexus administrators'))`,
);

/** A statement of its own, after the wait: it sees what the one before has done. */
const othersStatement = prepared<{ userId: string }, { is_admin: boolean; has_others: boolean }>(
  'api-other-admins',
  ({ userId }) => sql`
    select role = 'admin' and locked_at is null as is_admin, exists (
      select 1 from users where role = 'admin' and locked_at is null and id <> ${userId}) as has_others
    from users where id = ${userId}`,
);

/**
 * Before an account is deleted, locked or no administrator any more, in the transaction that holds its row. Of two who
 * would each leave the other as the last one, one waits here for the other.
 * @throws {NexusError} `last_admin`
 */
export async function refuseLosingLastAdmin(query: Query, userId: string): Promise<void> {
  await query(waitStatement());
  const [account] = await query(othersStatement({ userId }));
  if (account?.is_admin && !account.has_others)
    throw new NexusError('last_admin', 'This is the last administrator. Make another one first.');
}
