import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import { loseRefused } from '#worker/movies/lose-refused.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { acceptList } from '#worker/store/accept-list.ts';
import { writeTogether } from '#worker/store/write-apart.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import type { RegionalList } from './read-regions.ts';

/** Swaps a region's list in one transaction: a reader never sees half of it. */
export async function replaceList(
  { list, region, movies, dates }: RegionalList,
  context: JobContext,
  force: boolean | undefined,
): Promise<void> {
  const { em, now, counts } = context;
  const name = `${list}/${region}` as const;
  const options = { scope: scopeRank.trending, now: now() };
  const swap = (taken: readonly ListedMovie[]) =>
    writeTransaction(em, async (on) => {
      await acceptList(on, name, taken.length, { now: now(), force, dates });
      const listed = await saveListedMovies(on, taken, options);
      await replaceEntries(on, { list, region, movies: taken });
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

async function replaceEntries(
  on: Sql,
  { list, region, movies }: Pick<RegionalList, 'list' | 'region'> & { movies: readonly ListedMovie[] },
) {
  const ids = movies.map((movie) => movie.tmdb_id);
  await runStatement(on, sql`delete from list_entries where list = ${list} and region = ${region}`);
  await runStatement(
    on,
    sql`
      insert into list_entries (list, region, rank, movie_id)
      select ${list}, ${region}, listed.rank, m.id
      from unnest(${ids}::int[]) with ordinality as listed(tmdb_id, rank)
      join movies m on m.tmdb_id = listed.tmdb_id`,
  );
}
