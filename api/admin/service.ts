import type { Pool } from 'pg';
import type { Queues } from '#shared/jobs/queue.ts';
import type { Log } from '#shared/log.ts';
import { createIdempotencyLocks } from './idempotency-locks.ts';
import { createReadOverview, type ReadOverview } from './overview.ts';
import { createRequestRun, type RequestRun } from './request-run.ts';
import { createSyncRunReads, type SyncRunReads } from './sync-run-reads.ts';

interface AdminDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  log: Log;
  now: () => number;
}

export interface AdminService {
  requestRun: RequestRun;
  runs: SyncRunReads;
  overview: ReadOverview;
}

export function createAdminService({ pool, queues, log, now }: AdminDeps): AdminService {
  return {
    requestRun: createRequestRun({ pool, queues, locks: createIdempotencyLocks(pool), log }),
    runs: createSyncRunReads(pool),
    overview: createReadOverview({ pool, queues, log, now }),
  };
}
