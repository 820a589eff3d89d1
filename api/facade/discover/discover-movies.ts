import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import { countMatches, mostCost } from '../../browse/count-matches.ts';
import { keepCounts, keepLists } from '../../browse/counts.ts';
import { readPlan } from '../../browse/estimate-matches.ts';
import { selectOne } from '../../store/select-one.ts';
import { pageSize } from '../wire/asked-query.ts';
import type { readOrder } from './discover-order.ts';

/** So many are collected, counted and sorted one by one; more are read along an index. */
const mostCollected = 3000;
/** Nobody can page further. */
const mostReached = 10_000;

export interface AskedMovies {
  conditionsOf: (look: { byGenre?: boolean; sampled?: boolean }) => readonly Fragment[];
  /** Whether anything but adult titles is left out. */
  isFiltered: boolean;
  order: ReturnType<typeof readOrder>;
  page: number;
  /** Names the conditions and the order among all others. */
  key: string;
}

export interface FoundMovies {
  ids: number[];
  total: number;
}

export type DiscoverMovies = (asked: AskedMovies) => Promise<FoundMovies>;

/**
 * Movies that pass filters, at a bounded cost: few are collected whole, so that no index has to be walked along for
 * them; many are found soon along any.
 */
export function createDiscoverMovies(pool: Pool): DiscoverMovies {
  const many = new LRUCache<string, true>({ max: 2000, ttl: 60_000 });
  const counts = keepCounts();
  const lists = keepLists();
  const few = keepLists<FoundMovies>();
  return async (asked) => {
    const passing = passingOf(asked);
    let planned: Promise<number> | undefined;
    const costOf = () => {
      planned ??= asked.isFiltered ? readPlan(pool, passing).then(({ cost }) => cost) : Promise.resolve(0);
      return planned;
    };
    if (asked.isFiltered && !many.has(asked.key)) {
      const find = () => selectOne(pool, collectStatement(passingOf(asked, { byGenre: true }), asked));
      // To find nothing may mean to look at all movies: that is done once. What costs little is never old.
      const found = (await costOf()) > mostCost ? await few(asked.key, find) : await find();
      if (found.total <= mostCollected)
        return { ...found, ids: found.ids.slice(skipOf(asked), skipOf(asked) + pageSize) };
      many.set(asked.key, true);
    }
    const count = () =>
      counts(asked.key, async () =>
        countMatches(pool, await costOf(), (sampled) =>
          countStatement(sampled ? passingOf(asked, { sampled }) : passing),
        ),
      );
    if (skipOf(asked) >= deepFrom) {
      const ids = await lists(
        asked.key,
        async () => (await selectOne(pool, listStatement(passing, asked))).ids,
      );
      const total = ids.length < mostReached ? ids.length : Math.max(ids.length, await count());
      return { ids: ids.slice(skipOf(asked), skipOf(asked) + pageSize), total };
    }
    const [{ ids: read }, counted] = await Promise.all([
      selectOne(pool, walkStatement(passing, asked)),
      count(),
    ]);
    return { ids: read.slice(0, pageSize), total: totalOf(asked, read.length, counted) };
  };
}

/** So far into a list, as much of it as pages reach is found once and kept: to skip rows costs as much each time. */
const deepFrom = 200;

const listStatement = (passing: Fragment, { order }: AskedMovies): Fragment<{ ids: number[] }> => sql`
    select array(
      select m.tmdb_id from movies m where ${passing} order by ${raw(order.by)} limit ${mostReached}::bigint
    ) as ids`;

/** A count may be older than the page. The last page says itself how many there are. */
function totalOf({ page }: AskedMovies, read: number, counted: number): number {
  const shown = skipOf({ page }) + read;
  const isLast = read <= pageSize && (read > 0 || page === 1);
  return isLast ? shown : Math.max(counted, read > 0 ? shown : 0);
}

const passingOf = (asked: AskedMovies, look: Parameters<AskedMovies['conditionsOf']>[0] = {}): Fragment =>
  join(
    [sql`m.state in ('listed', 'detailed')`, ...asked.conditionsOf(look), ...onlyOf(asked)],
    '\n      and ',
  );

const onlyOf = ({ order }: AskedMovies) => (order.only === undefined ? [] : [raw(order.only)]);
const skipOf = ({ page }: Pick<AskedMovies, 'page'>) => (page - 1) * pageSize;

/** The columns that an order names. */
const columnsOf = ({ by }: AskedMovies['order']) => [...new Set(by.match(/\bm\.\w+/g))].join(', ');

const collectStatement = (passing: Fragment, asked: AskedMovies): Fragment<FoundMovies> => sql`
    with collected as materialized (
      select ${raw(columnsOf(asked.order))} from movies m where ${passing} limit ${mostCollected + 1}::bigint
    )
    select (select count(*)::int from collected) as total, array(
      select m.tmdb_id from collected m
      where (select count(*) from collected) <= ${mostCollected}::bigint
      order by ${raw(asked.order.by)}
    ) as ids`;

/** One more than a page: whether there are others. Planned for its values: which index is best hangs on them. */
const walkStatement = (passing: Fragment, asked: AskedMovies): Fragment<{ ids: number[] }> => sql`
    select array(
      select m.tmdb_id from movies m
      where ${passing}
      order by ${raw(asked.order.by)} limit ${pageSize + 1}::bigint offset ${skipOf(asked)}::bigint
    ) as ids`;

const countStatement = (passing: Fragment): Fragment<{ total: number }> =>
  sql`select count(*)::int as total from movies m where ${passing}`;
