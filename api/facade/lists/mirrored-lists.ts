import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { isCountryCode } from '#shared/languages/codes.ts';
import { type MovieList, movieLists } from '#shared/lists/list-entry.ts';
import { queryStore } from '../../store/query-store.ts';
import { selectOne } from '../../store/select-one.ts';
import { listOfRows, oldestOf, type ReadMovieRows } from '../rows/movie-rows.ts';
import { type AskedQuery, languageOf, pageOf, pageSize, pageText } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';

interface Asked {
  list: MovieList;
  region: string;
}

const idsStatement = prepared<Asked, { tmdb_id: number }>(
  'api-facade-list',
  ({ list, region }) => sql`
    select m.tmdb_id from list_entries e join movies m on m.id = e.movie_id
    where e.list = ${list} and e.region = ${region} and m.state in ('listed', 'detailed') and m.adult is not true
    order by e.rank`,
);

/** Between which days the movies of the list are released, as TMDb said it with the list. */
const datesStatement = prepared<{ name: string }, { dates: object | null; fetched_at_ms: number | null }>(
  'api-facade-list-dates',
  ({ name }) => sql`
    select s.dates, (extract(epoch from s.fetched_at) * 1000)::float8 as fetched_at_ms
    from (values (1)) one left join list_snapshots s on s.name = ${name}`,
);

interface MirroredListsDeps {
  pool: Pool;
  documents: Documents;
  readMovieRows: ReadMovieRows;
  regions: readonly string[];
  defaultRegion: string;
}

/** `movie/popular` and its like, as they are mirrored for each country. */
export function mirroredListRoutes(deps: MirroredListsDeps): TmdbRoute[] {
  const { pool, documents, readMovieRows, regions, defaultRegion } = deps;
  const regionOf = (query: AskedQuery) => {
    const region = (query.get('region') ?? '').toUpperCase();
    return isCountryCode(region) && regions.includes(region) ? region : defaultRegion;
  };
  return movieLists.map((list) => ({
    path: `movie/${list}`,
    answer({ query }) {
      const [page, language, region] = [pageOf(query), languageOf(query), regionOf(query)];
      return documents.ofMirror(`list/${list}/${region}/${page}/${language}`, async () => {
        const rows = await queryStore(pool, idsStatement({ list, region }));
        const { dates, fetched_at_ms } = await selectOne(pool, datesStatement({ name: `${list}/${region}` }));
        const ids = rows.map(({ tmdb_id }) => tmdb_id).slice((page - 1) * pageSize, page * pageSize);
        const movies = await readMovieRows(ids, language);
        const text = pageText({ page, results: listOfRows(ids, movies), total: rows.length });
        return {
          text: dates === null ? text : `{"dates":${JSON.stringify(dates)},${text.slice(1)}`,
          fetchedAtMs: oldestOf([fetched_at_ms, movies.fetchedAtMs]),
        };
      });
    },
  }));
}
