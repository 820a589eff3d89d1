import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import { staleAt } from '#shared/movies/freshness.ts';
import { newestRuns } from '#shared/sync/newest-runs.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import { createCountedFigures } from './counted-figures.ts';
import type { MirrorOverview } from './overview-model.ts';

type Counted = Omit<MirrorOverview, 'last_success_at'>;

const countStatement = prepared<{ now: Date }, Counted>(
  'api-overview-mirror',
  ({ now }) => sql`
    select m.*, (select count(*)::int from people) as people,
      (select json_object_agg(kind, states) from (
        select kind, json_build_object('detailed', count(*) filter (where state = 'detailed'),
          'unknown', count(*) filter (where state = 'unknown'), 'gone', count(*) filter (where state = 'gone')) as states
        from (values ('person'), ('collection'), ('company')) kinds (kind) left join records r using (kind) group by kind) r) as records,
      (select count(*)::int from genres where listed) as genres,
      (select ${isoTime('read_until')} from change_feeds where name = 'movie') as changes_read_until,
      ${isoTime(sql`${now}::timestamptz`)} as counted_at
    from (
      select count(*)::int as movies,
        count(*) filter (where state = 'detailed')::int as detailed,
        count(*) filter (where state = 'listed')::int as listed,
        count(*) filter (where state = 'unknown')::int as unknown,
        count(*) filter (where state = 'gone')::int as gone,
        count(*) filter (where state = 'purged')::int as purged,
        count(*) filter (where state = 'detailed' and ${staleAt('movies')} < ${now}::timestamptz)::int as stale,
        ${isoTime("min(fetched_at) filter (where state = 'detailed')")} as oldest_fetched_at,
        ${isoTime("max(fetched_at) filter (where state = 'detailed')")} as newest_fetched_at
      from movies) m`,
);

const successStatement = prepared<void, { job: SyncJobName; at: string | null }>(
  'api-overview-successes',
  () => sql`
    select jobs.job, ${isoTime('newest.finished_at')} as at
    from ${newestRuns(sql`finished_at`, sql`status = 'succeeded'`)}`,
);

/** A count of a small mirror is believed for so long. */
const minAgeMs = 2000;

/** What is in the mirror. Counted at most now and then; asked at the same moment, once. */
export function createMirrorFigures({ pool, now }: { pool: Pool; now: () => number }) {
  const statement = (at: Date) => countStatement({ now: at });
  const figures = createCountedFigures({ pool, name: 'mirror', statement, minAgeMs, now });
  return async (): Promise<MirrorOverview> => {
    const [mirror, successes] = await Promise.all([figures(), queryInTurn(pool, successStatement())]);
    const at = new Map(successes.map((row) => [row.job, row.at]));
    return {
      ...mirror,
      last_success_at: Object.fromEntries(syncJobNames.map((job) => [job, at.get(job) ?? null])),
    };
  };
}
