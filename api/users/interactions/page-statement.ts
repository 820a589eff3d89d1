import { listItemColumns } from '#shared/movies/document-columns.ts';
import { isoTime } from '../../http/answers/iso-time.ts';
import type { Statement } from '../../store/query-store.ts';
import { viewerColumn } from '../../viewer/viewer-column.ts';

const newestFirst = 'i.created_at desc, i.movie_id desc, i.interaction_type';
const at = `${isoTime('i.created_at')} as at`;

/** $1: user, $2: type or null, $3: limit, $4: offset. */
export const pageStatement: Statement = {
  name: 'api-interactions',
  text: `
    select
      (select count(*)::int from user_movie_interactions i
        where i.user_id = $1 and ($2::text is null or i.interaction_type = $2)) as total,
      array_to_json(array(
        select row_to_json(item) from (
          select m.tmdb_id, i.interaction_type as type, ${at},
            case when m.state in ('listed', 'detailed') or m.title <> '' then (
              select row_to_json(shown) from (select ${listItemColumns}, ${viewerColumn('m', '$1')} as viewer) shown
            ) end as movie
          from (
            select * from user_movie_interactions i
            where i.user_id = $1 and ($2::text is null or i.interaction_type = $2)
            order by ${newestFirst} limit $3::bigint offset $4::bigint
          ) i
          join movies m on m.id = i.movie_id
          order by ${newestFirst}
        ) item
      )) as items`,
};
