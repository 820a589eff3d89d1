import type { EntityManager } from '@mikro-orm/postgresql';
import { type QueryExecutorProvider, sql } from 'kysely';
import { type Notice, noticeChannel, noticePayloads } from '#shared/db/notices.ts';

/** Anything a statement can be executed on: an EntityManager's Kysely, inside or outside a transaction. */
export type Sql = QueryExecutorProvider;

/** Deadlock, serialization failure, and the unique violation of two writers who met the same new row. */
const passing = new Set(['40P01', '40001', '23505']);
/** Of writers that meet, one at least gets through each time. */
const maxTries = 8;

/** One transaction, tried again when it lost to another writer. `work` must be safe to repeat. */
export async function writeTransaction<T>(em: EntityManager, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await em.transactional((tx) => work(tx.getKysely()), { clear: true });
    } catch (error) {
      if (tries >= maxTries || !passing.has(sqlStateOf(error) ?? '')) throw error;
    }
  }
}

/** Tells every process; inside a transaction, when it commits. */
export async function notify(on: Sql, notice: Notice): Promise<void> {
  const payloads = noticePayloads(notice);
  await sql`select pg_notify(${noticeChannel}, payload) from unnest(${payloads}::text[]) as payload`.execute(
    on,
  );
}

function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : sqlStateOf(error.cause);
}
