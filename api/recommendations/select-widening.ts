import type { Pool } from 'pg';
import { prepared, raw, sql, unknownList } from '#shared/db/sql.ts';
import { shownStates } from '#shared/movies/appeal.ts';
import { queryStore } from '../store/query-store.ts';
import { byAppeal } from './genre-bests.ts';

/** So many of the best of a language are taken, and of those of a genre so many looked through. */
const mostOfLanguage = 100;
const languageWalk = 2000;

const languageStatement = prepared<{ language: string }, { id: number }>(
  'api-recommendation-language',
  ({ language }) => sql`
    select w.id::int from movies w where w.${raw(shownStates)} and w.original_language = ${language}::text
    ${byAppeal} limit ${mostOfLanguage}`,
);

const languageGenreStatement = prepared<{ language: string; genre: number }, { id: number }>(
  'api-recommendation-language-genre',
  ({ language, genre }) => sql`
    select w.id::int from (select w.id, w.tmdb_id, w.vote_count, w.vote_average from movies w
      where w.${raw(shownStates)} and w.original_language = ${language}::text ${byAppeal} limit ${languageWalk}) w
    where exists (select 1 from movie_genres g where g.movie_id = w.id and g.genre_id = ${genre}::int)
    ${byAppeal} limit ${mostOfLanguage}`,
);

/** Of the longest series so many parts are looked at, the first by release first. */
const mostOfSeries = 100;

const siblingsStatement = prepared<{ collections: number[] }, { collection_id: number; ids: number[] }>(
  'api-recommendation-siblings',
  ({ collections }) => sql`
    select c.id as collection_id, array_to_json(array(
      select m.id::int from movies m where m.collection_id = c.id and m.${raw(shownStates)}
      order by m.release_date nulls last, m.tmdb_id limit ${mostOfSeries})) as ids
    from unnest(${unknownList(collections, 'int')}) as c(id)`,
);

/** Our own ids of the best movies in a language. */
export async function selectOfLanguage(pool: Pool, language: string, genre: number | undefined) {
  const rows = await queryStore(
    pool,
    genre === undefined ? languageStatement({ language }) : languageGenreStatement({ language, genre }),
  );
  return rows.map(({ id }) => id);
}

/** Our own ids of the movies in each of the collections. */
export async function selectSiblings(pool: Pool, collections: number[]): Promise<Map<number, number[]>> {
  const rows = await queryStore(pool, siblingsStatement({ collections }));
  return new Map(rows.map(({ collection_id, ids }) => [collection_id, ids]));
}
