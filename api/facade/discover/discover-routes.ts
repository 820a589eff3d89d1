import type { Pool } from 'pg';
import { type Fragment, prepared, sql } from '#shared/db/sql.ts';
import { shortKey } from '../../search/short-key.ts';
import { queryStore } from '../../store/query-store.ts';
import { listOfRows, type ReadMovieRows } from '../rows/movie-rows.ts';
import { type AskedQuery, idOf, languageOf, pageOf, pageText } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';
import { filterNames, readFilters } from './discover-filters.ts';
import { createDiscoverMovies } from './discover-movies.ts';
import { readOrder } from './discover-order.ts';

interface DiscoverDeps {
  pool: Pool;
  documents: Documents;
  readMovieRows: ReadMovieRows;
}

const keywordStatement = prepared<{ id: number }, { id: number; name: string }>(
  'api-facade-keyword',
  ({ id }) => sql`select id, name from keywords where id = ${id}`,
);

/** Movies by filters, and those of a keyword, which is one of them. */
export function discoverRoutes({ pool, documents, readMovieRows }: DiscoverDeps): TmdbRoute[] {
  const discover = createDiscoverMovies(pool);
  const answer = (query: AskedQuery, conditions: Fragment[], place = '') => {
    const [page, language, order] = [pageOf(query), languageOf(query), readOrder(query)];
    const isFiltered = conditions.length > (query.isTrue('include_adult') ? 0 : 1);
    const asked = filterNames.map((name) => query.get(name) ?? null);
    const key = shortKey(JSON.stringify(['discover', place, asked, order.name]));
    return documents.ofMirror(`${key}/${page}/${language}`, async () => {
      const { ids, total } = await discover({ conditions, isFiltered, order, page, key });
      const results = listOfRows(ids, await readMovieRows(ids, language));
      const text = pageText({ page, results, total });
      return place === '' ? text : `{"id":${place},${text.slice(1)}`;
    });
  };
  return [
    { path: 'discover/movie', answer: ({ query }) => answer(query, readFilters(query)) },
    {
      path: 'keyword/:id/movies',
      answer({ params, query }) {
        const id = idOf(params.id);
        const has = sql`m.id in (select movie_id from movie_keywords where keyword_id = ${id}::int)`;
        return answer(query, [...readFilters(query), has], String(id));
      },
    },
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
