import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { jobIdOf } from '#shared/jobs/job-ids.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

/** A queue can be lost with its jobs: what the table says is under way is put back, unless it is still there. */
export async function resumeImports(on: Sql, queues: Pick<Queues, 'enqueue'>): Promise<void> {
  const rows = await runStatement(
    on,
    sql<{ id: string }>`
      select id from user_imports where status in ('queued', 'running') order by created_at`,
  );
  for (const { id } of rows) await enqueue(queues, id);
}

/** Imports that are looked at in one step. The next one looks at the rest. */
const lookSize = 500;
const lookEveryMs = 5000;

interface KeepImports {
  on: Sql;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  log: Log;
}

/** The same while the worker runs: looks now and then, until disposed. An import without a job locks its user out. */
export function keepImports({ on, queues, log }: KeepImports, everyMs = lookEveryMs): Disposable {
  let after = '';
  const look = async () => {
    // One that was asked for just now may be on its way into the queue.
    const rows = await runStatement(
      on,
      sql<{ id: string }>`
        select id from user_imports where status in ('queued', 'running') and id::text > ${after}
          and created_at < now() - interval '5 seconds'
        order by id::text limit ${lookSize}`,
    );
    after = rows.length === lookSize ? (rows.at(-1)?.id ?? '') : '';
    for (const { id } of rows) {
      const jobId = jobIdOf('users.import', { importId: id }) ?? '';
      if ((await queues.queue('background').getJob(jobId)) !== undefined) continue;
      await enqueue(queues, id);
      log.warn({ import_id: id }, 'an import that was lost with the queue was put into it again');
    }
  };
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await look().catch((error: unknown) => log.warn({ err: error }, 'lost imports could not be looked for'));
    isLooking = false;
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function enqueue(queues: Pick<Queues, 'enqueue'>, importId: string): Promise<void> {
  await queues.enqueue('users.match', { importId });
  await queues.enqueue('users.import', { importId });
}
