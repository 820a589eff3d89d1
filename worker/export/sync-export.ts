import { isRefusedValue } from '#shared/db/is-refused-value.ts';
import { countChanged, runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import { loseRefused } from '#worker/movies/lose-refused.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import { splitTitle } from '#worker/movies/split-title.ts';
import { type Handler, type JobContext, noCounts } from '#worker/runner/handler.ts';
import { acceptList } from '#worker/store/accept-list.ts';
import { writeApart } from '#worker/store/write-apart.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { ExportedId, ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { exportDates } from './export-date.ts';

/** A transaction on the connection that holds the staged ids. */
type InTransaction = <T>(work: (on: Sql) => Promise<T>) => Promise<T>;

/** Rows that one statement stages. */
const batchSize = 5000;
/** Ids that one transaction takes over. */
const sliceSize = 20_000;

/** Feeds `details` with what `MIRROR_SCOPE` asks for: every id of the daily export, the popular pages, or nothing. */
export const syncExport: Handler<'export'> = async ({ force }, context) => {
  // Each run starts from the beginning, so a continued run counts from zero again.
  Object.assign(context.counts, noCounts());
  context.losses.clear();
  if (context.mirror.scope === 'full') await takeExport(context, force);
  if (context.mirror.scope === 'popular') await takePopular(context);
};

async function takeExport(context: JobContext, force: boolean | undefined): Promise<void> {
  const dates = exportDates(context.now());
  for (const [index, date] of dates.entries()) {
    try {
      return await takeExportOf(date, context, force);
    } catch (error) {
      if (codeOf(error) !== 'upstream_not_found' || index === dates.length - 1) throw error;
    }
  }
}

/**
 * Reads the file into a temporary table of one connection, and takes it over only when it came whole: a truncated
 * one, or a kill, leaves nothing behind. It is taken over in slices, each a short transaction, so that no other
 * writer waits for long; since that only adds ids, one that is cut off half-way is finished by the next run.
 */
async function takeExportOf(date: string, context: JobContext, force: boolean | undefined): Promise<void> {
  const { em, tmdb, signal, now, counts, losses, progress } = context;
  await em
    .getKysely()
    .connection()
    .execute(async (connection) => {
      const inTransaction: InTransaction = (work) => connection.transaction().execute(work);
      await runStatement(
        connection,
        sql`
          create temporary table exported (tmdb_id int, title text, long_title text, popularity float8, adult boolean)`,
      );
      try {
        let staged = 0;
        for await (const batch of batches(tmdb.exportedIds(date, { signal, losses }), batchSize)) {
          await stage(connection, batch);
          staged += batch.length;
          counts.seen += batch.length;
          progress(0.5 * (1 - 1 / (1 + counts.seen / 500_000)));
        }
        await inTransaction((on) => acceptList(on, 'export', staged, { now: now(), force }));
        await takeOver(connection, inTransaction, context);
        await notify(connection, { kind: 'list', name: 'export' });
      } finally {
        await runStatement(connection, sql`drop table if exists exported`).catch(() => {});
      }
    });
}

async function stage(on: Sql, batch: ExportedId[]): Promise<void> {
  const rows = batch.map(({ tmdb_id, original_title, popularity, adult }) => ({
    tmdb_id,
    ...splitTitle(original_title),
    popularity,
    adult,
  }));
  await runStatement(
    on,
    sql`
      insert into exported select * from json_to_recordset(${JSON.stringify(rows)}::json)
        as i(tmdb_id int, title text, long_title text, popularity float8, adult boolean)`,
  );
}

async function takeOver(connection: Sql, inTransaction: InTransaction, context: JobContext): Promise<void> {
  const { signal, now, counts, progress } = context;
  await runStatement(connection, sql`create index on exported (tmdb_id)`);
  await runStatement(connection, sql`analyze exported`);
  let taken = 0;
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const rows = await runStatement(
      connection,
      sql<{ last: number | null; size: number }>`
        select max(tmdb_id) as last, count(*)::int as size
        from (select tmdb_id from exported where tmdb_id > ${after} order by tmdb_id limit ${sliceSize}) s`,
    );
    const [slice] = rows;
    if (slice === undefined || slice.last === null) break;
    const until = slice.last;
    const { created, updated, refused } = await takeApart({ after, until }, context, (range) =>
      inTransaction((on) => takeSlice(on, range, now())),
    );
    counts.created += created;
    counts.updated += updated;
    counts.unchanged += slice.size - created - updated - refused;
    taken += slice.size;
    progress(0.5 + (0.5 * taken) / counts.seen);
    after = until;
  }
}

