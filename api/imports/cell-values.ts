import { maxTmdbId } from '#shared/jobs/catalog.ts';

/** What a cell says; `undefined` where it says something that is none. An empty cell is `null`. */
type Value<T> = T | null | undefined;

/** Of five stars, in halves; as points of ten. */
export function fiveStars(text: string): Value<number> {
  if (text === '') return null;
  const points = /^\d([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) * 2 : Number.NaN;
  if (points === 0) return null;
  return points >= 1 && points <= 10 ? Math.round(points) : undefined;
}

export function tenPoints(text: string): Value<number> {
  if (text === '' || text === '0') return null;
  const points = /^\d{1,2}([.,]\d+)?$/.test(text) ? Math.round(Number(text.replace(',', '.'))) : 0;
  return points >= 1 && points <= 10 ? points : undefined;
}

/** The first year in it: of a series, `2019–2021` is when it began. */
export function yearIn(text: string): number | null {
  const year = /(?<!\d)(1[89]\d\d|20\d\d|21\d\d)(?!\d)/.exec(text)?.[1];
  return year === undefined ? null : Number(year);
}

export function tmdbIdIn(text: string): Value<number> {
  if (text === '') return null;
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return id >= 1 && id <= maxTmdbId ? id : undefined;
}

export function imdbIdIn(text: string): Value<string> {
  if (text === '') return null;
  const digits = /^(?:tt)?(\d{5,12})$/i.exec(text)?.[1];
  return digits === undefined ? undefined : `tt${digits.padStart(7, '0')}`;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const dayMs = 86_400_000;

/** A day that is over or has begun somewhere: `2015-01-31`, or as IMDb once wrote it, `Sat Jan 31 00:00:00 2015`. */
export function dayIn(text: string, now: Date): Value<Date> {
  if (text === '') return null;
  const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  const former = /^[a-z]{3} ([a-z]{3}) +(\d{1,2})\b.*\b(\d{4})$/i.exec(text);
  const [year, month, day] = iso
    ? [Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])]
    : former
      ? [Number(former[3]), months.indexOf(former[1]?.toLowerCase() ?? ''), Number(former[2])]
      : [0, 0, 0];
  const date = new Date(Date.UTC(year, month, day));
  const real = year >= 1870 && date.getUTCMonth() === month && date.getUTCDate() === day;
  if (!real || date.getTime() > now.getTime() + dayMs) return undefined;
  return date > now ? now : date;
}
