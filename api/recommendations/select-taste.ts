import type { Pool } from 'pg';
import { type Fragment, prepared, raw, sql, unknownValue } from '#shared/db/sql.ts';
import { isAbsent } from '#shared/movies/is-absent.ts';
import {
  maxNeighbours,
  type NeighbourList,
  recordBytes,
  unpackNeighbours,
} from '#shared/recommendations/neighbour-list.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import { type MovieIds, sortedIds } from './sorted-ids.ts';
import { type HistoryKind, historyWeights, mostTurns } from './weights.ts';

interface Named {
  id: number;
  name: string;
}

/** One movie that says something of its user. */
export interface HistoryMovie {
  kind: HistoryKind;
  /** Among those of its kind, 0 the newest (or the first of the favourites). */
  position: number;
  /** Our own id. */
  movieId: number;
  tmdbId: number;
  title: string;
  collection: Named | null;
  genreIds: number[];
  /** The original one. */
  language: string | null;
  neighbours: NeighbourList | undefined;
  /** How many were liked or watched after it; neither of the two for the others. */
  turn: number | undefined;
  transitions: NeighbourList | undefined;
  /** What is like it by content, for the newest that somebody likes. */
  content: NeighbourList | undefined;
  /** How many users here liked or watched it. */
  users: number;
}

export interface Taste {
  /** Our own ids of what is never recommended: liked, disliked, watched, hidden, named as a favourite. */
  excluded: MovieIds;
  genres: Named[];
  actors: Named[];
  history: HistoryMovie[];
  hasInteractions: boolean;
}

const profileStatement = prepared<{ userId: string }, ProfileRow>('api-taste-profile', ({ userId }) => {
  const user = unknownValue(userId, 'uuid');
  return sql`
    select
      (select string_agg(int4send(movie_id::int), ''::bytea order by movie_id) from user_movie_interactions
        where user_id = ${user} and interaction_type in ('liked', 'disliked', 'watched', 'hidden')) as seen,
      (select string_agg(movie_id::text, ',') from user_movie_preferences where user_id = ${user}) as favorites,
      array_to_json(array(
        select json_build_object('id', g.id, 'name', g.name)
        from user_genre_preferences p join genres g on g.id = p.genre_id
        where p.user_id = ${user} order by p.position, g.id)) as genres,
      array_to_json(array(
        select json_build_object('id', a.id, 'name', a.name)
        from user_actor_preferences p join people a on a.id = p.person_id
        where p.user_id = ${user} order by p.position, a.id limit 50)) as actors`;
});

/** Of very long histories only the newest interactions are looked at at all. */
const newestRows = 600;

/** Of each kind the lists by content of so many are read, the newest. */
const mostContentSources = 20;

/** What of the history counts, with what the movies' neighbours are. */
const historyStatement = prepared<{ userId: string }, HistoryRow>('api-taste-history', ({ userId }) => {
  const user = unknownValue(userId, 'uuid');
  return sql`
    with newest as (
      select movie_id, interaction_type, created_at from user_movie_interactions
      where user_id = ${user} and interaction_type <> 'hidden'
      order by created_at desc, movie_id desc limit ${newestRows}
    ), opinions as (
      select movie_id, max(created_at) as at,
        case when bool_or(interaction_type = 'liked') then 'liked'
          when bool_or(interaction_type = 'disliked') then 'disliked'
          when bool_or(interaction_type = 'watched') then 'watched' else 'bookmarked' end as kind
      from newest group by movie_id
    ), placed as (
      select movie_id, kind, row_number() over (partition by kind order by at desc, movie_id desc) - 1 as position,
        case when kind in ('liked', 'watched') then
          count(*) filter (where kind in ('liked', 'watched')) over (order by at desc, movie_id desc) - 1 end as turn
      from opinions
      union all
      select movie_id, 'favorite', row_number() over (order by position, movie_id) - 1, null
      from user_movie_preferences where user_id = ${user}
    )
    select ${historyColumns()}
    from placed h
    join (values ${raw(mostOfEach())}) as limits(kind, most) on limits.kind = h.kind and h.position < limits.most
    ${historyTables()}
    order by h.kind, h.position`;
});

