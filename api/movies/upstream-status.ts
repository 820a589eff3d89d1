import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { CircuitState } from '#shared/upstream/upstream.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { queryStore } from '../store/query-store.ts';

/** Notices tell at once; this is for when they do not. */
const trustedForMs = 5000;
const defaultRetryMs = 10_000;

export interface UpstreamState {
  /** Whether asking the worker for anything is pointless right now. */
  away: boolean;
  /** TMDb is there, but does not accept our key. */
  keyRejected?: boolean;
  retryAfterMs: number;
}

export interface UpstreamStatus {
  /** As last seen, without waiting; what is seen next is looked for if that was a while ago. */
  readonly last: UpstreamState;
  read(): Promise<UpstreamState>;
}

interface Row {
  circuit: CircuitState;
  retry_at_ms: number | null;
}

const upstreamStatement = prepared<void, Row>(
  'api-upstream',
  () => sql`
    select circuit, trunc(extract(epoch from retry_at) * 1000)::float8 as retry_at_ms from upstream where id = 1`,
);

/** How TMDb is doing, as the worker wrote it down. */
export function createUpstreamStatus(deps: {
  pool: Pool;
  hub: NoticeHub;
  now: () => number;
}): UpstreamStatus {
  const { pool, hub, now } = deps;
  let last: UpstreamState = { away: false, retryAfterMs: defaultRetryMs };
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<UpstreamState> | undefined;

  const forget = () => {
    readAtMs = Number.NEGATIVE_INFINITY;
    reading = undefined;
  };
  const readAnew = (): Promise<UpstreamState> => {
    const startedAtMs = now();
    const mine = queryStore(pool, upstreamStatement()).then(([row]) => {
      const state = stateOf(row, startedAtMs);
      // A notice that came meanwhile has started another reading, which knows better.
      if (reading === mine) {
        last = state;
        readAtMs = startedAtMs;
      }
      return state;
    });
    reading = mine;
    const done = () => {
      if (reading === mine) reading = undefined;
    };
    mine.then(done, done);
    return mine;
  };

  const isTrusted = () => Math.abs(now() - readAtMs) < trustedForMs;
  const newest = () => reading ?? readAnew();
  const lookAgain = () => void newest().catch(() => {});
  // Whoever asks for `last` does not wait for a reading: the news should be there before.
  const learn = () => {
    forget();
    lookAgain();
  };
  hub.subscribe({ onGap: learn, onNotice: (notice) => notice.kind === 'upstream' && learn() });

  return {
    get last() {
      if (!isTrusted()) lookAgain();
      return last;
    },
    read: async () => (isTrusted() ? last : newest()),
  };
}

function stateOf(row: Row | undefined, nowMs: number): UpstreamState {
  const untilRetryMs = row?.retry_at_ms ? row.retry_at_ms - nowMs : 0;
  return {
    away: row !== undefined && row.circuit !== 'closed',
    keyRejected: row?.circuit === 'stopped',
    retryAfterMs: untilRetryMs > 0 ? untilRetryMs : defaultRetryMs,
  };
}
