import type { Pool } from 'pg';
import { NexusError } from '#shared/errors.ts';
import type { RunTrigger } from '#shared/jobs/catalog.ts';
import type { RunStatus } from '#shared/sync/sync-run.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
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

const columns = `id, job, trigger, requested_by, status, ${isoTime('queued_at')} as queued_at,
  ${isoTime('started_at')} as started_at, ${isoTime('finished_at')} as finished_at,
  seen, created, updated, unchanged, gone, failed, progress, error, error_code`;

/** $1: id. */
const oneStatement: Statement = {
  name: 'api-sync-run',
  text: `select ${columns} from sync_runs where id = $1`,
};

const asked = '($1::text is null or job = $1) and ($2::text is null or status = $2)';

/** $1: job or null, $2: status or null, $3: limit, $4: offset. The ids are in the order of time, too. */
const pageStatement: Statement = {
  name: 'api-sync-runs',
  text: `select ${columns} from sync_runs where ${asked}
    order by sync_runs.queued_at desc, id desc limit $3::bigint offset $4::bigint`,
};

/** $1: job or null, $2: status or null. */
const totalStatement: Statement = {
  name: 'api-sync-runs-total',
  text: `select count(*)::int as total from sync_runs where ${asked}`,
};

/** $1: ids. With them the newest run of each job. */
const newsStatement: Statement = {
  name: 'api-sync-runs-news',
  text: `select ${columns} from sync_runs where id = any($1::uuid[])
      or id in (select distinct on (job) id from sync_runs order by job, sync_runs.queued_at desc, id desc)
    order by sync_runs.queued_at, id`,
};

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
    news: async (ids) => (await queryStore<Row>(pool, newsStatement, [[...ids]])).map(present),
    async one(id) {
      const [row] = await queryStore<Row>(pool, oneStatement, [id]);
      if (row === undefined) throw new NexusError('not_found', 'There is no run with this id.');
      return present(row);
    },
    async page({ job = null, status = null, page, limit }) {
      const [rows, [counted]] = await Promise.all([
        queryStore<Row>(pool, pageStatement, [job, status, limit, (page - 1) * limit]),
        queryStore<{ total: number }>(pool, totalStatement, [job, status]),
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
