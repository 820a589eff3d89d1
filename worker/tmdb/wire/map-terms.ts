import { isJsonObject } from '#shared/is-json-object.ts';
import { maxTmdbId } from '#shared/jobs/catalog.ts';
import { isProductionCountry } from '#shared/languages/codes.ts';
import { bitsOfCountries } from '#shared/movies/country-bits.ts';
import {
  certificationTerm,
  companyTerm,
  keywordTerm,
  offerTerm,
  offerTypes,
  originTerm,
  productionTerm,
  providerTerm,
  releaseTerm,
  releaseTypes,
} from '#shared/movies/term-codes.ts';
import type { MirroredMovie, MirroredRelease } from './mirrored-movie.ts';

type Json = Record<string, unknown>;

/** No movie has so many. */
const mostTerms = 10_000;

/**
 * What lists are filtered by, from an answer as it was sent: most of it is read for nothing else, so it is not parsed.
 * @param releases the certifications that count
 */
export function mapTerms(
  answer: Json,
  releases: readonly MirroredRelease[],
): Pick<MirroredMovie, 'terms' | 'country_bits'> {
  const countries = rowsOf(answer.production_countries)
    .map(({ iso_3166_1 }) => iso_3166_1)
    .filter(isProductionCountry);
  const terms = new Set([
    ...idsOf(rowsOf(partOf(answer.keywords).keywords)).map(keywordTerm),
    ...idsOf(rowsOf(answer.production_companies)).map(companyTerm),
    ...countries.map(productionTerm),
    ...listOf(answer.origin_country).filter(isProductionCountry).map(originTerm),
    ...offersOf(partOf(answer['watch/providers']).results),
    ...rowsOf(partOf(answer.release_dates).results).flatMap(releasesOf),
    ...releases.flatMap(({ country, certification }) =>
      certification === null ? [] : [certificationTerm(country, certification)],
    ),
  ]);
  const bits = bitsOfCountries([...new Set(countries)]);
  return {
    terms: [...terms].slice(0, mostTerms).sort((a, b) => a - b),
    country_bits: bits === '0' ? null : bits,
  };
}

function offersOf(results: unknown): number[] {
  return Object.entries(partOf(results)).flatMap(([country, offers]) => {
    if (!isProductionCountry(country) || !isJsonObject(offers)) return [];
    return offerTypes.flatMap((type) => {
      const providers = rowsOf(offers[type])
        .map(({ provider_id }) => provider_id)
        .filter(isId);
      return providers.length === 0
        ? []
        : [offerTerm(country, type), ...providers.map((id) => providerTerm(country, id, type))];
    });
  });
}

function releasesOf({ iso_3166_1: country, release_dates: dates }: Json): number[] {
  if (!isProductionCountry(country)) return [];
  const types = new Set(rowsOf(dates).map(({ type }) => type));
  return releaseTypes
    .filter((type) => types.has(type))
    .flatMap((type) => [releaseTerm(type, country), releaseTerm(type)]);
}

const partOf = (value: unknown): Json => (isJsonObject(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const rowsOf = (value: unknown): Json[] => listOf(value).filter(isJsonObject);
const idsOf = (rows: readonly Json[]): number[] => rows.map(({ id }) => id).filter(isId);
const isId = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= maxTmdbId;
