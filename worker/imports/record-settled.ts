import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { addImported, type ImportOfUser } from '#shared/users/add-imported.ts';
import { storeReason } from '#shared/users/import-reason.ts';
import { lockUserStatement } from '#shared/users/lock-user-statement.ts';
import type { ImportCandidate } from '#shared/users/user-import-row.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { Settled } from './import-row.ts';

const maxCandidates = 10;

/**
 * Writes what rows turned out to be, and what that means for their user, in one transaction: whatever interrupts an
 * import, a row counts once. Rows that were settled meanwhile are left alone.
 * @returns false when there is nothing to write to any more: the import ended, or its user is gone
 */
export async function recordSettled(
  em: EntityManager,
  importId: string,
  settled: ReadonlyMap<number, Settled>,
  now: Date,
): Promise<boolean> {
  return writeTransaction(em, async (on) => {
    const owner = await lockImport(on, importId);
    if (owner === undefined) return false;
    if (settled.size === 0) return true;
    await saveFoundMovies(on, [...settled.values()], now);
    const done = await settleRows(on, importId, settled);
    const matched = done.filter(({ status }) => status === 'matched').map(({ line }) => line);
    const { asked, added } = await addImported((statement) => runStatement(on, statement), owner, matched);
    const count = (status: string) => done.filter((row) => row.status === status).length;
    await runStatement(
      on,
      sql`
        update user_imports set matched = matched + ${matched.length}, ambiguous = ambiguous + ${count('ambiguous')},
          not_found = not_found + ${count('not_found')}, added = added + ${added}, unchanged = unchanged + ${asked - added}
        where id = ${importId}`,
    );
    return true;
  });
}

/** Locks the user first, as the deletion of an account and every other write of the user's data does. */
async function lockImport(on: Sql, importId: string): Promise<ImportOfUser | undefined> {
  const [owner] = await runStatement(
    on,
    sql<{ user_id: string }>`select user_id from user_imports where id = ${importId}`,
  );
  if (owner === undefined) return undefined;
  await runStatement(on, lockUserStatement({ userId: owner.user_id }));
  const [live] = await runStatement(
    on,
    sql<ImportOfUser>`
      select id, user_id, list, created_at from user_imports
      where id = ${importId} and status = 'running' for update`,
  );
  return live;
}

/** What TMDb named is kept as a list's row until `details` fills it, which it does for whatever users touched. */
async function saveFoundMovies(on: Sql, settled: readonly Settled[], now: Date): Promise<void> {
  const matched = settled.filter((it) => it.status === 'matched');
  const listed = matched.flatMap((it) => (it.listed === undefined ? [] : [it.listed]));
  const { changed } = await saveListedMovies(on, listed, { scope: scopeRank.trending, now });
  if (changed.length > 0) await notify(on, { kind: 'movies', ids: changed });
  await runStatement(
    on,
    sql`
      update movies set scope = ${scopeRank.trending}::smallint where id in (
        select id from movies where tmdb_id = any(${matched.map(({ tmdbId }) => tmdbId)}::int[]) and state <> 'gone'
          and (scope is null or scope > ${scopeRank.trending})
        order by tmdb_id for update)`,
  );
}

interface DoneRow {
  line: number;
  status: Settled['status'];
}

async function settleRows(on: Sql, importId: string, settled: ReadonlyMap<number, Settled>) {
  const json = JSON.stringify([...settled].map(([line, it]) => ({ line, ...columnsOf(it) })));
  const rows = await runStatement(
    on,
    sql<DoneRow>`
      update user_import_rows r set status = i.status, tmdb_id = i.tmdb_id, matched_by = i.matched_by,
        reason = coalesce(i.reason, r.reason), candidates = i.candidates
      from json_to_recordset(${json}::json) as i(line int, status text, tmdb_id int, matched_by text, reason text,
        candidates jsonb)
      where r.import_id = ${importId} and r.same_as = i.line and r.status = 'pending'
      returning r.line, r.status`,
  );
  return rows;
}

function columnsOf(it: Settled) {
  if (it.status === 'matched') return { status: it.status, tmdb_id: it.tmdbId, matched_by: it.by };
  return { status: it.status, reason: storeReason(it.reason), candidates: candidatesOf(it.candidates ?? []) };
}

/** Each movie once, the likeliest first. */
function candidatesOf(candidates: readonly ImportCandidate[]): ImportCandidate[] | null {
  const each = new Map(candidates.map(({ tmdb_id, title, year }) => [tmdb_id, { tmdb_id, title, year }]));
  return each.size === 0 ? null : [...each.values()].slice(0, maxCandidates);
}
