import { type Audience, admittedTo, visibleTo } from '#api/movies/audience.ts';
import { empty, type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import { normalizeCertification } from '#shared/movies/certification.ts';
import { bitsOfCountries, hasCountryBit } from '#shared/movies/country-bits.ts';
import { genreMask, genrePlaces } from '#shared/movies/genre-bits.ts';
import { isSampled } from '#shared/movies/sampled-movies.ts';
import {
  certificationTerm,
  companyTerm,
  keywordTerm,
  offerTypes,
  productionTerm,
  providerTerm,
} from '#shared/movies/term-codes.ts';
import type { AskedCertifications, AskedFilters, Several } from './filter-parameters.ts';
import {
  type CommonTerms,
  haveAnyTerm,
  haveTerms,
  isAmong,
  longListOf,
  type Since,
  type TermLookup,
} from './term-lookup.ts';

export interface MovieFilters extends AskedFilters {
  audience: Audience;
  /** There are movies that are too old to be shown. Usually there are none, and an index alone can answer. */
  hidesOld?: boolean;
  /** Those of the genres that share their bit with another one. */
  ambiguous?: number[];
  /** Those of the genres that hardly any movie has together. */
  rareTogether?: number[];
}

export interface Planned {
  /** Whether the planner shall take movies with the genres and countries for few. */
  isRare?: boolean;
  /** Whether an index of genres may be looked into: movies that have some rare ones may be a few of a million. */
  byGenre?: boolean;
  /** Whether it is only asked how many they may be: bits, of which nothing is known, are left aside. */
  isEstimate?: boolean;
  /** Whether movies with all of several countries are looked up by their terms: the index of no order knows that they are few. */
  byCountry?: boolean;
  /** Whether only movies of the sample are looked at. */
  sampled?: boolean;
  terms?: TermLookup;
  /** What need not be looked up where an index is walked along. */
  common?: CommonTerms;
  /** What bits do not know yet: with it, they are as good as what is stored. */
  since?: Since;
  /** Whether each movie is known by its id already: then its terms are compared, and no index is asked for them. */
  isKnown?: boolean;
  /** Where those that have a term of `longListOf` are found already, as `movie_id`. */
  foundLong?: string | undefined;
}

/** How few movies are looked for: not along the index of an order. */
export const asFew: Planned = { isRare: true, byGenre: true, byCountry: true };

/** Whether anything but the audience leaves movies out. */
export const isFiltered = ({
  audience,
  hidesOld,
  ambiguous,
  rareTogether,
  ...others
}: MovieFilters): boolean => Object.values(others).some((filter) => filter !== undefined);

/** Whether anything is asked for that stands in other tables, and that many movies may have. */
export const hasTerms = ({ keywords, companies, providers, certifications }: MovieFilters): boolean =>
  [keywords, companies, providers, certifications].some((filter) => filter !== undefined);

/** What lists may show, and the indexes of lists hold: a condition on `movies m`. */
export const isShown = sql`m.state in ('listed', 'detailed')`;

/** What a list may show to an audience that is asked for no more. */
export const areShownTo = (audience: Audience): Fragment => sql`${isShown} and ${admittedTo('m', audience)}`;

/** The conditions on `movies m` that a list for this audience has under these filters. */
export function filterMovies(filters: MovieFilters, planned: Planned = {}): Fragment {
  const { ids, year, minVote, minVoteCount, releasedFrom, releasedTo, runtimeMin, runtimeMax } = filters;
  const { originalLanguage, audience, directors, actors, certifications } = filters;
  const admitted = filters.hidesOld ? visibleTo('m', audience) : admittedTo('m', audience);
  const conditions = [isShown, admitted];
  if (planned.sampled) conditions.push(isSampled('m.id'));
  if (ids !== undefined) conditions.push(sql`m.tmdb_id = any(${ids}::int[])`);
  if (year !== undefined) conditions.push(releasedIn(year, year));
  if (minVote !== undefined) conditions.push(sql`m.vote_average >= ${minVote}::float8`);
  if (minVoteCount !== undefined) conditions.push(sql`m.vote_count >= ${minVoteCount}::int`);
  if (releasedFrom !== undefined) conditions.push(sql`m.release_date >= ${releasedFrom}::date`);
  if (releasedTo !== undefined) conditions.push(sql`m.release_date <= ${releasedTo}::date`);
  if (runtimeMin !== undefined) conditions.push(sql`m.runtime >= ${runtimeMin}::int`);
  // A runtime of 0 is none, and its index leaves it out.
  if (runtimeMax !== undefined) conditions.push(sql`m.runtime > 0 and m.runtime <= ${runtimeMax}::int`);
  if (originalLanguage !== undefined) conditions.push(sql`m.original_language = ${originalLanguage}`);
  if (actors !== undefined) conditions.push(credited(actors, sql`kind = 'cast'`));
  if (directors !== undefined) conditions.push(credited(directors, sql`kind = 'crew' and job = 'Director'`));
  if (certifications !== undefined) conditions.push(...certified(certifications, planned));
  const terms = termsOf(filters, planned);
  const also = planned.sampled ? [isSampled('movie_id')] : [];
  const { foundLong } = planned;
  const compared = foundLong === undefined ? terms : terms.filter((list) => list !== longListOf(terms));
  if (foundLong !== undefined) conditions.push(sql`m.id in (select movie_id from ${raw(foundLong)})`);
  conditions.push(...haveTerms(compared, { ...planned, also }));
  if (!planned.isEstimate) {
    // Terms are known to be rare or not. Taken for rarer, bits would be found first, and their terms one by one.
    const asBits = terms.length > 0 ? { ...planned, isRare: false } : planned;
    conditions.push(...haveGenres(filters, asBits), ...ofCountries(filters, asBits));
  }
  return join(conditions, '\n      and ');
}

/**
 * By the bits in the index, and what shares its bit with another genre by what is stored. The planner has no statistics
 * of bits: it takes `=` for one movie in two hundred, and `>=`, which means the same here, for a third of them.
 */
export function haveGenres(
  { genres, ambiguous = [], rareTogether = [] }: Pick<MovieFilters, 'genres' | 'ambiguous' | 'rareTogether'>,
  planned: Planned = {},
): Fragment[] {
  if (genres === undefined) return [];
  const stored = sql`(select count(*) from movie_genres g
        where g.movie_id = m.id and g.genre_id = any(${ambiguous}::int[]))`;
  const mask = genreMask(genres.values);
  const bits = [haveBits('m.genre_bits', mask, { any: genres.any, ...planned })];
  // Movies that have any of some genres are never few; asked of each row, it would cost ten times the rest.
  if (planned.byGenre && !genres.any && rareTogether.length > 0)
    bits.push(sql`bit_places(m.genre_bits) @> ${genrePlaces(rareTogether)}::int[]`);
  if (ambiguous.length === 0) return bits;
  if (!genres.any) return [...bits, sql`${stored} = ${ambiguous.length}::int`];
  const sure = genres.values.filter((id) => !ambiguous.includes(id));
  return [...bits, sql`(m.genre_bits & ${genreMask(sure)}::bigint > 0 or ${stored} > 0)`];
}

const ofCountries = ({ countries }: MovieFilters, planned: Planned): Fragment[] =>
  countries?.values.every(hasCountryBit)
    ? [haveBits('m.country_bits', bitsOfCountries(countries.values), { any: countries.any, ...planned })]
    : [];

function haveBits(column: string, bits: string, { any, isRare }: Planned & { any: boolean }): Fragment {
  const mask = sql`${bits}::bigint`;
  if (any) return sql`${raw(column)} & ${mask} > 0`;
  return sql`${raw(column)} & ${mask} ${raw(isRare ? '=' : '>=')} ${mask}`;
}

/** What is said by `movie_terms`: of each list a movie must have one. */
export function termsOf(
  filters: MovieFilters,
  { isEstimate = false, byCountry = false }: Planned,
): number[][] {
  const { countries, keywords, companies, providers, certifications } = filters;
  const wanted = <Value>(several: Several<Value> | undefined, termsOf: (value: Value) => number[]) =>
    several?.any ? [several.values.flatMap(termsOf)] : (several?.values.map(termsOf) ?? []);
  const isLookedUp = isEstimate || (byCountry && countries?.any === false && countries.values.length > 1);
  const offersOf = (region: string) => (id: number) =>
    offerTypes.map((type) => providerTerm(region, id, type));
  return [
    ...wanted(keywords, (id) => [keywordTerm(id)]),
    ...wanted(companies, (id) => [companyTerm(id)]),
    ...(isLookedUp || !countries?.values.every(hasCountryBit)
      ? wanted(countries, (country) => [productionTerm(country)])
      : []),
    ...(providers === undefined ? [] : wanted(providers, offersOf(providers.region))),
    ...(certifications !== undefined && isElsewhere(certifications)
      ? [certificationTerms(certifications)]
      : []),
  ];
}

/** All that is asked for of other tables, as terms; undefined where they cannot say it. */
export const termListsOf = (filters: MovieFilters): number[][] | undefined =>
  filters.certifications === undefined || isElsewhere(filters.certifications)
    ? termsOf(filters, { isEstimate: true }).filter((list) => list.length > 0)
    : undefined;

/** Whether only those of a country that is not the US count. */
export const isElsewhere = ({ region, orOfUs }: AskedCertifications) => region !== 'US' && !orOfUs;

const certificationTerms = ({ names, region }: AskedCertifications): number[] =>
  names.map((name) => certificationTerm(region, name));

/** Those of the US stand in the movie's own row; for a movie that has none elsewhere they count as well. */
function certified(certifications: AskedCertifications, planned: Planned): Fragment[] {
  if (isElsewhere(certifications)) return [];
  const names = certifications.names.map((name) => normalizeCertification(name) ?? name);
  if (!certifications.orOfUs) return [sql`m.certification = any(${names}::text[])`];
  return [
    isAmong(
      sql`
        select movie_id from movie_terms where ${haveAnyTerm(certificationTerms(certifications))}
        union all
        select u.id from movies u where u.certification = any(${names}::text[]) and u.state in ('listed', 'detailed')
          and not exists (select 1 from movie_releases r
            where r.movie_id = u.id and r.country = ${certifications.region} and r.certification is not null)`,
      planned.terms,
    ),
  ];
}

/** Grouped, since many tables to be joined would cost more to plan than to read. */
function credited({ any, values }: Several<number>, as: Fragment): Fragment {
  const each =
    any || values.length === 1
      ? empty
      : sql` group by movie_id having count(distinct person_id) = ${values.length}::int`;
  return sql`m.id in (select movie_id from credits where person_id = any(${values}::int[]) and ${as}${each})`;
}

/** Both years count. */
export function releasedIn(from: number, to: number): Fragment {
  const day = (year: number, date: string) => `${String(year).padStart(4, '0')}-${date}`;
  return sql`m.release_date between ${day(from, '01-01')}::date and ${day(to, '12-31')}::date`;
}

/** In another country a film may have come out in the year before or after. */
export const releasedAround = (year: number): Fragment => releasedIn(year - 1, year + 1);
