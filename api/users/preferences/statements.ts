import {
  type Fragment,
  join,
  type Placeholder,
  prepared,
  raw,
  sql,
  unknownList,
  unknownValue,
} from '#shared/db/sql.ts';
import { type Flags, flagsColumn } from '../../viewer/flags.ts';
import type { Preferences } from './model.ts';

const rows = (select: Fragment): Fragment =>
  sql`array_to_json(array(select row_to_json(shown) from (${select} order by p.position) shown))`;

export interface StoredPreferences extends Omit<Preferences, 'movies'> {
  /** By TMDb's ids. */
  movies: number[];
  /** What the user has said of each of the movies. */
  flags: Flags[];
}

/** In the user's order. */
export const readStatement = prepared<{ userId: string }, StoredPreferences>(
  'api-preferences',
  ({ userId }) => {
    const user = unknownValue(userId, 'uuid');
    return sql`
    select
      ${rows(sql`
        select p.genre_id as id, g.name
        from user_genre_preferences p left join genres g on g.id = p.genre_id
        where p.user_id = ${user}`)} as genres,
      ${rows(sql`
        select p.person_id as id, people.name
        from user_actor_preferences p left join people on people.id = p.person_id
        where p.user_id = ${user}`)} as actors,
      coalesce(said.movies, '[]') as movies, coalesce(said.flags, '[]') as flags
    from (
      select json_agg(tmdb_id) as movies, json_agg(flags) as flags from (
        select m.tmdb_id, ${flagsColumn('m', user)} as flags
        from user_movie_preferences p join movies m on m.id = p.movie_id
        where p.user_id = ${user} order by p.position
      ) each_movie
    ) said`;
  },
);

interface Named {
  userId: string;
  genres: number[];
  actors: number[];
}

/** By the place in the list that was sent. */
export interface UnknownPlaces {
  genres: number[];
  actors: number[];
}

interface KnownBy {
  /** The table of all there are. */
  all: string;
  /** The table of what users have saved, and its column with the id. */
  saved: string;
  column: string;
}

const unknownAt = (
  ids: Placeholder<number[]>,
  userId: Placeholder,
  { all, saved, column }: KnownBy,
): Fragment => sql`
  array(
    select (asked.place - 1)::int from unnest(${unknownList(ids, 'int')}) with ordinality as asked(id, place)
    where not exists (select 1 from ${raw(all)} t where t.id = asked.id)
      and not exists (
        select 1 from ${raw(saved)} p where p.user_id = ${unknownValue(userId, 'uuid')} and p.${raw(column)} = asked.id)
    order by asked.place
  )`;

const genreTables = { all: 'genres', saved: 'user_genre_preferences', column: 'genre_id' };
const actorTables = { all: 'people', saved: 'user_actor_preferences', column: 'person_id' };

/**
 * Which places of the lists name what the mirror does not know. What is saved already was known once, and may be
 * sent back.
 */
export const unknownStatement = prepared<Named, UnknownPlaces>(
  'api-unknown-preferences',
  ({ userId, genres, actors }) => sql`
    select
      ${unknownAt(genres, userId, genreTables)} as genres,
      ${unknownAt(actors, userId, actorTables)} as actors`,
);

interface Replaced {
  table: string;
  column: string;
  /** The ids, or null where the list stays. */
  ids: Placeholder<number[] | null>;
  /** Selects `(id, place)` of those ids, as the table has them. */
  chosen: Fragment;
}

function replaced(user: Fragment, { ids, chosen, ...names }: Replaced): Fragment {
  const [table, column] = [raw(names.table), raw(names.column)];
  return sql`
  ${table}_chosen as materialized (${chosen}),
  ${table}_dropped as (
    delete from ${table} p
    where p.user_id = ${user} and ${unknownList(ids, 'int')} is not null
      and not exists (select 1 from ${table}_chosen c where c.id = p.${column})
  ),
  ${table}_kept as (
    insert into ${table} (user_id, ${column}, position)
    select ${user}, c.id, c.place from ${table}_chosen c
    where not exists (
      select 1 from ${table} k where k.user_id = ${user} and k.${column} = c.id and k.position = c.place)
    order by c.id
    on conflict (user_id, ${column}) do update set position = excluded.position
  )`;
}

const asGiven = (ids: Placeholder<number[] | null>): Fragment =>
  sql`select asked.id, asked.place from unnest(${unknownList(ids, 'int')}) with ordinality as asked(id, place)`;

interface Saved {
  userId: string;
  genres: number[] | null;
  actors: number[] | null;
  movies: number[] | null;
}

/**
 * Replaces the lists that are given, each without duplicates. What stays in its place is not written: a conflict would
 * lock its row, which is a write, too.
 */
export const saveStatement = prepared<Saved>('api-save-preferences', ({ userId, genres, actors, movies }) => {
  const movieIds = sql`select m.id, asked.place from (${asGiven(movies)}) asked join movies m on m.tmdb_id = asked.id`;
  const lists: Replaced[] = [
    { table: 'user_genre_preferences', column: 'genre_id', ids: genres, chosen: asGiven(genres) },
    { table: 'user_actor_preferences', column: 'person_id', ids: actors, chosen: asGiven(actors) },
    { table: 'user_movie_preferences', column: 'movie_id', ids: movies, chosen: movieIds },
  ];
  const user = unknownValue(userId, 'uuid');
  const parts = lists.map((list) => replaced(user, list));
  return sql`
    with ${join(parts, ',')}
    select 1`;
});
