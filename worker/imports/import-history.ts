import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { storeReason } from '#shared/users/import-reason.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { type Handler, type JobContext, PutOff } from '#worker/runner/handler.ts';
import { nameStoreTrouble, verdictOf } from '#worker/runner/retry.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { addLikely } from './add-likely.ts';
import { askForRows } from './ask-for-rows.ts';
import type { PendingRow } from './import-row.ts';
import { takeTurn } from './import-turn.ts';
import type { Answer } from './match-at-tmdb.ts';
import { matchInMirror } from './match-in-mirror.ts';
import { mirrorIsComplete } from './mirror-is-complete.ts';
import { recordSettled } from './record-settled.ts';

/** Rows that are looked up in the mirror at once, and rows that TMDb is asked about between two writes. */
const mirrorBatch = 500;
const tmdbBatch = 40;
/** After so many failures that nobody foresaw, an import ends. */
const maxFailures = 3;

/**
 * Finds the movies of a user's file in the mirror, in a lane of its own: nobody waits for another one's questions to
 * TMDb with what is known here. Safe to run beside `importHistory`.
 */
export const matchImport: Handler<'users.match'> = async ({ importId }, context) => {
  if ((await begin(importId, context)) === undefined) return;
  const complete = await mirrorIsComplete(context);
  await forEachBatch(importId, mirrorBatch, context, async (rows) => {
    const { settled } = await matchInMirror(context.em.getKysely(), rows, { complete });
    return recordSettled(context.em, importId, settled, context.now());
  });
};

/**
 * Finds the movies of a user's file, in the mirror and then at TMDb, and adds what the file says of them. Safe to run
 * twice and to be killed anywhere: what is settled is in the table, and only what is pending is looked at. After some
 * seconds at TMDb it makes room for the imports that wait.
 */
export const importHistory: Handler<'users.import'> = async ({ importId }, context) => {
  try {
    const begun = await begin(importId, context);
    if (begun === undefined) return;
    // Trouble with one call may be the beginning of an outage: only what lasts is held against the row.
    const settle = settling(importId, context, {
      complete: await mirrorIsComplete(context),
      patient: begun.failures < maxFailures - 1,
    });
    if (await forEachBatch(importId, tmdbBatch, context, settle)) await finish(importId, context);
  } catch (error) {
    await noteFailure(importId, context, error);
    throw error;
  }
};

async function begin(importId: string, { em }: JobContext): Promise<{ failures: number } | undefined> {
  const rows = await runStatement(
    em.getKysely(),
    sql<{ failures: number }>`
      update user_imports set status = 'running' where id = ${importId} and status in ('queued', 'running')
      returning failures`,
  );
  return rows[0];
}

type SettleBatch = (rows: PendingRow[]) => Promise<boolean>;

/** @returns false when the import is no more */
async function forEachBatch(importId: string, size: number, context: JobContext, settle: SettleBatch) {
  for (let line = 0; ; ) {
    context.signal.throwIfAborted();
    const rows = await runStatement(
      context.em.getKysely(),
      sql<PendingRow>`
        select line, title, original_title, year, directors, given_tmdb_id, given_imdb_id from user_import_rows
        where import_id = ${importId} and status = 'pending' and line > ${line} and line = same_as
        order by line limit ${size}`,
    );
    const last = rows.at(-1);
    if (last === undefined) return true;
    if (!(await settle(rows))) return false;
    line = last.line;
  }
}

/** What TMDb has answered when it goes away is written all the same: nothing is asked twice. */
function settling(
  importId: string,
  context: JobContext,
  { complete, patient }: { complete: boolean; patient: boolean },
): SettleBatch {
  const { em, now, mirror } = context;
  const turn = takeTurn(importId, context);
  return async (rows) => {
    const { settled, namesakes } = await matchInMirror(em.getKysely(), rows, { complete });
    const open = rows.filter((row) => !settled.has(row.line));
    if (open.length > 0) await turn.begin();
    const { answers, asked, failure } = await askForRows(open, { ...context, namesakes, patient });
    await turn.count(asked);
    await saveMovies(em, detailedOf(answers), {
      now: now(),
      scope: scopeRank.trending,
      languages: mirror.languages,
    });
    for (const [line, answer] of answers) settled.set(line, answer.settled);
    await addLikely(em.getKysely(), rows, settled);
    const live = await recordSettled(em, importId, settled, now());
    if (live && failure !== undefined) throw failure.error;
    return live;
  };
}

/** Each movie once: several rows may have asked for it. */
const detailedOf = (answers: ReadonlyMap<number, Answer>): AnsweredMovie[] => {
  const movies = [...answers.values()].flatMap(({ detailed }) => detailed ?? []);
  return [...new Map(movies.map((movie) => [movie.tmdb_id, movie])).values()];
};

async function finish(importId: string, { em, now }: JobContext): Promise<void> {
  await runStatement(
    em.getKysely(),
    sql`
      update user_imports set status = 'succeeded', finished_at = ${now()}
      where id = ${importId} and status = 'running'`,
  );
}

/** What only has to be waited for is no failure of the import. */
async function noteFailure(importId: string, { em, now, signal }: JobContext, caught: unknown) {
  if (caught instanceof PutOff) return;
  const verdict = verdictOf(nameStoreTrouble(caught));
  if (signal.aborted || verdict === 'wait' || verdict === 'stop-all') return;
  const failed = storeReason({ code: 'service_failed' });
  await runStatement(
    em.getKysely(),
    sql`
      update user_imports set failures = failures + 1,
        status = case when failures + 1 >= ${maxFailures} then 'failed' else status end,
        error = case when failures + 1 >= ${maxFailures} then ${failed} end,
        finished_at = case when failures + 1 >= ${maxFailures} then ${now()}::timestamptz end
      where id = ${importId} and status in ('queued', 'running')`,
  );
}
