import type { Pool } from 'pg';
import { type AskedRows, createFindByBits, type FoundRows } from './find-by-bits.ts';
import type { watchKeptBits } from './kept-bits.ts';
import { soonLookedAt } from './list-costs.ts';
import { matchBits } from './match-bits.ts';
import { asFew, filterMovies, type MovieFilters } from './movie-filters.ts';

/** Rows of a list as of when the job `terms` was last done. Nothing where bits do not say it, and in small mirrors. */
export type FindNoted = (
  pool: Pool,
  filters: MovieFilters,
  rows: Pick<AskedRows, 'order' | 'skip' | 'limit'>,
) => Promise<FoundRows | undefined>;

interface NotedDeps {
  readKept: ReturnType<typeof watchKeptBits>;
  /** About how many movies there are. */
  movieRows: (pool: Pool) => Promise<number>;
}

export function createFindNoted({ readKept, movieRows }: NotedDeps): FindNoted {
  const findByBits = createFindByBits({ readKept });
  return async (pool, filters, rows) => {
    if ((await movieRows(pool)) <= soonLookedAt) return undefined;
    return findByBits(pool, {
      ...rows,
      async combine({ kept }) {
        const tree = matchBits(filters, kept.has);
        return tree && kept.combine(tree);
      },
      passing: filterMovies(filters, asFew),
    });
  };
}
