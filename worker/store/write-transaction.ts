import type { EntityManager } from '@mikro-orm/postgresql';
import { isLostToAnotherWriter } from '#shared/db/is-lost-to-another-writer.ts';
import { type Notice, noticeChannel, noticePayloads } from '#shared/db/notices.ts';
import type { Transaction } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { runRepeated } from './run-repeated.ts';

/** What the worker's statements run on: an EntityManager's Kysely, inside or outside of a transaction. */
export type Sql = Transaction;

/** Of writers that meet, one at least gets through each time: so many may meet. */
const maxTries = 12;
/** Who begins again at once takes the same rows again, and holds up those it lost to. */
const pauseMs = 100;

/** One transaction, tried again when it lost to another writer. `work` must be safe to repeat. */
export async function writeTransaction<T>(em: EntityManager, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await em.transactional((tx) => work(tx.getKysely()), { clear: true });
    } catch (error) {
      if (tries >= maxTries || !isLostToAnotherWriter(error)) throw error;
      await Bun.sleep(Math.random() * pauseMs * tries);
    }
  }
}

/** Tells every process; inside a transaction, when it commits. */
export async function notify(on: Sql, notice: Notice): Promise<void> {
  const payloads = noticePayloads(notice);
  await runRepeated(
    on,
    sql`select pg_notify(${noticeChannel}, payload) from unnest(${payloads}::text[]) as payload`,
  );
}
