import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { queryStore } from '../../store/query-store.ts';
import { listOfRows, oldestOf, type ReadMovieRows, withMediaType } from './movie-rows.ts';

interface Row {
  id: number;
  row: string;
  /** TMDb's ids of the movies that most people know. */
  known_for: number[];
  fetched_at_ms: number;
}

/** The JSON of each row by TMDb's id. */
export interface PersonRows extends ReadonlyMap<number, string> {
  /** When TMDb gave the oldest of them, or of the movies in them. */
  readonly fetchedAtMs?: number | undefined;
}

const mostKnown = 3;

const rowsStatement = prepared<{ ids: readonly number[] }, Row>(
  'api-facade-people',
  ({ ids }) => sql`
    select p.id, json_build_object(
      'adult', coalesce(p.adult, false),
      'gender', coalesce(p.gender, 0),
      'id', p.id,
      'known_for_department', coalesce(p.known_for_department, ''),
      'name', p.name,
      'original_name', coalesce(p.original_name, p.name),
      'popularity', coalesce(p.popularity, 0),
      'profile_path', p.profile_path
    )::text as row,
    array(
      select m.tmdb_id from movies m
      where m.id in (select c.movie_id from credits c where c.person_id = p.id)
        and m.state in ('listed', 'detailed') and m.adult is not true
      order by m.vote_count desc nulls last, m.tmdb_id limit ${mostKnown}
    ) as known_for,
    (extract(epoch from p.fetched_at) * 1000)::float8 as fetched_at_ms
    from people p where p.id = any(${unknownList(ids, 'int')})`,
);

/** The JSON of each person's row, with what they are known for. */
export type ReadPersonRows = (ids: readonly number[], language: string) => Promise<PersonRows>;

export function createReadPersonRows(pool: Pool, readMovieRows: ReadMovieRows): ReadPersonRows {
  return async (ids, language) => {
    if (ids.length === 0) return new Map();
    const people = await queryStore(pool, rowsStatement({ ids }));
    const movies = await readMovieRows([...new Set(people.flatMap((each) => each.known_for))], language);
    const rows = people.map((person) => {
      const list = listOfRows(person.known_for, movies, (movie) => withMediaType('movie', movie));
      return [person.id, `${person.row.slice(0, -1)},"known_for":${list}}`] as const;
    });
    const times = people.map(({ fetched_at_ms }) => fetched_at_ms);
    return Object.assign(new Map(rows), { fetchedAtMs: oldestOf([...times, movies.fetchedAtMs]) });
  };
}
