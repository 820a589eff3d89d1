import type { AskedWords } from './asked-words.ts';
import { equalWords } from './equal-words.ts';

/** Left out of titles, and put in, as often as not. */
const articles = ['the', 'a', 'an'];
const optional = new Set([...articles, 'and']);

export interface MatchOptions {
  /** What each word may have been meant to be. */
  near?: ReadonlyMap<string, readonly string[]>;
  /** One of the words may be missing altogether. */
  withoutOne?: boolean;
}

/** The words asked for as a `tsquery` over the words of titles or names. */
export function matchQuery({ pieces, whole }: AskedWords, options: MatchOptions = {}): string {
  if (pieces.length === 0) return lexeme(whole);
  const needed = pieces.filter((parts) => !optional.has(parts.join('')));
  const asked = needed.length > 0 ? needed : pieces;
  const terms = asked.map((parts, index) => pieceTerm(parts, index === asked.length - 1, options));
  const all =
    options.withoutOne && terms.length > 1
      ? terms.map((_, left) => allOf(terms.filter((_, index) => index !== left))).join(' | ')
      : allOf(terms);
  // The whole as one word: "starwars", "spider man", or the beginning of either.
  const isLong = Array.from(whole).length > 3;
  return `${lexeme(whole)}${isLong ? ':*' : ''} | ${all}`;
}

/** The titles or names that are just what was asked for, but for blanks and punctuation. */
export function exactQuery({ whole }: AskedWords): string {
  return lexeme(whole);
}

/** More of them would cost more than they find. */
const mostMeant = 64;

/** The same where one word was mistyped; `undefined` if none may have been. */
export function meantQuery({ pieces }: AskedWords, near: MatchOptions['near']): string | undefined {
  const joined = pieces.map((parts) => parts.join(''));
  const wholes = joined.flatMap((word, index) =>
    (near?.get(word) ?? []).map((meant) => joined.with(index, meant).join('')),
  );
  // A title's article may have been left out, too.
  const titles = ['', ...articles].flatMap((article) => wholes.map((whole) => `=${article}${whole}`));
  return titles.length === 0 ? undefined : anyOf(titles.slice(0, mostMeant).map(lexeme));
}

function pieceTerm(parts: readonly string[], isLast: boolean, { near }: MatchOptions): string {
  const joined = parts.join('');
  const meant = (word: string) => [...equalWords(word), ...(near?.get(word) ?? [])].map(lexeme);
  // What is asked last may not be written out yet.
  const last = isLast && Array.from(joined).length > 1 ? ':*' : '';
  const alternatives = [`${lexeme(joined)}${last}`, ...meant(joined)];
  if (parts.length > 1) alternatives.push(allOf(parts.map((part) => anyOf([lexeme(part), ...meant(part)]))));
  return anyOf(alternatives);
}

const allOf = (terms: readonly string[]) => `(${terms.join(' & ')})`;
const anyOf = (terms: readonly string[]) => `(${terms.join(' | ')})`;

/** As long as words are kept; what begins with `=` is cut already. */
const longestWord = 60;

/** Quoted, so that whatever it holds is text. */
function lexeme(word: string): string {
  const kept = word.startsWith('=') ? word : Array.from(word).slice(0, longestWord).join('');
  return `'${kept.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
