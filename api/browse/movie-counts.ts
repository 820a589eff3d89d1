import type { Pool } from 'pg';
import { shownBit } from '#shared/movies/movie-bits.ts';
import { countBits, leavesOf } from './bit-sets.ts';
import { countStatement } from './browse-statement.ts';
import { chooseSample, type Lookup } from './choose-lookup.ts';
import { countMatches } from './count-matches.ts';
import { keepCounts, keepLists } from './counts.ts';
import type { Estimate } from './estimate-matches.ts';
import type { StoredFacets } from './facets.ts';
import { facetsOfBits } from './facets-of-bits.ts';
import { watchKeptBits } from './kept-bits.ts';
import { soonLookedAt } from './list-costs.ts';
import { haveAnyOf, matchBits } from './match-bits.ts';
import { isFiltered, type MovieFilters } from './movie-filters.ts';
import type { CommonTerms } from './term-lookup.ts';

export interface MovieCounts {
  /**
   * How many movies pass: in small mirrors as it is now. Else as of when the job `terms` was last done, or by the sample.
   * @param estimate about how many, and what it costs to look at them: asked only where the job has not noted it
   */
  total: (pool: Pool, filters: MovieFilters, estimate: () => Promise<Estimate>) => Promise<number>;
  /** Whether `total` says what the job has noted, and nothing is looked up for it. */
  isNoted: (pool: Pool, filters: MovieFilters) => Promise<boolean>;
  /** How many movies have a term of each list, as the job has noted it. `undefined` where that is not known. */
  having: (pool: Pool, lists: readonly (readonly number[])[]) => Promise<number | undefined>;
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

/** Whoever asks for the same at once shares the counting. */
export function createMovieCounts(deps: CountDeps): MovieCounts {
  const { readLookups, keepsLists = true, readKept = watchKeptBits() } = deps;
  const [ofAll, exact] = [keepCounts(), keepCounts(keepsLists)];
  const facets = keepLists<StoredFacets | undefined>(keepsLists);
  const readTree = async (pool: Pool, filters: MovieFilters) => {
    const kept = await readKept(pool);
    const tree = kept && matchBits(filters, kept.has);
    return tree && { kept, tree };
  };
  const readBits = async (pool: Pool, filters: MovieFilters) => {
    const known = await readTree(pool, filters);
    const bits = await known?.kept.combine(known.tree);
    return known && bits && { kept: known.kept, bits };
  };
  const isLarge = async (pool: Pool) => (await readLookups(pool)).movies > soonLookedAt;
  return {
    async total(pool, filters, estimate) {
      const key = JSON.stringify(filters);
      // All movies are soon counted, unless another table is asked of each whether it may be shown.
      const areAll = !isFiltered(filters) && filters.audience.country === null;
      return (isFiltered(filters) ? exact : ofAll)(key, async () => {
        const known = (await isLarge(pool)) ? await readBits(pool, filters) : undefined;
        if (known !== undefined) return countBits(known.bits);
        if (areAll) return countMatches(pool, 0, () => countStatement(filters));
        const { cost, matches } = await estimate();
        const countBy = (lookup: Lookup) => countStatement(filters, lookup);
        return countMatches(pool, cost, async (sampled) =>
          sampled ? chooseSample(countBy, { matches, ...(await readLookups(pool)) }) : countBy({}),
        );
      });
    },
    async isNoted(pool, filters) {
      const known = (await isLarge(pool)) ? await readTree(pool, filters) : undefined;
      return known !== undefined && leavesOf(known.tree).every((leaf) => 'term' in leaf);
    },
    async having(pool, lists) {
      const kept = await readKept(pool);
      if (kept === undefined) return undefined;
      const having = lists.map((list) => haveAnyOf(list, kept.has));
      const bits = await kept.combine({ all: [{ term: shownBit }, ...having] });
      return bits && countBits(bits);
    },
    facets: (pool, filters) =>
      facets(JSON.stringify(filters), async () => {
        const known = await readBits(pool, filters);
        return known && facetsOfBits(pool, known.kept, known.bits);
      }),
  };
}
