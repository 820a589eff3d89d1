import { certificationAges } from './certification.ts';
import { columnTerm } from './term-codes.ts';

/**
 * What the rows of movies say, as bits beside those of the common terms: for each fact (or each digit of a number) one
 * bit for each of TMDb's ids. Any filter is then counted by combining a few of them, and no row is read. What comes to
 * mean something else needs another number: the job `terms` makes the bits anew only within an hour.
 */
const columns = {
  flag: 0,
  // 1 was that of genres, which have terms of their own.
  country: 2,
  certification: 3,
  language: 4,
  release: 5,
  vote: 6,
  votesOrRuntime: 7,
} as const;

/** Of the numbers in `votesOrRuntime`, where the second begins. */
const secondFrom = 32;
/** After the digits of a number: whether there is one at all. */
const knownAt = 31;

/** The terms that stand for a number's digits, the lowest first. */
export interface Digits {
  digits: readonly number[];
  known: number;
  /** The highest number they can say. */
  most: number;
}

function digitsOf(column: number, count: number, from = 0): Digits {
  const digits = Array.from({ length: count }, (_, at) => columnTerm(column, from + at));
  return { digits, known: columnTerm(column, from + knownAt), most: 2 ** count - 1 };
}

/** Lists may show it. All other bits are of such movies alone. */
export const shownBit = columnTerm(columns.flag, 0);
export const adultBit = columnTerm(columns.flag, 1);
/** It is in the sample (`sampled-movies.ts`). */
export const sampledBit = columnTerm(columns.flag, 2);
/** Its countries are known, and its genres. */
export const placedBit = columnTerm(columns.flag, 3);
export const sortedBit = columnTerm(columns.flag, 4);
/** @param bit one of `movies.country_bits` */
export const countryBit = (bit: number): number => columnTerm(columns.country, bit);

/** Of the US; `undefined` for one that asks for no age. */
export const certificationBit = (certification: string): number | undefined =>
  Object.hasOwn(certificationAges, certification)
    ? columnTerm(columns.certification, Bun.hash.crc32(certification))
    : undefined;

/** Of the US, for all ages: bits of their own, which nobody is kept from. Also what is stored for a movie that is not rated. */
export const mildCertifications = ['NR', 'G', 'PG'] as const;
export const mildCertificationBit = (certification: (typeof mildCertifications)[number]): number =>
  columnTerm(columns.certification, mildCertifications.indexOf(certification));

export const languageDigits = digitsOf(columns.language, 10);
export const releaseDigits = digitsOf(columns.release, 17);
export const voteDigits = digitsOf(columns.vote, 14);
export const voteCountDigits = digitsOf(columns.votesOrRuntime, 17);
export const runtimeDigits = digitsOf(columns.votesOrRuntime, 11, secondFrom);

/** `undefined` for a code that is not of two letters. */
export function languageNumber(code: string): number | undefined {
  if (!/^[a-z]{2}$/.test(code)) return undefined;
  return (code.charCodeAt(0) - 97) * 26 + code.charCodeAt(1) - 96;
}

export const languageOf = (number: number): string =>
  String.fromCharCode(97 + Math.floor((number - 1) / 26), 97 + ((number - 1) % 26));

/** Months and days in the lower digits, both from 0, so that the first day of a year has none. */
const yearFrom = 512;
/** It is number 1, and stands for all before it. */
const firstYear = 1801;
const lastYear = firstYear + 254;

/** Whether the year is told apart from those around it. */
export const isToldYear = (year: number): boolean => year > firstYear && year < lastYear;

/** @param date `YYYY-MM-DD` */
export function releaseNumber(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  if (year <= firstYear) return yearFrom;
  return year >= lastYear
    ? releaseDigits.most
    : (year - firstYear + 1) * yearFrom + (month - 1) * 32 + day - 1;
}

/** The digits of a release that say the year, the lowest first. */
export const yearDigits = releaseDigits.digits.slice(Math.log2(yearFrom));
export const yearOf = (number: number): number => firstYear - 1 + number;
export const yearNumber = (year: number): number => year - firstYear + 1;

/** 1,024 steps between whole numbers: what differs in the third place is told apart, and a whole number has few digits. */
export const voteNumber = (vote: number): number => Math.max(0, Math.floor(vote * 1024));

/** The number of the least vote, of three places, that is no lower. */
export const leastVoteNumber = (vote: number): number =>
  voteNumber(Math.ceil(Number((vote * 1000).toFixed(6))) / 1000);
