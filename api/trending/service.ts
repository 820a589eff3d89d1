import { type Audience, audienceOf, visibleTo } from '#api/movies/audience.ts';
import { prepared, sql } from '#shared/db/sql.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorPageMeta } from '../http/answers/model.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import type { TrendingMovie, TrendingQuery } from './model.ts';

/** The list is read every hour. */
const staleAfterMs = 3 * 3_600_000;

interface Asked {
  window: TrendingQuery['window'];
  snapshot: string;
  audience: Audience;
  limit: number;
  offset: number;
}

const trendingStatement = prepared<Asked, ListReading<TrendingMovie>>(
  'api-trending',
  ({ window, snapshot, audience, limit, offset }) => sql`
    with visible as (
      select trending_entries.rank, movies.*
      from trending_entries join movies on movies.id = trending_entries.movie_id
      where trending_entries.time_window = ${window}
        and movies.state in ('listed', 'detailed') and ${visibleTo('movies', audience)}
    )
    select
      (select trunc(extract(epoch from fetched_at) * 1000)::float8 from list_snapshots where name = ${snapshot})
        as fetched_at_ms,
      (select count(*)::int from visible) as total,
      array_to_json(array(
        select row_to_json(item) from (
          select m.rank, ${listItemColumns}
          from (select * from visible order by rank limit ${limit}::bigint offset ${offset}::bigint) m
          order by m.rank
        ) item
      ))::text as data`,
);

export interface TrendingService {
  /** @param dateOfBirth the caller's, if there is one who has told it */
  page(
    query: TrendingQuery,
    dateOfBirth: string | null | undefined,
  ): Promise<ReadyBody<TrendingMovie[], MirrorPageMeta>>;
}

export function createTrendingService(lists: ListReads, now: () => number): TrendingService {
  return {
    page({ window, page, limit }, dateOfBirth) {
      const audience = audienceOf(dateOfBirth, now());
      const offset = (page - 1) * limit;
      return lists({
        key: `trending/${window}/${page}/${limit}/${audience}`,
        statement: trendingStatement({ window, snapshot: `trending/${window}`, audience, limit, offset }),
        staleAfterMs,
        metaOf: ({ total }) => pageMeta({ page, limit }, total),
      });
    },
  };
}
