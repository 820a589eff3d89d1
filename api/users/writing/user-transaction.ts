import pLimit, { type LimitFunction } from 'p-limit';
import type { Pool } from 'pg';
import { isLostToAnotherWriter } from '#shared/db/is-lost-to-another-writer.ts';
import { holdOwnerStatement } from '../../auth/hold-owner-statement.ts';
import { sessionOver } from '../../http/callers/session-over.ts';
import type { Viewer } from '../../http/callers/viewer.ts';
import { inTransaction, type Query } from '../../store/in-transaction.ts';
import type { Settle } from '../../store/peers.ts';

/** Who writes their own data, and in which session. */
export type Owner = Pick<Viewer, 'userId' | 'sessionId'>;

/**
 * Runs `work` in a transaction that holds the user's row. It may run again after losing to another writer. Afterwards
 * no process acts on what was true before.
 * @throws {NexusError} `unauthenticated` when the session has ended meanwhile, or the account is locked or gone
 */
export type UserTransaction = <T>(owner: Owner, work: (query: Query) => Promise<T>) => Promise<T>;

const maxTries = 4;

/**
 * In one process a user's writes run one after the other, so that one user takes one connection and not all.
 * Between processes the lock on the row does the same.
 */
export function createUserTransactions({ pool, settle }: { pool: Pool; settle: Settle }): UserTransaction {
  const lanes = new Map<string, LimitFunction>();
  return async (owner, work) => {
    const { userId } = owner;
    const lane = lanes.get(userId) ?? pLimit(1);
    lanes.set(userId, lane);
    try {
      const result = await lane(() => tryWork(pool, owner, work));
      await settle();
      return result;
    } finally {
      const isIdle = lane.activeCount + lane.pendingCount === 0;
      if (isIdle && lanes.get(userId) === lane) lanes.delete(userId);
    }
  };
}

async function tryWork<T>(pool: Pool, owner: Owner, work: (query: Query) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(pool, async (query) => {
        if ((await query(holdOwnerStatement(owner))).length === 0) throw sessionOver();
        return work(query);
      });
    } catch (error) {
      if (tries >= maxTries || !isLostToAnotherWriter(error)) throw error;
    }
  }
}
