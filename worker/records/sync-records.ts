import { codeOf, NexusError } from '#shared/errors.ts';
import type { Handler, JobContext } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { writeTransaction } from '#worker/store/write-transaction.ts';
import { type ClaimedRecord, claimRecords, countDueRecords } from './claim-records.ts';
import { noteChangedPeople } from './note-changed-people.ts';
import { recordAbsence } from './record-absence.ts';
import { saveRecord } from './save-record.ts';

/** So many calls are under way at the same time. */
const atOnce = 8;
/** What one run asks at most; the rest is left to the next one. */
const mostOfRun = 10_000;

/** Refreshes people, collections and companies: those that TMDb has changed, then the oldest. */
export const syncRecords: Handler<'people'> = async (_payload, context) => {
  const { em, now, counts, signal, progress, log } = context;
  try {
    await noteChangedPeople(context);
  } catch (error) {
    if (!isAboutOneCall(error)) throw error;
    log.warn({ err: error }, 'TMDb does not say who has changed: the oldest are refreshed');
  }
  const since = now();
  const due = Math.min(mostOfRun, await countDueRecords(em.getKysely(), { since, now: since }));
  let refused = 0;
  for (let asked = 0; asked < due; ) {
    signal.throwIfAborted();
    const claimed = await claimRecords(em.getKysely(), { since, now: now(), limit: atOnce });
    if (claimed.length === 0) break;
    const outcomes = await Promise.all(claimed.map((record) => refresh(record, context)));
    for (const outcome of outcomes) {
      if (outcome === 'refused') refused += 1;
      else if (outcome !== 'absent') counts[outcome] += 1;
    }
    counts.seen += claimed.length;
    asked += claimed.length;
    progress(asked / due);
  }
  if (refused > 0)
    throw new NexusError(
      'too_many_gone',
      `TMDb says that ${refused} more are gone than are believed within a day, so they were kept. They are asked about again.`,
    );
};

async function refresh(record: ClaimedRecord, context: JobContext) {
  const { em, tmdb, signal, now, losses } = context;
  const own = em.fork();
  try {
    return await saveRecord(own, await tmdb.record(record.kind, record.id, { signal, losses }), now());
  } catch (error) {
    if (codeOf(error) === 'upstream_not_found')
      return writeTransaction(own, (on) => recordAbsence(on, record, now()));
    if (!isAboutOneCall(error)) throw error;
    return 'failed';
  }
}
