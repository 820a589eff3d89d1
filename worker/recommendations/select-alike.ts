import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import { appealOf, shownStates } from '#shared/movies/appeal.ts';
import { maxContentNeighbours } from '#shared/recommendations/content-neighbours.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

/** Of each source so many are looked at. A keyword of more movies than this says nothing. */
const most = { ofCollection: 100, ofPerson: 100, ofKeyword: 300, keywords: 30, best: 300 };

/** As for related movies: what each thing in common counts. The best recommendation of TMDb counts one, and no more is counted. */
const weight = {
  recommendation: 1,
  similar: 0.5,
  collection: 0.5,
  director: 0.2,
  actor: 0.1,
  keyword: 0.05,
  genres: 0.2,
};

/** One movie and one that is like it, by our own ids, each pair of a source once. */
export interface Alike {
  source: number;
  id: number;
  score: number;
}

const bitsInCommon = (operator: '&' | '|') =>
  raw(`bit_count((b.genre_bits ${operator} c.genre_bits)::bit(64))`);

/**
 * For each of the movies the most alike ones: by TMDb's relations in both directions, collection, directors, actors,
 * keywords, and how many of their genres are the same. What is alike is so both ways. All are found through indexes.
 */
export function selectAlike(on: Sql, movieIds: readonly number[]): Promise<Alike[]> {
  return runStatement(
    on,
    sql<Alike>`
      with batch as materialized (
        select id, collection_id, genre_bits from movies where id = any(${movieIds}::bigint[])
      ), relations as (
        select source, id, max(case kind when 'similar' then ${weight.similar}::float8 else ${weight.recommendation} end * 10 / (9 + rank)) as value
        from (
          select movie_id as source, related_movie_id as id, kind, rank from movie_relations
          where movie_id = any(${movieIds}::bigint[])
          union all
          select related_movie_id, movie_id, kind, rank from movie_relations
          where related_movie_id = any(${movieIds}::bigint[])
        ) both_ways group by source, id
      ), collections as (
        select b.id as source, s.id, ${weight.collection}::float8 as value
        from batch b cross join lateral (
          select id from movies where collection_id = b.collection_id order by id limit ${most.ofCollection}) s
      ), people as (
        select own.movie_id as source, theirs.movie_id as id,
          case when own.directs then ${weight.director}::float8 else ${weight.actor} end as value
        from (
          select movie_id, person_id, bool_or(kind = 'crew') as directs from credits
          where movie_id = any(${movieIds}::bigint[])
            and (kind = 'crew' and job = 'Director' or kind = 'cast' and position < 5)
          group by movie_id, person_id
        ) own cross join lateral (
          select distinct movie_id from credits
          where person_id = own.person_id
            and (case when own.directs then job = 'Director' else kind = 'cast' and position < 5 end)
          order by movie_id desc limit ${most.ofPerson}
        ) theirs
      ), own_keywords as materialized (
        select movie_id, keyword_id from movie_keywords
        where movie_id = any(${movieIds}::bigint[]) and position < ${most.keywords}
      ), told_keywords as materialized (
        select k.keyword_id, theirs.movie_id
        from (select distinct keyword_id from own_keywords) k cross join lateral (
          select movie_id, count(*) over () as times
          from (select movie_id from movie_keywords where keyword_id = k.keyword_id limit ${most.ofKeyword + 1}) first
        ) theirs where theirs.times <= ${most.ofKeyword}
      ), keywords as (
        select own.movie_id as source, theirs.movie_id as id, ${weight.keyword} * count(*)::float8 as value
        from own_keywords own join told_keywords theirs using (keyword_id) group by 1, 2
      ), best as materialized (
        select w.id, w.genre_bits from movies w where w.${raw(shownStates)}
        order by ${raw(appealOf('w'))} desc, w.tmdb_id limit ${most.best}
      ), genres as (
        select b.id as source, w.id, 0::float8 as value
        from batch b join best w on b.genre_bits & w.genre_bits <> 0
      ), found as (
        select source, id, sum(value) as value from (
          select * from relations union all select * from collections union all select * from people
          union all select * from keywords union all select * from genres
        ) each_source where source <> id group by source, id
      ), judged as (
        select b.id as source, c.id, least(1, found.value + ${weight.genres} *
          coalesce(${bitsInCommon('&')}::float8 / nullif(${bitsInCommon('|')}, 0), 0)) as score
        from found join batch b on b.id = found.source
        join movies c on c.id = found.id and c.${raw(shownStates)}
      )
      select source::int, id::int, score from (
        select *, row_number() over (partition by source order by score desc, id desc) as place
        from judged where score > 0
      ) placed where place <= ${maxContentNeighbours} order by source, place`,
  );
}
