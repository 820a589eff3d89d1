import type { Pool } from 'pg';
import { type PlaceholdersOf, prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { RunTrigger } from '#shared/jobs/catalog.ts';
import type { RunStatus } from '#shared/sync/sync-run.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryStore } from '../store/query-store.ts';
import type { RunsQuery, SyncRun } from './model.ts';

type Counts = SyncRun['counts'];

interface Row extends Counts {
  id: string;
  job: string;
  trigger: RunTrigger;
  requested_by: string | null;
  status: RunStatus;
  queued_at: string;
  started_at: string | null;
  finished_at: string | null;
  progress: number;
  error: string | null;
  error_code: string | null;
}

const columns = sql`id, job, trigger, requested_by, status, ${isoTime('queued_at')} as queued_at,
  ${isoTime('started_at')} as started_at, ${isoTime('finished_at')} as finished_at,
  seen, created, updated, unchanged, gone, failed, progress, error, error_code`;

const oneStatement = prepared<{ id: string }, Row>(
  'api-sync-run',
  ({ id }) => sql`select ${columns} from sync_runs where id = ${id}`,
);

interface Asked {
  job: string | null;
  status: string | null;
}

const isAsked = ({ job, status }: PlaceholdersOf<Asked>) =>
  sql`(${job}::text is null or job = ${job}) and (${status}::text is null or status = ${status})`;

/** The ids are in the order of time, too. */
const pageStatement = prepared<Asked & { limit: number; offset: number }, Row>(
  'api-sync-runs',
  (asked) => sql`
    select ${columns} from sync_runs where ${isAsked(asked)}
    order by sync_runs.queued_at desc, id desc limit ${asked.limit}::bigint offset ${asked.offset}::bigint`,
);

const totalStatement = prepared<Asked, { total: number }>(
  'api-sync-runs-total',
  (asked) => sql`select count(*)::int as total from sync_runs where ${isAsked(asked)}`,
);

/** With the asked ones the newest run of each job. */
const newsStatement = prepared<{ ids: string[] }, Row>(
  'api-sync-runs-news',
  ({ ids }) => sql`
    select ${columns} from sync_runs where id = any(${ids}::uuid[])
      or id in (select distinct on (job) id from sync_runs order by job, sync_runs.queued_at desc, id desc)
    order by sync_runs.queued_at, id`,
);

export interface SyncRunReads {
  /** These, and the newest of each job; the oldest first. */
  news(ids: Iterable<string>): Promise<SyncRun[]>;

  /** @throws {NexusError} `not_found` */
  one(id: string): Promise<SyncRun>;
  /** Newest first. */
  page(query: RunsQuery): Promise<{ runs: SyncRun[]; total: number }>;
}

export function createSyncRunReads(pool: Pool): SyncRunReads {
  return {
    news: async (ids) => (await queryStore(pool, newsStatement({ ids: [...ids] }))).map(present),
    async one(id) {
      const [row] = await queryStore(pool, oneStatement({ id }));
      if (row === undefined) throw new NexusError('not_found', 'There is no run with this id.');
      return present(row);
    },
    async page({ job = null, status = null, page, limit }) {
      const [rows, [counted]] = await Promise.all([
        queryStore(pool, pageStatement({ job, status, limit, offset: (page - 1) * limit })),
        queryStore(pool, totalStatement({ job, status })),
      ]);
      return { runs: rows.map(present), total: counted?.total ?? 0 };
    },
  };
}

function present({ seen, created, updated, unchanged, gone, failed, ...row }: Row): SyncRun {
  return {
    id: row.id,
    job: row.job,
    trigger: row.trigger,
    requested_by: row.requested_by,
    status: row.status,
    queued_at: row.queued_at,
    started_at: row.started_at,
    finished_at: row.finished_at,
    counts: { seen, created, updated, unchanged, gone, failed },
    progress: row.progress,
    error: row.error,
    error_code: row.error_code,
  };
}
