import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { codeOf } from '#shared/errors.ts';
import type { FetchJobName } from '#shared/jobs/catalog.ts';
import type { RecordKind } from '#shared/records/record.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { notify, writeTransaction } from '#worker/store/write-transaction.ts';
import { recordAbsence } from './record-absence.ts';
import { saveRecord } from './save-record.ts';

/**
 * Mirrors one person, collection or company that somebody asked for. Safe to run twice, and a run that comes after
 * another has answered the same question asks TMDb nothing.
 */
export const fetchRecord =
  (kind: RecordKind): Handler<Exclude<FetchJobName, 'movies.fetch'>> =>
  async ({ tmdbId: id, requestedAt }, context) => {
    const { em, tmdb, signal, now, losses } = context;
    if (await isAnswered(context, kind, id, new Date(requestedAt)))
      return notify(em.getKysely(), { kind: 'records', of: kind, ids: [id] });
    try {
      await saveRecord(em, await tmdb.record(kind, id, { signal, onDemand: true, losses }), now());
    } catch (error) {
      if (codeOf(error) === 'upstream_not_found')
        await writeTransaction(em, (on) => recordAbsence(on, { kind, id }, now()));
      else throw await tellWaiting(context, kind, id, error);
    }
  };

/** Whether TMDb was asked after `since`, with either answer. */
async function isAnswered({ em }: JobContext, kind: RecordKind, id: number, since: Date): Promise<boolean> {
  const rows = await runStatement(
    em.getKysely(),
    sql`
      select 1 from records where kind = ${kind} and id = ${id}
        and ((state = 'detailed' and fetched_at >= ${since}) or last_absent_at >= ${since})`,
  );
  return rows.length > 0;
}

/** A reader waits: better a plain "TMDb cannot be reached" now than nothing until the time is up. */
async function tellWaiting(
  { em }: JobContext,
  kind: RecordKind,
  id: number,
  error: unknown,
): Promise<unknown> {
  if (codeOf(error) !== 'shutting_down')
    await notify(em.getKysely(), { kind: 'record-trouble', of: kind, ids: [id] }).catch(() => {});
  return error;
}
