import { sql } from 'kysely';
import { codeOf, NexusError } from '#shared/errors.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { acceptList } from '#worker/accept-list.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import type { Handler, JobContext } from '#worker/handler.ts';
import type { ExportedId } from '#worker/movies/mirrored-movie.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import { splitTitle } from '#worker/movies/split-title.ts';
import { notify, type Sql, writeTransaction } from '#worker/write-transaction.ts';
import { exportDates } from './export-date.ts';

/** Rows that one statement stages. */
const batchSize = 5000;

/** Feeds `details` with what `MIRROR_SCOPE` asks for: every id of the daily export, the popular pages, or nothing. */
export const syncExport: Handler<'export'> = async (_payload, context) => {
  if (context.mirror.scope === 'full') await takeExport(context);
  if (context.mirror.scope === 'popular') await takePopular(context);
};

async function takeExport(context: JobContext): Promise<void> {
  const dates = exportDates(context.now());
  for (const [index, date] of dates.entries()) {
    try {
      return await takeExportOf(date, context);
    } catch (error) {
      if (codeOf(error) !== 'upstream_not_found' || index === dates.length - 1) throw error;
    }
  }
}

/**
 * Reads the file into a table of the transaction's own and takes it over only when it came whole: a truncated
 * one, or a kill, leaves nothing behind. Memory holds one batch of lines.
 */
async function takeExportOf(
  date: string,
  { em, tmdb, signal, now, counts, progress }: JobContext,
): Promise<void> {
  const result = await writeTransaction(em, async (on) => {
    // Longer than any statement of ours may else take: a million rows are moved at once.
    await sql`set local statement_timeout = '15min'`.execute(on);
    await sql`
      create temporary table exported (tmdb_id int, title text, long_title text, popularity float8, adult boolean)
      on commit drop`.execute(on);
    let seen = 0;
    for await (const batch of batches(tmdb.exportedIds(date, { signal }), batchSize)) {
      await stage(on, batch);
      seen += batch.length;
      progress(0.5 * (1 - 1 / (1 + seen / 500_000)));
    }
    await acceptList(on, 'export', seen, now());
    const changed = await takeOver(on, now());
    await notify(on, { kind: 'list', name: 'export' });
    return { seen, ...changed };
  });
  counts.seen += result.seen;
  counts.created += result.created;
  counts.updated += result.updated;
  counts.unchanged += result.seen - result.created - result.updated;
}

async function stage(on: Sql, batch: ExportedId[]): Promise<void> {
  const rows = batch.map(({ tmdb_id, original_title, popularity, adult }) => ({
    tmdb_id,
    ...splitTitle(original_title),
    popularity,
    adult,
  }));
  await sql`
    insert into exported select * from json_to_recordset(${JSON.stringify(rows)}::json)
      as i(tmdb_id int, title text, long_title text, popularity float8, adult boolean)`.execute(on);
}

async function takeOver(on: Sql, now: Date): Promise<{ created: number; updated: number }> {
  await sql`analyze exported`.execute(on);
  const updated = await sql`
    update movies m set scope = ${scopeRank.full}::smallint from (select distinct tmdb_id from exported) e
    where m.tmdb_id = e.tmdb_id and m.scope is null`.execute(on);
  const created = await sql`
    insert into movies (tmdb_id, state, scope, title, long_title, original_title, popularity, adult, fetched_at, updated_at)
    select distinct on (e.tmdb_id) e.tmdb_id, 'unknown', ${scopeRank.full}::smallint, e.title, e.long_title,
      coalesce(e.long_title, e.title), e.popularity, e.adult, ${now}::timestamptz, ${now}::timestamptz
    from exported e
    where not exists (select 1 from movies m where m.tmdb_id = e.tmdb_id)
    order by e.tmdb_id, e.popularity desc nulls last
    on conflict (tmdb_id) do nothing`.execute(on);
  return { created: Number(created.numAffectedRows ?? 0), updated: Number(updated.numAffectedRows ?? 0) };
}

async function takePopular(context: JobContext): Promise<void> {
  const { em, tmdb, mirror, signal, now, counts, progress } = context;
  await ensureGenres(context);
  const seen = new Set<number>();
  for (let page = 1; page <= mirror.popularPages; page++) {
    const { results, totalPages } = await tmdb.popular(page, { signal });
    if (page === 1 && results.length === 0)
      throw new NexusError('list_too_short', 'TMDb’s popular list came empty: nothing was changed.');
    // Pages shift while they are read: the same movie may stand on two.
    const fresh = results.filter((movie) => !seen.has(movie.tmdb_id));
    for (const movie of fresh) seen.add(movie.tmdb_id);
    const saved = await writeTransaction(em, async (on) => {
      const listed = await saveListedMovies(on, fresh, { scope: scopeRank.popular, now: now() });
      await notify(on, { kind: 'movies', ids: listed.changed });
      return listed;
    });
    counts.seen += fresh.length;
    counts.created += saved.created;
    counts.updated += saved.updated;
    counts.unchanged += fresh.length - saved.created - saved.updated;
    progress(page / Math.min(mirror.popularPages, Math.max(totalPages, 1)));
    if (page >= totalPages || results.length === 0) break;
  }
}

/** Groups a stream into arrays of up to `size`. */
async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
