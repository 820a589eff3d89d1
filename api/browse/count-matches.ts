import type { Pool } from 'pg';
import type { Statement } from '#shared/db/sql.ts';
import { sampledOf } from '#shared/movies/sampled-movies.ts';
import { selectOne } from '../store/select-one.ts';

/** In the planner's units: an index of 125,000 movies is looked through. What costs more is counted in the sample. */
export const mostCost = 2500;

/**
 * How many movies pass: exactly where that costs little, else as many as one movie in sixteen lets expect.
 * @param cost what looking at all of them costs, as the planner sees it
 * @param statementOf counts all, or only those of the sample
 */
export async function countMatches(
  pool: Pool,
  cost: number,
  statementOf: (sampled: boolean) => Statement<{ total: number }> | Promise<Statement<{ total: number }>>,
): Promise<number> {
  const sampled = cost > mostCost;
  const { total } = await selectOne(pool, await statementOf(sampled));
  return sampled ? total * sampledOf : total;
}
