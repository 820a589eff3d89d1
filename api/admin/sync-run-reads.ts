import type { Pool } from 'pg';
import { z } from 'zod';
import { empty, type Fragment, type PlaceholdersOf, prepared, raw, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { RunTrigger } from '#shared/jobs/catalog.ts';
import { newestRuns } from '#shared/sync/newest-runs.ts';
import type { RunLoss, RunStatus } from '#shared/sync/sync-run.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import type { CursorPageMeta } from '../http/answers/model.ts';
import { readCursorPage } from '../http/answers/read-cursor-page.ts';
import { isAfter, orderOf, type SortColumn } from '../store/keyset.ts';
import { MomentKey, momentKey, momentOf } from '../store/moments.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
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
  at_least: boolean;
  losses: RunLoss[];
}

interface KeyedRow extends Row {
  moment: number;
}

const columns = sql`id, job, trigger, requested_by, status, ${isoTime('queued_at')} as queued_at,
  ${isoTime('started_at')} as started_at, ${isoTime('finished_at')} as finished_at,
  seen, created, updated, unchanged, gone, failed, progress, error, error_code, losses, at_least`;

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

/** When it was queued, and its id. */
const RunKey = z.tuple([MomentKey, z.guid()]);
type RunKey = z.infer<typeof RunKey>;

const newestFirst: SortColumn[] = [
  { sql: 'sync_runs.queued_at', type: 'timestamptz', descending: true },
  { sql: 'sync_runs.id', type: 'uuid', descending: true },
];

const rowsOf = (asked: PlaceholdersOf<Asked & { limit: number }>, after: Fragment = empty): Fragment => sql`
    select ${columns}, ${momentKey('sync_runs.queued_at')} as moment from sync_runs where ${isAsked(asked)}${after}
    order by ${raw(orderOf(newestFirst))} limit ${asked.limit}::bigint`;

const pageStatement = prepared<Asked & { limit: number; offset: number }, KeyedRow>(
  'api-sync-runs',
  (asked) => sql`${rowsOf(asked)} offset ${asked.offset}::bigint`,
);
const pageAfterStatement = prepared<Asked & { limit: number; at: number; id: string }, KeyedRow>(
  'api-sync-runs-after',
  (asked) => rowsOf(asked, sql` and ${isAfter(newestFirst, [momentOf(asked.at), asked.id])}`),
);

const totalStatement = prepared<Asked, { total: number }>(
  'api-sync-runs-total',
  (asked) => sql`select count(*)::int as total from sync_runs where ${isAsked(asked)}`,
);

/** With the asked ones the newest run of each job. */
const newsStatement = prepared<{ ids: string[] }, Row>(
  'api-sync-runs-news',
  ({ ids }) => sql`
    select ${columns} from sync_runs
    where id = any(${ids}::uuid[] || array(select newest.id from ${newestRuns(sql`id`)} where newest.id is not null))
    order by sync_runs.queued_at, id`,
);

export interface SyncRunReads {
  /** These, and the newest of each job; the oldest first. */
  news(ids: Iterable<string>): Promise<SyncRun[]>;

  /** @throws {NexusError} `not_found` */
  one(id: string): Promise<SyncRun>;
  /** Newest first. */
  page(query: RunsQuery): Promise<{ runs: SyncRun[]; meta: CursorPageMeta }>;
}

export function createSyncRunReads(pool: Pool): SyncRunReads {
  return {
    news: async (ids) => (await queryStore(pool, newsStatement({ ids: [...ids] }))).map(present),
    async one(id) {
      const [row] = await queryStore(pool, oneStatement({ id }));
      if (row === undefined) throw new NexusError('not_found', 'There is no run with this id.');
      return present(row);
    },
    async page(query) {
      const { job = null, status = null } = query;
      const asked = { job, status };
      const { rows, meta } = await readCursorPage<KeyedRow, RunKey>(query, {
        list: ['runs', job, status],
        key: RunKey,
        skip: (limit, offset) => queryInTurn(pool, pageStatement({ ...asked, limit, offset })),
        follow: (limit, [at, id]) => queryInTurn(pool, pageAfterStatement({ ...asked, limit, at, id })),
        count: async () => (await selectOne(pool, totalStatement(asked), queryInTurn)).total,
        keyOf: ({ moment, id }) => [moment, id],
      });
      return { runs: rows.map(present), meta };
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
    ...(row.at_least ? { at_least: true } : {}),
    progress: row.progress,
    error: row.error,
    error_code: row.error_code,
    ...(row.losses.length > 0 ? { losses: row.losses } : {}),
  };
}
