import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { isLostToAnotherWriter } from '#shared/db/is-lost-to-another-writer.ts';
import { lockUserStatement } from '#shared/users/lock-user-statement.ts';
import { sessionOver } from '../plugins/session-over.ts';
import { nameStoreFailure } from '../plugins/store-failure.ts';
import { queryStore, type Statement } from '../reads/query-store.ts';

export type Query = <Row extends QueryResultRow>(statement: Statement, values: unknown[]) => Promise<Row[]>;

/**
 * Runs `work` in a transaction that holds the user's row. It may run again after losing to another writer.
 * @throws {NexusError} `unauthenticated` when the account is gone meanwhile
 */
export type UserTransaction = <T>(userId: string, work: (query: Query) => Promise<T>) => Promise<T>;

const begin: Statement = { name: 'api-begin', text: 'begin' };
const commit: Statement = { name: 'api-commit', text: 'commit' };
const rollback: Statement = { name: 'api-rollback', text: 'rollback' };
const lock: Statement = { name: 'api-lock-user', text: lockUserStatement };

const maxTries = 4;

/**
 * In this process a user's writes go one after the other, so that whoever sends many at once takes one connection
 * and not all; between processes the row's lock does it.
 */
export function createUserTransactions({ pool }: { pool: Pool }): UserTransaction {
  const last = new Map<string, Promise<unknown>>();
  return async (userId, work) => {
    const before = last.get(userId);
    const mine = (before ?? Promise.resolve()).catch(() => {}).then(() => tryWork(pool, userId, work));
    last.set(userId, mine);
    try {
      return await mine;
    } finally {
      if (last.get(userId) === mine) last.delete(userId);
    }
  };
}

async function tryWork<T>(pool: Pool, userId: string, work: (query: Query) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(pool, userId, work);
    } catch (error) {
      if (tries >= maxTries || !isLostToAnotherWriter(error)) throw error;
    }
  }
}

async function inTransaction<T>(pool: Pool, userId: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  const query: Query = (statement, values) => queryStore(client, statement, values);
  // A connection that breaks fails its query, too; without a listener it would end the process.
  client.on('error', ignore);
  try {
    await query(begin, []);
    if ((await query(lock, [userId])).length === 0) throw sessionOver();
    const result = await work(query);
    await query(commit, []);
    client.release();
    return result;
  } catch (error) {
    await giveBack(client);
    throw error;
  } finally {
    client.off('error', ignore);
  }
}

const ignore = () => {};

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw nameStoreFailure(error);
  }
}

/** A connection that cannot even be rolled back is none to keep. */
async function giveBack(client: PoolClient): Promise<void> {
  try {
    await queryStore(client, rollback, []);
    client.release();
  } catch {
    client.release(true);
  }
}