/** Ids after the first and up to the second. */
interface Range {
  after: number;
  until: number;
}

type Taken = Record<'created' | 'updated', number>;

/** Where the database refuses a row, each half is taken by itself, down to the row at fault. */
async function takeApart(
  range: Range,
  context: JobContext,
  take: (range: Range) => Promise<Taken>,
): Promise<Taken & { refused: number }> {
  const { after, until } = range;
  try {
    return { ...(await take(range)), refused: 0 };
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    if (until - after === 1) {
      loseRefused(context)({ tmdb_id: until }, error);
      // It was counted when it was read.
      context.counts.seen--;
      return { created: 0, updated: 0, refused: 1 };
    }
    const middle = after + Math.floor((until - after) / 2);
    const low = await takeApart({ after, until: middle }, context, take);
    const high = await takeApart({ after: middle, until }, context, take);
    return {
      created: low.created + high.created,
      updated: low.updated + high.updated,
      refused: low.refused + high.refused,
    };
  }
}

/** Rows are locked in the order of their ids, as by every other writer. */
async function takeSlice(on: Sql, { after, until }: Range, now: Date): Promise<Taken> {
  const updated = await countChanged(
    on,
    sql`
      update movies set scope = ${scopeRank.full}::smallint where id in (
        select m.id from movies m where m.scope is null and m.tmdb_id > ${after} and m.tmdb_id <= ${until}
          and exists (select 1 from exported e where e.tmdb_id = m.tmdb_id)
        order by m.tmdb_id for update)`,
  );
  const created = await countChanged(
    on,
    sql`
      insert into movies (tmdb_id, state, scope, title, long_title, original_title, popularity, adult, fetched_at, updated_at)
      select distinct on (e.tmdb_id) e.tmdb_id, 'unknown', ${scopeRank.full}::smallint, e.title, e.long_title,
        coalesce(e.long_title, e.title), e.popularity, e.adult, ${now}::timestamptz, ${now}::timestamptz
      from exported e
      where e.tmdb_id > ${after} and e.tmdb_id <= ${until}
        and not exists (select 1 from movies m where m.tmdb_id = e.tmdb_id)
      order by e.tmdb_id, e.popularity desc nulls last
      on conflict (tmdb_id) do nothing`,
  );
  return { created, updated };
}

async function takePopular(context: JobContext): Promise<void> {
  const { tmdb, mirror, signal, losses, progress } = context;
  await ensureGenres(context);
  const seen = new Set<number>();
  for (let page = 1; page <= mirror.popularPages; page++) {
    const { results, totalPages } = await tmdb.popular(page, { signal, losses });
    if (page === 1 && results.length === 0)
      throw new NexusError('list_too_short', 'TMDb’s popular list was empty, so nothing was changed.');
    // Pages shift while they are read: the same movie may stand on two.
    const fresh = results.filter((movie) => !seen.has(movie.tmdb_id));
    for (const movie of fresh) seen.add(movie.tmdb_id);
    await savePopular(fresh, context);
    progress(page / Math.min(mirror.popularPages, Math.max(totalPages, 1)));
    if (page >= totalPages || results.length === 0) break;
  }
}

async function savePopular(movies: ListedMovie[], context: JobContext): Promise<void> {
  const { em, now, counts } = context;
  const save = (part: readonly ListedMovie[]) =>
    writeTransaction(em, async (on) => {
      const listed = await saveListedMovies(on, part, { scope: scopeRank.popular, now: now() });
      await notify(on, { kind: 'movies', ids: listed.changed });
      return { ...listed, seen: part.length };
    });
  for (const { seen, created, updated } of await writeApart(movies, save, loseRefused(context))) {
    counts.seen += seen;
    counts.created += created;
    counts.updated += updated;
    counts.unchanged += seen - created - updated;
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
