import type { Pool } from 'pg';
import { empty, type Fragment, join, sql } from '#shared/db/sql.ts';
import { adultBit, shownBit } from '#shared/movies/movie-bits.ts';
import { isGenreTerm } from '#shared/movies/term-codes.ts';
import { selectOne } from '../store/select-one.ts';
import { type CommonTerms, idsWithAny } from './term-lookup.ts';

/** A movie has one term of each list, and none of the unwanted ones. */
export interface AskedTerms {
  wanted: readonly (readonly number[])[];
  unwanted: readonly number[];
}

/** What leaves the fewest: common terms as bits, and of one list terms whose movies are looked up. */
export interface Bounds {
  /** `undefined`: the terms that are looked up are enough. */
  bits: AskedTerms | undefined;
  rest: readonly number[];
  /** The list that these are of: all that are left have one of it. */
  partly: readonly number[] | undefined;
}

/** No movie that is left out passes, as far as bits were noted. `undefined`: nothing is said. */
export function boundsOf({ wanted, unwanted }: AskedTerms, common: CommonTerms): Bounds | undefined {
  if (!common.has(shownBit)) return undefined;
  const isCommon = (term: number) => common.has(term);
  // Of a genre that came since, bits say nothing, and no row of `movie_terms` does.
  const isTold = (term: number) => !isGenreTerm(term) || isCommon(term);
  const lists = wanted.filter((list) => list.length > 0 && list.every(isTold));
  const rare = lists.find((list) => !list.some(isCommon));
  if (rare !== undefined) return { bits: undefined, rest: rare, partly: rare };
  const whole = lists.filter((list) => list.every(isCommon));
  const partly = lists.find((list) => !list.every(isCommon));
  const none = unwanted.filter(isCommon);
  if (whole.length === 0 && partly === undefined && none.length === 0) return undefined;
  const ofPartly = partly?.filter(isCommon) ?? [];
  return {
    bits: { wanted: [...whole, ...(ofPartly.length > 0 ? [ofPartly] : [])], unwanted: none },
    rest: partly?.filter((term) => !isCommon(term)) ?? [],
    partly,
  };
}

/** The bits of the movies that have what is asked for. @param asked for common terms alone */
function bitsOf({ wanted, unwanted }: AskedTerms, adult: boolean): Fragment {
  const anyOf = (terms: readonly number[]) =>
    sql`(select bit_or(movies) from common_terms where term = any(${terms}::bigint[]))`;
  const without = adult ? unwanted : [adultBit, ...unwanted];
  return join(
    [...[[shownBit], ...wanted].map(anyOf), ...(without.length > 0 ? [sql`~ ${anyOf(without)}`] : [])],
    ' & ',
  );
}

/** Of movies that came since, beyond the last bit, no bit says anything. */
const beyondBits = ({ partly }: Bounds) => sql`
      select l.tmdb_id from movies l where l.tmdb_id >= (select min(reach) from common_terms)${
        partly === undefined
          ? empty
          : sql` and (select t.terms && ${partly}::bigint[] from movie_terms t where t.movie_id = l.id)`
      }`;

export interface WithinBounds {
  /** No more movies pass. */
  total: number;
  /** TMDb's ids, also of all that came since, beyond the last bit; `undefined` for more than were wanted. */
  ids: number[] | undefined;
}

interface Found {
  total: number | null;
  /** As many digits, where there are not too many ones among them: PostgreSQL takes much longer to tell their places. */
  bits: string | null;
  others: number[] | null;
}

/**
 * @param options so many ids at most
 * @returns `undefined` where nothing can be said: for too many, or for a term that is not common any more
 */
export async function readWithin(
  pool: Pool,
  bounds: Bounds,
  { adult, most }: { adult: boolean; most: number },
): Promise<WithinBounds | undefined> {
  const { bits, rest } = bounds;
  const ofRest = sql`select r.tmdb_id from (${idsWithAny(rest)}) one join movies r on r.id = one.movie_id`;
  const parts = [...(bits === undefined ? [] : [beyondBits(bounds)]), ...(rest.length > 0 ? [ofRest] : [])];
  const others = sql`array(${join(parts, ' union all ')} limit ${most + 1}::int)`;
  const statement: Fragment<Found> =
    bits === undefined
      ? sql`select 0 as total, '' as bits, ${others} as others`
      : sql`
    with found as materialized (select ${bitsOf(bits, adult)} as bits)
    select bit_count(bits)::int as total,
      case when bit_count(bits) <= ${most}::int then bits::text end as bits,
      case when bit_count(bits) <= ${most}::int then ${others} end as others
    from found`;
  const found = await selectOne(pool, statement);
  if (found.total === null) return undefined;
  if (found.bits !== null && found.others !== null && found.others.length <= most) {
    const ids = [...placesOfOnes(found.bits), ...found.others];
    return { total: ids.length, ids };
  }
  return rest.length > 0 ? undefined : { total: found.total, ids: undefined };
}

function placesOfOnes(bits: string): number[] {
  const places = [];
  for (let at = bits.indexOf('1'); at !== -1; at = bits.indexOf('1', at + 1)) places.push(at);
  return places;
}
