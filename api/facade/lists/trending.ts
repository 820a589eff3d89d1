import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { type TimeWindow, timeWindows } from '#shared/trending/trending-entry.ts';
import { queryStore } from '../../store/query-store.ts';
import { listOfRows, oldestOf, type ReadMovieRows, withMediaType } from '../rows/movie-rows.ts';
import { languageOf, pageOf, pageSize, pageText } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import type { TmdbCall, TmdbRoute } from '../wire/tmdb-route.ts';

const idsStatement = prepared<{ window: TimeWindow }, { tmdb_id: number; listed_at_ms: number | null }>(
  'api-facade-trending',
  ({ window }) => sql`
    select m.tmdb_id, (extract(epoch from s.fetched_at) * 1000)::float8 as listed_at_ms
    from trending_entries e join movies m on m.id = e.movie_id
    left join list_snapshots s on s.name = 'trending/' || e.time_window
    where e.time_window = ${window} and m.state in ('listed', 'detailed') and m.adult is not true
    order by e.rank`,
);

interface TrendingDeps {
  pool: Pool;
  documents: Documents;
  readMovieRows: ReadMovieRows;
}

/** The list that the mirror has taken over whole, in TMDb's order. Of everything that is trending it has the movies. */
export function trendingRoutes({ pool, documents, readMovieRows }: TrendingDeps): TmdbRoute[] {
  const answer = ({ params, query }: TmdbCall) => {
    const window = timeWindows.find((each) => each === params.window);
    if (window === undefined) throw new TmdbFailure(34);
    const [page, language] = [pageOf(query), languageOf(query)];
    return documents.ofMirror(`trending/${window}/${page}/${language}`, async () => {
      const rows = await queryStore(pool, idsStatement({ window }));
      const ids = rows.map(({ tmdb_id }) => tmdb_id).slice((page - 1) * pageSize, page * pageSize);
      const movies = await readMovieRows(ids, language);
      const results = listOfRows(ids, movies, (row) => withMediaType('movie', row));
      return {
        text: pageText({ page, results, total: rows.length }),
        fetchedAtMs: oldestOf([rows[0]?.listed_at_ms, movies.fetchedAtMs]),
      };
    });
  };
  return ['trending/movie/:window', 'trending/all/:window'].map((path) => ({ path, answer }));
}
