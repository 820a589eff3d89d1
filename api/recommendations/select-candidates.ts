import type { Pool } from 'pg';
import { appealOf, shownStates } from '#shared/movies/appeal.ts';
import { type Audience, visibleTo } from '#shared/movies/audience.ts';
import { queryStore, type Statement } from '../reads/query-store.ts';

/** A movie that may be recommended, with what its score is made of. */
export interface Candidate {
  movie_id: number;
  tmdb_id: number;
  title: string;
  collection_id: number | null;
  collection_name: string | null;
  release_date: string | null;
  popularity: number | null;
  vote_average: number | null;
  vote_count: number | null;
  appeal: number;
  /** Users here who liked or watched it, a like counting one and having watched it half. */
  users: number | null;
  weight: number | null;
  genre_ids: string | null;
  trending: boolean;
  /** TMDb's relations that lead here. */
  relations: Relation[] | null;
  /** Favourite actors in its cast. */
  actor_ids: number[] | null;
}

export interface Relation {
  movie_id: number;
  kind: 'recommendation' | 'similar';
  rank: number;
}

const columns = `
  m.id::int as movie_id, m.tmdb_id, coalesce(m.long_title, m.title) as title, m.collection_id,
  (select c.name from collections c where c.id = m.collection_id) as collection_name,
  m.release_date::text as release_date, m.popularity, m.vote_average, m.vote_count,
  ${appealOf('m')} as appeal, n.users, n.weight,
  (select string_agg(g.genre_id::text, ',' order by g.position, g.genre_id) from movie_genres g
    where g.movie_id = m.id) as genre_ids,
  exists (select 1 from trending_entries t where t.movie_id = m.id and t.time_window = 'week') as trending`;

/** $1: audience, $2: genre or null. */
const shown = (movie: string) => `
  ${movie}.${shownStates} and ${visibleTo(movie, '$1')}
  and ($2::int is null or exists (
    select 1 from movie_genres g where g.movie_id = ${movie}.id and g.genre_id = $2::int))`;

/** How many relations, films of an actor or films of a collection are looked at. */
const mostOfSource = 2000;

/** $1: audience, $2: genre, $3: neighbours, $4: liked lately, $5: favourite actors. */
const tasteStatement: Statement = {
  name: 'api-recommendation-candidates',
  text: `
    with related as materialized (
      select related_movie_id as id, movie_id::int as movie_id, kind, rank
      from movie_relations where movie_id = any($4::bigint[]) limit ${mostOfSource}
    ), acted as materialized (
      select distinct movie_id as id, person_id from credits
      where person_id = any($5::int[]) and kind = 'cast' limit ${mostOfSource}
    ), relations as (
      select id, json_agg(json_build_object('movie_id', movie_id, 'kind', kind, 'rank', rank)
        order by rank, movie_id) as relations
      from related group by id
    ), casts as (
      select id, json_agg(person_id order by person_id) as actor_ids from acted group by id
    ), ids as materialized (
      select id from (
        select unnest($3::bigint[]) as id
        union select id from related
        union select id from acted
        union (select s.id from movies liked join movies s on s.collection_id = liked.collection_id
          where liked.id = any($4::bigint[]) limit ${mostOfSource})
      ) found
    )
    select ${columns}, r.relations, c.actor_ids
    from ids join movies m on m.id = ids.id
    left join movie_neighbours n on n.movie_id = m.id
    left join relations r on r.id = m.id
    left join casts c on c.id = m.id
    where ${shown('m')}`,
};

/** What everybody may like: the best by votes, by this service's users, and what is trending. */
const poolStatement = (walk: string, name: string): Statement => ({
  name,
  text: `
    with ids as materialized (
      ${walk}
      union select movie_id from (
        select movie_id from movie_neighbours order by weight desc, movie_id limit 500) liked
      union select movie_id from trending_entries where time_window = 'week'
    )
    select ${columns}, null as relations, null as actor_ids
    from ids join movies m on m.id = ids.id
    left join movie_neighbours n on n.movie_id = m.id
    where ${shown('m')}`,
});

const byAppeal = `order by ${appealOf('w')} desc, w.tmdb_id`;

const allPool = poolStatement(
  `(select w.id from movies w where w.${shownStates} and ${visibleTo('w', '$1')} ${byAppeal} limit 600)`,
  'api-recommendation-pool',
);

/** How far down the best movies are searched for those of a genre; a rare one is filled up with any of its movies. */
const genreWalk = 20_000;

const genrePool = poolStatement(
  `(select w.id from (select w.id, w.tmdb_id, w.vote_count, w.vote_average from movies w
      where w.${shownStates} ${byAppeal} limit ${genreWalk}) w
    where exists (select 1 from movie_genres g where g.movie_id = w.id and g.genre_id = $2::int)
    ${byAppeal} limit 600)
   union (select g.movie_id from movie_genres g where g.genre_id = $2::int limit 600)`,
  'api-recommendation-genre-pool',
);

interface AskedCandidates {
  audience: Audience;
  genre: number | undefined;
  neighbours: number[];
  liked: number[];
  actors: number[];
}

export function selectCandidates(pool: Pool, asked: AskedCandidates): Promise<Candidate[]> {
  const { audience, genre, neighbours, liked, actors } = asked;
  return queryStore(pool, tasteStatement, [audience, genre ?? null, neighbours, liked, actors]);
}

export function selectPool(pool: Pool, audience: Audience, genre: number | undefined): Promise<Candidate[]> {
  return queryStore(pool, genre === undefined ? allPool : genrePool, [audience, genre ?? null]);
}
