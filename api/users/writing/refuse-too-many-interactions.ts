import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { heldInteractions, maxInteractions } from '#shared/users/held-interactions.ts';
import type { Query } from '../../store/in-transaction.ts';

const heldStatement = prepared<{ userId: string }, { held: number }>(
  'api-held-interactions',
  ({ userId }) => sql`select ${heldInteractions(userId)} as held`,
);

export async function countInteractions(query: Query, userId: string): Promise<number> {
  const [row] = await query(heldStatement({ userId }));
  return row?.held ?? 0;
}

/**
 * @param count of the user's, with what is to be added
 * @param path what of the request is in the way
 * @throws {NexusError} `invalid_input`
 */
export function refuseTooManyInteractions(count: number, path: string): void {
  if (count <= maxInteractions) return;
  const most = maxInteractions.toLocaleString('en');
  throw new NexusError('invalid_input', `An account has at most ${most} interactions.`, {
    details: [{ path, message: `cannot be taken: an account has at most ${most} interactions` }],
  });
}
