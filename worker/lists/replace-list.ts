import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { swapList } from '#worker/movies/swap-list.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import type { RegionalList } from './read-regions.ts';

/** Swaps a region's list as a whole. */
export const replaceList = (
  { list, region, movies, dates }: RegionalList,
  context: JobContext,
  force: boolean | undefined,
): Promise<void> =>
  swapList(
    {
      ...{ name: `${list}/${region}`, movies, force, dates },
      replaceEntries: (on, taken) => replaceEntries(on, { list, region, movies: taken }),
    },
    context,
  );

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
