import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

/** A queue can be lost with its jobs: what the table says is under way is put back, unless it is still there. */
export async function resumeImports(on: Sql, queues: Pick<Queues, 'enqueue'>): Promise<void> {
  const rows = await runStatement(
    on,
    sql<{ id: string }>`
      select id from user_imports where status in ('queued', 'running') order by created_at`,
  );
  for (const { id } of rows) {
    await queues.enqueue('users.match', { importId: id });
    await queues.enqueue('users.import', { importId: id });
  }
}
