import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { codeOf } from '#shared/errors.ts';
import type { TimeWindow } from '#shared/trending/trending-entry.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import { hastenTrending } from '#worker/movies/plan-refreshes.ts';
import { swapList } from '#worker/movies/swap-list.ts';
import { type Handler, type JobContext, noCounts } from '#worker/runner/handler.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';

/** How many of TMDb's pages of 20 are kept. */
const pages = 10;
/** What readers see by default comes first. */
const windows: readonly TimeWindow[] = ['week', 'day'];

/** Takes over both trending lists, rank kept, each swapped in one transaction: a reader never sees half a list. */
export const syncTrending: Handler<'trending'> = async ({ force }, context) => {
  // Each run starts from the beginning, so a continued run counts from zero again.
  Object.assign(context.counts, noCounts());
  context.losses.clear();
  await ensureGenres(context);
  for (const [index, window] of windows.entries()) {
    const movies = await readWindow(window, context);
    await swapWindow(window, movies, context, force);
    context.progress((index + 1) / windows.length);
  }
};

/**
 * Reads page after page. The pages shift while they are read, so an id counts where it stood first; that there
 * are pages beyond the first is not documented, so where TMDb says no to one, the list ends.
 */
async function readWindow(window: TimeWindow, { tmdb, signal, losses }: JobContext): Promise<ListedMovie[]> {
  const movies = new Map<number, ListedMovie>();
  for (let page = 1; page <= pages; page++) {
    try {
      const { results, totalPages } = await tmdb.trending(window, page, { signal, losses });
      for (const movie of results) if (!movies.has(movie.tmdb_id)) movies.set(movie.tmdb_id, movie);
      if (page >= totalPages || results.length === 0) break;
    } catch (error) {
      const refused = ['upstream_refused_request', 'upstream_not_found'].includes(codeOf(error));
      if (page === 1 || !refused) throw error;
      break;
    }
  }
  return [...movies.values()];
}

const swapWindow = (
  window: TimeWindow,
  movies: ListedMovie[],
  context: JobContext,
  force: boolean | undefined,
): Promise<void> =>
  swapList(
    {
      ...{ name: `trending/${window}`, movies, force },
      async replaceEntries(on, taken) {
        await replaceEntries(on, window, taken);
        await hastenTrending(on, window);
      },
    },
    context,
  );

async function replaceEntries(on: Sql, window: TimeWindow, movies: readonly ListedMovie[]) {
  const ids = movies.map((movie) => movie.tmdb_id);
  await runStatement(on, sql`delete from trending_entries where time_window = ${window}`);
  await runStatement(
    on,
    sql`
      insert into trending_entries (time_window, rank, movie_id)
      select ${window}, listed.rank, m.id
      from unnest(${ids}::int[]) with ordinality as listed(tmdb_id, rank)
      join movies m on m.tmdb_id = listed.tmdb_id`,
  );
}
