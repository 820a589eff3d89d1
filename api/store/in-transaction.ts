import type { Pool, PoolClient } from 'pg';
import { isLostToAnotherWriter } from '#shared/db/is-lost-to-another-writer.ts';
import { prepared, type Statement, sql } from '#shared/db/sql.ts';
import { storeTroubleOf } from '#shared/db/store-away.ts';
import { queryStore } from './query-store.ts';
import { breakerOf, shareBreaker } from './store-breaker.ts';

export type Query = <Row>(statement: Statement<Row>) => Promise<Row[]>;

const begin = prepared('api-begin', () => sql`begin`);
const commit = prepared('api-commit', () => sql`commit`);
const rollback = prepared('api-rollback', () => sql`rollback`);

/**
 * Runs `work` as one transaction. If the database does not answer in time, the transaction is rolled back, so
 * that the caller can safely try again. Only the outcome of a late `commit` is unknown.
 */
export async function inTransaction<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await breakerOf(pool).run(() => pool.connect());
  shareBreaker(pool, client);
  const query: Query = (statement) => queryStore(client, statement);
  // A connection that breaks fails its query, too; without a listener it would end the process.
  client.on('error', ignore);
  try {
    await query(begin());
    const result = await work(query);
    await query(commit());
    client.release();
    return result;
  } catch (error) {
    await giveBack(client, storeTroubleOf(error) !== undefined && !isLostToAnotherWriter(error));
    throw error;
  } finally {
    client.off('error', ignore);
  }
}

const ignore = () => {};

/** A connection that does not answer or cannot be rolled back is not kept. */
async function giveBack(client: PoolClient, isLost: boolean): Promise<void> {
  if (isLost) return client.release(true);
  try {
    await queryStore(client, rollback());
    client.release();
  } catch {
    client.release(true);
  }
}
