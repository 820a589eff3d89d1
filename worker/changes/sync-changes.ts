import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { type Handler, type JobContext, noCounts } from '#worker/runner/handler.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import { type ChangeWindow, planWindows, splitWindow } from './plan-windows.ts';
import { noteGap, noteReadUntil, takeReadUntil } from './read-until.ts';

/** TMDb answers no page beyond. */
const mostPages = 500;
/** Passes over a list that shifts while it is read. What shifted out of all of them is listed in the next run, too. */
const mostPasses = 3;

/**
 * Marks what TMDb says has changed, so that `details` fetches it before all that is merely old. The watermark moves
 * only behind what is marked: whatever interrupts a run, the next one reads the same days again.
 */
export const syncChanges: Handler<'changes'> = async ({ trigger }, context) => {
  const { em, now, log, counts, losses, progress } = context;
  // Each run reads from the watermark, so a continued run counts from zero again.
  Object.assign(counts, noCounts());
  losses.clear();
  const began = now();
  const readUntil = await writeTransaction(em, (on) => takeReadUntil(on, began));
  const { windows, gap } = planWindows({
    readUntilMs: readUntil.getTime(),
    nowMs: began.getTime(),
    everything: trigger === 'admin',
  });
  if (gap !== undefined) {
    const [from, until] = [new Date(gap.fromMs), new Date(gap.untilMs)];
    await writeTransaction(em, (on) => noteGap(on, from, until));
    log.warn(
      { gap_from: from, gap_until: until },
      'TMDb no longer lists what changed in this time: what was fetched before is refreshed, the oldest first',
    );
  }
  for (const [index, window] of windows.entries()) {
    await readWindow(window, context);
    await writeTransaction(em, (on) => noteReadUntil(on, new Date(window.untilMs)));
    progress((index + 1) / windows.length);
  }
};

async function readWindow(window: ChangeWindow, context: JobContext): Promise<void> {
  const seen = new Set<number>();
  for (let pass = 1; pass <= mostPasses; pass++) {
    const read = await readPass(window, seen, context);
    if (read === 'too long') return readParts(window, context);
    if (read === 'steady') return;
  }
}

/** A list that has more pages than TMDb gives is read in two parts. */
async function readParts(window: ChangeWindow, context: JobContext): Promise<void> {
  for (const part of splitWindow(window) ?? []) await readWindow(part, context);
}

/** Reads the pages once and marks what is new on them. The pages shift while they are read, and rows repeat. */
async function readPass(
  window: ChangeWindow,
  seen: Set<number>,
  context: JobContext,
): Promise<'steady' | 'shifted' | 'too long'> {
  const { tmdb, signal, losses } = context;
  const isFirstPass = seen.size === 0;
  const before = seen.size;
  let pages: number | undefined;
  let repeated = 0;
  for (let page = 1; page <= mostPages; page++) {
    signal.throwIfAborted();
    const { ids, totalPages } = await tmdb.changes(window, page, { signal, losses });
    if (page === 1 && totalPages > mostPages && splitWindow(window) !== undefined) return 'too long';
    if (page === 1 && totalPages > mostPages) await giveUpDay(window, totalPages, context);
    const fresh = ids.filter((id) => !seen.has(id) && seen.add(id));
    await takePage(fresh, window, context);
    repeated += ids.length - fresh.length;
    // A list that got longer or shorter has shifted, too.
    pages ??= totalPages;
    if (totalPages !== pages) repeated++;
    if (page >= totalPages || ids.length === 0) break;
  }
  return (isFirstPass ? repeated === 0 : seen.size === before) ? 'steady' : 'shifted';
}

/** More changed in a day than TMDb lets be read. */
async function giveUpDay({ from, untilMs }: ChangeWindow, pages: number, { em, log }: JobContext) {
  log.warn({ day: from, pages }, 'TMDb lists more changes than it lets be read');
  await writeTransaction(em, (on) => noteGap(on, new Date(from), new Date(untilMs)));
}

async function takePage(ids: readonly number[], window: ChangeWindow, context: JobContext): Promise<void> {
  const { counts } = context;
  const marked = await markChanged(ids, window, context);
  counts.seen += ids.length;
  counts.updated += marked;
  counts.unchanged += ids.length - marked;
}

/** One statement for a page. @returns how many it marked */
async function markChanged(
  tmdbIds: readonly number[],
  { fetchedBeforeMs, markedBeforeMs }: ChangeWindow,
  { em, now, mirror }: JobContext,
): Promise<number> {
  if (tmdbIds.length === 0) return 0;
  const fetchedBefore = new Date(fetchedBeforeMs);
  const markedBefore = markedBeforeMs === null ? null : new Date(markedBeforeMs);
  return writeTransaction(em, async (on: Sql) => {
    // One that is marked stays so. But if it is being asked for right now, the answer may be from before.
    const rows = await runStatement(
      on,
      sql<{ tmdb_id: number }>`
      update movies set changed_at = ${now()}, change_seen_at = ${now()} where id in (
        select id from movies
        where tmdb_id = any(${tmdbIds}::int[]) and state = 'detailed' and scope <= ${scopeRank[mirror.scope]}
          and (attempted_at >= changed_at or (changed_at is null
            and (fetched_at < ${fetchedBefore} or change_seen_at < ${markedBefore}::timestamptz
              or (change_seen_at is null and ${markedBefore}::timestamptz is not null))))
        order by tmdb_id for update)
      returning tmdb_id`,
    );
    await notify(on, { kind: 'movies', ids: rows.map((row) => row.tmdb_id) });
    return rows.length;
  });
}
