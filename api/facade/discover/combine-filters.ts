import type { Pool } from 'pg';
import { adultBit, shownBit } from '#shared/movies/movie-bits.ts';
import type { BitSet, BitTree } from '../../browse/bit-sets.ts';
import type { Noted } from '../../browse/find-by-bits.ts';
import { Unsaid } from '../../browse/number-bits.ts';
import type { AskedFilters } from './discover-filters.ts';
import { createSayer, createSayTerms } from './said-filters.ts';

/** The movies that pass, by bits. `undefined` where these do not say it. */
export async function combineFilters(
  pool: Pool,
  { terms, said, adult }: Pick<AskedFilters, 'terms' | 'said' | 'adult'>,
  from: Noted,
): Promise<BitSet | undefined> {
  try {
    const sayer = createSayer(pool, from);
    const all: [BitTree, ...BitTree[]] = [{ term: shownBit }];
    const none: BitTree[] = adult ? [] : [{ term: adultBit }];
    const { wanted, unwanted } = terms;
    const sayTerms = await createSayTerms(sayer, [...wanted.flat(), ...unwanted]);
    all.push(...wanted.map(sayTerms));
    if (unwanted.length > 0) none.push(sayTerms(unwanted));
    for (const say of said) all.push(await say(sayer));
    return await from.kept.combine({ all, none });
  } catch (error) {
    if (error instanceof Unsaid) return undefined;
    throw error;
  }
}
