import type { Pool } from 'pg';
import type { BinaryRead } from './binary-read.ts';
import { WatchedClient } from './watched-client.ts';

type Listener = (error: Error) => void;

/** A connection that nobody uses, as the pool keeps it. */
interface IdleConnection {
  client: unknown;
  idleListener: Listener;
  timeoutId?: ReturnType<typeof setTimeout> | undefined;
}

/** What `pg` hides of a pool. */
interface PoolInside {
  _clients: unknown[];
  _idle: IdleConnection[];
  _pendingQueue: unknown[];
  readonly ending: boolean;
  _pulseQueue(): void;
  _release(client: WatchedClient, idleListener: Listener, error: unknown): void;
}

/**
 * Runs a read on a connection that nobody uses, if there is one: as `pool.query` does, which spends more on lending the
 * connection than PostgreSQL on the read (two timers, a turn of the loop, listeners that come and go).
 * @returns whether it runs
 */
export function readAtOnce(pool: Pool, read: BinaryRead): boolean {
  const inside = pool as unknown as PoolInside;
  const { _idle: idle, _pendingQueue: pending } = inside;
  // Those who wait for a connection are before us.
  if (inside.ending || idle.length <= pending.length) return false;
  const connection = idle.at(-1);
  if (!(connection?.client instanceof WatchedClient)) return false;
  const { client, idleListener, timeoutId } = connection;
  idle.pop();
  // The pool ends connections that rest for long: it counts from now, which is longer than any read may take.
  timeoutId?.refresh();
  const giveBack = (error: unknown) => {
    if (error || inside.ending) {
      clearTimeout(timeoutId);
      client.removeListener('error', idleListener);
      return inside._release(client, idleListener, error);
    }
    idle.push(connection);
    if (pending.length > 0) inside._pulseQueue();
  };
  const { callback } = read;
  read.callback = (error, rows) => {
    // One that broke is not the pool's any more.
    if (inside._clients.includes(client)) giveBack(error);
    callback?.(error, rows);
  };
  client.read(read);
  return true;
}
