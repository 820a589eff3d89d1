import pLimit, { type LimitFunction } from 'p-limit';
import type { Pool } from 'pg';
import { isLostToAnotherWriter } from '#shared/db/is-lost-to-another-writer.ts';
import { lockUserStatement } from '#shared/users/lock-user-statement.ts';
import { sessionOver } from '../../http/callers/session-over.ts';
import { inTransaction, type Query } from '../../store/in-transaction.ts';
import type { Settle } from '../../store/peers.ts';

/**
 * Runs `work` in a transaction that holds the user's row. It may run again after losing to another writer. Afterwards
 * no process acts on what was true before.
 * @throws {NexusError} `unauthenticated` when the account is gone meanwhile
 */
export type UserTransaction = <T>(userId: string, work: (query: Query) => Promise<T>) => Promise<T>;

const maxTries = 4;

/**
 * In one process a user's writes run one after the other, so that one user takes one connection and not all.
 * Between processes the lock on the row does the same.
 */
export function createUserTransactions({ pool, settle }: { pool: Pool; settle: Settle }): UserTransaction {
  const lanes = new Map<string, LimitFunction>();
  return async (userId, work) => {
    const lane = lanes.get(userId) ?? pLimit(1);
    lanes.set(userId, lane);
    try {
      const result = await lane(() => tryWork(pool, userId, work));
      await settle();
      return result;
    } finally {
      const isIdle = lane.activeCount + lane.pendingCount === 0;
      if (isIdle && lanes.get(userId) === lane) lanes.delete(userId);
    }
  };
}

async function tryWork<T>(pool: Pool, userId: string, work: (query: Query) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(pool, async (query) => {
        if ((await query(lockUserStatement({ userId }))).length === 0) throw sessionOver();
        return work(query);
      });
    } catch (error) {
      if (tries >= maxTries || !isLostToAnotherWriter(error)) throw error;
    }
  }
}
