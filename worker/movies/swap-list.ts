import { scopeRank } from '#shared/movies/movie.ts';
import type { ListDates, ListName } from '#shared/sync/list-snapshot.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { acceptList } from '#worker/store/accept-list.ts';
import { writeTogether } from '#worker/store/write-apart.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { loseRefused } from './lose-refused.ts';
import { saveListedMovies } from './save-listed-movies.ts';

interface SwappedList {
  name: ListName;
  movies: readonly ListedMovie[];
  force: boolean | undefined;
  dates?: ListDates | undefined;
  /** Writes the places of the movies, which are rows by then. */
  replaceEntries: (on: Sql, movies: readonly ListedMovie[]) => Promise<void>;
}

/** Swaps a list of movies in one transaction: a reader never sees half of it. @throws {NexusError} `list_too_short` */
export async function swapList(
  { name, movies, force, dates, replaceEntries }: SwappedList,
  context: JobContext,
): Promise<void> {
  const { em, now, counts } = context;
  const options = { scope: scopeRank.trending, now: now() };
  const swap = (taken: readonly ListedMovie[]) =>
    writeTransaction(em, async (on) => {
      await acceptList(on, name, taken.length, { now: now(), force, dates });
      const listed = await saveListedMovies(on, taken, options);
      await replaceEntries(on, taken);
      await notify(on, { kind: 'list', name });
      await notify(on, { kind: 'movies', ids: listed.changed });
      return { ...listed, seen: taken.length };
    });
  const saved = await writeTogether(movies, {
    write: swap,
    tryOut: (part) => writeTransaction(em, (on) => saveListedMovies(on, part, options)),
    lose: loseRefused(context),
  });
  counts.seen += saved.seen;
  counts.created += saved.created;
  counts.updated += saved.updated;
  counts.unchanged += saved.seen - saved.created - saved.updated;
}
