import { type Fragment, join, raw, sql } from '../db/sql.ts';
import { syncJobNames } from '../jobs/catalog.ts';

const names = join(
  syncJobNames.map((name) => sql`(${raw(`'${name}'`)})`),
  ', ',
);

/**
 * The newest run of each job, as `newest`, with the job in `jobs.job`: an index leads to each of them, so it costs the
 * same however many runs there were.
 * @param columns of `sync_runs`
 * @param isMeant which runs count
 */
export const newestRuns = (columns: Fragment, isMeant: Fragment = sql`true`): Fragment => sql`
  (values ${names}) jobs (job) left join lateral (
    select ${columns} from sync_runs where sync_runs.job = jobs.job and ${isMeant}
    order by sync_runs.queued_at desc, sync_runs.id desc limit 1) newest on true`;