/** Of `h (kind, position, movie_id, turn)`, the columns of a `HistoryRow`; from `historyTables`. */
export function historyColumns(): Fragment {
  return sql`h.kind, h.position::int, h.movie_id::int, m.tmdb_id, coalesce(m.long_title, m.title) as title,
      (select json_build_object('id', c.id, 'name', c.name) from collections c where c.id = m.collection_id) as collection,
      m.original_language as language, ${beginningOf(raw('n.neighbours'), raw('h.position'))} as neighbours,
      h.turn::int, case when h.turn < ${mostTurns} then ${beginningOf(raw('n.transitions'), raw('h.turn'))} end as transitions,
      c.neighbours as content, n.users,
      (select string_agg(g.genre_id::text, ',') from movie_genres g where g.movie_id = h.movie_id)
        as genre_ids`;
}

export function historyTables(): Fragment {
  return sql`join movies m on m.id = h.movie_id and not ${isAbsent('m')}
    left join movie_neighbours n on n.movie_id = h.movie_id
    left join content_neighbours c on c.movie_id = h.movie_id
      and h.position < ${mostContentSources} and h.kind <> 'disliked'`;
}

/** What counts little is read shorter: of each list e^(-place / 20). Cut there, a list is still one. */
function beginningOf(list: Fragment, place: Fragment): Fragment {
  return sql`substring(${list} from 1 for ${recordBytes} * ceil(${maxNeighbours} * exp(-${place} / 20.0))::int)`;
}

function mostOfEach(): string {
  return Object.entries(historyWeights)
    .map(([kind, { most }]) => `('${kind}', ${most})`)
    .join(', ');
}

interface ProfileRow {
  /** Sorted, four bytes each. */
  seen: Buffer | null;
  favorites: string | null;
  genres: Named[];
  actors: Named[];
}

export interface HistoryRow {
  kind: HistoryKind;
  position: number;
  movie_id: number;
  tmdb_id: number;
  title: string;
  collection: Named | null;
  genre_ids: string | null;
  language: string | null;
  neighbours: Buffer | null;
  turn: number | null;
  transitions: Buffer | null;
  content: Buffer | null;
  users: number | null;
}

/** What a user's interactions and preferences say of them, as they are now. */
export async function selectTaste(pool: Pool, userId: string): Promise<Taste> {
  const [profile, rows] = await Promise.all([
    selectOne(pool, profileStatement({ userId })),
    queryStore(pool, historyStatement({ userId })),
  ]);
  return {
    excluded: eitherOf(sortedIds(profile.seen), new Set(numbersOf(profile.favorites))),
    genres: profile.genres,
    actors: profile.actors,
    history: rows.map(historyMovieOf),
    hasInteractions: rows.some(({ kind }) => kind !== 'favorite'),
  };
}

export const historyMovieOf = (row: HistoryRow): HistoryMovie => ({
  kind: row.kind,
  position: row.position,
  movieId: row.movie_id,
  tmdbId: row.tmdb_id,
  title: row.title,
  collection: row.collection,
  genreIds: numbersOf(row.genre_ids),
  language: row.language,
  neighbours: listOf(row.neighbours),
  turn: row.turn ?? undefined,
  transitions: listOf(row.transitions),
  content: listOf(row.content),
  users: row.users ?? 0,
});

const eitherOf = (one: MovieIds, other: MovieIds): MovieIds => ({
  has: (id) => one.has(id) || other.has(id),
});

const listOf = (packed: Buffer | null) => (packed === null ? undefined : unpackNeighbours(packed));

const numbersOf = (list: string | null): number[] => (list === null ? [] : list.split(',').map(Number));
