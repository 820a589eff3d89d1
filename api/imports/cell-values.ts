import { maxTmdbId } from '#shared/jobs/catalog.ts';

/** The value of a cell. `undefined`: the text is not a valid value. `null`: the cell is empty. */
type Value<T> = T | null | undefined;

/** How programs write "nothing". */
const nothing = /^(nan|none|null|n\/a|nil|undefined|-+|–|—|\?)$/i;

const isEmpty = (text: string) => text === '' || nothing.test(text);

const numberIn = (text: string) =>
  /^\d+([.,]\d*)?$|^[.,]\d+$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;

/** `4/5`, `8/10`, `80/100`, `80 %`: as a part of the whole. */
function partIn(text: string): number | undefined {
  const [, given = '', whole] = /^([\d.,]+)\s*(?:\/\s*(\d+)|%)$/.exec(text) ?? [];
  return given === '' ? undefined : numberIn(given) / (whole === undefined ? 100 : Number(whole));
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

/** Of five stars, as points of ten. Nothing is rounded: what lies between two halves is neither. */
export function fiveStars(text: string): Value<number> {
  const plain = text.replace(/\s*(stars?|\(.*\))$/i, '').trim();
  if (isEmpty(plain)) return null;
  const half = /^(\d)?\s*½$/.exec(plain);
  const stars = half ? Number(half[1] ?? 0) + 0.5 : (starsIn(plain) ?? numberIn(plain));
  const part = partIn(plain);
  return pointsOf(part === undefined ? stars * 2 : part * 10);
}

export function tenPoints(text: string): Value<number> {
  if (isEmpty(text)) return null;
  const part = partIn(text);
  const stars = /[★⭐☆🌟]/u.test(text) ? starsIn(text) : undefined;
  if (stars !== undefined) return pointsOf(stars > 5 ? stars : stars * 2);
  return pointsOf(part === undefined ? numberIn(text) : part * 10);
}

function pointsOf(points: number): Value<number> {
  if (points === 0) return null;
  // Halves are written as they are; of what was reckoned from parts only the noise is cut.
  return points >= 1 && points <= 10 ? Math.round(points * 1e6) / 1e6 : undefined;
}

/** The first year in it: of a series, `2019–2021` is when it began. */
export function yearIn(text: string): number | null {
  const year = /(?<!\d)(1[89]\d\d|20\d\d|21\d\d)(?!\d)/.exec(text)?.[1];
  return year === undefined ? null : Number(year);
}

/** `Dune (2021)`, `The Thing [1982]`, `The Visit (I) (2015)`, `Dune (2021 film)`. */
const yearAtEnd =
  /^(.+?)\s*(?:\([IVX]+\)\s*)?[([](1[89]\d\d|20\d\d)(?:[-–]\d*)?(?:\s+(?:film|movie))?[)\]]$/i;

/** A title that ends with its year, apart. A year that contradicts the row's own belongs to the title. */
export function splitYear(title: string, year: number | null): { title: string; year: number | null } {
  const [, name, inTitle] = yearAtEnd.exec(title) ?? [];
  if (name === undefined || (year !== null && Math.abs(year - Number(inTitle)) > 1)) return { title, year };
  return { title: name, year: year ?? Number(inTitle) };
}

/** `550`, `550.0` as data frames write it, or a link to the movie. */
export function tmdbIdIn(text: string): Value<number> {
  const plain = withoutBlanks(text);
  if (isEmpty(plain)) return null;
  const linked = /themoviedb\.org\/(?:[a-z-]+\/)?movie\/(\d{1,10})(?!\d)/i.exec(plain)?.[1];
  const digits = linked ?? /^#?(\d{1,10})(?:[.,]0*)?$/.exec(plain)?.[1];
  const id = Number(digits ?? 0);
  return id >= 1 && id <= maxTmdbId ? id : undefined;
}

/** A link that says itself that it is television. */
export const isTelevisionLink = (text: string) => /themoviedb\.org\/(?:[a-z-]+\/)?tv\//i.test(text);

export function imdbIdIn(text: string): Value<string> {
  const plain = withoutBlanks(text);
  if (isEmpty(plain)) return null;
  const digits = /^(?:tt)?(\d{5,12})(?:[.,]0*)?$/i.exec(plain)?.[1] ?? imdbLink.exec(plain)?.[1];
  return digits === undefined ? undefined : `tt${digits.padStart(7, '0')}`;
}

const imdbLink = /(?:imdb\.com\/.*|^)\btt(\d{5,12})(?!\d)/i;

const withoutBlanks = (text: string) => text.replace(/[\s\u00a0\u200b\ufeff'"]+/g, '');
