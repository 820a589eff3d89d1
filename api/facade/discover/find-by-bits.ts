import type { Pool } from 'pg';
import { type Fragment, join, prepared, raw, sql } from '#shared/db/sql.ts';
import { adultBit, shownBit } from '#shared/movies/movie-bits.ts';
import { type BitSet, type BitTree, countBits } from '../../browse/bit-sets.ts';
import type { KeptBits } from '../../browse/kept-bits.ts';
import { isShown } from '../../browse/movie-filters.ts';
import { Unsaid } from '../../browse/number-bits.ts';
import { keepForAMinute } from '../../store/keep-for-a-minute.ts';
import { selectOne } from '../../store/select-one.ts';
import type { AskedFilters } from './discover-filters.ts';
import type { readOrder } from './discover-order.ts';
import type { NotedIds, NotedOrder } from './noted-ids.ts';
import { createSayer, sayTerms } from './said-filters.ts';

interface AskedRows {
  filters: Pick<AskedFilters, 'terms' | 'said' | 'adult'>;
  order: ReturnType<typeof readOrder>;
  skip: number;
  limit: number;
  /** The same as conditions on `movies m`, of which each row is asked. */
  passing: Fragment;
}

export interface FoundRows {
  ids: number[];
  total: number;
}

interface BitsDeps {
  readKept: (pool: Pool) => Promise<KeptBits | undefined>;
  readNoted: (pool: Pool) => Promise<NotedIds | undefined>;
}

/** What came since, beyond the last bit: more of it is not put in its place one by one. */
const mostBeyond = 500;

const beyondStatement = prepared<{ reach: number }, { beyond: number }>(
  'api-beyond-bits',
  ({ reach }) => sql`
    select count(*)::int as beyond
    from (select from movies m where ${isShown} and m.tmdb_id >= ${reach}::int limit ${mostBeyond + 1}) beyond`,
);

/**
 * Rows of any list at about the same cost: what passes is combined bit by bit, and the order is walked along in memory.
 * All of it is as the job `terms` has noted it; only movies beyond the last bit are as they are now.
 * @returns nothing where the job has noted nothing yet, where too much has changed since, or where bits do not say it
 */
export function createFindByBits({ readKept, readNoted }: BitsDeps) {
  const readBeyond = keepForAMinute(async (pool) => {
    const kept = await readKept(pool);
    return kept === undefined ? 0 : (await selectOne(pool, beyondStatement({ reach: kept.reach }))).beyond;
  });
  return async (pool: Pool, asked: AskedRows): Promise<FoundRows | undefined> => {
    const [kept, noted] = [await readKept(pool), await readNoted(pool)];
    if (kept === undefined || noted === undefined) return undefined;
    const beyond = await readBeyond(pool);
    if (beyond > mostBeyond) return undefined;
    const bits = await combineSaid(pool, { kept, noted }, asked.filters);
    if (bits === undefined) return undefined;
    const { order, skip, limit } = asked;
    const list = await noted.order(order.noted.name);
    const total = order.only === undefined ? countBits(bits) : countAmong(bits, list.known);
    if (beyond === 0) return { ids: rowsAlong(bits, list, { order, skip, limit }), total };
    const others = await readOthers(pool, asked, kept.reach);
    // So many of the others may come before the row that is skipped to: which they are, their order says.
    const from = Math.max(0, skip - others.length);
    const near = rowsAlong(bits, list, { order, skip: from, limit: skip - from + limit });
    const sorted = await selectOne(pool, sortStatement([...near, ...others], asked, skip - from));
    return { ids: sorted.ids, total: total + others.length };
  };
}

async function combineSaid(
  pool: Pool,
  { kept, noted }: { kept: KeptBits; noted: NotedIds },
  { terms, said, adult }: AskedRows['filters'],
): Promise<BitSet | undefined> {
  try {
    const sayer = createSayer(pool, kept, noted);
    const all: [BitTree, ...BitTree[]] = [{ term: shownBit }];
    const none: BitTree[] = adult ? [] : [{ term: adultBit }];
    const { wanted, unwanted } = terms;
    for (const list of wanted) all.push(await sayTerms(sayer, list));
    if (unwanted.length > 0) none.push(await sayTerms(sayer, unwanted));
    for (const say of said) all.push(await say(sayer));
    return await kept.combine({ all, none });
  } catch (error) {
    if (error instanceof Unsaid) return undefined;
    throw error;
  }
}

const isSet = (bits: BitSet, id: number): boolean =>
  (((bits[id >> 5] as number) >>> ((id & 31) ^ 7)) & 1) === 1;

function countAmong(bits: BitSet, ids: Int32Array): number {
  let count = 0;
  for (let at = 0; at < ids.length; at++) if (isSet(bits, ids[at] as number)) count += 1;
  return count;
}

function rowsAlong(
  bits: BitSet,
  { known, rest }: NotedOrder,
  { order, skip, limit }: Pick<AskedRows, 'order' | 'skip' | 'limit'>,
): number[] {
  const found: number[] = [];
  let left = skip;
  const walk = (ids: Int32Array, isReversed: boolean) => {
    const [start, step] = isReversed ? [ids.length - 1, -1] : [0, 1];
    for (let at = start; at >= 0 && at < ids.length && found.length < limit; at += step) {
      const id = ids[at] as number;
      if (isSet(bits, id) && left-- <= 0) found.push(id);
    }
  };
  walk(known, order.noted.isReversed);
  if (order.only === undefined) walk(rest, false);
  return found;
}

async function readOthers(pool: Pool, { passing }: AskedRows, reach: number): Promise<number[]> {
  const { ids } = await selectOne(
    pool,
    sql<{ ids: number[] }>`
      select array(
        select m.tmdb_id from movies m where ${join([passing, sql`m.tmdb_id >= ${reach}::int`], ' and ')}
      ) as ids`,
  );
  return ids;
}

const sortStatement = (
  ids: readonly number[],
  { order, limit }: AskedRows,
  skip: number,
): Fragment<{ ids: number[] }> => sql`
    select array(
      select m.tmdb_id from movies m where m.tmdb_id = any(${ids}::int[])
      order by ${raw(order.by)} limit ${limit}::bigint offset ${skip}::bigint
    ) as ids`;
