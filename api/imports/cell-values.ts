import { maxTmdbId } from '#shared/jobs/catalog.ts';
import { plainDigits } from './plain-digits.ts';

/** The value of a cell. `undefined`: the text is not a valid value. `null`: the cell is empty. */
type Value<T> = T | null | undefined;

/** How programs write "nothing". */
const nothing = /^(nan|none|null|n\/a|nil|undefined|-+|–|—|\?)$/i;

/** Nobody writes a rating or an id at such length, and patterns would take long to find none in it. */
export const longestValue = 300;

/** What stands in several blanks means what it means in one, and patterns look at each of them again and again. */
export const squeezed = (text: string) => text.replace(/\s{2,}/g, ' ');

const isEmpty = (text: string) => text === '' || nothing.test(text);

const numberIn = (text: string) =>
  /^\d+([.,]\d*)?$|^[.,]\d+$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;

/** `4/5`, `8 out of 10`, `80/100`, `80 %`: as a part of the whole. */
function partIn(text: string): number | undefined {
  const [, given = '', whole] =
    /^([\d.,]+)\s*(?:(?:\/|out of|of|von|sur|de|su|z)\s*(\d+(?:[.,]0)?)|%)$/i.exec(text) ?? [];
  return given === '' ? undefined : numberIn(given) / (whole === undefined ? 100 : numberIn(whole));
}

/** A rating as everybody types it. A half is one sign, and a star beside a number only says what it counts. */
function plainRating(text: string): string {
  const plain = squeezed(plainDigits(text))
    .trim()
    .replace(/(?<![\d/.,])\s*1\/2$/, '½');
  const [, before, after] =
    /^(\d+(?:[.,]\d+)?|\d*½)\s*[★⭐🌟]\ufe0f?$|^[★⭐🌟]\ufe0f?\s*(\d+(?:[.,]\d+)?)$/u.exec(plain) ?? [];
  return before ?? after ?? plain;
}

const fullStars = /★|⭐|🌟|\*/gu;
const emptyStars = /[☆✩]/gu;

/** `★★★½`, `⭐⭐⭐`, `***`, with or without the empty ones. */
function starsIn(text: string): number | undefined {
  const rest = text
    .replace(fullStars, '')
    .replace(emptyStars, '')
    .replace(/\s|\ufe0f/g, '');
  const full = text.match(fullStars)?.length ?? 0;
  if (rest === '½' || rest === '1/2') return full + 0.5;
  if (rest !== '') return undefined;
  return full > 0 || /[☆✩]/u.test(text) ? full : undefined;
}

/** `4 stars`, `4 (a remark)`. Where no bracket closes, none is looked for that opens: there may be hundreds. */
const withoutRemark = (rating: string) =>
  rating.endsWith(')') ? rating.replace(/\s*\(.*\)$/s, '') : rating.replace(/\s*stars?$/i, '');

/** Of five stars, as points of ten. Nothing is rounded: what lies between two halves is neither. */
export function fiveStars(text: string): Value<number> {
  if (text.length > longestValue) return undefined;
  const plain = withoutRemark(plainRating(text)).trim();
  if (isEmpty(plain)) return null;
  const half = /^(\d)?\s*½$/.exec(plain);
  const stars = half ? Number(half[1] ?? 0) + 0.5 : (starsIn(plain) ?? numberIn(plain));
  const part = partIn(plain);
  return pointsOf(part === undefined ? stars * 2 : part * 10);
}

export function tenPoints(text: string): Value<number> {
  if (text.length > longestValue) return undefined;
  const plain = plainRating(text);
  if (isEmpty(plain)) return null;
  const part = partIn(plain);
  const stars = /[★⭐☆🌟]/u.test(plain) ? starsIn(plain) : undefined;
  if (stars !== undefined) return pointsOf(stars > 5 ? stars : stars * 2);
  return pointsOf(part === undefined ? numberIn(plain) : part * 10);
}

function pointsOf(points: number): Value<number> {
  if (points === 0) return null;
  // Halves are written as they are; of what was reckoned from parts only the noise is cut.
  return points >= 1 && points <= 10 ? Math.round(points * 1e6) / 1e6 : undefined;
}

/** The first year in it: of a series, `2019–2021` is when it began. */
export function yearIn(text: string): number | null {
  const plain = plainDigits(text).replace(/^(\d)[., \u00a0\u202f](\d{3})$/, '$1$2');
  const year = /(?<!\d)(1[89]\d\d|20\d\d|21\d\d)(?!\d)/.exec(plain)?.[1];
  return year === undefined ? null : Number(year);
}

/**
 * `550`, `550.0` as data frames write it, or a link to the movie. Three zeros behind a sign are thousands, and then
 * nobody knows which id it was.
 */
export function tmdbIdIn(text: string): Value<number> {
  if (text.length > longestValue) return undefined;
  const plain = withoutBlanks(text);
  if (isEmpty(plain)) return null;
  const linked = /(?:themoviedb\.org|tmdb:?)\/+(?:[a-z-]+\/)?movie\/(\d{1,10})(?!\d)/i.exec(plain)?.[1];
  const digits = linked ?? /^(?:#|tmdb:(?:\/\/)?|\/?movie\/)?(\d{1,10})(?:[.,]0{0,2})?$/i.exec(plain)?.[1];
  const id = Number(digits ?? 0);
  return id >= 1 && id <= maxTmdbId ? id : undefined;
}

/** A link that says itself that it is television. */
export const isTelevisionLink = (text: string) =>
  /(?:themoviedb\.org\/(?:[a-z-]+\/)?|^\s*\/?)tv\//i.test(text);

export function imdbIdIn(text: string): Value<string> {
  if (text.length > longestValue) return undefined;
  const plain = withoutBlanks(text);
  if (isEmpty(plain)) return null;
  const bare = /^(\d{5,12})(?:[.,]0{0,2})?$/.exec(plain)?.[1];
  const named = [...plain.matchAll(/(?<![a-z])tt(\d{5,12})(?:[.,]0{0,2}$)?(?!\d)/gi)].map(
    ([, digits]) => digits,
  );
  const [number, ...others] = new Set((bare === undefined ? named : [bare]).map(Number));
  // A cell with two ids names none.
  return number === undefined || others.length > 0 ? undefined : `tt${String(number).padStart(7, '0')}`;
}

const withoutBlanks = (text: string) => plainDigits(text).replace(/[\s\u00a0'"]+/g, '');
