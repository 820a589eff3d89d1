import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import { chooseList, chooseSample, type Lookup } from '../../browse/choose-lookup.ts';
import { countMatches, mostCost } from '../../browse/count-matches.ts';
import { keepCounts, keepLists } from '../../browse/counts.ts';
import { readPlan, watchMovieRows } from '../../browse/estimate-matches.ts';
import { reachOf } from '../../browse/list-costs.ts';
import { isShown, type Planned } from '../../browse/movie-filters.ts';
import { watchCommonTerms } from '../../browse/term-lookup.ts';
import { selectOne } from '../../store/select-one.ts';
import { pageSize } from '../wire/asked-query.ts';
import type { readOrder } from './discover-order.ts';

/** So many are collected, counted and sorted one by one; more are read along an index. */
const mostCollected = 3000;
/** What is counted in the sample may be fewer in truth. */
const sampleMayErr = 1.15;

type Look = Lookup & Pick<Planned, 'byGenre'>;

export interface AskedMovies {
  conditionsOf: (look: Look) => readonly Fragment[];
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
export function createDiscoverMovies(pool: Pool, keepsLists = true): DiscoverMovies {
  const many = new LRUCache<string, true>({ max: 2000, ttl: keepsLists ? 60_000 : 1 });
  const [ofAll, counts] = [keepCounts(), keepCounts(keepsLists)];
  const lists = keepLists(keepsLists);
  const few = keepLists<FoundMovies>(keepsLists);
  const [movieRows, commonTerms] = [watchMovieRows(), watchCommonTerms()];
  const readLookups = async () => ({ movies: await movieRows(pool), common: await commonTerms(pool) });
  return async (asked) => {
    const passing = passingOf(asked);
    let planned: ReturnType<typeof readPlan> | undefined;
    const plan = () => {
      planned ??= asked.isFiltered ? readPlan(pool, passing) : Promise.resolve({ rows: 0, cost: 0 });
      return planned;
    };
    let counted: Promise<number> | undefined;
    const count = () => {
      counted ??= (asked.isFiltered ? counts : ofAll)(asked.key, async () => {
        const { rows: matches, cost } = await plan();
        const countBy = (look: Look) => countStatement(passingOf(asked, look));
        return countMatches(pool, cost, async (sampled) =>
          sampled ? chooseSample(countBy, { matches, ...(await readLookups()) }) : countBy({}),
        );
      });
      return counted;
    };
    if (asked.isFiltered && !many.has(asked.key)) {
      const isDear = (await plan()).cost > mostCost;
      // All movies may have to be looked at to find so many: a sample says before whether they are few.
      if (!isDear || (await count()) <= mostCollected * sampleMayErr) {
        const look = isDear ? ({ byGenre: true, terms: 'byId' } as const) : { byGenre: true };
        const find = () => selectOne(pool, collectStatement(passingOf(asked, look), asked));
        // To find nothing may mean the same: that is done once. What costs little is never old.
        const found = isDear ? await few(asked.key, find) : await find();
        if (found.total <= mostCollected)
          return { ...found, ids: found.ids.slice(skipOf(asked), skipOf(asked) + pageSize) };
      }
      many.set(asked.key, true);
    }
    if (skipOf(asked) >= deepFrom) {
      const most = reachOf(skipOf(asked) + pageSize);
      const ids = await lists(`${asked.key}/${most}`, async () => {
        const total = await count();
        const listed = (look: Look) => listStatement(asked, most, look);
        const known = { total, most, ...(await readLookups()), isCovered: !isUncovered(asked) };
        const statement = asked.isFiltered ? await chooseList(pool, listed, known) : listed({});
        return (await selectOne(pool, statement)).ids;
      });
      const total = ids.length < most ? ids.length : Math.max(ids.length, await count());
      return { ids: ids.slice(skipOf(asked), skipOf(asked) + pageSize), total };
    }
    const [{ ids: read }, total] = await Promise.all([
      selectOne(pool, walkStatement(passing, asked)),
      count(),
    ]);
    return { ids: read.slice(0, pageSize), total: totalOf(asked, read.length, total) };
  };
}

/** So far into a list, as much of it as pages reach is found once and kept: to skip rows costs as much each time. */
const deepFrom = 200;

const listStatement = (asked: AskedMovies, most: number, look: Look): Fragment<{ ids: number[] }> => sql`
    select array(
      select m.tmdb_id from movies m where ${passingOf(asked, look)}
      order by ${raw(asked.order.by)} limit ${most}::bigint
    ) as ids`;

/** What no index by id has. */
const isUncovered = ({ order }: AskedMovies) => /\bm\.revenue\b/.test(order.by);

/** A count may be older than the page. The last page says itself how many there are. */
function totalOf({ page }: AskedMovies, read: number, counted: number): number {
  const shown = skipOf({ page }) + read;
  const isLast = read <= pageSize && (read > 0 || page === 1);
  return isLast ? shown : Math.max(counted, read > 0 ? shown : 0);
}

const passingOf = (asked: AskedMovies, look: Look = {}): Fragment =>
  join([isShown, ...asked.conditionsOf(look), ...onlyOf(asked)], '\n      and ');

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
