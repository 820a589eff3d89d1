import type { Pool } from 'pg';
import type { Log } from '#shared/log.ts';
import { queryStore, type Statement } from '../store/query-store.ts';

const everyMs = 3_600_000;
const batchSize = 5000;

/** Sessions that have run out prove nothing; this only makes room. $1: now, $2: how many. */
const statement: Statement = {
  name: 'api-prune-sessions',
  text: `
    delete from sessions where id in (
      select id from sessions where expires_at < $1 order by expires_at limit $2 for update skip locked)
    returning id`,
};

export async function pruneSessions(pool: Pool, now: Date): Promise<number> {
  let pruned = 0;
  for (let taken = batchSize; taken === batchSize; pruned += taken)
    taken = (await queryStore(pool, statement, [now, batchSize])).length;
  return pruned;
}

/** Every hour, until disposed. */
export function keepSessionsPruned({ pool, log }: { pool: Pool; log: Log }): Disposable {
  const prune = () =>
    pruneSessions(pool, new Date()).then(
      (pruned) => log.debug({ pruned }, 'sessions that had run out were deleted'),
      (error: unknown) => log.warn({ err: error }, 'sessions could not be pruned'),
    );
  const timer = setInterval(prune, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
