import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { keywordTerm } from '#shared/movies/term-codes.ts';
import { watchGenreShares } from '../../browse/estimate-matches.ts';
import { shortKey } from '../../search/short-key.ts';
import { queryStore } from '../../store/query-store.ts';
import type { ReadCoverage } from '../lists/coverage.ts';
import { type ThinSearches, thinBelow } from '../lists/thin-searches.ts';
import { listOfRows, type ReadMovieRows } from '../rows/movie-rows.ts';
import { type AskedQuery, idOf, languageOf, pageOf, pageText } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import type { TmdbCall, TmdbRoute } from '../wire/tmdb-route.ts';
import { filterNames, readFilters } from './discover-filters.ts';
import { type AskedMovies, createDiscoverMovies } from './discover-movies.ts';
import { readOrder } from './discover-order.ts';

interface DiscoverDeps {
  pool: Pool;
  documents: Documents;
  readMovieRows: ReadMovieRows;
  thin: ThinSearches;
  readCoverage: ReadCoverage;
  keepsLists?: boolean | undefined;
}

const keywordStatement = prepared<{ id: number }, { id: number; name: string }>(
  'api-facade-keyword',
  ({ id }) => sql`select id, name from keywords where id = ${id}`,
);

/** Movies by filters, and those of a keyword, which is one of them. */
export function discoverRoutes(deps: DiscoverDeps): TmdbRoute[] {
  const { pool, documents, readMovieRows, thin, readCoverage } = deps;
  const discover = createDiscoverMovies(pool, { keepsLists: deps.keepsLists });
  const readGenreShares = watchGenreShares();
  const answer = ({ query, addressOf }: TmdbCall, keyword?: number) => {
    const [page, language, order] = [pageOf(query), languageOf(query), readOrder(query)];
    const place = keyword === undefined ? '' : String(keyword);
    const filters = readFilters(query, keyword === undefined ? [] : [keywordTerm(keyword)]);
    const asked = filterNames.map((name) => query.get(name) ?? null);
    const key = shortKey(JSON.stringify(['discover', place, asked, order.name]));
    return documents.ofMirror(`${key}/${page}/${language}`, async () => {
      const shares = await readGenreShares(pool);
      const conditionsOf: AskedMovies['conditionsOf'] = (look) => filters.conditionsOf({ shares, ...look });
      const { ids, total } = await discover({ ...filters, conditionsOf, order, page, key });
      const rows = await readMovieRows(ids, language);
      const text = pageText({ page, results: listOfRows(ids, rows), total });
      const unknown = total < thinBelow ? filtersOf(query, place) : undefined;
      if (unknown !== undefined) thin.askFor({ filters: unknown }, addressOf());
      return {
        text: place === '' ? text : `{"id":${place},${text.slice(1)}`,
        fetchedAtMs: rows.fetchedAtMs,
        coverage: await readCoverage(),
      };
    });
  };
  return [
    { path: 'discover/movie', answer: (call) => answer(call) },
    { path: 'keyword/:id/movies', answer: (call) => answer(call, idOf(call.params.id)) },
    {
      path: 'keyword/:id',
      answer({ params }) {
        const id = idOf(params.id);
        return documents.ofMirror(`keyword/${id}`, async () => {
          const [keyword] = await queryStore(pool, keywordStatement({ id }));
          if (keyword === undefined) throw new TmdbFailure(34);
          return JSON.stringify(keyword);
        });
      },
    },
  ];
}

const longestFilters = 2000;

/** What TMDb is asked for in place of the mirror, by its own names; nothing for more than anybody means. */
function filtersOf(query: AskedQuery, keyword: string): string | undefined {
  const asked = [...filterNames, 'sort_by'].flatMap((name) => {
    const value = query.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const all = { ...Object.fromEntries(asked), ...(keyword === '' ? {} : { with_keywords: keyword }) };
  const text = new URLSearchParams(Object.entries(all).sort()).toString();
  return text.length <= longestFilters ? text : undefined;
}
