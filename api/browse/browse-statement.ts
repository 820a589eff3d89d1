import { type Fragment, raw, type Statement, sql } from '#shared/db/sql.ts';
import type { MovieSort, SortOrder } from './model.ts';
import { filterMovies, type MovieFilters } from './movie-filters.ts';
import { indexOrder, keyOf } from './movie-order.ts';
import { type PageReading, pageColumns } from './page-statement.ts';

interface AskedPage {
  sort: Exclude<MovieSort, 'relevance'>;
  order: SortOrder;
  page: number;
  limit: number;
  /** Few movies pass the filters. */
  few: boolean;
}

/** One page of all movies that pass the filters. Planned for its values: which index is best hangs on them. */
export const browseStatement = (filters: MovieFilters, asked: AskedPage): Statement<PageReading> => sql`
    with page as materialized (${pageOf(filters, asked)}
    )
    select ${pageColumns(sql`null::int`)}`;

export const countStatement = (filters: MovieFilters): Statement<{ total: number }> =>
  sql`select count(*)::int as total from movies m where ${filterMovies(filters, { together: 'all' })}`;

function pageOf(filters: MovieFilters, { sort, order, page, limit, few }: AskedPage): Fragment {
  const where = filterMovies(filters, { together: few ? 'few' : 'no' });
  const by = indexOrder(sort, order);
  const from = raw(sort === 'title' ? 'movie_titles t join movies m on m.id = t.movie_id' : 'movies m');
  const tie = raw(sort === 'title' ? by.replaceAll('m.tmdb_id', 't.tmdb_id') : by);
  const rows = (part: 0 | 1, condition: string, most: Fragment) => sql`
      (select m.id, ${raw(String(part))} as part, row_number() over (order by ${tie}) as place from ${from}
      where ${where}${raw(condition)} order by ${tie} limit ${most})`;
  const [skip, take] = [sql`${(page - 1) * limit}::bigint`, sql`${limit}::bigint`];
  if (order === 'desc' || !keyOf(sort).nullable) return rows(0, '', sql`${take} offset ${skip}`);
  // Rising, the index has the unknown ones first, where they do not belong.
  const { first } = keyOf(sort);
  return sql`
      select id, row_number() over (order by part, place) as place from (
        ${rows(0, `\n      and (${first}) is not null`, sql`${skip} + ${take}`)}
        union all
        ${rows(1, `\n      and (${first}) is null`, sql`${skip} + ${take}`)}
      ) both_parts order by part, place limit ${take} offset ${skip}`;
}
