import type { Pool } from 'pg';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { ReadServiceNotices } from '../notices/service-notices.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { createFailures, type Failures } from './failures.ts';
import { createIdempotencyLocks } from './idempotency-locks.ts';
import { createMerges, type Merges } from './merges.ts';
import { createMovieReports, type MovieReports } from './movie-reports.ts';
import { createReadOverview, type ReadOverview } from './overview.ts';
import { createRequestRun, type RequestRun } from './request-run.ts';
import { createRunEvents } from './run-events.ts';
import { createRunStreams, type RunStreams } from './run-stream.ts';
import { createSyncRunReads, type SyncRunReads } from './sync-run-reads.ts';
import { createWatchedCallers } from './watch-callers.ts';

interface AdminDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  hub: NoticeHub;
  notices: ReadServiceNotices;
  security: Pick<SecurityLog, 'record'>;
  log: Log;
  /** Ends the streams. */
  stopping: AbortSignal;
  now: () => number;
}

export interface AdminService {
  requestRun: RequestRun;
  runs: SyncRunReads;
  overview: ReadOverview;
  failures: Failures;
  movies: MovieReports;
  merges: Merges;
  streams: RunStreams;
}

export function createAdminService(deps: AdminDeps): AdminService {
  const { pool, queues, hub, notices, security, log, stopping, now } = deps;
  const runs = createSyncRunReads(pool);
  const requestRun = createRequestRun({ pool, queues, locks: createIdempotencyLocks(pool), log });
  return {
    requestRun,
    runs,
    merges: createMerges({ pool, queues, security }),
    movies: createMovieReports({ pool, queues, now }),
    failures: createFailures({ pool, queues, requestRun }),
    streams: createRunStreams({
      events: createRunEvents({ runs, hub, log }),
      callers: createWatchedCallers(hub),
      stopping,
    }),
    overview: createReadOverview({ pool, queues, notices, log, now }),
  };
}
