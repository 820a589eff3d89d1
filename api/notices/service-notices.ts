import { statfs } from 'node:fs/promises';
import type { Pool } from 'pg';
import { prepared, raw, sql } from '#shared/db/sql.ts';
import { newestRuns } from '#shared/sync/newest-runs.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import type { ServiceNotice } from './model.ts';
import { type JobFacts, noticesOf, type ServiceFacts } from './notices-of.ts';

type Row = Omit<ServiceFacts, 'clockAheadMs' | 'jobs' | 'disk'>;

const ms = (expression: string) => sql`(extract(epoch from ${raw(expression)}) * 1000)::float8`;

const factsStatement = prepared<void, Row>(
  'api-notices-facts',
  () => sql`
    select ${ms('clock_timestamp()')} as "nowMs", coalesce(u.circuit, 'closed') as circuit, u.reason,
      ${ms('u.opened_at')} as "openedAtMs", ${ms('u.retry_at')} as "retryAtMs",
      (select max(${ms('seen_at')}) from worker_processes where seen_at < now() + interval '1 minute') as "workerSeenAtMs",
      (select min(${ms('started_at')}) from worker_processes where seen_at > now() - interval '1 minute') as "workerStartedAtMs",
      (select json_build_object('worker', host || ':' || pid, 'aheadMs', clock_ahead_ms) from worker_processes
        where seen_at > now() - interval '1 minute' order by abs(clock_ahead_ms) desc limit 1) as "workerClock",
      (select json_build_object('fromMs', ${ms('gap_from')}, 'untilMs', ${ms('gap_until')}, 'suspects', (
          select count(*) from movies where state = 'detailed' and scope is not null and fetched_at < gap_until))
        from change_feeds where name = 'movie' and gap_until is not null) as gap
    from (select 1) one left join upstream u on u.id = 1`,
);

const jobsStatement = prepared<void, JobFacts>(
  'api-notices-jobs',
  () => sql`
    select jobs.job, ${ms('newest.finished_at')} as "lastSuccessMs", exists (
      select from sync_runs where job = jobs.job and status = 'running' and lease_until > now()) as "isRunning"
    from ${newestRuns(sql`finished_at`, sql`status = 'succeeded'`)}`,
);

export type ReadServiceNotices = () => Promise<ServiceNotice[]>;

interface ServiceNoticesDeps {
  pool: Pool;
  /** The folder whose disk is watched; a folder that does not exist is not. */
  dataDir: string | undefined;
  /** The process's own clock, whatever it says. */
  now: () => number;
}

/** Reads the facts and says what an operator should be told. It remembers since when, where the facts do not say. */
export function createServiceNotices({ pool, dataDir, now }: ServiceNoticesDeps): ReadServiceNotices {
  let firstSeen = new Map<string, number>();
  return async () => {
    const askedAtMs = now();
    const [[row], jobs, disk] = await Promise.all([
      queryInTurn(pool, factsStatement()),
      queryInTurn(pool, jobsStatement()),
      dataDir === undefined ? undefined : readDisk(dataDir),
    ]);
    if (row === undefined) return [];
    // The answer was made some time between asking and now.
    const middleMs = (askedAtMs + now()) / 2;
    const found = noticesOf({ ...row, jobs, disk, clockAheadMs: middleMs - row.nowMs });
    firstSeen = new Map(found.map(({ code }) => [code, firstSeen.get(code) ?? row.nowMs]));
    return found.map(({ sinceMs, code, ...notice }) => ({
      code,
      ...notice,
      since: new Date(sinceMs ?? firstSeen.get(code) ?? row.nowMs).toISOString(),
    }));
  };
}

async function readDisk(folder: string): Promise<ServiceFacts['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}
