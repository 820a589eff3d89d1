import type { Pool, PoolClient } from 'pg';
import { type Fragment, join, prepared, raw, type Statement, sql } from '#shared/db/sql.ts';
import { shownBit } from '#shared/movies/movie-bits.ts';
import { writtenTerm } from '#shared/movies/term-codes.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';

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
 * `writtenTerm`s, one of which everything has that came since the bits were made. Undefined: nobody knows since when, or
 * that is long ago, or much was written since.
 */
export type Since = readonly number[] | undefined;

/** More is not looked up at each request. */
const mostHours = 3;
const mostWritten = 20_000;

const hoursStatement = prepared<void, { noted: number; now: number }>(
  'api-noted-hour',
  () => sql`
    select noted_hour as noted, floor(extract(epoch from now()) / 3600)::int as now
    from common_terms where term = ${shownBit}::bigint`,
);

const writtenStatement = prepared<{ hours: readonly number[] }, { written: number }>(
  'api-written-since',
  ({ hours }) => sql`
    select count(*)::int as written
    from (select from movie_terms where terms && ${hours}::bigint[] limit ${mostWritten + 1}::int) since`,
);

/** As of a minute ago at most. An hour is taken before and one after: a transaction lasts, and a minute goes on. */
export const watchSince = () =>
  keepForAMinute(async (pool): Promise<Since> => {
    const [hour] = await queryStore(pool, hoursStatement());
    if (hour === undefined || hour.now - hour.noted > mostHours) return undefined;
    const { noted, now } = hour;
    const hours = Array.from({ length: now - noted + 3 }, (_, at) => writtenTerm(noted - 1 + at));
    const { written } = await selectOne(pool, writtenStatement({ hours }));
    return written > mostWritten ? undefined : hours;
  });

/**
 * Conditions on `movies m`: those that have a term of each list.
 * @param common of these no id is read where an index is walked along
 * @param since what has changed since the bits were made: with it, what is found is as new as the mirror
 * @param isKnown each movie is known by its id already: its terms are compared, and no index is asked for them
 * @param also a condition on `movie_terms`: that the movie is in the sample
 */
export function haveTerms(
  lists: readonly (readonly number[])[],
  {
    terms: lookup,
    common = new Set(),
    since,
    isKnown = false,
    also = [],
  }: {
    terms?: TermLookup | undefined;
    common?: CommonTerms | undefined;
    since?: Since;
    isKnown?: boolean | undefined;
    also?: readonly Fragment[];
  },
): Fragment[] {
  const isKept = (term: number) => (lookup === 'hashed' || lookup === 'each') && common.has(term);
  const isSmall = also.length > 0;
  const isLong = ({ length }: readonly number[]) =>
    length > mostAlone && !isKnown && (lookup !== undefined || isSmall);
  const asConditions = (rest: readonly (readonly number[])[]) => {
    const all = rest.filter(({ length }) => length === 1).flat();
    const oneOf = isKnown ? haveOneOf : lookup === 'each' ? ownOneOf : haveAnyTerm;
    const several = rest.filter(({ length }) => length !== 1);
    const others = several.slice(mostPlanned);
    const conditions = [
      ...(all.length > 0 ? [sql`terms @> ${all}::bigint[]`] : []),
      ...several.slice(0, mostPlanned).map(oneOf),
      ...(others.length > 0 ? [haveOneOfEach(others)] : []),
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
  if (since !== undefined && kept.length + partly.length > 0)
    return [
      haveBitsSince([...kept, ...partly], { common, since }),
      ...(others.length > 0 ? [lookedUp(others)] : []),
    ];
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
const bitOf = (lists: readonly (readonly number[])[]): Fragment =>
  sql`case when m.tmdb_id < ${reachOf(lists)} then get_bit(${andBits(lists)}, m.tmdb_id)
        else coalesce(${storedOf(lists)}, 0) end`;

/**
 * The same, as new as the mirror: asked one by one are also those of which the bits are set, those that were written
 * since, and those that have a term of which no bits are kept.
 */
function haveBitsSince(
  lists: readonly (readonly number[])[],
  { common, since }: { common: CommonTerms; since: readonly number[] },
): Fragment {
  const { kept, rest } = splitTerms(lists, common);
  // With a limit, which it does not reach, the planner never takes them for too many to be hashed.
  const also = sql`select t.movie_id from movie_terms t
        where t.terms && ${[...since, ...rest]}::bigint[] and ${askedOf(lists)} limit ${mostHashed}`;
  return sql`case when m.tmdb_id < ${reachOf(kept)} and get_bit(${andBits(kept)}, m.tmdb_id) = 0 and (m.id in (${also})) is not true
        then 0 else ${storedOf(lists)} end <> 0`;
}

/** So many are hashed in the memory that a statement has. */
const mostHashed = 200_000;

/** What of each list bits are kept of, and all that none are kept of. */
export const splitTerms = (lists: readonly (readonly number[])[], common: CommonTerms) => ({
  kept: lists.map((list) => list.filter((term) => common.has(term))),
  rest: lists.flatMap((list) => list.filter((term) => !common.has(term))),
});

/** Nothing where a term has no bits any more: then each movie is asked. */
function reachOf(lists: readonly (readonly number[])[]): Fragment {
  const terms = [...new Set(lists.flat())];
  return sql`(select case when count(*) = ${terms.length} then min(reach) else 0 end
        from common_terms where term = any(${terms}::bigint[]))`;
}

/** Whether a row `movie_terms t` has a term of each list. */
export const askedOf = (lists: readonly (readonly number[])[]): Fragment =>
  join(
    lists.map((list) => sql`t.terms && ${list}::bigint[]`),
    ' and ',
  );

const storedOf = (lists: readonly (readonly number[])[]): Fragment =>
  sql`(select (${askedOf(lists)})::int from movie_terms t where t.movie_id = m.id)`;

/** Combined with itself, a value lies in memory as a whole; else it would be read for each movie. */
export const andBits = (lists: readonly (readonly number[])[]): Fragment =>
  sql`(select ${join(
    lists.map(
      (list) => sql`(select bit_or(movies | movies) from common_terms where term = any(${list}::bigint[]))`,
    ),
    ' & ',
  )})`;

/** Of more terms than these, few are had by many movies. */
const mostAlone = 40;

/** To compare each movie with such a list may cost more than to find all that have one of it. */
export const longListOf = (lists: readonly (readonly number[])[]) =>
  lists.find(({ length }) => length > mostAlone);

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

/** Each list more makes the plan dearer: what passes some of them is few enough to be asked for the others. */
const mostPlanned = 5;

/** Without an index, and for the planner one condition, however many lists there are. */
function haveOneOfEach(lists: readonly (readonly number[])[]): Fragment {
  const places = lists.flatMap((list, at) => list.map(() => at));
  return sql`(select count(distinct asked.list) from unnest(${lists.flat()}::bigint[], ${places}::int[]) as asked(term, list)
    where asked.term = any(terms)) = ${lists.length}::bigint`;
}

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
