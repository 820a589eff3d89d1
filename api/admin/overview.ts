import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { ReadServiceNotices } from '../notices/service-notices.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import { createCountedFigures } from './counted-figures.ts';
import { createMirrorFigures } from './mirror-figures.ts';
import type { AdminOverview, UsersOverview } from './overview-model.ts';
import { createQueueFigures } from './queue-figures.ts';
import { createTmdbFigures } from './tmdb-figures.ts';

const usersStatement = prepared<{ now: Date }, UsersOverview>(
  'api-overview-users',
  ({ now }) => sql`
    select count(*)::int as total, count(*) filter (where role = 'admin')::int as admins,
      count(*) filter (where created_at > ${now}::timestamptz - interval '7 days')::int as new_last_7_days,
      (select count(*)::int from sessions where expires_at > ${now}::timestamptz) as sessions
    from users`,
);

const failuresStatement = prepared<void, { failures: number }>(
  'api-overview-failures',
  () => sql`select count(*)::int as failures from job_failures`,
);

interface OverviewDeps {
  pool: Pool;
  queues: Pick<Queues, 'queue'>;
  notices: ReadServiceNotices;
  log: Log;
  now: () => number;
}

export type ReadOverview = () => Promise<AdminOverview>;

/** What an administrator sees first. */
export function createReadOverview({ pool, queues, notices, log, now }: OverviewDeps): ReadOverview {
  const mirrorFigures = createMirrorFigures({ pool, now });
  const queueFigures = createQueueFigures({ queues, log });
  const tmdbFigures = createTmdbFigures({ pool, now });
  const usersFigures = createCountedFigures({
    ...{ pool, now, name: 'users', minAgeMs: 0 },
    statement: (at) => usersStatement({ now: at }),
  });
  return async () => {
    const [noticeList, mirror, queueList, tmdb, users, [failed]] = await Promise.all([
      notices(),
      mirrorFigures(),
      queueFigures(),
      tmdbFigures(),
      usersFigures(),
      queryInTurn(pool, failuresStatement()),
    ]);
    return {
      notices: noticeList,
      mirror,
      queues: queueList,
      tmdb,
      users,
      failures: failed?.failures ?? 0,
    };
  };
}
