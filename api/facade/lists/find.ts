import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { queryStore } from '../../store/query-store.ts';
import { listOfRows, type ReadMovieRows, withMediaType } from '../rows/movie-rows.ts';
import type { ReadPersonRows } from '../rows/person-rows.ts';
import { languageOf } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';
import type { ThinSearches } from './thin-searches.ts';

const sources = new Set(
  'imdb_id facebook_id instagram_id tvdb_id tiktok_id twitter_id wikidata_id youtube_id'.split(' '),
);

/** Two movies may share an id of IMDb's. */
const mostFound = 20;

const peopleStatement = prepared<{ imdbId: string }, { id: number }>(
  'api-facade-find-people',
  ({ imdbId }) => sql`
    select id from people where imdb_id = ${imdbId}
    order by popularity desc nulls last, id limit ${mostFound}`,
);

const moviesStatement = prepared<{ imdbId: string }, { tmdb_id: number }>(
  'api-facade-find',
  ({ imdbId }) => sql`
    select tmdb_id from movies where imdb_id = ${imdbId} and state in ('listed', 'detailed')
    order by popularity desc nulls last, tmdb_id limit ${mostFound}`,
);

interface FindDeps {
  pool: Pool;
  documents: Documents;
  readMovieRows: ReadMovieRows;
  readPersonRows: ReadPersonRows;
  thin: ThinSearches;
}

interface Found {
  movies?: string;
  people?: string;
  fetchedAtMs?: number | undefined;
}

const isOfImdb = /^(tt|nm)\d{7,9}$/;

/**
 * Movies and people by the ids of IMDb. One that is not known is asked for upstream, for whoever comes next. Of other
 * sources the mirror has nothing to look in, and says that there is nothing.
 */
export function findRoutes({ pool, documents, readMovieRows, readPersonRows, thin }: FindDeps): TmdbRoute[] {
  const findMovies = async (imdbId: string, language: string): Promise<Found> => {
    const ids = (await queryStore(pool, moviesStatement({ imdbId }))).map(({ tmdb_id }) => tmdb_id);
    if (ids.length === 0) return {};
    const rows = await readMovieRows(ids, language);
    const movies = listOfRows(ids, rows, (row) => withMediaType('movie', row));
    return { movies, fetchedAtMs: rows.fetchedAtMs };
  };
  const findPeople = async (imdbId: string, language: string): Promise<Found> => {
    const ids = (await queryStore(pool, peopleStatement({ imdbId }))).map(({ id }) => id);
    if (ids.length === 0) return {};
    const rows = await readPersonRows(ids, language);
    const people = listOfRows(ids, rows, (row) => withMediaType('person', row));
    return { people, fetchedAtMs: rows.fetchedAtMs };
  };
  const textOf = ({ movies = '[]', people = '[]' }: Found) =>
    `{"movie_results":${movies},"person_results":${people},"tv_results":[],"tv_episode_results":[],"tv_season_results":[]}`;
  return [
    {
      path: 'find/:id',
      answer({ params, query, addressOf }) {
        const source = query.get('external_source') ?? '';
        if (!sources.has(source)) throw new TmdbFailure(47);
        const [imdbId, language] = [(params.id ?? '').slice(0, 20), languageOf(query)];
        if (source !== 'imdb_id' || !isOfImdb.test(imdbId))
          return documents.ofMirror('find/nothing', async () => textOf({}));
        return documents.ofMirror(`find/${imdbId}/${language}`, async () => {
          const find = imdbId.startsWith('tt') ? findMovies : findPeople;
          const found = await find(imdbId, language);
          if (found.movies === undefined && found.people === undefined)
            thin.askFor({ kind: 'imdb_id', query: imdbId }, addressOf());
          return { text: textOf(found), fetchedAtMs: found.fetchedAtMs };
        });
      },
    },
  ];
}
