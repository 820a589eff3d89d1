import type { Pool, PoolClient } from 'pg';
import { type Fragment, join, prepared, raw, type Statement, sql } from '#shared/db/sql.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { queryStore } from '../store/query-store.ts';

/**
 * How movies are known to have terms. Without it the planner chooses, and often reads an index of all movies for a few
 * thousand. `byId`: each is looked up by its id. `hashed`: an index of an order is walked along, with the bits of common
 * terms and the ids of all others in memory; to be used only where `isHashed` says so: without a hash it takes for ever.
 * `each`: the same, but every movie is asked for the others, as only few are looked at.
 */
export type TermLookup = 'byId' | 'hashed' | 'each';

/** The terms whose movies are kept as bits. */
export type CommonTerms = ReadonlySet<number>;

const commonStatement = prepared<void, { term: number }>(
  'api-common-terms',
  () => sql`select term::float8 as term from common_terms`,
);

/** As of a minute ago at most. */
export const watchCommonTerms = () =>
  keepForAMinute(async (pool): Promise<CommonTerms> => {
    const rows = await queryStore(pool, commonStatement());
    return new Set(rows.map(({ term }) => term));
  });

/**
 * Conditions on `movies m`: those that have a term of each list.
 * @param common of these no id is read where an index is walked along
 * @param isKnown each movie is known by its id already: its terms are compared, and no index is asked for them
 * @param also a condition on `movie_terms`: that the movie is in the sample
 */
export function haveTerms(
  lists: readonly (readonly number[])[],
  {
    terms: lookup,
    common = new Set(),
    isKnown = false,
    also = [],
  }: {
    terms?: TermLookup | undefined;
    common?: CommonTerms | undefined;
    isKnown?: boolean | undefined;
    also?: readonly Fragment[];
  },
): Fragment[] {
  const isKept = (term: number) => (lookup === 'hashed' || lookup === 'each') && common.has(term);
  const isSmall = also.length > 0;
  const isLong = ({ length }: readonly number[]) =>
    length > mostAlone && !isKnown && (lookup !== undefined || also.length > 0);
  const asConditions = (rest: readonly (readonly number[])[]) => {
    const all = rest.filter(({ length }) => length === 1).flat();
    const oneOf = isKnown ? haveOneOf : lookup === 'each' ? ownOneOf : haveAnyTerm;
    const conditions = [
      ...(all.length > 0 ? [sql`terms @> ${all}::bigint[]`] : []),
      ...rest.filter(({ length }) => length !== 1).map(oneOf),
    ];
    return isAmong(
      sql`select movie_id from movie_terms where ${join([...conditions, ...also], ' and ')}`,
      lookup,
      { isSmall },
    );
  };
  const lookedUp = (rest: readonly (readonly number[])[]) => {
    if (lookup === 'each') return asConditions(rest);
    const short = rest.filter((list) => !isLong(list));
    const found = rest.filter(isLong).map((list) => isAmong(idsWithAny(list, also), lookup, { isSmall }));
    return join([...(short.length > 0 ? [asConditions(short)] : []), ...found], ' and ');
  };
  const kept = lists.filter((list) => list.length > 0 && list.every(isKept));
  const partly = lists.filter((list) => list.some(isKept) && !list.every(isKept));
  const others = lists.filter((list) => !list.some(isKept));
  // The planner would ask for ids before bits.
  if (lookup === 'each' && kept.length > 0 && others.length > 0 && partly.length === 0)
    return [sql`case when ${haveBits(kept)} then ${lookedUp(others)} end`];
  return [
    ...(kept.length > 0 ? [haveBits(kept)] : []),
    ...partly.map((list) => {
      const rest = list.filter((term) => !isKept(term));
      return sql`(${haveBits([list.filter(isKept)])} or ${lookedUp([rest])})`;
    }),
    ...(others.length > 0 ? [lookedUp(others)] : []),
  ];
}

/**
 * Conditions on `movies m`: those that have none of some terms. But for common ones, and where others are hashed, each
 * movie that is looked at is asked what it has: to find all that have one of them would cost more.
 */
