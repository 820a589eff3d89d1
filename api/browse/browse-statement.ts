import { empty, type Fragment, join, raw, type Statement, sql } from '#shared/db/sql.ts';
import { leastRating } from '#shared/movies/appeal.ts';
import type { Position } from '../http/input/cursor.ts';
import { isAfter, orderOf, partsAfter, type SortColumn } from '../store/keyset.ts';
import { facetBits, facetColumns, facetsOf } from './facets.ts';
import { asFew, filterMovies, type MovieFilters, type Planned } from './movie-filters.ts';
import { type BrowseSort, indexColumns, type MovieKey, type SortOrder, sortColumns } from './movie-order.ts';
import { type PageReading, pageColumns } from './page-statement.ts';

/** More are never collected: they would not fit into the memory that a statement sorts in. */
export const mostCollected = 40_000;

export interface AskedPage {
  sort: BrowseSort;
  order: SortOrder;
  position: Position<MovieKey>;
  limit: number;
  facets: boolean;
}

/**
 * One page of the movies that pass the filters, where these are few: they are all collected, counted and sorted, so
 * that no order of any index has to be walked along for them. Where they are more, the page is empty and `total` is
 * more than `mostCollected`. Planned for its values: which index is best hangs on them.
 */
export function collectStatement(
  filters: MovieFilters,
  asked: AskedPage,
  planned: Planned = asFew,
): Statement<PageReading> {
  const { sort, order, position, limit, facets } = asked;
  const columns = sortColumns(sort, order);
  const by = raw(orderOf(named(columns)));
  const after = position.after === undefined ? empty : sql`and ${isAfter(named(columns), position.after)}`;
  return sql`
    with collected as materialized (
      select m.id, ${raw(keysOf(columns))}${facets ? sql`, ${facetColumns}` : empty}
      from movies m where ${filterMovies(filters, planned)}
      limit ${mostCollected + 1}::bigint
    ),${facets ? sql`\n    ${facetBits('collected')},` : empty}
    ahead as materialized (
      select *, row_number() over (order by ${by}) as place
      from (
        select id, ${raw(namesOf(columns))} from collected where (select count(*) from collected) <= ${mostCollected}::bigint ${after}
        order by ${by} limit ${limit + 1}::bigint offset ${skipOf(asked)}::bigint
      ) part
    )${pageOf(asked, columns, sql`(select count(*)::int from collected)`)}${facets ? sql`, ${facetsOf('collected')}` : empty}`;
}

/** One page of the movies that pass the filters, where these are many: along the index of the order. */
export function walkStatement(
  filters: MovieFilters,
  asked: AskedPage,
  planned: Planned = {},
): Statement<PageReading> {
  const { sort, order, limit } = asked;
  const columns = indexColumns(sort, order);
  const by = raw(orderOf(columns));
  const most = skipOf(asked) + limit + 1;
  const conditions = partsOf(filters, asked, columns);
  const rowsOf = (condition: Fragment) => sql`select m.id, ${raw(keysOf(columns))}
      from movies m
      where ${filterMovies(filters, planned)}${condition}
      order by ${by}`;
  const page = sql`limit ${limit + 1}::bigint offset ${skipOf(asked)}::bigint`;
  const [only, ...others] = conditions;
  // One range alone needs not write down the rows that are skipped.
  if (only !== undefined && others.length === 0)
    return sql`
    with ahead as materialized (
      select id, ${raw(namesOf(columns))}, row_number() over (order by ${raw(orderOf(named(columns)))}) as place
      from (${rowsOf(only)} ${page}) part
    )${pageOf(asked, columns, sql`null::int`)}`;
  const parts = conditions.map((condition, at) => {
    // A part is only read where those before it are not enough.
    const before = Array.from({ length: at }, (_, n) => sql`(select count(*) from ${raw(`part_${n}`)})`);
    const wanted = at === 0 ? empty : sql` and ${join(before, ' + ')} < ${most}::bigint`;
    return sql`${raw(`part_${at}`)} as materialized (
      select *, ${raw(String(at))} as part, row_number() over (order by ${raw(orderOf(named(columns)))}) as place
      from (${rowsOf(sql`${condition}${wanted}`)} limit ${most}::bigint) part
    )`;
  });
  const all = parts.map((_, at) => sql`select * from ${raw(`part_${at}`)}`);
  return sql`
    with ${join(parts, ',\n    ')},
    ahead as materialized (
      select id, ${raw(namesOf(columns))}, row_number() over (order by part, place) as place
      from (${join(all, ' union all ')}) parts
      order by place ${page}
    )${pageOf(asked, columns, sql`null::int`)}`;
}

/**
 * The beginning of a list, by TMDb's ids.
 * @param most so many of them at most
 * @param planned whether the movies are few, and sorted, or found along the index of the order
 */
