import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { queryStore } from '../../store/query-store.ts';
import { listOfRows, type ReadMovieRows, withMediaType } from '../rows/movie-rows.ts';
import { languageOf } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';

const sources = new Set(
  'imdb_id facebook_id instagram_id tvdb_id tiktok_id twitter_id wikidata_id youtube_id'.split(' '),
);

/** Two movies may share an id of IMDb's. */
const mostFound = 20;

const idsStatement = prepared<{ imdbId: string }, { tmdb_id: number }>(
  'api-facade-find',
  ({ imdbId }) => sql`
    select tmdb_id from movies where imdb_id = ${imdbId} and state in ('listed', 'detailed')
    order by popularity desc nulls last, tmdb_id limit ${mostFound}`,
);

interface FindDeps {
  pool: Pool;
  documents: Documents;
  readMovieRows: ReadMovieRows;
}

/** Movies by the ids of IMDb. Of other sources the mirror has nothing to look in, and says that there is nothing. */
export function findRoutes({ pool, documents, readMovieRows }: FindDeps): TmdbRoute[] {
  const found = (movies: string) =>
    `{"movie_results":${movies},"person_results":[],"tv_results":[],"tv_episode_results":[],"tv_season_results":[]}`;
  return [
    {
      path: 'find/:id',
      answer({ params, query }) {
        const source = query.get('external_source') ?? '';
        if (!sources.has(source)) throw new TmdbFailure(47);
        const [imdbId, language] = [(params.id ?? '').slice(0, 20), languageOf(query)];
        const isOfMovie = source === 'imdb_id' && /^tt\d+$/.test(imdbId);
        if (!isOfMovie) return documents.ofMirror('find/nothing', async () => found('[]'));
        return documents.ofMirror(`find/${imdbId}/${language}`, async () => {
          const ids = (await queryStore(pool, idsStatement({ imdbId }))).map(({ tmdb_id }) => tmdb_id);
          const movies = await readMovieRows(ids, language);
          const text = found(listOfRows(ids, movies, (row) => withMediaType('movie', row)));
          return { text, fetchedAtMs: movies.fetchedAtMs };
        });
      },
    },
  ];
}
