import type { Pool } from 'pg';
import { type Fragment, prepared, sql } from '#shared/db/sql.ts';
import { isSampled } from '#shared/movies/sampled-movies.ts';
import { ambiguousOf, rareTogetherOf, watchGenreShares } from '../../browse/estimate-matches.ts';
import { isAmong, type TermLookup } from '../../browse/term-lookup.ts';
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
  const discover = createDiscoverMovies(pool, deps.keepsLists);
  const readGenreShares = watchGenreShares();
  const answer = (
    { query, addressOf }: TmdbCall,
    more: (lookup?: TermLookup) => Fragment[] = () => [],
    place = '',
  ) => {
    const [page, language, order] = [pageOf(query), languageOf(query), readOrder(query)];
    const filters =
      readFilters(query, { ambiguousOf: () => [], rareTogetherOf: () => [] }).length + more().length;
    const isFiltered = filters > (query.isTrue('include_adult') ? 0 : 1);
    const asked = filterNames.map((name) => query.get(name) ?? null);
    const key = shortKey(JSON.stringify(['discover', place, asked, order.name]));
    return documents.ofMirror(`${key}/${page}/${language}`, async () => {
      const shares = await readGenreShares(pool);
      const conditionsOf: AskedMovies['conditionsOf'] = (look) => [
        ...(look.sampled ? [isSampled('m.id')] : []),
        ...readFilters(query, {
          ambiguousOf: (genres) => ambiguousOf(genres, shares),
          rareTogetherOf: (genres) => rareTogetherOf(genres, shares),
          ...look,
        }),
        ...more(look.terms),
      ];
      const { ids, total } = await discover({ conditionsOf, isFiltered, order, page, key });
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
    { path: 'discover/movie', answer },
    {
      path: 'keyword/:id/movies',
      answer(call) {
        const id = idOf(call.params.id);
        const ids = sql`select movie_id from movie_keywords where keyword_id = ${id}::int`;
        return answer(call, (lookup) => [isAmong(ids, lookup)], String(id));
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
