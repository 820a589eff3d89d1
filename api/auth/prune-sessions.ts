import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { StoreClock } from '#shared/db/store-clock.ts';
import type { Log } from '#shared/log.ts';
import { queryStore } from '../store/query-store.ts';

const hourMs = 3_600_000;
const batchSize = 5000;

/** Sessions that have run out prove nothing; this only makes room. */
const pruneStatement = prepared<{ now: Date }>(
  'api-prune-sessions',
  ({ now }) => sql`
    delete from sessions where id in (
      select id from sessions where expires_at < ${now} order by expires_at limit ${batchSize} for update skip locked)
    returning id`,
);

export async function pruneSessions(pool: Pool, now: Date): Promise<number> {
  let pruned = 0;
  for (let taken = batchSize; taken === batchSize; pruned += taken)
    taken = (await queryStore(pool, pruneStatement({ now }))).length;
  return pruned;
}

interface KeepSessionsPruned {
  pool: Pool;
  log: Log;
  clock: Pick<StoreClock, 'now' | 'doubt'>;
  everyMs?: number;
}

/** Every hour, until disposed. While the time is in doubt, none: one that seems over may be live. */
export function keepSessionsPruned({ pool, log, clock, everyMs = hourMs }: KeepSessionsPruned): Disposable {
  const prune = () => {
    const reason = clock.doubt();
    if (reason !== undefined) return log.warn({ reason }, 'sessions were not pruned');
    pruneSessions(pool, new Date(clock.now())).then(
      (pruned) => log.debug({ pruned }, 'sessions that had run out were deleted'),
      (error: unknown) => log.warn({ err: error }, 'sessions could not be pruned'),
    );
  };
  const timer = setInterval(prune, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
