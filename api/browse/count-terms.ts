import type { Pool } from 'pg';
import { type Statement, sql } from '#shared/db/sql.ts';
import { selectOne } from '../store/select-one.ts';
import { andBits, askedOf, type CommonTerms, haveAnyTerm, splitTerms } from './term-lookup.ts';

/** Of the others, which have a term without bits, no more are counted. */
const mostApart = 1000;

/** Of more terms without bits, which one provider may have, the movies are too many to be looked up beside. */
const mostRest = 4;

/** Whether some term of each list has bits, and not many have none. */
export function areSomeKept(lists: number[][] | undefined, common: CommonTerms): lists is number[][] {
  if (lists === undefined) return false;
  const { kept, rest } = splitTerms(lists, common);
  return kept.every((list) => list.length > 0) && rest.length <= mostRest;
}

/**
 * Whether fewer movies than so many have any term of a list without bits: the planner, to whom such terms are all alike,
 * may take them for more.
 */
export async function areRarelyHad(
  pool: Pool,
  lists: readonly (readonly number[])[],
  { common, most }: { common: CommonTerms; most: number },
): Promise<boolean> {
  const rare = lists.find((list) => list.length <= mostOfRare && !list.some((term) => common.has(term)));
  if (rare === undefined) return false;
  const { having } = await selectOne(
    pool,
    sql<{ having: number }>`
      select count(*)::int as having from (select from movie_terms where ${haveAnyTerm(rare)} limit ${most}::int) rare`,
  );
  return having < most;
}

/** One provider is five terms. */
const mostOfRare = 10;

/** How many movies have a term of each list: by bits, and with those that have one of which no bits are kept. */
export function countTerms(
  lists: readonly (readonly number[])[],
  common: CommonTerms,
): Statement<{ having: number }> {
  const { kept, rest } = splitTerms(lists, common);
  const bits = andBits(kept);
  const apart =
    rest.length === 0
      ? sql`0`
      : sql`(select count(*)::int from (
        select from movie_terms t join movies m on m.id = t.movie_id
        where t.terms && ${rest}::bigint[] and ${askedOf(lists)}
          and not coalesce(m.tmdb_id < length(${bits}) and get_bit(${bits}, m.tmdb_id) = 1, false)
        limit ${mostApart}) apart)`;
  return sql`select coalesce(bit_count(${bits}), 0)::int + ${apart} as having`;
}
