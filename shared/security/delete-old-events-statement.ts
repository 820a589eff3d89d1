import { sql } from '../db/sql.ts';

/** How long the security log is kept. */
export const securityLogMs = 90 * 86_400_000;

/** Deletes one batch. @returns a row for each line that it deleted */
export const deleteOldEventsStatement = ({ now, limit }: { now: Date; limit: number }) => sql<{ id: string }>`
  delete from security_events where id in (
    select id from security_events where at < ${new Date(now.getTime() - securityLogMs)} order by at limit ${limit})
  returning id`;
