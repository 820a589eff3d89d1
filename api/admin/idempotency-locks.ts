import type { Pool, PoolClient } from 'pg';
import { nameStoreFailure } from '../plugins/store-failure.ts';

/** One at a time of the same key, in all processes together. */
export interface IdempotencyLocks {
  hold<T>(key: string, work: () => Promise<T>): Promise<T>;
}

const lockTimeoutMs = 10_000;

/**
 * The lock lasts until a run is safely in the queue: nobody is told of a run that is taken back again. It is the
 * connection's, so that it ends with a process however that ends.
 */
export function createIdempotencyLocks(pool: Pool): IdempotencyLocks {
  let last: Promise<unknown> = Promise.resolve();
  return {
    hold<T>(key: string, work: () => Promise<T>): Promise<T> {
      // One by one within a process: who holds a lock needs a second connection, and there are only so many.
      const now = last.then(() => locked(pool, key, work));
      last = now.catch(() => {});
      return now;
    },
  };
}

const onLost = () => {};

async function locked<T>(pool: Pool, key: string, work: () => Promise<T>): Promise<T> {
  const client = await named(pool.connect());
  // A connection that breaks says so to whoever listens, and ends the process where nobody does.
  client.on('error', onLost);
  try {
    await ask(client, 'select pg_advisory_lock(hashtextextended($1, 0))', key);
    return await work();
  } finally {
    const unlocked = await ask(client, 'select pg_advisory_unlock(hashtextextended($1, 0))', key).then(
      () => true,
      () => false,
    );
    client.off('error', onLost);
    // A connection that may still hold the lock ends, and the lock with it.
    client.release(!unlocked);
  }
}

async function ask(client: PoolClient, text: string, key: string): Promise<void> {
  const query = { text, values: [key], query_timeout: lockTimeoutMs };
  await named(client.query(query));
}

const named = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw nameStoreFailure(error);
  });
