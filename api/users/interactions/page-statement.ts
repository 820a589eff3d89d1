import { prepared, sql } from '#shared/db/sql.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import { isAbsent } from '#shared/movies/is-absent.ts';
import type { InteractionType } from '#shared/users/user-movie-interaction.ts';
import { isoTime } from '../../http/answers/iso-time.ts';
import { viewerColumn } from '../../viewer/viewer-column.ts';
import type { Interaction } from './model.ts';

export interface StoredInteraction extends Omit<Interaction, 'rating' | 'absent'> {
  rating: number | null;
  absent: boolean;
}

export interface InteractionPage {
  total: number;
  items: StoredInteraction[];
}

interface AskedPage {
  userId: string;
  type: InteractionType | null;
  limit: number;
  offset: number;
}

const newestFirst = sql`i.created_at desc, i.movie_id desc, i.interaction_type`;

export const pageStatement = prepared<AskedPage, InteractionPage>(
  'api-interactions',
  ({ userId, type, limit, offset }) => sql`
    select
      (select count(*)::int from user_movie_interactions i
        where i.user_id = ${userId} and (${type}::text is null or i.interaction_type = ${type})) as total,
      array_to_json(array(
        select row_to_json(item) from (
          select m.tmdb_id, i.interaction_type as type, ${isoTime('i.created_at')} as at,
            case when i.interaction_type = 'watched' then (select r.rating from user_movie_ratings r
              where r.user_id = i.user_id and r.movie_id = i.movie_id) end as rating,
            ${isAbsent('m')} as absent,
            case when m.state in ('listed', 'detailed') or m.title <> '' then (
              select row_to_json(shown) from (select ${listItemColumns}, ${viewerColumn('m', userId)} as viewer) shown
            ) end as movie
          from (
            select * from user_movie_interactions i
            where i.user_id = ${userId} and (${type}::text is null or i.interaction_type = ${type})
            order by ${newestFirst} limit ${limit}::bigint offset ${offset}::bigint
          ) i
          join movies m on m.id = i.movie_id
          order by ${newestFirst}
        ) item
      )) as items`,
);
