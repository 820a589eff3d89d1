import type { Pool } from 'pg';
import { countBits } from './bit-sets.ts';
import { countStatement } from './browse-statement.ts';
import { chooseSample, type Lookup } from './choose-lookup.ts';
import { countMatches, mostCost } from './count-matches.ts';
import { keepCounts, keepLists } from './counts.ts';
import type { Estimate } from './estimate-matches.ts';
import type { StoredFacets } from './facets.ts';
import { facetsOfBits } from './facets-of-bits.ts';
import { watchKeptBits } from './kept-bits.ts';
import { matchBits } from './match-bits.ts';
import { isFiltered, type MovieFilters } from './movie-filters.ts';
import type { CommonTerms } from './term-lookup.ts';

export interface MovieCounts {
  /**
   * How many movies pass: of few, and in small mirrors, as it is now. Else as of when the job `terms` was last done, or by
   * the sample.
   * @param estimate about how many, and what it costs to look at them
   */
  total: (pool: Pool, filters: MovieFilters, estimate: () => Promise<Estimate>) => Promise<number>;
  /** What they have, as the job has noted it. `undefined` where that is not known. */
  facets: (pool: Pool, filters: MovieFilters) => Promise<StoredFacets | undefined>;
}

interface CountDeps {
  /** What ways to look at the sample are chosen by. */
  readLookups: (pool: Pool) => Promise<{ movies: number; common: CommonTerms }>;
  /** False: each request counts itself. */
  keepsLists?: boolean | undefined;
  readKept?: ReturnType<typeof watchKeptBits>;
}

/** So many are counted one by one: the number is as new as the mirror. */
const soonCounted = 125_000;

/** Whoever asks for the same at once shares the counting. */
export function createMovieCounts(deps: CountDeps): MovieCounts {
  const { readLookups, keepsLists = true, readKept = watchKeptBits() } = deps;
  const [ofAll, exact] = [keepCounts(), keepCounts(keepsLists)];
  const facets = keepLists<StoredFacets | undefined>(keepsLists);
  const readBits = async (pool: Pool, filters: MovieFilters) => {
    const kept = await readKept(pool);
    const tree = kept && matchBits(filters, kept.has);
    const bits = tree && (await kept.combine(tree));
    return bits && { kept, bits };
  };
  return {
    async total(pool, filters, estimate) {
      const key = JSON.stringify(filters);
      // All movies are soon counted, unless another table is asked of each whether it may be shown.
      if (!isFiltered(filters) && filters.audience.country === null) {
        const { movies } = await readLookups(pool);
        return ofAll(key, async () => {
          const known = movies > soonCounted ? await readBits(pool, filters) : undefined;
          return known ? countBits(known.bits) : countMatches(pool, 0, () => countStatement(filters));
        });
      }
      return (isFiltered(filters) ? exact : ofAll)(key, async () => {
        const { cost, matches } = await estimate();
        const known = cost > mostCost ? await readBits(pool, filters) : undefined;
        if (known !== undefined) return countBits(known.bits);
        const countBy = (lookup: Lookup) => countStatement(filters, lookup);
        return countMatches(pool, cost, async (sampled) =>
          sampled ? chooseSample(countBy, { matches, ...(await readLookups(pool)) }) : countBy({}),
        );
      });
    },
    facets: (pool, filters) =>
      facets(JSON.stringify(filters), async () => {
        const known = await readBits(pool, filters);
        return known && facetsOfBits(pool, known.kept, known.bits);
      }),
  };
}
