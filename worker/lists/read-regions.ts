import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { MovieList } from '#shared/lists/list-entry.ts';
import type { ListDates } from '#shared/sync/list-snapshot.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { readList } from './read-list.ts';

export interface RegionalList {
  list: MovieList;
  region: string;
  movies: ListedMovie[];
  dates: ListDates | undefined;
}

type Attempt = <T>(step: () => Promise<T>) => Promise<T | undefined>;

/**
 * One of TMDb's lists for each region. An answer does not say which region it is for. So one that is just like
 * another region's, where the stored lists differ and it is more like the other one's, is not believed.
 */
export async function readRegions(
  list: MovieList,
  context: JobContext,
  attempt: Attempt,
): Promise<RegionalList[]> {
  const { mirror, tmdb, signal, losses } = context;
  const read: RegionalList[] = [];
  for (const region of mirror.regions) {
    const readPage = async (page: number) => {
      const { results, ...rest } = await tmdb.movieList(list, region, page, { signal, losses });
      return { ...rest, rows: results };
    };
    const name = `${list}/${region}`;
    const found = await attempt(() => readList(name, { idOf: (movie) => movie.tmdb_id, readPage }));
    if (found !== undefined) read.push({ list, region, movies: found.rows, dates: found.dates });
  }
  if (read.length < 2) return read;
  const stored = await readStored(context, list);
  const believed: RegionalList[] = [];
  for (const one of read)
    await attempt(async () => {
      refuseOtherRegion(one, read, stored);
      believed.push(one);
    });
  return believed;
}

const idsOf = ({ movies }: RegionalList) => movies.map((movie) => movie.tmdb_id);

function refuseOtherRegion(
  one: RegionalList,
  all: readonly RegionalList[],
  stored: ReadonlyMap<string, ReadonlySet<number>>,
): void {
  const ids = idsOf(one);
  const alike = (region: string) => ids.filter((id) => stored.get(region)?.has(id)).length;
  const other = all.find(
    (each) => each !== one && idsOf(each).join() === ids.join() && alike(each.region) > alike(one.region),
  );
  if (other !== undefined && stored.has(one.region))
    throw new NexusError(
      'list_of_other_region',
      `TMDb’s list “${one.list}/${one.region}” is the one of ${other.region}, so the old list was kept.`,
    );
}

async function readStored(
  { em }: JobContext,
  list: MovieList,
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const rows = await runStatement(
    em.getKysely(),
    sql<{ region: string; tmdb_ids: number[] }>`
      select e.region, array_agg(m.tmdb_id) as tmdb_ids
      from list_entries e join movies m on m.id = e.movie_id where e.list = ${list} group by e.region`,
  );
  return new Map(rows.map(({ region, tmdb_ids }) => [region, new Set(tmdb_ids)]));
}
