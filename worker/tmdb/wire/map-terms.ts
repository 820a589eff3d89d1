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
  const terms = new Set<number>();
  for (const id of idsOf(rowsOf(partOf(answer.keywords).keywords))) terms.add(keywordTerm(id));
  for (const id of idsOf(rowsOf(answer.production_companies))) terms.add(companyTerm(id));
  for (const country of countries) terms.add(productionTerm(country));
  for (const country of listOf(answer.origin_country).filter(isProductionCountry))
    terms.add(originTerm(country));
  addOffers(terms, partOf(answer['watch/providers']).results);
  for (const row of rowsOf(partOf(answer.release_dates).results)) addReleases(terms, row);
  for (const { country, certification } of releases)
    if (certification !== null) terms.add(certificationTerm(country, certification));
  const bits = bitsOfCountries([...new Set(countries)]);
  return {
    terms: [...terms].slice(0, mostTerms).sort((a, b) => a - b),
    country_bits: bits === '0' ? null : bits,
  };
}

function addOffers(terms: Set<number>, results: unknown): void {
  const byCountry = partOf(results);
  for (const country of Object.keys(byCountry)) {
    const offers = byCountry[country];
    if (!isProductionCountry(country) || !isJsonObject(offers)) continue;
    for (const type of offerTypes)
      for (const { provider_id: id } of rowsOf(offers[type]))
        if (isId(id)) terms.add(offerTerm(country, type)).add(providerTerm(country, id, type));
  }
}

function addReleases(terms: Set<number>, { iso_3166_1: country, release_dates: dates }: Json): void {
  if (!isProductionCountry(country)) return;
  const types = new Set(rowsOf(dates).map(({ type }) => type));
  for (const type of releaseTypes)
    if (types.has(type)) terms.add(releaseTerm(type, country)).add(releaseTerm(type));
}

const partOf = (value: unknown): Json => (isJsonObject(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const rowsOf = (value: unknown): Json[] => listOf(value).filter(isJsonObject);
const idsOf = (rows: readonly Json[]): number[] => rows.map(({ id }) => id).filter(isId);
const isId = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= maxTmdbId;
