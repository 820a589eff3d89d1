import { empty, type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import { parseLanguage } from '#shared/languages/language.ts';
import { genreMask } from '#shared/movies/genre-bits.ts';
import { isSampled } from '#shared/movies/sampled-movies.ts';
import { genreTerm } from '#shared/movies/term-codes.ts';
import type { Lookup } from '../../browse/choose-lookup.ts';
import type { AskedTerms } from '../../browse/common-bits.ts';
import { ambiguousOf, type GenreShares, rareTogetherOf } from '../../browse/estimate-matches.ts';
import { haveGenres } from '../../browse/movie-filters.ts';
import { isAmong, type TermLookup } from '../../browse/term-lookup.ts';
import type { AskedQuery } from '../wire/asked-query.ts';
import { dayOf } from '../wire/asked-query.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import { idsOf, maxInt, valuesOf, wholeNumber } from './filter-values.ts';
import {
  certifiedAs,
  creditedAs,
  dates,
  inLanguages,
  releasedIn,
  runtimes,
  type Said,
  voteCounts,
  votes,
} from './said-filters.ts';
import {
  certificationCountry,
  countryOf,
  haveAskedTerms,
  readTerms,
  termFilterNames,
} from './term-filters.ts';

/** @throws {TmdbFailure} 47 or 23 for a value that means nothing */
interface Filter {
  /** A condition on `movies m`. */
  on: (value: string, query: AskedQuery, look: Look) => Fragment;
  /** The same by bits; nothing where they are those of terms. */
  said: (value: string, query: AskedQuery) => Said[];
}

const refuse = () => new TmdbFailure(47);

function anyNumber(text: string): number {
  if (!/^-?\d{1,10}(\.\d{1,10})?$/.test(text.trim())) throw refuse();
  return Number(text);
}

/** More tables than these would be joined in ever more orders: planning would cost more than finding. */
const mostJoined = 3;

/** Movies in whose casts or crews one of the people is, or all of them are. */
function credited(text: string, kind: 'cast' | 'crew' | undefined, { terms }: Look): Fragment {
  const { any, ids } = idsOf(text);
  const also = kind === undefined ? empty : sql` and kind = ${kind}`;
  const of = (condition: Fragment, lookup?: TermLookup) =>
    isAmong(sql`select movie_id from credits where ${condition}${also}`, lookup);
  if (any) return of(sql`person_id = any(${ids}::int[])`, terms);
  const joined = ids.slice(0, mostJoined).map((id, at) =>
    // The others are held against what the first one leaves.
    of(sql`person_id = ${id}::int`, at === 0 || terms === 'hashed' ? terms : undefined),
  );
  const others = ids.slice(mostJoined);
  if (others.length === 0) return join(joined, ' and ');
  return sql`${join(joined, ' and ')} and (select count(distinct person_id) from credits
    where movie_id = m.id and person_id = any(${others}::int[])${also}) = ${others.length}::int`;
}

/** How movies are looked for. */
export interface Look extends Lookup {
  /** Whether an index of genres may be looked into. */
  byGenre?: boolean | undefined;
  /** What is known of genres; without it none is ambiguous, and none rare. */
  shares?: GenreShares | undefined;
  /** Whether only the rows of `movies` are asked, or only the first of the other tables that are. */
  only?: 'rows' | 'first' | undefined;
  /** All movies that are looked at are known to have a term of this list. */
  known?: readonly number[] | undefined;
}

/** By the bits that the indexes of the orders have; nothing has an id of 0 or less. */
function withGenres(text: string, { shares = new Map(), byGenre = false }: Look): Fragment {
  const { any, ids } = idsOf(text);
  const values = ids.filter((id) => id > 0);
  if (values.length === 0 || (!any && values.length < ids.length)) return sql`false`;
  const known = { ambiguous: ambiguousOf(values, shares), rareTogether: rareTogetherOf(values, shares) };
  return join(haveGenres({ genres: { any, values }, ...known }, { byGenre }), ' and ');
}

function withoutGenres(text: string, { shares = new Map() }: Look): Fragment {
  const ids = idsOf(text).ids.filter((id) => id > 0);
  const ambiguous = ambiguousOf(ids, shares);
  const has = (genres: readonly number[]) => sql`coalesce(m.genre_bits, 0) & ${genreMask(genres)}::bigint`;
  // Less than 1 is 0 here, and the planner takes it for many movies, which it mostly is.
  const bits = sql`${has(ids.filter((id) => !ambiguous.includes(id)))} < 1`;
  if (ambiguous.length === 0) return bits;
  return sql`${bits} and (${has(ambiguous)} < 1 or (select true from movie_genres
      where movie_id = m.id and genre_id = any(${ambiguous}::int[]) limit 1) is not true)`;
}

/** Both ends of a range. */
function bounds<Value extends string | number>(
  name: string,
  column: string,
  { type, read, said }: Bound<Value> & { said: { gte: (end: Value) => Said; lte: (end: Value) => Said } },
): [string, Filter][] {
  const compared = (
    sign: '>=' | '<=',
    { end, say }: { end: (text: string) => Value; say: (end: Value) => Said },
  ): Filter => ({
    on: (text) => sql`${raw(column)} ${raw(sign)} ${end(text)}::${raw(type)}`,
    said: (text) => [say(end(text))],
  });
  return [
    [`${name}.gte`, compared('>=', { end: (text) => read(text, Math.ceil), say: said.gte })],
    [`${name}.lte`, compared('<=', { end: (text) => read(text, Math.floor), say: said.lte })],
  ];
}

interface Bound<Value> {
  /** Of the column, so that its index serves. */
  type: 'int' | 'float8' | 'date';
  /** @param inwards rounds a number that lies between two whole ones */
  read: (text: string, inwards: (number: number) => number) => Value;
}

const whole: Bound<number> = {
  type: 'int',
  read: (text, inwards) => Math.max(-maxInt, Math.min(maxInt, inwards(anyNumber(text)))),
};
const decimal: Bound<number> = { type: 'float8', read: anyNumber };
const date: Bound<string> = { type: 'date', read: dayOf };

function daysOf(text: string): [first: string, last: string] {
  const year = wholeNumber(text);
  if (year < 1000 || year > 9999) throw refuse();
  return [`${year}-01-01`, `${year}-12-31`];
}

const inYear: Filter = {
  on(text) {
    const [first, last] = daysOf(text);
    return sql`m.release_date between ${first}::date and ${last}::date`;
  },
  said(text) {
    const [first, last] = daysOf(text);
    return [dates.gte(first), dates.lte(last)];
  },
};

/** American ones, the mildest first: the mirror has them as a column of their own. */
const certifications = ['NR', 'G', 'PG', 'PG-13', 'R', 'NC-17'];

function certified(admits: (place: number, asked: number) => boolean): Filter {
  /** Nothing where another country's are asked for, which are terms. */
  const admitted = (text: string, query: AskedQuery): string[] | undefined => {
    if (certificationCountry(query) !== 'US') return undefined;
    const asked = valuesOf(text).values.map((each) => certifications.indexOf(each.toUpperCase()));
    return certifications.filter((_, place) => asked.some((each) => each >= 0 && admits(place, each)));
  };
  return {
    on(text, query) {
      const names = admitted(text, query);
      return names === undefined ? sql`true` : sql`m.certification = any(${names}::text[])`;
    },
    said(text, query) {
      const names = admitted(text, query);
      return names === undefined ? [] : [certifiedAs(names)];
    },
  };
}

const codesOf = (text: string) =>
  valuesOf(text).values.map((each) => parseLanguage(each)?.code ?? each.slice(0, 10));

const languages: Filter = {
  on(text) {
    const codes = codesOf(text);
    return codes.length === 1
      ? sql`m.original_language = ${codes[0]}`
      : sql`m.original_language = any(${codes}::text[])`;
  },
  said: (text) => [inLanguages(codesOf(text))],
};

/** Genres are said as terms. */
const genres = (on: (text: string, look: Look) => Fragment): Filter => ({
  on: (text, _query, look) => on(text, look),
  said: () => [],
});

/** The filters of TMDb's reference that rows of `movies` answer, but for dates of releases. */
const filters = new Map<string, Filter>([
  ...bounds('vote_average', 'm.vote_average', { ...decimal, said: votes }),
  ...bounds('vote_count', 'm.vote_count', { ...whole, said: voteCounts }),
  // A runtime of 0 is none.
  ...bounds('with_runtime', 'm.runtime > 0 and m.runtime', { ...whole, said: runtimes }),
  ...bounds('primary_release_date', 'm.release_date', { ...date, said: dates }),
  ['primary_release_year', inYear],
  ['year', inYear],
  ['with_genres', genres(withGenres)],
  ['without_genres', genres(withoutGenres)],
  ['with_original_language', languages],
  ['certification', certified((place, asked) => place === asked)],
  ['certification.lte', certified((place, asked) => place <= asked)],
  ['certification.gte', certified((place, asked) => place >= asked)],
]);

const people = (kind: 'cast' | 'crew' | undefined): Filter => ({
  on: (text, _query, look) => credited(text, kind, look),
  said: (text) => [creditedAs(idsOf(text), kind)],
});

const peopleFilters = new Map<string, Filter>([
  ['with_cast', people('cast')],
  ['with_crew', people('crew')],
  ['with_people', people(undefined)],
]);

const releaseBounds = { 'release_date.gte': '>=', 'release_date.lte': '<=' } as const;

/**
 * Dates are those of the first release, or of the one in cinemas of the country that is asked for.
 * @throws {TmdbFailure} 47 for other types of releases, whose dates are not kept
 */
function readReleaseDates(query: AskedQuery, { terms }: Look): Fragment[] {
  const asked = Object.entries(releaseBounds).flatMap(([name, sign]) => {
    const value = query.get(name);
    return value === undefined ? [] : [sql`release_date ${raw(sign)} ${dayOf(value)}::date`];
  });
  if (asked.length === 0) return [];
  const types = query.get('with_release_type');
  if (types !== undefined && idsOf(types).ids.some((type) => type > 3)) throw refuse();
  if (query.get('region') === undefined) return asked.map((condition) => sql`m.${condition}`);
  const within = join([sql`country = ${countryOf(query, 'region')}`, ...asked], ' and ');
  return [isAmong(sql`select movie_id from movie_releases where ${within}`, terms)];
}

/** The same by bits. */
function sayReleaseDates(query: AskedQuery): Said[] {
  const [from, to] = (['release_date.gte', 'release_date.lte'] as const).map((name) => {
    const value = query.get(name);
    return value === undefined ? undefined : dayOf(value);
  });
  if (from === undefined && to === undefined) return [];
  if (query.get('region') !== undefined) return [releasedIn(countryOf(query, 'region'), { from, to })];
  return [...(from === undefined ? [] : [dates.gte(from)]), ...(to === undefined ? [] : [dates.lte(to)])];
}

/** Genres as terms: `common_terms` has the bits of them. */
function readGenres(query: AskedQuery): AskedTerms {
  const [having, without] = (['with_genres', 'without_genres'] as const).map((name) => {
    const value = query.get(name);
    if (value === undefined) return { any: false, isKnown: true, terms: [] };
    const { any, ids } = idsOf(value);
    const terms = ids.filter((id) => id > 0).map(genreTerm);
    return { any, isKnown: terms.length === ids.length, terms };
  });
  const { any = false, isKnown = true, terms = [] } = having ?? {};
  // Nothing has a genre of 0 or less.
  const impossible = isKnown ? [] : [[]];
  return {
    wanted: any ? [terms] : [...terms.map((term) => [term]), ...impossible],
    unwanted: without?.terms ?? [],
  };
}

/** What is asked for: its names are no part of it, and neither is the order. */
export interface AskedFilters {
  /** Conditions on `movies m`. */
  conditionsOf: (look: Look) => Fragment[];
  /** The same as far as terms tell it, and genres as terms. */
  terms: AskedTerms;
  /** What terms do not tell. */
  said: Said[];
  adult: boolean;
  /** Whether anything but adult titles is left out. */
  isFiltered: boolean;
  /** Whether anything is asked for that the rows of `movies` do not say. */
  isElsewhere: boolean;
}

/**
 * Parameters that TMDb does not know are ignored, as TMDb does.
 * @param more terms that all must have
 * @throws {TmdbFailure} 47 for a filter that the mirror cannot answer; 47 or 23 for a value that means nothing
 */
export function readFilters(query: AskedQuery, more: readonly number[]): AskedFilters {
  const adult = query.isTrue('include_adult');
  const terms = readTerms(query);
  terms.wanted.push(...more.map((term) => [term]));
  const read = (of: ReadonlyMap<string, Filter>, look: Look) =>
    [...of].flatMap(([name, filter]) => {
      const value = query.get(name);
      return value === undefined ? [] : [filter.on(value, query, look)];
    });
  const say = (of: ReadonlyMap<string, Filter>) =>
    [...of].flatMap(([name, filter]) => {
      const value = query.get(name);
      return value === undefined ? [] : filter.said(value, query);
    });
  // What leaves fewest comes first. By its ids movies are found; of these it is asked what the others say.
  const tables = [
    ...[...peopleFilters].map((one) => (look: Look) => read(new Map([one]), look)),
    ({ known, ...look }: Look) =>
      haveAskedTerms({ ...terms, wanted: terms.wanted.filter((list) => list !== known) }, look),
    (look: Look) => readReleaseDates(query, look),
  ].filter((of) => of({}).length > 0);
  const elsewhere = ({ only, ...look }: Look) =>
    tables
      .slice(0, only === 'rows' ? 0 : only === 'first' ? 1 : undefined)
      .flatMap((of, at) => of(look.terms === 'byId' && at > 0 ? { ...look, terms: 'each' } : look));
  const conditionsOf = (look: Look) => [
    ...(look.sampled ? [isSampled('m.id')] : []),
    ...(adult ? [] : [sql`m.adult is not true`]),
    ...(look.only === 'first' ? [] : read(filters, look)),
    ...elsewhere(look),
  ];
  const genres = readGenres(query);
  return {
    conditionsOf,
    terms: {
      wanted: [...terms.wanted, ...genres.wanted],
      unwanted: [...terms.unwanted, ...genres.unwanted],
    },
    said: [...say(filters), ...say(peopleFilters), ...sayReleaseDates(query)],
    adult,
    isFiltered: conditionsOf({}).length > (adult ? 0 : 1),
    isElsewhere: tables.length > 0,
  };
}

/** The names of the filters, for what an answer is kept under. */
export const filterNames = [
  ...new Set([
    ...filters.keys(),
    ...peopleFilters.keys(),
    ...Object.keys(releaseBounds),
    ...termFilterNames,
    'certification_country',
    'include_adult',
  ]),
];
