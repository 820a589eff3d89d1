import { isJsonObject } from '#shared/is-json-object.ts';
import {
  type AppendedPart,
  appendedParts,
  emptyParts,
  type MoviePartName,
} from '#shared/movies/movie-parts.ts';
import { bounds } from './bounds.ts';
import { cleanText } from './clean-text.ts';
import type { AnsweredParts } from './mirrored-movie.ts';
import { hasSafeLinks, withSafeLinks } from './with-safe-links.ts';

type Json = Record<string, unknown>;

/**
 * The lists of each part. What is in their rows is kept as it is; entries that are no rows are left out. Not a schema:
 * that would copy each list only to see that it is one.
 */
const lists: Record<Exclude<AppendedPart, 'watch/providers'>, readonly string[]> = {
  credits: ['cast', 'crew'],
  keywords: ['keywords'],
  recommendations: ['results'],
  similar: ['results'],
  release_dates: ['results'],
  videos: ['results'],
  external_ids: [],
  images: ['backdrops', 'logos', 'posters'],
  translations: ['translations'],
  alternative_titles: ['titles'],
  reviews: ['results'],
};

const isAbsentOr = (is: (value: unknown) => boolean, value: unknown) =>
  value === undefined || value === null || is(value);

const hasShape = (part: AppendedPart, value: Json): boolean =>
  part === 'watch/providers'
    ? isAbsentOr(isJsonObject, value.results)
    : lists[part].every((key) => isAbsentOr(Array.isArray, value[key]));

const isAppended = (key: string): key is AppendedPart => (appendedParts as readonly string[]).includes(key);

/**
 * The parts of an answer as texts. A part that is missing is empty: a stand-in may leave it out. One of another shape
 * is lost, and nothing else with it. How long texts are is bounded by the size of an answer.
 */
export function readParts(answer: Json): AnsweredParts {
  const texts = new Map<MoviePartName, string>();
  const lost: AppendedPart[] = [];
  const bare = Object.fromEntries(Object.entries(answer).filter(([key]) => !isAppended(key)));
  texts.set('details', textOf(bare));
  for (const part of appendedParts) {
    const value = answer[part];
    if (value === undefined || value === null) continue;
    const text = partText(part, value);
    if (text === undefined) lost.push(part);
    else if (text !== emptyParts[part]) texts.set(part, text);
  }
  return { texts, lost };
}

/** @returns `undefined` for what cannot be this part */
function partText(part: AppendedPart, value: unknown): string | undefined {
  if (!isJsonObject(value) || !hasShape(part, value)) return undefined;
  // TMDb gives an appended part no id of its own.
  const { id: _, ...own } = value;
  try {
    return textOf(part === 'watch/providers' ? own : withRowsOnly(own));
  } catch {
    // Nested more deeply than the stack is.
    return undefined;
  }
}

/** The longest list that the table of bounds takes. */
const maxRows = bounds.crew.rows;
const isWithinBounds = (value: unknown) =>
  !Array.isArray(value) || (value.length <= maxRows && value.every(isJsonObject));

/** Each list without what is no row, and of bounded length: whoever reads it may rely on rows. */
export function withRowsOnly(part: Json): Json {
  if (Object.values(part).every(isWithinBounds)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.filter(isJsonObject).slice(0, maxRows) : value,
    ]),
  );
}

/** How NUL and half of a pair of surrogates look in JSON; the other half of a whole pair stands as itself. */
const suspicious = /\\u(0000|d[89a-f])/i;

/** JSON text that the database can hold, and whose links lead where TMDb's do. */
export function textOf(value: unknown): string {
  const text = JSON.stringify(value);
  return hasSafeLinks(text) ? storable(value, text) : storable(withSafeLinks(value));
}

const storable = (value: unknown, text = JSON.stringify(value)): string =>
  text.includes('\\u') && suspicious.test(text) ? JSON.stringify(cleaned(value)) : text;

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [cleanText(key), cleaned(entry)]));
}
