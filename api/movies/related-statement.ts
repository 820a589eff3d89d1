import { visibleTo } from '#shared/movies/audience.ts';
import type { Statement } from '../reads/query-store.ts';
import { listItemColumns } from './list-item-columns.ts';
import { readingColumns } from './movie-reading.ts';

/**
 * The movies TMDb relates to one: its recommendations first, in their order, then what is only similar.
 * The score of place n is 10 / (9 + n): 1 for the first, 0.5263 for the tenth, always falling.
 * $1: TMDb id, $2: how many, $3: the audience.
 */
export const relatedStatement: Statement = {
  name: 'api-movie-related',
  text: `
    select ${readingColumns('source')},
      case when source.state = 'detailed' then array_to_json(array(
        select row_to_json(r) from (
          select
            (select row_to_json(i) from (select ${listItemColumns}) i) as movie,
            round(10.0 / (9 + row_number() over best_first), 4) as score,
            array_to_json(array(
              select row_to_json(reason) from (
                select kinds.type, source.tmdb_id as id, names.title as name, kinds.lead || names.title as text
                from (values
                  ('tmdb_recommendation', related.recommended, 'Recommended by TMDb for those who like '),
                  ('tmdb_similar', related.similar, 'According to TMDb, similar to ')
                ) as kinds(type, rank, lead),
                (select coalesce(source.long_title, source.title) as title) names
                where kinds.rank is not null
              ) reason
            )) as reasons
          from (
            select related_movie_id,
              min(rank) filter (where kind = 'recommendation') as recommended,
              min(rank) filter (where kind = 'similar') as similar
            from movie_relations
            where movie_id = source.id and related_movie_id <> source.id
            group by related_movie_id
          ) related
          join movies m on m.id = related.related_movie_id
          where m.state in ('listed', 'detailed') and ${visibleTo('m', '$3')}
          window best_first as (order by related.recommended nulls last, related.similar, m.tmdb_id)
          order by related.recommended nulls last, related.similar, m.tmdb_id
          limit $2::int
        ) r
      ))::text end as data
    from (select $1::int as tmdb_id) asked
    left join movies source on source.tmdb_id = asked.tmdb_id`,
};
