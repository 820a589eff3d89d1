import { type AppendedPart, appendedParts } from '#shared/movies/movie-parts.ts';

type Json = Record<string, unknown>;

/** The texts of an answer's parts as they were sent; `details` is the answer without what was appended. */
export type SentTexts = Readonly<Partial<Record<AppendedPart | 'details', string>>>;

const sent = new WeakMap<object, SentTexts>();

/** Of an answer that `parseAnswer` gave; nothing where it could not be told apart. */
export const sentTextsOf = (answer: object): SentTexts => sent.get(answer) ?? {};

/** Where they begin in JSON. Inside of a text each of these quotation marks would have a backslash before it. */
const beginnings = appendedParts.map((part) => ({ part, text: Buffer.from(`,"${part}":{`) }));
/** A character by its number. What a key looks like would not say what it is, and PostgreSQL does not take all of them. */
const numbered = Buffer.from('\\u');

const decoder = new TextDecoder();
const closing = '}'.charCodeAt(0);

/**
 * An answer as `JSON.parse` gives it, and with it the texts of its parts: to write them again would take longer than to
 * read them. Each part is parsed by itself. That all of them can be is the proof that the answer was cut where they begin.
 * @throws {SyntaxError} for what is no JSON
 */
export function parseAnswer(body: Uint8Array): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return parseInParts(bytes) ?? JSON.parse(decoder.decode(bytes));
}

function parseInParts(bytes: Buffer): Json | undefined {
  const cuts = cutsOf(bytes);
  const [first] = cuts;
  if (first === undefined || bytes.at(-1) !== closing || bytes.includes(numbered)) return undefined;
  try {
    const details = `${decoder.decode(bytes.subarray(0, first.at))}}`;
    const answer: Json = JSON.parse(details);
    if (appendedParts.some((part) => part in answer)) return undefined;
    const texts: Partial<Record<AppendedPart | 'details', string>> = { details };
    for (const [index, { part, start }] of cuts.entries()) {
      const text = decoder.decode(bytes.subarray(start, cuts[index + 1]?.at ?? bytes.length - 1));
      texts[part] = text;
      answer[part] = JSON.parse(text);
    }
    sent.set(answer, texts);
    return answer;
  } catch {
    return undefined;
  }
}

/** In the order of the answer. */
const cutsOf = (bytes: Buffer): { part: AppendedPart; at: number; start: number }[] =>
  beginnings
    .map(({ part, text }) => {
      const at = bytes.indexOf(text);
      return { part, at, start: at + text.length - 1 };
    })
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
