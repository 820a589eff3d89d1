import { certificationKey } from './certification-systems.ts';

/** Raise the revision in `parts-version.ts` when any of these numbers comes to mean something else. */
const kinds = {
  keyword: 1,
  company: 2,
  production: 3,
  origin: 4,
  provider: 5,
  offer: 6,
  release: 7,
  certification: 8,
  column: 9,
  genre: 10,
  written: 11,
  list: 12,
  credited: 13,
} as const;

/** How a provider offers a movie, as TMDb names it. */
export const offerTypes = ['flatrate', 'free', 'ads', 'rent', 'buy'] as const;
export type OfferType = (typeof offerTypes)[number];

/** TMDb's types of releases: premiere, in cinemas on few screens, in cinemas, digital, on discs, on television. */
export const releaseTypes = [1, 2, 3, 4, 5, 6] as const;

interface Term {
  country?: string;
  /** One of up to seven. */
  of?: number;
  /** Up to 32 bits. */
  id?: number;
}

/** At most 50 bits, so that it is exact as a number here and as a `bigint` there. */
const termOf = (kind: keyof typeof kinds, { country, of = 0, id = 0 }: Term): number =>
  ((kinds[kind] * 8 + of) * 1024 + placeOf(country)) * 2 ** 32 + id;

/** `AA` is 1. @param country `XX`; nothing: whichever */
function placeOf(country: string | undefined): number {
  if (country === undefined) return 0;
  return (country.charCodeAt(0) - 65) * 26 + country.charCodeAt(1) - 64;
}

export const keywordTerm = (id: number): number => termOf('keyword', { id });
export const companyTerm = (id: number): number => termOf('company', { id });
/** A company of the country had a part in making it. */
export const productionTerm = (country: string): number => termOf('production', { country });
export const originTerm = (country: string): number => termOf('origin', { country });

/** A provider has it in a country in one of these ways. Whichever way: ask for any of `offerTypes`. */
export const providerTerm = (country: string, id: number, type: OfferType): number =>
  termOf('provider', { country, id, of: offerTypes.indexOf(type) });

/** Somebody has it in a country in this way. */
export const offerTerm = (country: string, type: OfferType): number =>
  termOf('offer', { country, of: offerTypes.indexOf(type) });

/** It was released in this way. @param country `undefined`: anywhere */
export const releaseTerm = (type: number, country?: string): number =>
  termOf('release', { ...(country === undefined ? {} : { country }), of: type });

/** However it is spelled. Two of the twenty or so of one country never have the same digest. */
export const certificationTerm = (country: string, certification: string): number =>
  termOf('certification', { country, id: Bun.hash.crc32(certificationKey(certification)) });

/** No term of any movie: one bit of what a column says (`movie-bits.ts`), kept beside the common terms. */
export const columnTerm = (column: number, bit: number): number => termOf('column', { of: column, id: bit });

export const isColumnTerm = (term: number): boolean => term >= columnTerm(0, 0) && term < genreTerm(0);

/** Of what a row of `movie_genres` says: no two genres share one. It stands in `common_terms` alone, too. */
export const genreTerm = (id: number): number => termOf('genre', { id });

export const isGenreTerm = (term: number): boolean => term >= genreTerm(0) && term < leastWrittenTerm;

/** The row was written in this hour, counted from 1970: what came since something was noted is found by it. */
export const writtenTerm = (hour: number): number => termOf('written', { id: hour });

/** No term of any movie: a list of `noted-lists.ts`, one of many or that of a country. */
export const listTerm = (of: { id: number } | { country: string }): number => termOf('list', of);

/** No term of any movie: those that a person has a part in. */
export const creditedTerm = (person: number, kind: 'cast' | 'crew'): number =>
  termOf('credited', { id: person, of: kind === 'cast' ? 0 : 1 });

/** This and what is above is no keyword, nor anything else that stands in `movie_terms` but when a row was written. */
export const leastWrittenTerm = writtenTerm(0);
