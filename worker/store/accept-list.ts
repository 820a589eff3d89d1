import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { ListDates, ListName } from '#shared/sync/list-snapshot.ts';
import type { Sql } from './write-transaction.ts';

export interface AcceptOptions {
  now: Date;
  /** An operator says that the list really is that short. Never lets an empty one pass. */
  force?: boolean | undefined;
  /** Of a list that says between which days its movies come out. */
  dates?: ListDates | undefined;
}

/** A list that lost more than this part of its length at once is not believed. */
const leastPart = 0.5;

/**
 * Takes note that a list was read whole, and stands between a broken answer and a good list: to be called in the
 * transaction that replaces it.
 * @throws {NexusError} `list_too_short` for an empty or much shorter one
 */
export async function acceptList(
  on: Sql,
  name: ListName,
  size: number,
  options: AcceptOptions,
): Promise<void> {
  const { now, force = false, dates } = options;
  const rows = await runStatement(
    on,
    sql<{ size: number }>`
      select size from list_snapshots where name = ${name} for update`,
  );
  const before = rows[0]?.size ?? 0;
  if (size === 0 || (size < before * leastPart && !force))
    throw new NexusError(
      'list_too_short',
      `TMDb’s list “${name}” has ${size} entries. It had ${before} before, so the old list was kept. If the new list is right, force the job once.`,
    );
  await runStatement(
    on,
    sql`
      insert into list_snapshots (name, size, dates, fetched_at)
      values (${name}, ${size}, ${dates === undefined ? null : JSON.stringify(dates)}::jsonb, ${now})
      on conflict (name) do update set size = excluded.size, dates = excluded.dates, fetched_at = excluded.fetched_at`,
  );
}
