import { listItemColumns } from '#shared/movies/document-columns.ts';
import type { Statement } from '../../store/query-store.ts';
import { viewerColumn } from '../../viewer/viewer-column.ts';

const rows = (select: string) =>
  `array_to_json(array(select row_to_json(shown) from (${select} order by p.position) shown))`;

/** In the user's order. $1: user. */
export const readStatement: Statement = {
  name: 'api-preferences',
  text: `
    select
      ${rows(`
        select p.genre_id as id, g.name
        from user_genre_preferences p left join genres g on g.id = p.genre_id
        where p.user_id = $1`)} as genres,
      ${rows(`
        select p.person_id as id, people.name
        from user_actor_preferences p left join people on people.id = p.person_id
        where p.user_id = $1`)} as actors,
      ${rows(`
        select ${listItemColumns}, ${viewerColumn('m', '$1')} as viewer
        from user_movie_preferences p join movies m on m.id = p.movie_id
        where p.user_id = $1`)} as movies`,
};

const unknownAt = (ids: string, table: string, saved: string, id: string) => `
  array(
    select (asked.place - 1)::int from unnest(${ids}::int[]) with ordinality as asked(id, place)
    where not exists (select 1 from ${table} t where t.id = asked.id)
      and not exists (select 1 from ${saved} p where p.user_id = $1 and p.${id} = asked.id)
    order by asked.place
  )`;

/**
 * Which places of the lists name what the mirror does not know. What is saved already was known once, and may be
 * sent back. $1: user, $2: genres, $3: actors.
 */
export const unknownStatement: Statement = {
  name: 'api-unknown-preferences',
  text: `
    select
      ${unknownAt('$2', 'genres', 'user_genre_preferences', 'genre_id')} as genres,
      ${unknownAt('$3', 'people', 'user_actor_preferences', 'person_id')} as actors`,
};

interface Replaced {
  table: string;
  column: string;
  /** The parameter with the ids, or null where the list stays. */
  ids: string;
  /** Rows `(id, place)` of those ids, as the table has them. */
  rows: string;
}

const replaced = ({ table, column, ids, rows: chosen }: Replaced) => `
  ${table}_chosen as materialized (${chosen}),
  ${table}_dropped as (
    delete from ${table} p
    where p.user_id = $1 and ${ids}::int[] is not null
      and not exists (select 1 from ${table}_chosen c where c.id = p.${column})
  ),
  ${table}_kept as (
    insert into ${table} as p (user_id, ${column}, position)
    select $1, c.id, c.place from ${table}_chosen c order by c.id
    on conflict (user_id, ${column}) do update set position = excluded.position
    where p.position <> excluded.position
  )`;

const asGiven = (ids: string) =>
  `select asked.id, asked.place from unnest(${ids}::int[]) with ordinality as asked(id, place)`;

/** Replaces the lists that are given, each without duplicates. $1: user, $2: genres, $3: actors, $4: movies; or null. */
export const saveStatement: Statement = {
  name: 'api-save-preferences',
  text: `
    with ${[
      {
        table: 'user_genre_preferences',
        column: 'genre_id',
        ids: '$2',
        rows: asGiven('$2'),
      },
      {
        table: 'user_actor_preferences',
        column: 'person_id',
        ids: '$3',
        rows: asGiven('$3'),
      },
      {
        table: 'user_movie_preferences',
        column: 'movie_id',
        ids: '$4',
        rows: `select m.id, asked.place from (${asGiven('$4')}) asked join movies m on m.tmdb_id = asked.id`,
      },
    ]
      .map(replaced)
      .join(',')}
    select 1`,
};
