import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import { chooseSample } from '../../browse/choose-lookup.ts';
import { boundsOf, readWithin } from '../../browse/common-bits.ts';
import { countMatches, mostCost } from '../../browse/count-matches.ts';
import { keepCounts, keepLists } from '../../browse/counts.ts';
import { readPlan, watchMovieRows } from '../../browse/estimate-matches.ts';
import { createFindByBits } from '../../browse/find-by-bits.ts';
import type { watchKeptBits } from '../../browse/kept-bits.ts';
import { costs, reachOf, soonLookedAt } from '../../browse/list-costs.ts';
import { isShown } from '../../browse/movie-filters.ts';
import {
  type CommonTerms,
  countSets,
  isHashed,
  longListOf,
  watchCommonTerms,
} from '../../browse/term-lookup.ts';
import { selectOne } from '../../store/select-one.ts';
import { pageSize } from '../wire/asked-query.ts';
import { combineFilters } from './combine-filters.ts';
import type { AskedFilters, Look } from './discover-filters.ts';
import type { readOrder } from './discover-order.ts';

/** So many are collected, counted and sorted one by one; more are read along an index. */
const mostCollected = 3000;
/** The same where bits are kept of very many. */
const mostLookedUp = 1000;
/** So many may be looked at one by one. */
const mostWithin = 10_000;
/** What is counted in the sample may be fewer in truth. */
const sampleMayErr = 1.15;

/** Pages so far into a list are not found by themselves. */
const deepFrom = 200;
/** So many movies may be asked one by one what they have, where a page's rows are soon found. */
const mostAsked = 4000;
/** The same where bits say it, too. */
const mostAskedBesides = 400;

