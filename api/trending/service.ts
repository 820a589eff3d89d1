import { audienceOf, visibleTo } from '#api/movies/audience.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import type { ListReads } from '../http/answers/list-reads.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import type { Statement } from '../store/query-store.ts';
import type { TrendingQuery } from './model.ts';

/** The list is read every hour. */
const staleAfterMs = 3 * 3_600_000;

/** $1: day or week, $2: its snapshot's name, $3: limit, $4: offset, $5: the audience. */
const statement: Statement = {
  name: 'api-trending',
  text: `
    with visible as (
      select trending_entries.rank, movies.*
      from trending_entries join movies on movies.id = trending_entries.movie_id
      where trending_entries.time_window = $1
        and movies.state in ('listed', 'detailed') and ${visibleTo('movies', '$5')}
    )
    select
      (select trunc(extract(epoch from fetched_at) * 1000)::float8 from list_snapshots where name = $2)
        as fetched_at_ms,
      (select count(*)::int from visible) as total,
      array_to_json(array(
        select row_to_json(item) from (
          select m.rank, ${listItemColumns}
          from (select * from visible order by rank limit $3::bigint offset $4::bigint) m
          order by m.rank
        ) item
      ))::text as data`,
};

export interface TrendingService {
  /** @param dateOfBirth the caller's, if there is one who has told it */
  page(query: TrendingQuery, dateOfBirth: string | null | undefined): Promise<ReadyBody>;
}

export function createTrendingService(lists: ListReads, now: () => number): TrendingService {
  return {
    page({ window, page, limit }, dateOfBirth) {
      const audience = audienceOf(dateOfBirth, now());
      return lists({
        key: `trending/${window}/${page}/${limit}/${audience}`,
        statement,
        values: [window, `trending/${window}`, limit, (page - 1) * limit, audience],
        staleAfterMs,
        metaOf: ({ total }) => pageMeta({ page, limit }, total),
      });
    },
  };
}
