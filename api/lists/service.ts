import { type Audience, audienceOf, type Caller, keyOfAudience, visibleTo } from '#api/movies/audience.ts';
import type { Locales } from '#shared/config.ts';
import { prepared, sql } from '#shared/db/sql.ts';
import type { MovieList } from '#shared/lists/list-entry.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import type { Localization, Unlocalized } from '../localization/localize-items.ts';
import { selectOne } from '../store/select-one.ts';
import type { TrendingMovie } from '../trending/model.ts';
import { rankedColumns } from '../trending/ranked-columns.ts';
import type { ListQuery, RegionalPageMeta } from './model.ts';

/** The lists are read once a day at least. */
const staleAfterMs = 30 * 3_600_000;

interface Asked extends Audience {
  list: MovieList;
  region: string;
  snapshot: string;
  limit: number;
  offset: number;
}

const listStatement = prepared<Asked, ListReading<Unlocalized<TrendingMovie>>>(
  'api-list',
  ({ list, region, snapshot, age, country, limit, offset }) => sql`
    with visible as (
      select list_entries.rank, movies.*
      from list_entries join movies on movies.id = list_entries.movie_id
      where list_entries.list = ${list} and list_entries.region = ${region}
        and movies.state in ('listed', 'detailed') and ${visibleTo('movies', { age, country })}
    )
    select ${rankedColumns({ snapshot, limit, offset })}`,
);

export interface ListService {
  page(
    list: MovieList,
    query: ListQuery,
    caller: Caller | undefined,
    locale: Locale,
  ): Promise<ReadyBody<TrendingMovie[], RegionalPageMeta>>;
}

interface ListServiceDeps {
  lists: ListReads;
  localization: Localization;
  locales: Pick<Locales, 'regions' | 'defaultRegion'>;
  now: () => number;
}

export function createListService({ lists, localization, locales, now }: ListServiceDeps): ListService {
  return {
    page(list, { page, limit }, caller, locale) {
      const { region: asked, language } = locale;
      const shown = locales.regions.includes(asked) ? asked : locales.defaultRegion;
      const audience = audienceOf(caller, now());
      const offset = (page - 1) * limit;
      const statement = listStatement({
        list,
        region: shown,
        snapshot: `${list}/${shown}`,
        ...audience,
        limit,
        offset,
      });
      return lists({
        key: `${list}/${page}/${limit}/${keyOfAudience(audience)}/${keyOfLocale(locale)}`,
        language,
        read: async (pool) => localization.reading<TrendingMovie>(await selectOne(pool, statement), locale),
        staleAfterMs,
        metaOf: ({ total }) => ({
          ...pageMeta({ page, limit }, total),
          language: { asked: language },
          region: { asked, shown },
        }),
      });
    },
  };
}
