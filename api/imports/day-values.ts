import { longestValue, squeezed } from './cell-values.ts';
import { monthNames } from './month-names.ts';
import { plainDigits } from './plain-digits.ts';

/** In which order a date names its parts. */
export type DayOrder = 'dmy' | 'mdy' | 'ymd';

interface Day {
  year: number;
  month: number;
  day: number;
}

/** What a cell can mean: one day, none, or another one in each order. */
export type Reading =
  | { kind: 'empty' }
  | { kind: 'unreadable' }
  | { kind: 'day'; day: Day /** The only order in which it is one. */; order?: DayOrder }
  | { kind: 'unsure'; days: Partial<Record<DayOrder, Day>> };

const dayMs = 86_400_000;
/** No movie was seen before. */
const firstYear = 1870;
/**
 * When of a day that a file names: an hour at which it is that day almost everywhere, from Honolulu (UTC−10) to the
 * Chatham Islands (UTC+13:45). No hour is that day in all of the world.
 */
const hourOfDay = 10;

/** A time of day, with its zone: neither says anything of the day as it is written. */
const time =
  /(?<![\d:])\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[ap]\.?m\b\.?)?(?:\s*(?:GMT|UTC|Z)?\s*[+-]\d{2}:?\d{2})?|(?<!\d)\d{1,2}\s*[ap]\.?m\b\.?/giu;
