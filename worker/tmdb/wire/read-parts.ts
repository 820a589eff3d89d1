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
import { sentTextsOf } from './sent-parts.ts';
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

const appended: ReadonlySet<string> = new Set(appendedParts);

/**
 * The parts of an answer as texts. A part that is missing is empty: a stand-in may leave it out. One of another shape
 * is lost, and nothing else with it. How long texts are is bounded by the size of an answer.
 */
export function readParts(answer: Json): AnsweredParts {
  const texts = new Map<MoviePartName, string>();
  const parsed = new Map<MoviePartName, Json>();
  const lost: AppendedPart[] = [];
  const keep = (part: MoviePartName, { text, says }: Written<Json>) => {
    texts.set(part, text);
    if (usedParsed.has(part)) parsed.set(part, says);
  };
  const sent = sentTextsOf(answer);
  const bare = Object.fromEntries(Object.entries(answer).filter(([key]) => !appended.has(key)));
  keep('details', write(bare, sent.details));
  for (const part of appendedParts) {
    const value = answer[part];
    if (value === undefined || value === null) continue;
    const written = writePart(part, value, sent[part]);
    if (written === undefined) lost.push(part);
    else if (written.text !== emptyParts[part]) keep(part, written);
  }
  return { texts, parsed, lost };
}

/** Those that the answer is made of. */
const usedParsed: ReadonlySet<MoviePartName> = new Set([
  'details',
  'release_dates',
  'videos',
  'watch/providers',
]);

/** What the text of a part says; `{}` where there is none. */
export function parsedPart({ texts, parsed }: AnsweredParts, part: MoviePartName): Json {
  return parsed?.get(part) ?? JSON.parse(texts.get(part) ?? '{}');
}

/** @returns `undefined` for what cannot be this part */
function writePart(part: AppendedPart, value: unknown, sent?: string): Written<Json> | undefined {
  if (!isJsonObject(value) || !hasShape(part, value)) return undefined;
  const own = part === 'watch/providers' ? withoutId(value) : withRowsOnly(withoutId(value));
  try {
    return write(own, own === value ? sent : undefined);
  } catch {
    // Nested more deeply than the stack is.
    return undefined;
  }
}

/** TMDb gives an appended part no id of its own. */
function withoutId(part: Json): Json {
  if (!('id' in part)) return part;
  const { id: _, ...own } = part;
  return own;
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

interface Written<Value> {
  text: string;
  says: Value;
}

/** JSON text that the database can hold, and whose links lead where TMDb's do. */
export const textOf = (value: unknown): string => write(value).text;

/** @param sent the same, as it was sent */
function write<Value>(value: Value, sent?: string): Written<Value> {
  if (sent !== undefined && isWritable(sent) && hasSafeLinks(sent)) return { text: sent, says: value };
  const text = JSON.stringify(value);
  const isStorable = !text.includes('\\u') || !suspicious.test(text);
  if (isStorable && hasSafeLinks(text)) return { text, says: value };
  const safe = withSafeLinks(value);
  const says = (isStorable ? safe : cleaned(safe)) as Value;
  return { text: JSON.stringify(says), says };
}

/** What empty parts look like is compared, so that short ones are written again in any case. */
const shortest = Math.max(...Object.values(emptyParts).map((text) => text.length)) + 1;
/** `JSON.stringify` goes down twice as deep. */
const deepest = 20_000;

/** Whether the database and all who parse it can take a text as it was sent: it is known to be JSON without `\u`. */
const isWritable = (sent: string) => sent.length >= shortest && !isDeep(sent);

/** At most half of the characters of a text can open something; of a longer one they are counted. */
function isDeep(sent: string): boolean {
  if (sent.length <= 2 * deepest) return false;
  let opened = 0;
  for (let at = 0; at < sent.length; at++) {
    const character = sent.charCodeAt(at);
    if (character === openBrace || character === openBracket) opened++;
  }
  return opened > deepest;
}

const openBrace = '{'.charCodeAt(0);
const openBracket = '['.charCodeAt(0);

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [cleanText(key), cleaned(entry)]));
}
