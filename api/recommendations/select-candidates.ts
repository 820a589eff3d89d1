import type { Pool } from 'pg';
import { type Audience, visibleTo } from '#api/movies/audience.ts';
import { appealOf, shownStates } from '#shared/movies/appeal.ts';
import { queryStore, type Statement } from '../store/query-store.ts';

/** A movie that may be recommended, with what of its score is the same for everybody. */
export interface Candidate {
  movie_id: number;
  tmdb_id: number;
  title: string;
  collection_id: number | null;
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
}

const columns = `
  m.id::int as movie_id, m.tmdb_id, coalesce(m.long_title, m.title) as title, m.collection_id,
  m.release_date::text as release_date, m.popularity, m.vote_average, m.vote_count,
  ${appealOf('m')} as appeal, n.users, n.weight,
  (select string_agg(g.genre_id::text, ',') from movie_genres g where g.movie_id = m.id) as genre_ids`;

/** $1: audience, $2: genre or null. */
const shown = (movie: string) => `
  ${movie}.${shownStates} and ${visibleTo(movie, '$1')}
  and ($2::int is null or exists (
    select 1 from movie_genres g where g.movie_id = ${movie}.id and g.genre_id = $2::int))`;

/** How many relations, films of an actor or films of a collection are looked at. */
const mostOfSource = 2000;

/** What leads from a user's taste to a movie, other than being a neighbour. */
export interface Link {
  /** Where it leads. */
  movie_id: number;
  kind: 'recommendation' | 'similar' | 'actor' | 'collection';
  /** Our own id of the movie, or the person's or collection's. */
  source: number;
  rank: number;
}

/** $1: liked lately, $2: favourite actors. */
const linksStatement: Statement = {
  name: 'api-recommendation-links',
  text: `
    (select related_movie_id::int as movie_id, kind, movie_id::int as source, rank
      from movie_relations where movie_id = any($1::bigint[]) order by movie_id, kind, rank limit ${mostOfSource})
    union all
    (select distinct movie_id::int, 'actor', person_id, 0 from credits
      where person_id = any($2::int[]) and kind = 'cast' order by 1, 3 limit ${mostOfSource})
    union all
    (select distinct s.id::int, 'collection', s.collection_id, 0
      from movies liked join movies s on s.collection_id = liked.collection_id
      where liked.id = any($1::bigint[]) order by 1 limit ${mostOfSource})`,
};

/** $1: audience, $2: genre, $3: which movies. */
const factsStatement: Statement = {
  name: 'api-recommendation-facts',
  text: `
    select ${columns}, false as trending
    from movies m left join movie_neighbours n on n.movie_id = m.id
    where m.id = any($3::bigint[]) and ${shown('m')}`,
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
    select ${columns},
      exists (select 1 from trending_entries t where t.movie_id = m.id and t.time_window = 'week') as trending
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
const genreWalk = 6000;

const genrePool = poolStatement(
  `(select w.id from (select w.id, w.tmdb_id, w.vote_count, w.vote_average from movies w
      where w.${shownStates} ${byAppeal} limit ${genreWalk}) w
    where exists (select 1 from movie_genres g where g.movie_id = w.id and g.genre_id = $2::int)
    ${byAppeal} limit 600)
   union (select g.movie_id from movie_genres g where g.genre_id = $2::int limit 600)`,
  'api-recommendation-genre-pool',
);

export const selectLinks = (pool: Pool, liked: number[], actors: number[]): Promise<Link[]> =>
  queryStore<Link & Record<string, unknown>>(pool, linksStatement, [liked, actors]);

export interface Shelf {
  audience: Audience;
  genre: number | undefined;
}

/** Those of the movies that may be shown. */
export const selectFacts = (pool: Pool, { audience, genre }: Shelf, ids: number[]): Promise<Candidate[]> =>
  queryStore<Candidate & Record<string, unknown>>(pool, factsStatement, [audience, genre ?? null, ids]);

export const selectPool = (pool: Pool, { audience, genre }: Shelf): Promise<Candidate[]> =>
  queryStore<Candidate & Record<string, unknown>>(pool, genre === undefined ? allPool : genrePool, [
    audience,
    genre ?? null,
  ]);
