import { type Audience, adultAge } from '#api/movies/audience.ts';
import { certificationAges, normalizeCertification } from '#shared/movies/certification.ts';
import { countriesWithBits, hasCountryBit } from '#shared/movies/country-bits.ts';
import {
  adultBit,
  certificationBit,
  countryBit,
  isToldYear,
  languageDigits,
  languageNumber,
  leastVoteNumber,
  mildCertificationBit,
  mildCertifications,
  releaseDigits,
  releaseNumber,
  runtimeDigits,
  shownBit,
  voteCountDigits,
  voteDigits,
  yearDigits,
  yearNumber,
} from '#shared/movies/movie-bits.ts';
import { genreTerm } from '#shared/movies/term-codes.ts';
import type { BitTree } from './bit-sets.ts';
import type { Several } from './filter-parameters.ts';
import { isElsewhere, type MovieFilters, termsOf } from './movie-filters.ts';
import { atLeast, below, dayAfter, equal, Unsaid } from './number-bits.ts';

/**
 * The movies that pass the filters, as bits to be combined; `undefined` where bits do not say it.
 * @param isKept whether the bits of a term are kept
 */
export function matchBits(filters: MovieFilters, isKept: IsKept): BitTree | undefined {
  const { ids, actors, directors, hidesOld } = filters;
  if (hidesOld || ids || actors || directors) return undefined;
  try {
    return {
      all: [{ term: shownBit }, ...ofRows(filters, isKept), ...ofTerms(filters, isKept)],
      none: hiddenFrom(filters.audience),
    };
  } catch (error) {
    if (error instanceof Unsaid) return undefined;
    throw error;
  }
}

/** As `admittedTo` says it. */
function hiddenFrom({ age, country }: Audience): BitTree[] {
  if (country !== null) throw new Unsaid();
  const hidden = Object.entries(certificationAges).filter(([, from]) => age !== null && from > age);
  return [
    ...(age === null || age < adultAge ? [{ term: adultBit }] : []),
    ...hidden.map(([certification]) => certified(certification)),
  ];
}

/** Of the US. @param isKept whether the bits of a term are kept: of mild ones all are, if any @throws {Unsaid} */
export function certified(certification: string, isKept: IsKept = () => false): BitTree {
  const mild = mildCertifications.find((each) => each === certification);
  const term = mild === undefined ? certificationBit(certification) : mildCertificationBit(mild);
  if (term === undefined || (mild !== undefined && !isKept(term))) throw new Unsaid();
  return { term };
}

type IsKept = (term: number) => boolean;

function ofRows(filters: MovieFilters, isKept: IsKept): BitTree[] {
  const { genres, countries, certifications, originalLanguage, year, releasedFrom, releasedTo } = filters;
  const { minVote, minVoteCount, runtimeMin, runtimeMax } = filters;
  const conditions: BitTree[] = [];
  // Of a genre that came since nothing is noted.
  const ofGenre = (term: number): BitTree => (isKept(term) ? { term } : { any: [] });
  if (genres !== undefined) conditions.push(...several(genres, (id) => ofGenre(genreTerm(id))));
  if (countries?.values.every(hasCountryBit))
    conditions.push(
      ...several(countries, (country) => ({ term: countryBit(countriesWithBits.indexOf(country)) })),
    );
  if (certifications !== undefined && !isElsewhere(certifications)) {
    if (certifications.orOfUs) throw new Unsaid();
    conditions.push({
      any: certifications.names.map((name) => certified(normalizeCertification(name) ?? name, isKept)),
    });
  }
  if (originalLanguage !== undefined) {
    const number = languageNumber(originalLanguage);
    if (number === undefined) throw new Unsaid();
    conditions.push(equal(languageDigits, number));
  }
  if (year !== undefined) conditions.push(ofYear(year));
  conditions.push(...released(releasedFrom, releasedTo));
  if (minVote !== undefined) conditions.push(atLeast(voteDigits, leastVoteNumber(minVote)));
  if (minVoteCount !== undefined) conditions.push(atLeast(voteCountDigits, minVoteCount));
  if (runtimeMin !== undefined) conditions.push(atLeast(runtimeDigits, runtimeMin));
  // A runtime of 0 is none.
  if (runtimeMax !== undefined)
    conditions.push(atLeast(runtimeDigits, 1), below(runtimeDigits, runtimeMax + 1));
  return conditions;
}

const ofTerms = (filters: MovieFilters, isKept: IsKept): BitTree[] =>
  termsOf(filters, {}).map((list) => haveAnyOf(list, isKept));

/** Of the terms whose bits are not kept, each is had by few movies. @param isKept whether the bits of a term are kept */
export function haveAnyOf(terms: readonly number[], isKept: IsKept): BitTree {
  const rare = terms.filter((term) => !isKept(term));
  return { any: [...terms.filter(isKept).map((term) => ({ term })), ...(rare.length > 0 ? [{ rare }] : [])] };
}

function several<Value>({ any, values }: Several<Value>, each: (value: Value) => BitTree): BitTree[] {
  const bits = values.map(each);
  return any ? [{ any: bits }] : bits;
}

/** The higher digits of a release alone say it. */
function ofYear(year: number): BitTree {
  if (!isToldYear(year)) throw new Unsaid();
  return equal({ ...releaseDigits, digits: yearDigits }, yearNumber(year));
}

function released(from: string | undefined, to: string | undefined): BitTree[] {
  const isTold = (date: string) => isToldYear(Number(date.split('-')[0]));
  if (![from, to].every((date) => date === undefined || isTold(date))) throw new Unsaid();
  return [
    ...(from === undefined ? [] : [atLeast(releaseDigits, releaseNumber(from))]),
    ...(to === undefined ? [] : [below(releaseDigits, releaseNumber(dayAfter(to)))]),
  ];
}
