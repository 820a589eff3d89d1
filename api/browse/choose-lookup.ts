import type { Pool } from 'pg';
import type { Fragment, Statement } from '#shared/db/sql.ts';
import { isCountedByBits, isSoonerById } from './list-costs.ts';
import type { Planned } from './movie-filters.ts';
import { type CommonTerms, countSets, isHashed } from './term-lookup.ts';

/** How a statement looks for terms. */
export type Lookup = Pick<Planned, 'sampled' | 'terms' | 'common'>;

interface LongList {
  /** How many movies pass, how many of them are wanted at most, and how many movies there are. */
  total: number;
  most: number;
  movies: number;
  common: CommonTerms;
}

/** The cheapest way to the beginning of a list of many. @param listed the list, found in that way */
export async function chooseList<Row>(
  pool: Pool,
  listed: (lookup: Lookup) => Fragment<Row>,
  { common, ...counts }: LongList,
): Promise<Statement<Row>> {
  const hashed = listed({ terms: 'hashed', common });
  if (isSoonerById({ ...counts, sets: countSets(hashed) })) return listed({ terms: 'byId' });
  return (await isHashed(pool, hashed)) ? hashed : listed({});
}

/**
 * The cheapest way to count the sample.
 * @param counted what counts it, in that way
 * @param known about how many movies pass, and how many there are
 */
export function chooseSample<Row>(
  counted: (lookup: Lookup) => Statement<Row>,
  { common, ...known }: { matches: number; movies: number; common: CommonTerms },
): Statement<Row> {
  const byBits = counted({ sampled: true, terms: 'hashed', common });
  return countSets(byBits) === 0 && isCountedByBits(known) ? byBits : counted({ sampled: true });
}
