import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { type NotedOrderName, orderTerm, releasesTerm } from '#shared/movies/noted-lists.ts';
import { creditedTerm, listTerm } from '#shared/movies/term-codes.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { queryStore } from '../store/query-store.ts';
import { readNotedIds } from './read-noted-ids.ts';

/** At a million movies one order takes 4 MB, and its releases in a country up to 8. */
const mostBytes = { orders: 32 * 2 ** 20, releases: 8 * 2 ** 20 };

const versionsStatement = prepared<void, { term: number; version: string }>(
  'api-noted-ids',
  () => sql`
    select term::float8 as term, xmin::text as version from noted_ids
    where term >= ${listTerm({ id: 0 })}::bigint and term < ${creditedTerm(0, 'cast')}::bigint`,
);

/** All that an order shows: TMDb's ids from its beginning, and those of which it says nothing. */
export interface NotedOrder {
  known: Int32Array;
  rest: Int32Array;
}

/** What the job `terms` has noted of movies by their ids, as of when it was last done. */
export interface NotedIds {
  /** Nothing where the job that noted the others knew nothing of it yet. */
  order: (name: NotedOrderName) => Promise<NotedOrder | undefined>;
  /** Days, counted from 1970, and ids in turn, the earliest first. */
  releases: (country: string) => Promise<Int32Array>;
  /** The ids of the movies that have each term; none of a term that few have. */
  ofTerms: (terms: readonly number[]) => Promise<ReadonlyMap<number, Int32Array>>;
}

/** @returns nothing where the job has noted nothing yet */
export function watchNotedIds(): (pool: Pool) => Promise<NotedIds | undefined> {
  const orders = new LRUCache<string, Int32Array>({ maxSize: mostBytes.orders, sizeCalculation });
  const releases = new LRUCache<string, Int32Array>({ maxSize: mostBytes.releases, sizeCalculation });
  return keepForAMinute(async (pool) => {
    const rows = await queryStore(pool, versionsStatement());
    const versions = new Map(rows.map(({ term, version }) => [term, version]));
    const read = async (kept: LRUCache<string, Int32Array>, term: number): Promise<Int32Array> => {
      const version = versions.get(term);
      if (version === undefined) return none;
      const key = `${term}/${version}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const numbers = (await readNotedIds(pool, [term])).get(term) ?? none;
      kept.set(key, numbers);
      return numbers;
    };
    if (!versions.has(orderTerm('popularity', 'known'))) return undefined;
    return {
      async order(name) {
        const [known, rest] = [orderTerm(name, 'known'), orderTerm(name, 'rest')];
        if (!versions.has(known)) return undefined;
        return { known: await read(orders, known), rest: await read(orders, rest) };
      },
      releases: (country) => read(releases, releasesTerm(country)),
      ofTerms: (terms) => readNotedIds(pool, terms),
    };
  });
}

const none = new Int32Array();
const sizeCalculation = ({ byteLength }: Int32Array) => Math.max(1, byteLength);
