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

const monthNames = readMonthNames();

/** The months in the languages that exports come in. Names that two languages use for two months are none. */
function readMonthNames(): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'tr'];
  for (const language of languages)
    for (const style of ['long', 'short'] as const)
      for (const withDay of [true, false])
        for (let month = 1; month <= 12; month++) {
          const date = new Date(Date.UTC(2024, month - 1, 15));
          const day = withDay ? ({ day: 'numeric' } as const) : {};
          const options = { month: style, timeZone: 'UTC', ...day } as const;
          const parts = new Intl.DateTimeFormat(language, options).formatToParts(date);
          const name = foldName(parts.find(({ type }) => type === 'month')?.value ?? '');
          if (name.length >= 3) names.set(name, (names.get(name) ?? month) === month ? month : 0);
        }
  names.set('sept', 9);
  return names;
}

function foldName(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f.]/g, '');
}

/** Reads a day as it is written, whatever the time and the zone beside it. */
export function readDay(text: string, now: Date): Reading {
  const plain = text.trim();
  if (plain === '' || /^(nan|none|null|n\/a|nat|-+|–|—)$/i.test(plain)) return { kind: 'empty' };
  const named = namedDay(plain);
  if (named !== undefined) return isPossible(named, now) ? { kind: 'day', day: named } : unreadable;
  const [, numbers = ''] = /^(?:[\p{L}]+\.?,?\s+)?(\d[\d./-]*)\.?(?:[T\s,].*)?$/u.exec(plain) ?? [];
  return numberedDay(numbers.replace(/[./-]$/, ''), now) ?? stampedDay(plain, now) ?? unreadable;
}

const unreadable: Reading = { kind: 'unreadable' };

/** With the month's name: `25 July 2019`, `July 25th, 2019`, `25-Jul-2019`, `Sat Jan 31 00:00:00 2015`. */
function namedDay(text: string): Day | undefined {
  const words = text.replace(/\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?/g, ' ').match(/\p{L}+|\d+/gu) ?? [];
  const months = words.map((word) => monthNames.get(foldName(word)) ?? 0).filter((month) => month > 0);
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const years = numbers.filter((number) => number.length === 4);
  const days = numbers.filter((number) => number.length <= 2);
  const [month] = months;
  if (month === undefined || new Set(months).size > 1 || years.length !== 1 || days.length !== 1)
    return undefined;
  return { year: Number(years[0]), month, day: Number(days[0]) };
}

function numberedDay(text: string, now: Date): Reading | undefined {
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const parts = compact ?? /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})$/.exec(text);
  if (parts === null) return undefined;
  const separator = compact ? '-' : parts[2];
  const [a = '', b = '', c = ''] = compact ? parts.slice(1) : [parts[1], parts[3], parts[4]];
  const possible: [DayOrder, Day][] = [];
  const add = (order: DayOrder, year: string, month: string, day: string) => {
    const read = { year: fullYear(year, now), month: Number(month), day: Number(day) };
    if (isPossible(read, now)) possible.push([order, read]);
  };
  if (a.length === 4) add('ymd', a, b, c);
  else if (c.length === 4 || c.length === 2) {
    add('dmy', c, b, a);
    // Points are only written where the day comes first.
    if (separator !== '.') add('mdy', c, a, b);
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

/** Seconds or milliseconds since 1970. */
function stampedDay(text: string, now: Date): Reading | undefined {
  if (!/^(\d{9,10}|\d{12,13})(\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  const date = new Date(number < 1e11 ? number * 1000 : number);
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
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