export function haveNoneOf(
  unwanted: readonly number[],
  {
    terms: lookup,
    common = new Set(),
    also = [],
  }: { terms?: TermLookup | undefined; common?: CommonTerms | undefined; also?: readonly Fragment[] },
): Fragment[] {
  const kept = unwanted.filter((term) => common.has(term));
  const rest = unwanted.filter((term) => !common.has(term));
  const isOne = () => {
    if (lookup === 'hashed' || also.length > 0)
      return sql`(m.id in (${idsWithAny(rest, also)})) is not true ${raw(also.length > 0 ? '' : setMark)}`;
    return sql`(select true from movie_terms where movie_id = m.id and ${ownOneOf(rest)}) is not true`;
  };
  return [
    // Less than 1 is 0, and the planner takes it for many movies, which it mostly is.
    ...(kept.length > 0 ? [sql`${bitOf([kept])} < 1`] : []),
    ...(rest.length > 0 ? [isOne()] : []),
  ];
}

/** The planner takes `<> 0` for nearly all movies, and so walks along the index of the order. */
const haveBits = (lists: readonly (readonly number[])[]): Fragment => sql`${bitOf(lists)} <> 0`;

/**
 * The bits of a movie for one term of each list, 1 or 0. Movies that came since, beyond the last bit, are asked one by
 * one. What is read of the bits is read once, as no part of it hangs on the movie.
 */
function bitOf(lists: readonly (readonly number[])[]): Fragment {
  const reach = sql`(select min(reach) from common_terms where term = any(${lists.flat()}::bigint[]))`;
  // Combined with itself, a value lies in memory as a whole; else it would be read for each movie.
  const bits = lists.map(
    (list) => sql`(select bit_or(movies | movies) from common_terms where term = any(${list}::bigint[]))`,
  );
  const asked = lists.map((list) => sql`t.terms && ${list}::bigint[]`);
  return sql`case when m.tmdb_id < ${reach} then get_bit((select ${join(bits, ' & ')}), m.tmdb_id)
        else coalesce((select (${join(asked, ' and ')})::int from movie_terms t where t.movie_id = m.id), 0) end`;
}

/** Of more terms than these, few are had by many movies. */
const mostAlone = 40;

/**
 * A condition on `movie_terms`. Term by term: an index that is asked for any of many compares each movie that it finds
 * with all of them, which takes twice as long.
 */
export function haveAnyTerm(terms: readonly number[]): Fragment {
  if (terms.length === 0 || terms.length > mostAlone) return haveOneOf(terms);
  return sql`(${join(
    terms.map((term) => sql`terms @> ${[term]}::bigint[]`),
    ' or ',
  )})`;
}

/**
 * Selects `movie_id` of all that have one of the terms, term by term: the planner would rather compare all of them with
 * what each movie has.
 */
export const idsWithAny = (terms: readonly number[], also: readonly Fragment[] = []): Fragment => sql`
  select found.movie_id from unnest(${terms}::bigint[]) as asked(term), lateral (
    select movie_id from movie_terms where ${join([sql`terms @> array[asked.term]`, ...also], ' and ')} offset 0
  ) found`;

/** To compare two lists as they are takes as long as both are long together: one of them is hashed. */
const ownOneOf = (terms: readonly number[]): Fragment =>
  terms.length < mostCompared
    ? haveOneOf(terms)
    : sql`exists (select from unnest(terms) own where own = any(${terms}::bigint[]))`;
const mostCompared = 10;

const haveOneOf = (terms: readonly number[]): Fragment => sql`terms && ${terms}::bigint[]`;

/** Behind each set of ids that is to be hashed. */
const setMark = '/* a set */';

/** How many sets of ids a statement looks into while it walks along an index. */
export const countSets = ({ text }: Statement): number => text.split(setMark).length - 1;

/** Whether all these are hashed, as they are meant to be: they may be too many for the memory that a statement has. */
export async function isHashed(on: Pool | PoolClient, statement: Fragment): Promise<boolean> {
  const sets = countSets(statement);
  if (sets === 0) return true;
  const plan = JSON.stringify(await queryStore(on, sql`explain (format json) ${statement}`));
  return new Set(plan.match(/hashed SubPlan \d+/g)).size >= sets;
}

/** @param ids selects `movie_id`: `isSmall` where they fit into memory however many there are */
export function isAmong(
  ids: Fragment,
  lookup: TermLookup | undefined,
  { isSmall = false }: { isSmall?: boolean } = {},
): Fragment {
  if (lookup === 'byId') return sql`m.id = any(array(${ids}))`;
  if (lookup === 'each') return sql`(select true from (${ids}) one where one.movie_id = m.id limit 1)`;
  // In this form it is never made a join, which would lose the order.
  return lookup === 'hashed'
    ? sql`(m.id in (${ids})) is true ${raw(isSmall ? '' : setMark)}`
    : sql`m.id in (${ids})`;
}