export function listStatement(
  filters: MovieFilters,
  { sort, order, most }: Pick<AskedPage, 'sort' | 'order'> & { most: number },
  planned: Planned,
): Fragment<{ ids: number[] }> {
  const [first] = sortColumns(sort, order);
  const isSorted = planned.isRare || planned.terms === 'byId';
  const columns = isSorted ? sortColumns(sort, order) : indexColumns(sort, order);
  const found = (also: Fragment, limit: Fragment) => sql`array(
      select m.tmdb_id from movies m where ${filterMovies(filters, planned)}${also}
      order by ${raw(orderOf(columns))} limit ${limit}
    )`;
  const all = sql`${most}::bigint`;
  if (isSorted || first?.nulls === undefined || order === 'desc')
    return sql`select ${found(empty, all)} as ids`;
  return sql`
    with known as materialized (select ${found(raw(` and ${first.sql} is not null`), all)} as ids)
    select ids || ${found(raw(` and ${first.sql} is null`), sql`(select ${most}::bigint - cardinality(ids) from known)`)} as ids
    from known`;
}

/** A page of such a list. What went meanwhile is left out. */
export function keptPageStatement(
  { ids, isLast }: { ids: readonly number[]; isLast: boolean },
  { sort, order }: Pick<AskedPage, 'sort' | 'order'>,
): Statement<PageReading> {
  const columns = sortColumns(sort, order);
  return sql`
    with page as materialized (
      select m.id, listed.place
      from unnest(${ids}::int[]) with ordinality as listed(tmdb_id, place)
      join movies m on m.tmdb_id = listed.tmdb_id and m.state in ('listed', 'detailed')
    )
    select ${pageColumns(sql`0`)}, case when ${!isLast}::boolean then (
      select json_build_array(${raw(columns.map((column) => column.sql).join(', '))})
      from page join movies m on m.id = page.id order by page.place desc limit 1
    ) end as next_key`;
}

export const countStatement = (filters: MovieFilters, planned: Planned = {}): Statement<{ total: number }> =>
  sql`select count(*)::int as total from movies m where ${filterMovies(filters, { ...planned, byCountry: true })}`;

/** What is to be read, each part one range of the index. */
function partsOf(
  filters: MovieFilters,
  { sort, order, position }: AskedPage,
  columns: SortColumn[],
): Fragment[] {
  const [first] = columns;
  if (first === undefined) return [];
  const nullsLast = columns.map((column, at) =>
    at === 0 && column.nulls ? { ...column, nulls: 'last' as const } : column,
  );
  const parts =
    position.after !== undefined
      ? partsAfter(nullsLast, position.after)
      : first.nulls === undefined || order === 'desc'
        ? [sql`true`]
        : [raw(`${first.sql} is not null`), raw(`${first.sql} is null`)];
  const least = leastOf(sort, filters);
  // The filter says nothing of what the index is sorted by, where nobody has voted.
  const bound =
    least === undefined
      ? empty
      : sql` and (${raw(first.sql)} >= ${least}::float8 or ${raw(first.sql)} is null)`;
  return parts.map((part) => sql`\n      and ${part}${bound}`);
}

/** What the filters say of the first column of the index, so that what is below is not walked through. */
function leastOf(sort: BrowseSort, { minVote, minVoteCount }: MovieFilters): number | undefined {
  if (minVote === undefined) return undefined;
  if (sort === 'vote_average') return minVote;
  // A little below: the index has it computed in another order.
  return sort === 'rating' ? leastRating(minVote, minVoteCount ?? 1) - 1e-9 : undefined;
}

const keysOf = (columns: readonly SortColumn[]) =>
  columns.map(({ sql }, at) => `${sql} as k${at}`).join(', ');
/** The columns where they are called as `keysOf` calls them. */
const named = (columns: readonly SortColumn[]): SortColumn[] =>
  columns.map((column, at) => ({ ...column, sql: `k${at}` }));
const namesOf = (columns: readonly SortColumn[]) => columns.map((_, at) => `k${at}`).join(', ');

/** A cursor says itself where to begin. */
const skipOf = ({ position: { before, after } }: AskedPage) => (after === undefined ? before : 0);

/** What is `ahead` as a page, and where to go on if there is more of it. */
const pageOf = ({ limit }: AskedPage, columns: readonly SortColumn[], total: Fragment): Fragment => sql`,
    page as materialized (select id, place from ahead order by place limit ${limit}::bigint)
    select ${pageColumns(total)},
      case when (select count(*) from ahead) > ${limit}::bigint then (
        select json_build_array(${raw(namesOf(columns))}) from ahead order by place limit 1 offset ${limit - 1}::bigint
      ) end as next_key`;