export interface AskedMovies extends AskedFilters {
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

interface DiscoverDeps {
  /** False: each request counts and finds its list itself. */
  keepsLists?: boolean | undefined;
  readKept?: ReturnType<typeof watchKeptBits>;
}

/**
 * Movies that pass filters, at a bounded cost: few are collected as they are now, where that costs little; else bits and
 * lists of ids say which pass, as they were noted. Where nothing is noted, few are collected whole, so that no index has
 * to be walked along for them, and many are found soon along any.
 */
export function createDiscoverMovies(
  pool: Pool,
  { keepsLists = true, readKept }: DiscoverDeps = {},
): DiscoverMovies {
  const many = new LRUCache<string, true>({ max: 2000, ttl: keepsLists ? 60_000 : 1 });
  const [ofAll, counts] = [keepCounts(), keepCounts(keepsLists)];
  const lists = keepLists(keepsLists);
  const few = keepLists<FoundMovies>(keepsLists);
  const findByBits = createFindByBits({ readKept });
  const [movieRows, commonTerms] = [watchMovieRows(), watchCommonTerms()];
  const readLookups = async () => ({ movies: await movieRows(pool), common: await commonTerms(pool) });
  return async (asked) => {
    let planned: ReturnType<typeof readPlan> | undefined;
    const plan = () => {
      planned ??= asked.isFiltered ? readPlan(pool, passingOf(asked)) : Promise.resolve({ rows: 0, cost: 0 });
      return planned;
    };
    let counted: Promise<number> | undefined;
    const count = () => {
      counted ??= (asked.isFiltered ? counts : ofAll)(asked.key, async () => {
        const { rows: matches, cost } = await plan();
        const lookups = await readLookups();
        const countBy = (look: Look) => countStatement(foundBy(asked, { common: lookups.common, ...look }));
        return countMatches(pool, cost, (sampled) =>
          sampled ? chooseSample(countBy, { matches, ...lookups }) : countBy({}),
        );
      });
      return counted;
    };
    // As much of a list as pages reach is found once and kept: to skip rows costs as much each time.
    const readList = async (most: number) => {
      const ids = await lists(`${asked.key}/${most}`, async () => {
        const lookups = await readLookups();
        // About how many pass says how far an index has to be walked along: how many they are is seen then.
        const total = asked.isFiltered ? (await plan()).rows : lookups.movies;
        const passing = asked.isFiltered
          ? await choosePassing(pool, asked, { ...lookups, total, most })
          : passingOf(asked);
        return (await selectOne(pool, listStatement(asked, { most, skip: 0 }, passing))).ids;
      });
      return {
        ids: ids.slice(skipOf(asked), skipOf(asked) + pageSize),
        total: ids.length < most ? ids.length : Math.max(ids.length, await count()),
      };
    };
    const readPage = async (total: number) => {
      const { movies, common } = await readLookups();
      const passing = isSoonFound(asked, total, movies)
        ? passingOf(asked, { terms: 'each', common })
        : await choosePassing(pool, asked, { movies, common, total, most: endOf(asked) });
      // One more than a page: whether there are others.
      const page = { most: pageSize + 1, skip: skipOf(asked) };
      const { ids: read } = await selectOne(pool, listStatement(asked, page, passing));
      return { ids: read.slice(0, pageSize), total: totalOf(asked, read.length, total) };
    };
    const collect = (passing: Fragment, most = mostCollected) =>
      selectOne(pool, collectStatement(passing, asked, most));
    const { movies, common } = await readLookups();
    const isDeep = skipOf(asked) >= deepFrom;
    if (asked.isFiltered && !many.has(asked.key)) {
      const most = movies > soonLookedAt ? mostLookedUp : mostCollected;
      // Where far more seem to pass, they would be collected in vain. What a long list costs, the planner does not see.
      const isLeftToBits =
        movies > soonLookedAt &&
        (isLong(asked) || isDearTogether(asked, { movies, common }) || (await plan()).rows > 2 * most);
      const cheap = isLeftToBits ? undefined : await findCheaply(pool, asked, plan, common);
      if (cheap !== undefined) {
        // What costs little is never old.
        const found = await collect(cheap, most);
        if (found.total <= most) return pageOf(asked, found);
        many.set(asked.key, true);
      }
    }
    // The planner does not know of all who have very many credits.
    if ((isDeep || asked.isFiltered) && (movies > soonLookedAt || (await plan()).cost > mostCost)) {
      const found = await findByBits(pool, {
        combine: (from) => combineFilters(pool, asked, from),
        order: asked.order,
        skip: skipOf(asked),
        limit: pageSize,
        passing: passingOf(asked, { terms: 'each' }),
      });
      if (found !== undefined) {
        const isSoon = !hasLong(asked) && isSoonFound(asked, found.total, movies, mostAskedBesides);
        return isDeep || !isSoon ? found : readPage(found.total);
      }
    }
    if (isDeep) return readList(reachOf(endOf(asked)));
    // All movies may have to be looked at to find so many: a sample says before whether they are few.
    if (asked.isFiltered && !many.has(asked.key)) {
      if ((await count()) <= mostCollected * sampleMayErr) {
        // To find nothing may mean the same: that is done once.
        const found = await few(asked.key, async () =>
          collect(await findFew(pool, asked, await readLookups())),
        );
        if (found.total <= mostCollected) return pageOf(asked, found);
      }
      many.set(asked.key, true);
    }
    return readPage(await count());
  };
}

/** Whether so few movies have to be asked for a page that they may be asked one by one what they have. */
const isSoonFound = (asked: AskedMovies, total: number, movies: number, most = mostAsked): boolean =>
  (endOf(asked) * movies) / Math.max(1, total) <= most;

const pageOf = (asked: AskedMovies, { ids, total }: FoundMovies): FoundMovies => ({
  ids: ids.slice(skipOf(asked), skipOf(asked) + pageSize),
  total,
});

/** A condition by which up to so many of the movies are found at little cost, if there is one. */
async function findCheaply(
  pool: Pool,
  asked: AskedMovies,
  plan: () => Promise<{ cost: number }>,
  common: CommonTerms,
): Promise<Fragment | undefined> {
  if ((await plan()).cost <= mostCost) return foundBy(asked, { byGenre: true });
  if (!asked.isElsewhere) return undefined;
  // The planner likes to begin with all that have some terms, where few movies could be asked for theirs.
  const alone = await readPlan(pool, passingOf(asked, { byGenre: true, only: 'rows' }));
  if (alone.cost > mostCost || alone.rows > mostAsked) return undefined;
  return passingOf(asked, { byGenre: true, terms: 'each', common });
}

interface Wanted {
  /** About how many movies pass, how many of them are wanted at most, and how many movies there are. */
  total: number;
  most: number;
  movies: number;
  common: CommonTerms;
}

/** All of a few. */
const findFew = (pool: Pool, asked: AskedMovies, lookups: Pick<Wanted, 'movies' | 'common'>) =>
  choosePassing(pool, asked, { ...lookups, total: 1, most: lookups.movies });

/**
 * The cheapest way to movies that cannot be found at little cost: by the bits of common terms, where these leave few; by
 * the ids of those that another table names; or along an index, where bits and sets of ids say what each movie has.
 */
async function choosePassing(
  pool: Pool,
  asked: AskedMovies,
  { total, most, movies, common }: Wanted,
): Promise<Fragment> {
  const along = passingOf(asked, { byGenre: true, terms: 'hashed', common });
  const sets = countSets(along);
  const toLookAt = costs.bits + sets * (costs.hashed - costs.bits);
  const walking = (passing: number) => Math.min(movies, (most * movies) / Math.max(1, passing)) * toLookAt;
  // What is not common is asked for of each.
  const isAskedFor = asked.terms.unwanted.some((term) => !common.has(term));
  const ofEach = (cost: number) => cost * (isAskedFor ? 2 : 1);
  const first = asked.isElsewhere ? await readPlan(pool, passingOf(asked, { only: 'first' })) : undefined;
  const byId = first === undefined ? Number.POSITIVE_INFINITY : first.rows * ofEach(costs.byId);
  const bounds = boundsOf(asked.terms, common);
  // So many that to walk along the order until enough of them are passed would cost as much.
  const asMuch = Math.sqrt((most * movies * toLookAt) / ofEach(costs.ofBits));
  const mostIds = Math.min(mostWithin, asMuch, Math.min(movies * toLookAt, byId) / ofEach(costs.ofBits));
  const within =
    bounds && (await readWithin(pool, bounds, { adult: asked.adult, most: Math.floor(mostIds) }));
  if (within?.ids !== undefined) {
    const look: Look = { terms: 'each', common, known: bounds?.partly };
    return sql`m.tmdb_id = any(${within.ids}::int[]) and ${passingOf(asked, look)}`;
  }
  const alone = asked.isElsewhere
    ? await readPlan(pool, passingOf(asked, { byGenre: true, only: 'rows' }))
    : undefined;
  const rowsFirst =
    alone === undefined ? Number.POSITIVE_INFINITY : alone.cost * costs.planned + alone.rows * toLookAt;
  if (byId < Math.min(walking(Math.min(total, within?.total ?? total)), rowsFirst) && !isUncovered(asked))
    return passingOf(asked, { byGenre: true, terms: 'byId', common });
  return (await isHashed(pool, sql`select 1 from movies m where ${along}`))
    ? along
    : foundBy(asked, { byGenre: true, common });
}

/** Planned for its values: which index is best hangs on them. */
const listStatement = (
  asked: AskedMovies,
  { most, skip }: { most: number; skip: number },
  passing: Fragment,
): Fragment<{ ids: number[] }> => sql`
    select array(
      select m.tmdb_id from movies m where ${passing}
      order by ${raw(asked.order.by)} limit ${most}::bigint offset ${skip}::bigint
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

/** As the planner chooses. Only those with any of many terms are found by their ids: it does not see what comparing them costs. */
const foundBy = (asked: AskedMovies, look: Look): Fragment =>
  passingOf(asked, isLong(asked) ? { terms: 'byId', ...look } : look);

const isLong = ({ terms }: AskedMovies): boolean => longListOf(terms.wanted) !== undefined;
/** Whether more terms are wanted or unwanted than each movie is asked for. */
const hasLong = ({ terms: { wanted, unwanted } }: AskedMovies): boolean =>
  longListOf([...wanted, unwanted]) !== undefined;

/** An index of so many movies reads a long list for each thing that many have; the planner counts those it leaves. */
const mostTogether = { movies: 400_000, common: 3 };

/** Whether so many things are wanted at once, all of which many have: bits say it for less than an index. */
const isDearTogether = (
  { terms: { wanted } }: AskedMovies,
  { movies, common }: Pick<Wanted, 'movies' | 'common'>,
): boolean =>
  movies > mostTogether.movies &&
  wanted.length >= mostTogether.common &&
  wanted.every((list) => list.some((term) => common.has(term)));

const onlyOf = ({ order }: AskedMovies) => (order.only === undefined ? [] : [raw(order.only)]);
const skipOf = ({ page }: Pick<AskedMovies, 'page'>) => (page - 1) * pageSize;
/** With one row more than a page has. */
const endOf = (asked: Pick<AskedMovies, 'page'>) => skipOf(asked) + pageSize + 1;

/** The columns that an order names. */
const columnsOf = ({ by }: AskedMovies['order']) => [...new Set(by.match(/\bm\.\w+/g))].join(', ');

const collectStatement = (passing: Fragment, asked: AskedMovies, most: number): Fragment<FoundMovies> => sql`
    with collected as materialized (
      select ${raw(columnsOf(asked.order))} from movies m where ${passing} limit ${most + 1}::bigint
    )
    select (select count(*)::int from collected) as total, array(
      select m.tmdb_id from collected m
      where (select count(*) from collected) <= ${most}::bigint
      order by ${raw(asked.order.by)}
    ) as ids`;

const countStatement = (passing: Fragment): Fragment<{ total: number }> =>
  sql`select count(*)::int as total from movies m where ${passing}`;
