import type { Fragment } from '#shared/db/sql.ts';
import { isCountryCode, isProductionCountry } from '#shared/languages/codes.ts';
import { certificationsOf } from '#shared/movies/certification-systems.ts';
import { isSampled } from '#shared/movies/sampled-movies.ts';
import {
  certificationTerm,
  companyTerm,
  keywordTerm,
  type OfferType,
  offerTerm,
  offerTypes,
  originTerm,
  providerTerm,
  releaseTerm,
  releaseTypes,
} from '#shared/movies/term-codes.ts';
import type { Lookup } from '../../browse/choose-lookup.ts';
import type { AskedTerms } from '../../browse/common-bits.ts';
import { haveNoneOf, haveTerms } from '../../browse/term-lookup.ts';
import type { AskedQuery } from '../wire/asked-query.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import { idsOf, valuesOf } from './filter-values.ts';

/** What a movie must have: for each list one of its terms. */
type Wanted = number[][];
type TermFilter = (value: string, query: AskedQuery) => Wanted;

const refuse = () => new TmdbFailure(47);

/** @param each a value's terms, any of which stands for it */
const wanted = <Value>(
  { any, values }: { any: boolean; values: Value[] },
  each: (value: Value) => number[],
): Wanted => (any ? [values.flatMap(each)] : values.map(each));

const positive = (text: string) => {
  const { any, ids } = idsOf(text);
  return { any, values: ids.filter((id) => id > 0) };
};

/** Nothing has an id of 0 or less; where all are wanted, nothing is found. */
function ofIds(text: string, each: (id: number) => number[]): Wanted {
  const { ids } = idsOf(text);
  const known = positive(text);
  return known.values.length === 0 || (!known.any && known.values.length < ids.length)
    ? [[]]
    : wanted(known, each);
}

/** @throws {TmdbFailure} 47 for what is no country */
export function countryOf(query: AskedQuery, name: string): string {
  const country = (query.get(name) ?? '').toUpperCase();
  if (!isCountryCode(country)) throw refuse();
  return country;
}

const isOffer = (text: string): text is OfferType => (offerTypes as readonly string[]).includes(text);

function offersOf(text: string): { any: boolean; values: OfferType[] } {
  const { any, values } = valuesOf(text);
  const types = values.map((value) => value.toLowerCase());
  if (!types.every(isOffer)) throw refuse();
  return { any, values: types };
}

const inCountries: TermFilter = (text) => {
  const { any, values } = valuesOf(text.toUpperCase());
  if (!values.every(isProductionCountry)) throw refuse();
  return wanted({ any, values }, (country) => [originTerm(country)]);
};

/** In whichever of the ways that are asked for. */
const withProviders: TermFilter = (text, query) => {
  const region = countryOf(query, 'watch_region');
  const asked = query.get('with_watch_monetization_types');
  const types = asked === undefined ? offerTypes : offersOf(asked).values;
  return ofIds(text, (id) => types.map((type) => providerTerm(region, id, type)));
};

const inWays: TermFilter = (text, query) => {
  const types = offersOf(text);
  const region = countryOf(query, 'watch_region');
  // With providers it says how these offer it.
  if (query.get('with_watch_providers') !== undefined) return [];
  return wanted(types, (type) => [offerTerm(region, type)]);
};

const released: TermFilter = (text, query) => {
  const { any, ids } = idsOf(text);
  if (!ids.every((id) => (releaseTypes as readonly number[]).includes(id))) throw refuse();
  const region = query.get('region') === undefined ? undefined : countryOf(query, 'region');
  return wanted({ any, values: ids }, (type) => [releaseTerm(type, region)]);
};

/** Of other countries than the US. @param admits by their places among the country's own, the mildest first */
const certified =
  (admits: (place: number, asked: number) => boolean): TermFilter =>
  (text, query) => {
    const country = certificationCountry(query);
    if (country === 'US') return [];
    const known = certificationsOf(country);
    if (known.length === 0) throw refuse();
    const asked = valuesOf(text).values.map((value) => certificationTerm(country, value));
    const terms = known.map((name) => certificationTerm(country, name));
    const places = asked.map((term) => terms.indexOf(term)).filter((place) => place >= 0);
    return [terms.filter((_, place) => places.some((each) => admits(place, each)))];
  };

/** @throws {TmdbFailure} 47 for what is no country */
export const certificationCountry = (query: AskedQuery): string =>
  query.get('certification_country') === undefined ? 'US' : countryOf(query, 'certification_country');

const filters = new Map<string, TermFilter>([
  ['with_keywords', (text) => ofIds(text, (id) => [keywordTerm(id)])],
  ['with_companies', (text) => ofIds(text, (id) => [companyTerm(id)])],
  ['with_origin_country', inCountries],
  ['with_watch_providers', withProviders],
  ['with_watch_monetization_types', inWays],
  ['with_release_type', released],
  ['certification', certified((place, asked) => place === asked)],
  ['certification.lte', certified((place, asked) => place <= asked)],
  ['certification.gte', certified((place, asked) => place >= asked)],
]);

const without = new Map<string, TermFilter>([
  ['without_keywords', (text) => [positive(text).values.map(keywordTerm)]],
  ['without_companies', (text) => [positive(text).values.map(companyTerm)]],
  [
    'without_watch_providers',
    (text, query) => {
      const region = countryOf(query, 'watch_region');
      return [
        positive(text).values.flatMap((id) => offerTypes.map((type) => providerTerm(region, id, type))),
      ];
    },
  ],
]);

const asked = (of: ReadonlyMap<string, TermFilter>, query: AskedQuery): Wanted =>
  [...of].flatMap(([name, filter]) => {
    const value = query.get(name);
    return value === undefined ? [] : filter(value, query);
  });

/** What is asked for that `movie_terms` tells. @throws {TmdbFailure} 47 for a value that means nothing */
export const readTerms = (query: AskedQuery) => ({
  wanted: asked(filters, query),
  unwanted: asked(without, query).flat(),
});

/** The same as conditions on `movies m`. */
export function haveAskedTerms({ wanted, unwanted }: AskedTerms, look: Lookup): Fragment[] {
  const { sampled, terms, common } = look;
  const how = { terms, common, also: sampled ? [isSampled('movie_id')] : [] };
  return [...haveTerms(wanted, how), ...haveNoneOf(unwanted, how)];
}

export const termFilterNames = [...filters.keys(), ...without.keys(), 'watch_region', 'region'];
