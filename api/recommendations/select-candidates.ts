import type { Pool } from 'pg';
import { type Audience, visibleTo } from '#api/movies/audience.ts';
import { type Fragment, type PlaceholdersOf, prepared, raw, sql, unknownValue } from '#shared/db/sql.ts';
import { appealOf, shownStates } from '#shared/movies/appeal.ts';
import { queryStore } from '../store/query-store.ts';
import { bestForGenres, byAppeal, ofGenre } from './genre-bests.ts';

/** A movie that may be recommended, with what of its score is the same for everybody. */
export interface Candidate {
  movie_id: number;
  tmdb_id: number;
  title: string;
  collection_id: number | null;
  release_date: string | null;
  status: string | null;
  /** The original one. */
  language: string | null;
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

const columns = sql`
  m.id::int as movie_id, m.tmdb_id, coalesce(m.long_title, m.title) as title, m.collection_id,
  m.release_date::text as release_date, m.status, m.original_language as language, m.popularity, m.vote_average, m.vote_count,
  ${raw(appealOf('m'))} as appeal, n.users, n.weight,
  nullif(array_to_string(array(
    select g.genre_id from movie_genres g where g.movie_id = m.id order by g.genre_id), ','), '') as genre_ids`;

/** Where a movie must belong to be shown. */
interface Shelved extends Audience {
  genre: number | null;
}

const isShown = ({ age, country, genre: asked }: PlaceholdersOf<Shelved>): Fragment => {
  const genre = unknownValue(asked, 'int');
  return sql`
  m.${raw(shownStates)} and ${visibleTo('m', { age, country })}
  and (${genre} is null or exists (
    select 1 from movie_genres g where g.movie_id = m.id and g.genre_id = ${genre}))`;
};

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

interface LinkSources {
  /** Lately, by our own ids. */
  liked: number[];
  disliked: number[];
  /** The favourite ones. */
  actors: number[];
}

const linksStatement = prepared<LinkSources, Link>(
  'api-recommendation-links',
  ({ liked, disliked, actors }) => sql`
    (select related_movie_id::int as movie_id, kind, movie_id::int as source, rank
      from movie_relations where movie_id = any(${liked}::bigint[]) order by movie_id, kind, rank limit ${mostOfSource})
    union all
    (select related_movie_id::int, kind, movie_id::int, rank
      from movie_relations where movie_id = any(${disliked}::bigint[]) order by movie_id, kind, rank limit ${mostOfSource})
    union all
    (select distinct movie_id::int, 'actor', person_id, 0 from credits
      where person_id = any(${actors}::int[]) and kind = 'cast' order by 1, 3 limit ${mostOfSource})
    union all
    (select distinct s.id::int, 'collection', s.collection_id, 0
      from movies liked join movies s on s.collection_id = liked.collection_id
      where liked.id = any(${liked}::bigint[]) order by 1 limit ${mostOfSource})`,
);

const factsStatement = prepared<Shelved & { movieIds: number[] }, Candidate>(
  'api-recommendation-facts',
  (asked) => sql`
    select ${columns}, false as trending
    from movies m left join movie_neighbours n on n.movie_id = m.id
    where m.id = any(${asked.movieIds}::bigint[]) and ${isShown(asked)}`,
);

/** What everybody may like: the best by votes, by this service's users, and what is trending. */
const poolOf = (best: { from: Fragment; ids: Fragment }, asked: PlaceholdersOf<Shelved>): Fragment => sql`
    with ${best.from} ids as materialized (
      ${best.ids}
      union select movie_id from (
        select movie_id from movie_neighbours order by weight desc, movie_id limit 500) liked
      union select movie_id from trending_entries where time_window = 'week'
    )
    select ${columns},
      exists (select 1 from trending_entries t where t.movie_id = m.id and t.time_window = 'week') as trending
    from ids join movies m on m.id = ids.id
    left join movie_neighbours n on n.movie_id = m.id
    where ${isShown(asked)}`;

const allPoolStatement = prepared<Shelved, Candidate>('api-recommendation-pool', (asked) => {
  const visible = visibleTo('w', { age: asked.age, country: asked.country });
  const ids = sql`(select w.id from movies w where w.${raw(shownStates)} and ${visible} ${byAppeal} limit 600)`;
  return poolOf({ from: sql``, ids }, asked);
});

const genrePoolStatement = prepared<Shelved, Candidate>('api-recommendation-genre-pool', (asked) => {
  const from = sql`${bestForGenres(sql`array[${asked.genre}::int]`)},`;
  return poolOf({ from, ids: sql`select own.id from asked, lateral (${ofGenre}) own` }, asked);
});

export const selectLinks = (pool: Pool, sources: LinkSources): Promise<Link[]> =>
  queryStore(pool, linksStatement(sources));

export interface Shelf {
  audience: Audience;
  genre: number | undefined;
}

/** Those of the movies that may be shown. */
export const selectFacts = (pool: Pool, { audience, genre }: Shelf, ids: number[]): Promise<Candidate[]> =>
  queryStore(pool, factsStatement({ ...audience, genre: genre ?? null, movieIds: ids }));

export const selectPool = (pool: Pool, { audience, genre }: Shelf): Promise<Candidate[]> =>
  queryStore(
    pool,
    genre === undefined
      ? allPoolStatement({ ...audience, genre: null })
      : genrePoolStatement({ ...audience, genre }),
  );