const nothing = /^(nan|none|null|n\/a|nat|nil|undefined|-+)$/i;
const signs = /^[\s='"`]+|(?<![\s'"`])[\s'"`]+$/g;

/** Reads a day as it is written, whatever the time and the zone beside it. */
export function readDay(text: string, now: Date): Reading {
  if (text.length > longestValue) return unreadable;
  const plain = squeezed(plainDigits(text)).replace(signs, '');
  if (plain === '' || nothing.test(plain)) return { kind: 'empty' };
  const untimed = plain.replace(time, ' ');
  const named = namedDay(untimed, now);
  if (named !== undefined) return isPossible(named, now) ? { kind: 'day', day: named } : unreadable;
  return compactDay(plain, now) ?? numberedDay(untimed, now) ?? stampedDay(plain, now) ?? unreadable;
}

const unreadable: Reading = { kind: 'unreadable' };

/** `Saturday, 31 January 2015 at 00:00:00 GMT+0000 (Coordinated Universal Time)` has ten. */
const mostWords = 20;

/** Days of the week that other languages have for months: `mar. 25 juin` is a Tuesday. */
const alsoWeekdays = /^(mar|paz|sub)$/i;

/**
 * With the month's name: `25 July 2019`, `July 25th, 2019`, `25-Jul-19`, `Sat Jan 31 00:00:00 2015`. The month and two
 * numbers are the day. What follows may say the time, but no other day.
 */
function namedDay(text: string, now: Date): Day | undefined {
  const words = text.match(/[\p{L}\p{M}]+|\d+/gu) ?? [];
  if (words.length > mostWords) return undefined;
  const months = words.map(monthNames.monthOf);
  const named = months.filter((month) => month > 0);
  const sure = months.filter((month, place) => month > 0 && !alsoWeekdays.test(words[place] ?? ''));
  const [month = 0, ...others] = new Set(sure.length > 0 ? sure : named);
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const [first = '', second = ''] = numbers;
  if (month === 0 || others.length > 0 || numbers.slice(2).some(({ length }) => length === 4))
    return undefined;
  const isYearFirst = first.length === 4 || (first.length === 2 && second.length === 2 && Number(first) > 31);
  const [day, year] = isYearFirst ? [second, first] : [first, second];
  if (day.length > 2 || day === '' || (year.length !== 2 && year.length !== 4)) return undefined;
  return { year: fullYear(year, now), month, day: Number(day) };
}

/** `20190725`, also with a time behind it; and the day of a week of a year: `2019-W30-4`. */
function compactDay(text: string, now: Date): Reading | undefined {
  const [, ...parts] = /^(\d{4})(\d{2})(\d{2})(?:\d{6})?(?!\d)/.exec(text) ?? [];
  const [, weekYear, week, weekday] = /^(\d{4})-?W(\d{2})-?([1-7])(?!\d)/.exec(text) ?? [];
  if (weekYear !== undefined) return ofWeek(Number(weekYear), Number(week), Number(weekday), now);
  if (parts.length === 0) return undefined;
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const read = { year, month, day };
  return isPossible(read, now) ? { kind: 'day', day: read, order: 'ymd' } : unreadable;
}

/** The fourth of January is in the first week. */
function ofWeek(year: number, week: number, weekday: number, now: Date): Reading {
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * dayMs;
  const day = dayOf(new Date(monday + ((week - 1) * 7 + weekday - 1) * dayMs));
  return week >= 1 && week <= 53 && isPossible(day, now) ? { kind: 'day', day } : unreadable;
}

const dayOf = (date: Date): Day => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
});

/** Three numbers with the same sign between them, or as in China, Japan and Korea. */
const numbered =
  /^(?:[\p{L}\s.,:(]*[\s.,:(])?(\d{1,4})(\s*[./-]\s*|\s+|\s*[年년]\s*)(\d{1,2})(\s*[./-]\s*|\s+|\s*[月월]\s*)(\d{1,4})(?!\d|\s*[./-]\s*\d)/u;

function numberedDay(text: string, now: Date): Reading | undefined {
  const [, a = '', signA = '', b = '', signB = '', c = ''] = numbered.exec(text) ?? [];
  const [sign, other] = [signA.trim(), signB.trim()];
  const isEast = /[年년]/.test(sign) && /[月월]/.test(other);
  // In Denmark both stand in one date: `25/7-2019`.
  const isOne = sign === other || isEast || (/^[/-]$/.test(sign) && /^[/-]$/.test(other));
  if (a === '' || !isOne) return undefined;
  const possible: [DayOrder, Day][] = [];
  const add = (order: DayOrder, year: string, month: string, day: string) => {
    const read = { year: fullYear(year, now), month: Number(month), day: Number(day) };
    if (isPossible(read, now)) possible.push([order, read]);
  };
  if (a.length === 4 || isEast) {
    if (c.length <= 2) add('ymd', a, b, c);
  } else if (c.length === 4 || c.length === 2) {
    add('dmy', c, b, a);
    // Points are only written where the day comes first.
    if (sign !== '.') add('mdy', c, a, b);
    if (c.length === 2 && a.length === 2) add('ymd', a, b, c);
  }
  return decided(possible);
}

function decided(possible: [DayOrder, Day][]): Reading {
  const [first] = possible;
  if (first === undefined) return unreadable;
  const texts = new Set(possible.map(([, { year, month, day }]) => `${year}-${month}-${day}`));
  if (texts.size > 1) return { kind: 'unsure', days: Object.fromEntries(possible) };
  return { kind: 'day', day: first[1], ...(possible.length === 1 ? { order: first[0] } : {}) };
}

/** Of two digits: none that is to come. */
function fullYear(text: string, now: Date): number {
  if (text.length !== 2) return Number(text);
  const inThisCentury = 2000 + Number(text);
  return inThisCentury > now.getUTCFullYear() ? inThisCentury - 100 : inThisCentury;
}

/** Since 1970, with the digits that seconds have, and those that thousandths, millionths and billionths add. */
function stampedDay(text: string, now: Date): Reading | undefined {
  const [, digits = ''] = /^(\d{9,19})(?:\.\d+)?$/.exec(text) ?? [];
  const shorter = digits.length - (digits.length % 3 === 0 ? 9 : 10);
  if (digits === '' || shorter % 3 !== 0) return undefined;
  const day = dayOf(new Date(Number(digits) * 1000 ** (1 - shorter / 3)));
  return isPossible(day, now) ? { kind: 'day', day } : unreadable;
}

const startOf = ({ year, month, day }: Day) => Date.UTC(year, month - 1, day);

/** A day there is, that is over or has begun somewhere. */
function isPossible(read: Day, now: Date): boolean {
  const start = new Date(startOf(read));
  return (
    read.year >= firstYear &&
    start.getUTCMonth() === read.month - 1 &&
    start.getUTCDate() === read.day &&
    start.getTime() <= now.getTime() + dayMs
  );
}

/** The order in which all days of a column are days, as far as some of them tell. */
export function orderOf(readings: Iterable<Reading>): DayOrder | undefined {
  const told = new Set<DayOrder>();
  for (const reading of readings)
    if (reading.kind === 'day' && reading.order !== undefined) told.add(reading.order);
  const [order] = told;
  return told.size === 1 ? order : undefined;
}

/** @returns `undefined` where nobody can tell which day is meant; `null` for an empty cell */
export function momentOf(reading: Reading, order: DayOrder | undefined, now: Date): Date | null | undefined {
  if (reading.kind === 'empty') return null;
  const day =
    reading.kind === 'day'
      ? reading.day
      : reading.kind === 'unsure' && order
        ? reading.days[order]
        : undefined;
  if (day === undefined) return undefined;
  const moment = startOf(day) + hourOfDay * 3_600_000;
  return new Date(Math.min(moment, now.getTime()));
}

/** Of a cell that stands alone. */
export const dayIn = (text: string, order: DayOrder | undefined, now: Date) =>
  momentOf(readDay(text, now), order, now);
