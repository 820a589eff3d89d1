import type { Pool } from 'pg';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { storeTroubleOf } from '#shared/db/store-away.ts';
import type { Log } from '#shared/log.ts';
import { within } from '#shared/within.ts';
import type { NoticeHub, NoticeSubscriber } from './notice-hub.ts';
import { breakerOf } from './store-breaker.ts';

/** Reads that may show what was true some seconds ago. What callers have written themselves is never read so. */
export interface LaggingReads {
  /** Runs on the replica while it is there and near; else, and again where it fails, on the primary. */
  run<T>(read: (pool: Pool) => Promise<T>): Promise<T>;
}

export interface Replica extends LaggingReads, AsyncDisposable {
  /** Whether it is used now. */
  readonly isFit: boolean;
  /**
   * Tells every notice again once the replica has what it told of: what was read there in between, and kept, was
   * from before the change.
   */
  echo(hub: NoticeHub): NoticeHub;
}

/** Without a replica. */
export const readFrom = (pool: Pool): LaggingReads => ({ run: (read) => read(pool) });

/** Changes are told to caches within five seconds anyway. */
const mostReplicaLagMs = 10_000;
const lookEveryMs = 1000;
const lookTimeoutMs = 1500;
const closeTimeoutMs = 2000;
/** Notices that wait for the replica. Beyond that, everything is forgotten instead. */
const mostWaiting = 2000;

const writtenStatement = sql<{ at: number }>`
  select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 as at`;
/** Null for a server that is no standby: whose writes it has cannot be told. */
const replayedStatement = sql<{ at: number | null }>`
  select case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::float8 end as at`;

interface Sample {
  askedAtMs: number;
  at: number;
}

/**
 * Looks once a second how far the replica is. No clock of a server is asked: the replica has everything up to the
 * moment in which the primary had written what it has now replayed.
 * @param options.replica is closed with it
 */
export function openReplica(options: {
  pool: Pool;
  replica: Pool;
  log: Log;
  /** One that is further behind is not asked. */
  mostLagMs?: number;
}): Replica {
  const { pool, replica, log, mostLagMs = mostReplicaLagMs } = options;
  let samples: Sample[] = [];
  let freshAsOfMs = Number.NEGATIVE_INFINITY;
  let isFit = false;
  let unfit = Promise.withResolvers<never>();
  unfit.promise.catch(() => {});
  let waiting: { sinceMs: number; tell: () => void }[] = [];
  const echoed: NoticeSubscriber[] = [];

  const flush = () => {
    // One that is further behind than the second is not asked.
    const reachedMs = Math.max(freshAsOfMs, performance.now() - 2 * mostLagMs);
    const due = waiting.filter(({ sinceMs }) => sinceMs <= reachedMs);
    waiting = waiting.filter(({ sinceMs }) => sinceMs > reachedMs);
    for (const { tell } of due) tell();
  };
  const become = (fit: boolean, why?: unknown) => {
    if (fit === isFit) return;
    isFit = fit;
    if (fit) {
      log.info('reads go to the replica of DATABASE_READ_URL');
      unfit = Promise.withResolvers<never>();
      unfit.promise.catch(() => {});
    } else {
      log.warn({ err: why }, 'the replica of DATABASE_READ_URL is away or behind: reads go to DATABASE_URL');
      unfit.reject(new ReplicaUnfitError());
    }
  };
  const look = async () => {
    const askedAtMs = performance.now();
    const [written, replayed] = await Promise.allSettled([
      runStatement(pool, writtenStatement, { timeoutMs: lookTimeoutMs }),
      runStatement(replica, replayedStatement, { timeoutMs: lookTimeoutMs }),
    ]);
    if (replayed.status === 'rejected') return become(false, replayed.reason);
    const has = replayed.value[0]?.at ?? null;
    if (has === null) return become(false, new Error('it is no standby'));
    // Nothing is written while the primary is away: who was near then is near now.
    if (written.status === 'rejected') return;
    samples.push({ askedAtMs, at: written.value[0]?.at ?? 0 });
    const reached = samples.findLast(({ at }) => at <= has);
    if (reached !== undefined) {
      freshAsOfMs = reached.askedAtMs;
      samples = samples.filter((sample) => sample.askedAtMs >= reached.askedAtMs);
    }
    // Older ones say nothing that is still of use.
    samples = samples.filter((sample) => performance.now() - sample.askedAtMs < 2 * mostLagMs);
    become(performance.now() - freshAsOfMs < mostLagMs, new Error('it is behind'));
  };
  let looking: Promise<void> | undefined;
  const lookOnce = () => {
    looking ??= look().finally(() => {
      flush();
      looking = undefined;
    });
  };
  lookOnce();
  const timer = setInterval(lookOnce, lookEveryMs);

  const later = (tell: () => void) => {
    if (waiting.length >= mostWaiting) waiting = [{ sinceMs: performance.now(), tell: () => gap() }];
    else waiting.push({ sinceMs: performance.now(), tell });
  };
  const gap = () => {
    for (const each of echoed) each.onGap();
  };
  return {
    get isFit() {
      return isFit;
    },
    async run(read) {
      if (!isFit || breakerOf(replica).isOpen) return read(pool);
      try {
        return await Promise.race([read(replica), unfit.promise]);
      } catch (error) {
        const isReplicas = error instanceof ReplicaUnfitError || breakerOf(replica).isOpen;
        if (!isReplicas && storeTroubleOf(error) === undefined) throw error;
        return read(pool);
      }
    },
    echo(hub) {
      hub.subscribe({
        onGap: () => {
          gap();
          later(gap);
        },
        onNotice(notice) {
          const tell = () => {
            for (const each of echoed) each.onNotice(notice);
          };
          tell();
          if (notice.kind === 'movies' || notice.kind === 'list') later(tell);
        },
      });
      return {
        get connected() {
          return hub.connected;
        },
        subscribe: (subscriber) => void echoed.push(subscriber),
        peers: hub.peers,
      };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
      await within(closeTimeoutMs, replica.end()).catch(() => {});
    },
  };
}

class ReplicaUnfitError extends Error {}
