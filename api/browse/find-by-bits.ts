import type { Pool } from 'pg';
import { type Fragment, prepared, raw, sql } from '#shared/db/sql.ts';
import type { NotedOrderName } from '#shared/movies/noted-lists.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { selectOne } from '../store/select-one.ts';
import { type BitSet, countBits } from './bit-sets.ts';
import { type KeptBits, watchKeptBits } from './kept-bits.ts';
import { isShown } from './movie-filters.ts';
import { type NotedIds, type NotedOrder, watchNotedIds } from './noted-ids.ts';

/** What is noted, as of the same look at the database. */
export interface Noted {
  kept: KeptBits;
  noted: NotedIds;
}

export interface ListOrder {
  /** The list of `noted_ids` that it is, or the exact reverse of. */
  noted: { name: NotedOrderName; isReversed: boolean };
  /** What follows `order by`, over `movies m`. */
  by: string;
  /** A condition without which unknown values would come first. Else they come last. */
  only?: string;
}

export interface AskedRows {
  /** The movies that pass; `undefined` where bits do not say it. */
  combine: (from: Noted) => Promise<BitSet | undefined>;
  /** The same as conditions on `movies m`, of which each row is asked. */
  passing: Fragment;
  order: ListOrder;
  skip: number;
  limit: number;
}

export interface FoundRows {
  ids: number[];
  total: number;
  passing: PassingBits;
}

/** Who passes, by TMDb's ids: below `reach` those of which the bit is set, beyond it these others. */
export interface PassingBits {
  bits: BitSet;
  reach: number;
  others: readonly number[];
}

export type FindByBits = (pool: Pool, asked: AskedRows) => Promise<FoundRows | undefined>;

interface BitsDeps {
  readKept?: ReturnType<typeof watchKeptBits> | undefined;
  readNoted?: ReturnType<typeof watchNotedIds>;
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
export function createFindByBits(deps: BitsDeps = {}): FindByBits {
  const { readKept = watchKeptBits(), readNoted = watchNotedIds() } = deps;
  const readBeyond = keepForAMinute(async (pool) => {
    const kept = await readKept(pool);
    return kept === undefined ? 0 : (await selectOne(pool, beyondStatement({ reach: kept.reach }))).beyond;
  });
  return async (pool, asked) => {
    const [kept, noted] = [await readKept(pool), await readNoted(pool)];
    if (kept === undefined || noted === undefined) return undefined;
    const beyond = await readBeyond(pool);
    if (beyond > mostBeyond) return undefined;
    const { order, skip, limit } = asked;
    const list = await noted.order(order.noted.name);
    const bits = await asked.combine({ kept, noted });
    if (list === undefined || bits === undefined) return undefined;
    const total = order.only === undefined ? countBits(bits) : countAmong(bits, list.known);
    const { reach } = kept;
    if (beyond === 0)
      return {
        ids: rowsAlong(bits, list, { order, skip, limit }),
        total,
        passing: { bits, reach, others: [] },
      };
    const others = await readOthers(pool, asked, reach);
    // So many of the others may come before the row that is skipped to: which they are, their order says.
    const from = Math.max(0, skip - others.length);
    const near = rowsAlong(bits, list, { order, skip: from, limit: skip - from + limit });
    const sorted = await selectOne(pool, sortStatement([...near, ...others], asked, skip - from));
    return { ids: sorted.ids, total: total + others.length, passing: { bits, reach, others } };
  };
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
  const { isReversed } = order.noted;
  const found: number[] = [];
  let left = skip;
  for (const ids of order.only === undefined ? [known, rest] : [known]) {
    const [start, step] = isReversed ? [ids.length - 1, -1] : [0, 1];
    for (let at = start; at >= 0 && at < ids.length && found.length < limit; at += step) {
      const id = ids[at] as number;
      if (isSet(bits, id) && left-- <= 0) found.push(id);
    }
  }
  return found;
}

async function readOthers(pool: Pool, { passing }: AskedRows, reach: number): Promise<number[]> {
  const { ids } = await selectOne(
    pool,
    sql<{ ids: number[] }>`
      select array(select m.tmdb_id from movies m where ${passing} and m.tmdb_id >= ${reach}::int) as ids`,
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
