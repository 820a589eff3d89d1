import type { Pool } from 'pg';
import type { Notice } from '#shared/db/notices.ts';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import type { FetchJobName } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import { absenceMs, isYoungEnough } from '#shared/movies/freshness.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { RecordKind } from '#shared/records/record.ts';
import type { FetchThrottle } from '../movies/fetch-throttle.ts';
import { createFetchWatch, type FetchNews } from '../movies/fetch-watch.ts';
import { createMissBudget } from '../movies/miss-budget.ts';
import { createOnDemand, type OnDemand } from '../movies/on-demand.ts';
import { createRefreshes, type Refreshes } from '../movies/refreshes.ts';
import { createUpstreamStatus, type UpstreamStatus } from '../movies/upstream-status.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { queryStore } from '../store/query-store.ts';

export interface RecordDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  hub: NoticeHub;
  log: Log;
  onDemandWaitMs: number;
  throttle: FetchThrottle;
  /** Ends all waiting. */
  stopping: AbortSignal;
  now: () => number;
}

export interface RecordFetches {
  upstream: UpstreamStatus;
  onDemand: Pick<OnDemand, 'fetch'>;
  refreshes: Refreshes;
}

const jobOf = {
  person: 'people.fetch',
  collection: 'collections.fetch',
  company: 'companies.fetch',
} as const satisfies Record<RecordKind, FetchJobName>;

/**
 * How one kind of thing is brought from TMDb, within the same bounds as movies.
 * @param drop called when what is kept of one is no longer right
 */
export function createRecordFetches(
  kind: RecordKind,
  deps: RecordDeps,
  drop: (id: number) => void,
): RecordFetches {
  const { pool, queues, hub, log, now, stopping } = deps;
  const job = jobOf[kind];
  const upstream = createUpstreamStatus({ pool, hub, now });
  const newsOf = (notice: Notice): FetchNews | undefined => {
    if (notice.kind === 'records' && notice.of === kind) return { outcome: 'changed', ids: notice.ids };
    const isTrouble = notice.kind === 'record-trouble' && notice.of === kind;
    return isTrouble ? { outcome: 'trouble', ids: notice.ids } : undefined;
  };
  const settled = (ids: number[]) => readSettled(pool, kind, ids, now());
  const onDemand = createOnDemand({
    job,
    queues,
    budget: createMissBudget({ queues, now }),
    throttle: deps.throttle,
    watch: createFetchWatch({ hub, newsOf, settled, onSettled: drop, stopping, log }),
    waitMs: deps.onDemandWaitMs,
    now,
  });
  hub.subscribe({
    onGap: () => {},
    onNotice(notice) {
      const news = newsOf(notice);
      for (const id of news?.ids ?? []) {
        if (news?.outcome === 'trouble') onDemand.remember(id);
        else {
          onDemand.forget(id);
          drop(id);
        }
      }
    },
  });
  return {
    upstream,
    onDemand,
    refreshes: createRefreshes({ job, queues, upstream, log, now, onFailure: drop }),
  };
}

const settledStatement = prepared<{ kind: RecordKind; ids: number[]; absentSinceMs: number }, { id: number }>(
  'api-settled-records',
  ({ kind, ids, absentSinceMs }) => sql`
    select id from records where kind = ${kind} and id = any(${unknownList(ids, 'int')})
      and (state = 'gone' or (state = 'detailed' and ${isYoungEnough('records')}) or last_absent_at > to_timestamp(${absentSinceMs}::float8 / 1000))`,
);

/** Which of these need no more waiting, as `readSettledMovies` tells of movies. */
async function readSettled(pool: Pool, kind: RecordKind, ids: number[], nowMs: number): Promise<number[]> {
  const rows = await queryStore(pool, settledStatement({ kind, ids, absentSinceMs: nowMs - absenceMs }));
  return rows.map((row) => row.id);
}
