import type { Pool, PoolClient } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import { type Statement, sql } from '#shared/db/sql.ts';
import { within } from '#shared/within.ts';
import { createTurns } from './turns.ts';

/** One at a time of the same key, in all processes together. */
export interface IdempotencyLocks {
  /** @throws {NexusError} `unavailable` when the lock cannot be had soon */
  hold<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** The holder of a lock needs a second connection, and the pool has only a few. */
const heldAtOnce = 4;
/** How long one waits for the lock; the work it is for may take as long as a queue that is away. */
const patienceMs = 2000;
const unlockMs = 1000;

/**
 * The lock is held until the run is in the queue, so that no caller hears of a run that is canceled again. It
 * belongs to the connection, so it ends with the process, however the process ends.
 */
export function createIdempotencyLocks(pool: Pool): IdempotencyLocks {
  const turns = createTurns(heldAtOnce);
  return {
    async hold(key, work) {
      const untilMs = performance.now() + patienceMs;
      const leave = await turns.take(key, patienceMs);
      try {
        return await locked({ pool, key, untilMs }, work);
      } finally {
        leave();
      }
    },
  };
}

const onLost = () => {};

interface Locking {
  pool: Pool;
  key: string;
  untilMs: number;
}

async function locked<T>({ pool, key, untilMs }: Locking, work: () => Promise<T>): Promise<T> {
  const leftMs = () => Math.max(1, untilMs - performance.now());
  const client = await connected(pool, leftMs());
  // A connection that breaks emits an error. Without a listener, that would end the process.
  client.on('error', onLost);
  let free = false;
  try {
    await ask(client, sql`select pg_advisory_lock(hashtextextended(${key}, 0))`, leftMs());
    try {
      return await work();
    } finally {
      free = await unlocked(client, key);
    }
  } finally {
    client.off('error', onLost);
    // A connection that may hold the lock, now or later, ends, and the lock with it.
    client.release(!free);
  }
}

/** One that comes too late goes back. */
async function connected(pool: Pool, ms: number): Promise<PoolClient> {
  const connecting = pool.connect();
  try {
    return await within(ms, connecting);
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => {},
    );
    throw error;
  }
}

const unlocked = (client: PoolClient, key: string): Promise<boolean> =>
  ask(client, sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`, unlockMs).then(
    () => true,
    () => false,
  );

async function ask(client: PoolClient, statement: Statement, timeoutMs: number): Promise<void> {
  await runStatement(client, statement, { timeoutMs });
}
