import type { Pool } from 'pg';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
import { createMirrorFigures } from './mirror-figures.ts';
import type { AdminOverview, UsersOverview } from './overview-model.ts';
import { createQueueFigures } from './queue-figures.ts';
import { createTmdbFigures } from './tmdb-figures.ts';

/** $1: now. */
const usersStatement: Statement = {
  name: 'api-overview-users',
  text: `select count(*)::int as total, count(*) filter (where role = 'admin')::int as admins,
      count(*) filter (where created_at > $1::timestamptz - interval '7 days')::int as new_last_7_days,
      (select count(*)::int from sessions where expires_at > $1::timestamptz) as sessions
    from users`,
};

const failuresStatement: Statement = {
  name: 'api-overview-failures',
  text: 'select count(*)::int as failures from job_failures',
};

interface OverviewDeps {
  pool: Pool;
  queues: Pick<Queues, 'queue'>;
  log: Log;
  now: () => number;
}

export type ReadOverview = () => Promise<AdminOverview>;

/** What an administrator sees first. */
export function createReadOverview({ pool, queues, log, now }: OverviewDeps): ReadOverview {
  const mirrorFigures = createMirrorFigures({ pool, now });
  const queueFigures = createQueueFigures({ queues, log });
  const tmdbFigures = createTmdbFigures({ pool, now });
  const usersFigures = async (): Promise<UsersOverview> => {
    const [users] = await queryStore<UsersOverview>(pool, usersStatement, [new Date(now())]);
    return users ?? { total: 0, admins: 0, new_last_7_days: 0, sessions: 0 };
  };
  return async () => {
    const [mirror, queueList, tmdb, users, [failed]] = await Promise.all([
      mirrorFigures(),
      queueFigures(),
      tmdbFigures(),
      usersFigures(),
      queryStore<{ failures: number }>(pool, failuresStatement, []),
    ]);
    return { mirror, queues: queueList, tmdb, users, failures: failed?.failures ?? 0 };
  };
}
