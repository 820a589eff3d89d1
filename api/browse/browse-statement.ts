import type { Statement } from '../store/query-store.ts';
import { type StatementValues, statementValues } from '../store/statement-values.ts';
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

interface BuiltStatement<Row> {
  statement: Statement<Row>;
  values: unknown[];
}

/** One page of all movies that pass the filters. Planned for its values: which index is best hangs on them. */
export function browseStatement(filters: MovieFilters, asked: AskedPage): BuiltStatement<PageReading> {
  const values = statementValues();
  const text = `
    with page as materialized (${pageOf(filters, asked, values)}
    )
    select ${pageColumns('null::int')}`;
  return { statement: { text }, values: values.all };
}

export function countStatement(filters: MovieFilters): BuiltStatement<{ total: number }> {
  const values = statementValues();
  const text = `select count(*)::int as total from movies m where ${filterMovies(filters, values, { together: 'all' })}`;
  return { statement: { text }, values: values.all };
}

function pageOf(
  filters: MovieFilters,
  { sort, order, page, limit, few }: AskedPage,
  values: StatementValues,
) {
  const offset = (page - 1) * limit;
  const where = filterMovies(filters, values, { together: few ? 'few' : 'no' });
  const by = indexOrder(sort, order);
  const from = sort === 'title' ? 'movie_titles t join movies m on m.id = t.movie_id' : 'movies m';
  const tie = sort === 'title' ? by.replaceAll('m.tmdb_id', 't.tmdb_id') : by;
  const rows = (part: number, condition: string, most: string) => `
      (select m.id, ${part} as part, row_number() over (order by ${tie}) as place from ${from}
      where ${where}${condition} order by ${tie} limit ${most})`;
  const [skip, take] = [`${values.add(offset)}::bigint`, `${values.add(limit)}::bigint`];
  if (order === 'desc' || !keyOf(sort).nullable) return rows(0, '', `${take} offset ${skip}`);
  // Rising, the index has the unknown ones first, where they do not belong.
  const { first } = keyOf(sort);
  return `
      select id, row_number() over (order by part, place) as place from (
        ${rows(0, `\n      and (${first}) is not null`, `${skip} + ${take}`)}
        union all
        ${rows(1, `\n      and (${first}) is null`, `${skip} + ${take}`)}
      ) both_parts order by part, place limit ${take} offset ${skip}`;
}
