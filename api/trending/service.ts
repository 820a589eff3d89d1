import { type Audience, audienceOf, type Caller, keyOfAudience, visibleTo } from '#api/movies/audience.ts';
import { prepared, sql } from '#shared/db/sql.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorPageMeta } from '../http/answers/model.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import type { Localization, Unlocalized } from '../localization/localize-items.ts';
import { selectOne } from '../store/select-one.ts';
import type { TrendingMovie, TrendingQuery } from './model.ts';
import { rankedColumns } from './ranked-columns.ts';

/** The list is read every hour. */
const staleAfterMs = 3 * 3_600_000;

interface Asked extends Audience {
  window: TrendingQuery['window'];
  snapshot: string;
  limit: number;
  offset: number;
}

const trendingStatement = prepared<Asked, ListReading<Unlocalized<TrendingMovie>>>(
  'api-trending',
  ({ window, snapshot, age, country, limit, offset }) => sql`
    with visible as (
      select trending_entries.rank, movies.*
      from trending_entries join movies on movies.id = trending_entries.movie_id
      where trending_entries.time_window = ${window}
        and movies.state in ('listed', 'detailed') and ${visibleTo('movies', { age, country })}
    )
    select ${rankedColumns({ snapshot, limit, offset })}`,
);

export interface TrendingService {
  page(
    query: TrendingQuery,
    caller: Caller | undefined,
    locale: Locale,
  ): Promise<ReadyBody<TrendingMovie[], MirrorPageMeta>>;
}

interface TrendingDeps {
  lists: ListReads;
  localization: Localization;
  now: () => number;
}

export function createTrendingService({ lists, localization, now }: TrendingDeps): TrendingService {
  return {
    page({ window, page, limit }, caller, locale) {
      const audience = audienceOf(caller, now());
      const offset = (page - 1) * limit;
      const asked = { window, snapshot: `trending/${window}`, ...audience, limit, offset };
      return lists({
        key: `trending/${window}/${page}/${limit}/${keyOfAudience(audience)}/${keyOfLocale(locale)}`,
        language: locale.language,
        read: async (pool) =>
          localization.reading<TrendingMovie>(await selectOne(pool, trendingStatement(asked)), locale),
        staleAfterMs,
        metaOf: ({ total }) => ({
          ...pageMeta({ page, limit }, total),
          language: { asked: locale.language },
        }),
      });
    },
  };
}
