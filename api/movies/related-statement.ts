import { type Audience, visibleTo } from '#api/movies/audience.ts';
import { type Fragment, type PlaceholdersOf, prepared, raw, sql } from '#shared/db/sql.ts';
import { appealOf, shownStates } from '#shared/movies/appeal.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import type { Unlocalized } from '../localization/localize-items.ts';
import type { ReasonCode } from '../reasons/reason.ts';
import type { RelatedMovie } from './model.ts';
import { type MovieRow, readingColumns } from './movie-row.ts';

/** Candidates that get so far are looked at closely; of each source so many are looked at at all. */
const most = { close: 300, ofPerson: 300, ofKeyword: 300, ofCollection: 100, ofGenre: 150 };
/** How far down the best movies are searched for those of a genre. */
const genreWalk = 1500;

/** What each part of a score counts; the figures' reasons stand in docs/recommendations.md. */
const weight = {
  tmdbRecommendation: 1,
  tmdbSimilar: 0.5,
  /** Of what the best neighbour has. */
  neighbours: 0.8,
  collection: 0.5,
  director: 0.2,
  actor: 0.1,
  keyword: 0.05,
  genres: 0.2,
  appeal: 0.02,
};

interface AskedRelations extends Audience {
  tmdbId: number;
  limit: number;
  /** The movie's neighbours by our own ids, */
  neighbourIds: number[];
  /** and how near each is. */
  neighbourScores: number[];
}

const shown = raw(shownStates);
const appeal = { w: raw(appealOf('w')), c: raw(appealOf('c')) };

type Neighbours = Pick<PlaceholdersOf<AskedRelations>, 'neighbourIds' | 'neighbourScores'>;

/** Each source of candidates: which movie, by what, and how much it counts. Only ever found through an index. */
const foundBy = ({ neighbourIds, neighbourScores }: Neighbours): Fragment => sql`
  select related_movie_id as id, case kind when 'similar' then 'tmdb_similar' else 'tmdb_recommendation' end as type,
    0 as other, 10.0 / (9 + rank) * case kind when 'similar' then ${weight.tmdbSimilar} else ${weight.tmdbRecommendation} end as value
  from movie_relations where movie_id = source.id
  union all
  select n.id, 'neighbour', 0, ${weight.neighbours} * n.score / max(n.score) over ()
  from unnest(${neighbourIds}::bigint[], ${neighbourScores}::real[]) as n(id, score)
  union all
  (select s.id, 'collection', s.collection_id, ${weight.collection}
    from movies s where s.collection_id = source.collection_id order by s.id limit ${most.ofCollection})
  union all
  select theirs.movie_id, case when own.directs then 'director' else 'actor' end, own.person_id,
    case when own.directs then ${weight.director} else ${weight.actor} end
  from (
    select person_id, bool_or(kind = 'crew') as directs from credits
    where movie_id = source.id and (kind = 'crew' and job = 'Director' or kind = 'cast' and position < 5)
    group by person_id
  ) own cross join lateral (
    select distinct movie_id from credits
    where person_id = own.person_id and (case when own.directs then job = 'Director' else kind = 'cast' and position < 10 end)
    order by movie_id limit ${most.ofPerson}
  ) theirs
  union all
  select theirs.movie_id, 'keyword', own.keyword_id, ${weight.keyword}
  from (select keyword_id from movie_keywords where movie_id = source.id order by position limit 30) own
  cross join lateral (
    select movie_id, count(*) over () as times
    from (select movie_id from movie_keywords where keyword_id = own.keyword_id limit ${most.ofKeyword + 1}) first
  ) theirs
  where theirs.times <= ${most.ofKeyword}
  union all
  (select w.id, 'genre', 0, 0
    from (select w.id, w.tmdb_id, w.vote_count, w.vote_average from movies w where w.${shown}
      order by ${appeal.w} desc, w.tmdb_id limit ${genreWalk}) w
    where exists (
      select 1 from movie_genres own join movie_genres theirs on theirs.genre_id = own.genre_id
      where own.movie_id = source.id and theirs.movie_id = w.id)
    order by ${appeal.w} desc, w.tmdb_id limit ${most.ofGenre})
  union all
  (select theirs.movie_id, 'genre', 0, 0
    from (select genre_id from movie_genres where movie_id = source.id) own
    cross join lateral (
      select movie_id from movie_genres where genre_id = own.genre_id limit ${most.ofGenre}) theirs)`;

