import { type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import { parseLanguage } from '#shared/languages/language.ts';
import { genreMask } from '#shared/movies/genre-bits.ts';
import { haveGenres } from '../../browse/movie-filters.ts';
import { type CommonTerms, isAmong, type TermLookup } from '../../browse/term-lookup.ts';
import type { AskedQuery } from '../wire/asked-query.ts';
import { dayOf } from '../wire/asked-query.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import { idsOf, maxInt, valuesOf, wholeNumber } from './filter-values.ts';
import { certificationCountry, countryOf, readTermFilters, termFilterNames } from './term-filters.ts';

/** A condition on `movies m`. @throws {TmdbFailure} 47 or 23 for a value that means nothing */
type Filter = (value: string, query: AskedQuery, look: Look) => Fragment;

const refuse = () => new TmdbFailure(47);

function anyNumber(text: string): number {
  if (!/^-?\d{1,10}(\.\d{1,10})?$/.test(text.trim())) throw refuse();
  return Number(text);
}

/** More tables than these would be joined in ever more orders: planning would cost more than finding. */
const mostJoined = 3;

/** Movies that have one of the ids in a table, or all of them. */
function linked(
  text: string,
  { table, column, also = '' }: { table: string; column: string; also?: string },
  { terms }: Look,
): Fragment {
  const { any, ids } = idsOf(text);
  const of = (condition: Fragment, lookup?: TermLookup) =>
    isAmong(sql`select movie_id from ${raw(table)} where ${condition}${raw(also)}`, lookup);
  const id = raw(column);
  if (any) return of(sql`${id} = any(${ids}::int[])`, terms);
  const joined = ids.slice(0, mostJoined).map((each, at) =>
    // The others are held against what the first one leaves.
    of(sql`${id} = ${each}::int`, at === 0 || terms === 'hashed' ? terms : undefined),
  );
  const others = ids.slice(mostJoined);
  if (others.length === 0) return join(joined, ' and ');
  return sql`${join(joined, ' and ')} and (select count(distinct ${id}) from ${raw(table)}
    where movie_id = m.id and ${id} = any(${others}::int[])${raw(also)}) = ${others.length}::int`;
}

function withoutKeywords(text: string): Fragment {
  const { ids } = idsOf(text);
  return sql`not exists (select 1 from movie_keywords where movie_id = m.id and keyword_id = any(${ids}::int[]))`;
}

/** How movies are looked for. */
interface Look {
  /** Those of some genres that share their bit with another one. */
  ambiguousOf: (genres: readonly number[]) => number[];
  /** The rarest of some genres, where few movies have all of them. */
  rareTogetherOf: (genres: readonly number[]) => number[];
  /** Whether an index of genres may be looked into. */
  byGenre?: boolean;
  /** Whether only movies of the sample are looked at. */
  sampled?: boolean;
  /** How movies are known to have what other tables say. */
  terms?: TermLookup;
  /** What need not be looked up where an index is walked along. */
  common?: CommonTerms;
}

/** By the bits that the indexes of the orders have; nothing has an id of 0 or less. */
function withGenres(text: string, { ambiguousOf, rareTogetherOf, byGenre = false }: Look): Fragment {
  const { any, ids } = idsOf(text);
  const values = ids.filter((id) => id > 0);
  if (values.length === 0 || (!any && values.length < ids.length)) return sql`false`;
  const known = { ambiguous: ambiguousOf(values), rareTogether: rareTogetherOf(values) };
  return join(haveGenres({ genres: { any, values }, ...known }, { byGenre }), ' and ');
}

function withoutGenres(text: string, { ambiguousOf }: Look): Fragment {
  const ids = idsOf(text).ids.filter((id) => id > 0);
  const ambiguous = ambiguousOf(ids);
  const sure = genreMask(ids.filter((id) => !ambiguous.includes(id)));
  // Less than 1 is 0 here, and the planner takes it for many movies, which it mostly is.
  const bits = sql`coalesce(m.genre_bits, 0) & ${sure}::bigint < 1`;
  if (ambiguous.length === 0) return bits;
  return sql`${bits} and not exists (
      select 1 from movie_genres where movie_id = m.id and genre_id = any(${ambiguous}::int[]))`;
}

type Read = (text: string) => string | number;

/** Both ends of a range. @param type of the column, so that its index serves */
function bounds(name: string, column: string, { type, read }: Bound): [string, Filter][] {
  const compared =
    (sign: '>=' | '<=', read: Read): Filter =>
    (text) =>
      sql`${raw(column)} ${raw(sign)} ${read(text)}::${raw(type)}`;
  return [
    [`${name}.gte`, compared('>=', (text) => read(text, Math.ceil))],
    [`${name}.lte`, compared('<=', (text) => read(text, Math.floor))],
  ];
}

interface Bound {
  type: 'int' | 'float8' | 'date';
  /** @param inwards rounds a number that lies between two whole ones */
  read: (text: string, inwards: (number: number) => number) => string | number;
}

const whole: Bound = {
  type: 'int',
  read: (text, inwards) => Math.max(-maxInt, Math.min(maxInt, inwards(anyNumber(text)))),
};
const decimal: Bound = { type: 'float8', read: anyNumber };
const date: Bound = { type: 'date', read: dayOf };

const inYear: Filter = (text) => {
  const year = wholeNumber(text);
  if (year < 1000 || year > 9999) throw refuse();
  return sql`m.release_date between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date`;
};

/** American ones, the mildest first: the mirror has them as a column of their own. */
const certifications = ['NR', 'G', 'PG', 'PG-13', 'R', 'NC-17'];

const certified =
  (admits: (place: number, asked: number) => boolean): Filter =>
  (text, query) => {
    if (certificationCountry(query) !== 'US') return sql`true`;
    const asked = valuesOf(text).values.map((each) => certifications.indexOf(each.toUpperCase()));
    const shown = certifications.filter((_, place) => asked.some((each) => each >= 0 && admits(place, each)));
    return sql`m.certification = any(${shown}::text[])`;
  };

const languages: Filter = (text) => {
  const codes = valuesOf(text).values.map((each) => parseLanguage(each)?.code ?? each.slice(0, 10));
  return codes.length === 1
    ? sql`m.original_language = ${codes[0]}`
    : sql`m.original_language = any(${codes}::text[])`;
};

const credits = { table: 'credits', column: 'person_id' };
const cast = " and kind = 'cast'";
const crew = " and kind = 'crew'";

/** The filters of TMDb's reference that the tables answer, but for dates of releases. */
const filters = new Map<string, Filter>([
  ...bounds('vote_average', 'm.vote_average', decimal),
  ...bounds('vote_count', 'm.vote_count', whole),
  // A runtime of 0 is none.
  ...bounds('with_runtime', 'm.runtime > 0 and m.runtime', whole),
  ...bounds('primary_release_date', 'm.release_date', date),
  ['primary_release_year', inYear],
  ['year', inYear],
  ['with_genres', (text, _, look) => withGenres(text, look)],
  ['without_genres', (text, _, look) => withoutGenres(text, look)],
  ['with_keywords', (text, _, look) => linked(text, { table: 'movie_keywords', column: 'keyword_id' }, look)],
  ['without_keywords', withoutKeywords],
  ['with_cast', (text, _, look) => linked(text, { ...credits, also: cast }, look)],
  ['with_crew', (text, _, look) => linked(text, { ...credits, also: crew }, look)],
  ['with_people', (text, _, look) => linked(text, credits, look)],
  ['with_original_language', languages],
  ['certification', certified((place, asked) => place === asked)],
  ['certification.lte', certified((place, asked) => place <= asked)],
  ['certification.gte', certified((place, asked) => place >= asked)],
]);

const releaseBounds = { 'release_date.gte': '>=', 'release_date.lte': '<=' } as const;

/**
 * Dates are those of the first release, or of the one in cinemas of the country that is asked for.
 * @throws {TmdbFailure} 47 for other types of releases, whose dates are not kept
 */
function readReleaseDates(query: AskedQuery): Fragment[] {
  const asked = Object.entries(releaseBounds).flatMap(([name, sign]) => {
    const value = query.get(name);
    return value === undefined ? [] : [sql`release_date ${raw(sign)} ${dayOf(value)}::date`];
  });
  if (asked.length === 0) return [];
  const types = query.get('with_release_type');
  if (types !== undefined && idsOf(types).ids.some((type) => type > 3)) throw refuse();
  if (query.get('region') === undefined) return asked.map((condition) => sql`m.${condition}`);
  const within = join([sql`country = ${countryOf(query, 'region')}`, ...asked], ' and ');
  return [sql`m.id in (select movie_id from movie_releases where ${within})`];
}

/**
 * What is asked for as conditions on `movies m`; parameters that TMDb does not know are ignored, as TMDb does.
 * @throws {TmdbFailure} 47 for a filter that the mirror cannot answer; 47 or 23 for a value that means nothing
 */
export function readFilters(query: AskedQuery, look: Look): Fragment[] {
  const conditions = [...filters].flatMap(([name, filter]) => {
    const value = query.get(name);
    return value === undefined ? [] : [filter(value, query, look)];
  });
  const all = [...conditions, ...readReleaseDates(query), ...readTermFilters(query, look)];
  return query.isTrue('include_adult') ? all : [sql`m.adult is not true`, ...all];
}

/** The names of the filters, for what an answer is kept under. */
export const filterNames = [
  ...new Set([
    ...filters.keys(),
    ...Object.keys(releaseBounds),
    ...termFilterNames,
    'certification_country',
    'include_adult',
  ]),
];