/** What counts most first. */
const reasons = sql`
  select r.code, r.id, r.name from (
    select 1 as place, 0 as n, 'tmdb_recommendation' as code, source.tmdb_id as id, names.title as name
    where 'tmdb_recommendation' = any(best.types)
    union all select 2, 0, 'tmdb_similar', source.tmdb_id, names.title
    where 'tmdb_similar' = any(best.types)
    union all select 3, 0, 'liked_together', source.tmdb_id, names.title
    where 'neighbour' = any(best.types)
    union all select 4, 0, 'also_in_collection', c.id, c.name
    from collections c where c.id = m.collection_id and c.id = source.collection_id
    union all select 5, p.id, case when p.id = any(best.directors) then 'also_directed_by' else 'also_with_actor' end,
      p.id, p.name
    from people p where p.id = any(best.directors || best.actors)
    union all select 6, k.id, 'also_about', k.id, k.name
    from keywords k where k.id = any(best.keywords)
    union all select 7, theirs.position, 'also_of_genre', g.id, g.name
    from movie_genres theirs join movie_genres own on own.genre_id = theirs.genre_id and own.movie_id = source.id
    join genres g on g.id = theirs.genre_id where theirs.movie_id = m.id
  ) r order by r.place, r.n, r.id limit 5`;

/** The type that the contract gives to each reason. */
export const relationTypes = {
  tmdb_recommendation: 'tmdb_recommendation',
  tmdb_similar: 'tmdb_similar',
  liked_together: 'liked_together',
  also_in_collection: 'collection',
  also_directed_by: 'director',
  also_with_actor: 'actor',
  also_about: 'keyword',
  also_of_genre: 'genre',
} as const satisfies Partial<Record<ReasonCode, RelatedMovie['reasons'][number]['type']>>;

export interface FoundRelation {
  movie: Unlocalized<RelatedMovie['movie']>;
  score: number;
  reasons: { code: keyof typeof relationTypes; id: number; name: string }[];
}

/** `related` is null for a movie that has no details. */
interface RelatedReading extends Omit<MovieRow<never, never>, 'data' | 'language' | 'odd'> {
  related: FoundRelation[] | null;
}

/**
 * The movies related to one, by the sum of what relates them: TMDb's own relations, what this service's users like
 * together, collection, people, keywords, genres; and a little for how well they are thought of.
 */
export const relatedStatement = prepared<AskedRelations, RelatedReading>(
  'api-movie-related',
  (asked) => sql`
    select ${readingColumns('source', asked.tmdbId)},
      case when source.state = 'detailed' then array_to_json(array(
        select row_to_json(r) from (
          select
            (select row_to_json(i) from (select ${listItemColumns}) i) as movie,
            best.score,
            array_to_json(array(select row_to_json(reason) from (${reasons}) reason)) as reasons
          from (
            select close.*, round((close.value + ${weight.appeal} * greatest(0, ${appeal.c})
              + ${weight.genres} * shared.genres)::numeric, 4)::float8 as score, c.tmdb_id
            from (
              select id, sum(value) as value, array_agg(distinct type) as types,
                array_agg(other) filter (where type = 'director') as directors,
                array_agg(other) filter (where type = 'actor') as actors,
                array_agg(other) filter (where type = 'keyword') as keywords
              from (${foundBy(asked)}) found
              where id <> source.id
              group by id order by sum(value) desc, id limit ${most.close}
            ) close
            join movies c on c.id = close.id and c.${shown} and ${visibleTo('c', { age: asked.age, country: asked.country })}
            cross join lateral (
              select coalesce(count(*) filter (where sides = 2)::float8 / nullif(count(*), 0), 0) as genres
              from (select genre_id, count(*) as sides from movie_genres where movie_id in (source.id, c.id)
                group by genre_id) g
            ) shared
            order by score desc, c.tmdb_id
            limit ${asked.limit}::int
          ) best
          join movies m on m.id = best.id
          cross join (select coalesce(source.long_title, source.title) as title) names
          order by best.score desc, m.tmdb_id
        ) r
      )) end as related
    from (select ${asked.tmdbId}::int as tmdb_id) asked
    left join movies source on source.tmdb_id = asked.tmdb_id`,
);
