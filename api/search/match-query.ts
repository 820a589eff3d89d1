import { editedWords } from '#shared/search/edited-words.ts';
import type { AskedWords } from './asked-words.ts';
import type { CommonWords, TitleTable, WordShares } from './common-words.ts';
import { equalWords } from './equal-words.ts';

/** Left out of titles, and put in, as often as not. */
const articles = ['the', 'a', 'an'];
/** Those of other languages: a title may have one that was not asked for. */
const articlesElsewhere = ['le', 'la', 'les', 'l', 'el', 'los', 'las', 'il', 'der', 'die', 'das'];
const optional = new Set([...articles, 'and', 'n', 'und', 'et', 'y']);

export interface MatchOptions {
  /** What each word may have been meant to be. */
  near?: ReadonlyMap<string, readonly string[]> | undefined;
  /** One of the words may be missing altogether. */
  withoutOne?: boolean;
  /** The last word is written out. */
  areWhole?: boolean;
}

/** What is found is the whole as one word, or has all of the words. */
export interface Match {
  whole: string;
  /** One `tsquery` a word: an index that is asked for each of them looks first where the rarest one is. */
  all: string[];
}

/** The words asked for as a `tsquery` over the words of titles or names. */
export const matchQuery = (words: AskedWords, options: MatchOptions = {}): string =>
  queryOf(matchOf(words, options));

export const queryOf = ({ whole, all }: Match): string =>
  all.length === 0 ? whole : `${whole} | ${allOf(all)}`;

/** The same in parts. What `near` allows is found beside what is found without. */
export function matchOf({ pieces, whole }: AskedWords, options: MatchOptions = {}): Match {
  if (pieces.length === 0) return { whole: lexeme(whole), all: [] };
  const needed = pieces.filter((parts) => !optional.has(parts.join('')));
  const all = needed.length > 0 ? needed : pieces;
  const last = all.at(-1);
  const asked = all.filter((parts, at) => all.findIndex((each) => isSame(each, parts)) === at);
  const counted = asked.filter((parts) => equalWords(parts.join('')).length > 0).length;
  const terms = asked.map((parts) =>
    pieceTerm(parts, {
      ...options,
      mostEqual: Math.max(2, Math.floor(mostEqualWords / Math.max(1, counted))),
      isFirst: isAlone(
        pieces.map((piece) => piece.join('')),
        pieces.indexOf(parts),
      ),
      isLast: parts === last && options.areWhole !== true,
    }),
  );
  // The whole as one word: "starwars", "spider man", or the beginning of either.
  const isLong = Array.from(whole).length > 3;
  return {
    whole: isLong ? beginQuery({ whole }) : lexeme(whole),
    all: options.withoutOne && terms.length > 1 ? [allButOne(terms)] : terms,
  };
}

const isSame = (one: readonly string[], other: readonly string[]) => one.join(' ') === other.join(' ');

/** So many rows are sooner read than all that begin like one word are gathered: */
const fewToRead = 2000;
/** of a short beginning there are many, and where some are enough they are soon read. */
const fewToReadSome = 10_000;
const shortBeginning = 3;

/**
 * What finds at least all of a match in an index, and soon: without the word that may not be written out yet, where few
 * have the others. Of a beginning, an index gathers all that have any word of it before it looks for the others.
 */
export function indexedMatch(match: Match, table: TitleTable, { [table]: common }: CommonWords): Match {
  const others = match.all.slice(0, -1);
  const [, beginning] = /'((?:[^']|'')*)':\*/.exec(match.all.at(-1) ?? '') ?? [];
  if (common === undefined || others.length === 0 || beginning === undefined) return match;
  const isShort = Array.from(beginning).length <= shortBeginning;
  const few = isShort && table === 'movie_other_titles' ? fewToReadSome : fewToRead;
  const share = others.reduce((product, term) => product * shareOf(term, common), 1);
  return share * common.rows < few ? { ...match, all: others } : match;
}

/** Of the rows that have a term: at most. Words that are not known to be common are left out. */
const shareOf = (term: string, { shares }: WordShares): number =>
  Math.min(
    1,
    [...term.matchAll(/'((?:[^']|'')*)'/g)].reduce((sum, [, word = '']) => sum + (shares.get(word) ?? 0), 0),
  );

/** Of words that begin with so many letters there are few, where no common one does; of titles as one word, with so many. */
const longBeginning = { word: 4, title: 8 };

const isLongBeginning = (word: string): boolean =>
  word.startsWith('=') ? word.length > longBeginning.title : word.length >= longBeginning.word;

/**
 * Whether a match surely finds few rows of a table: a word of it is none of the common ones, whatever else is meant by
 * it. Where nothing is known of the table, nothing is sure.
 */
export function isSurelyRare(
  { whole, all }: Match,
  table: TitleTable,
  { [table]: common }: CommonWords,
): boolean {
  if (common === undefined) return false;
  const words = [...common.shares.keys()];
  const isRare = (term: string) =>
    [...term.matchAll(/'((?:[^']|'')*)'(:\*)?/g)].every(([, word = '', beginning]) =>
      beginning === undefined
        ? !common.shares.has(word)
        : isLongBeginning(word) && !words.some((each) => each.startsWith(word)),
    );
  return isRare(whole) && (all.length === 0 || all.some(isRare));
}

/** Titles that begin with the whole as one word, an article before it or not: "darkkni". */
export function beginQuery({ whole }: Pick<AskedWords, 'whole'>): string {
  return ['', ...articles].map((article) => `${lexeme(`=${article}${whole.slice(1)}`)}:*`).join(' | ');
}

/**
 * The titles or names that are just what was asked for, but for blanks and punctuation, for words that mean the same,
 * and for an article that was left out.
 */
export const exactQuery = (words: AskedWords): string => exactLexemes(words).join(' | ');

/** The same one by one: each is found at once, where the planner takes all together for many. */
export function exactLexemes(words: AskedWords): string[] {
  const [own, ...others] = equalKeys(words).map((key) => key.replaceAll(' ', ''));
  if (own === undefined) return [lexeme(words.whole)];
  const withArticles = [...articles, ...articlesElsewhere].map((article) => article + own);
  const wholes = [own, ...withArticles, ...others, ...others.map((other) => `the${other}`)];
  return [...new Set([words.whole, ...wholes.map((it) => `=${it.slice(0, longestWhole)}`)])].map(lexeme);
}

/** Over all words of a query: one that is made of numbers has six ways to write each. */
const mostEqualWords = 20;
const mostEqual = 12;
/** As long as wholes are kept. */
const longestWhole = 150;
/** A shorter query may be two names that the title joins by `and`. */
const mostJoined = 4;

/** In a longer query each way to write it would be a long text, and hardly one the title of a film. */
const mostWordsOfKeys = 24;

/** The key as asked first, then those with words that mean the same. */
export function equalKeys({ key: asked }: AskedWords): string[] {
  if (asked === '') return [];
  const words = asked.split(' ');
  if (words.length > mostWordsOfKeys) return [asked];
  let keys: string[][] = [[]];
  for (const [at, word] of words.entries()) {
    // No more ways would be kept: only the word itself is added, in place.
    if (keys.length === mostEqual) {
      for (const key of keys) key.push(word);
      continue;
    }
    const ways = [word, ...(word === 'and' && at > 0 ? [''] : []), ...equalWords(word, isAlone(words, at))];
    // The first way is the word itself: the keys that come first differ least.
    keys = ways.flatMap((way) => keys.map((key) => [...key, way])).slice(0, mostEqual);
  }
  const joined =
    words.length <= mostJoined && !words.includes('and')
      ? words.slice(1).map((_, at) => words.toSpliced(at + 1, 0, 'and'))
      : [];
  return [...new Set([...keys, ...joined].map((key) => key.filter((word) => word !== '').join(' ')))];
}

/** Whether nothing but articles and single letters is before a word: then it begins the title. */
const isAlone = (words: readonly string[], at: number): boolean =>
  words.slice(0, at).every((word) => word.length === 1 || optional.has(word));

/** What titles begin with, one of a query's keys or an article before it: as patterns of `like`. */
export function beginPatterns(words: AskedWords): string[] {
  const keys = equalKeys(words);
  const isBare = !/^(?:the|a|an) ./.test(keys[0] ?? '');
  const withArticles = isBare ? keys.slice(0, 3).flatMap((key) => articles.map((it) => `${it} ${key}`)) : [];
  return [...keys, ...withArticles].map((key) => `${key.replace(/[\\%_]/g, '\\$&')}%`);
}

/** What no title or name has. */
export const noMatch = "'='";

/** More of them would cost more than they find. */
const mostMeant = 64;

/** The same where one word was mistyped; `noMatch` if none may have been. */
export function meantQuery(words: AskedWords, near: MatchOptions['near']): string {
  return queryOfMeant(words, (word) => near?.get(word) ?? []);
}

/** Of these the ones that are one slip of the finger away, which is likelier than any other likeness. */
export function slipQuery(words: AskedWords, near: MatchOptions['near']): string {
  return queryOfMeant(words, (word) => {
    const edits = new Set(editedWords(word));
    return (near?.get(word) ?? []).filter((meant) => edits.has(meant));
  });
}

function queryOfMeant({ pieces }: AskedWords, nearOf: (word: string) => readonly string[]): string {
  const joined = pieces.map((parts) => parts.join(''));
  const wholes = joined.flatMap((word, index) =>
    nearOf(word).map((meant) => joined.with(index, meant).join('')),
  );
  // A title's article may have been left out, too.
  const titles = ['', ...articles].flatMap((article) => wholes.map((whole) => `=${article}${whole}`));
  return titles.length === 0 ? noMatch : anyOf(titles.slice(0, mostMeant).map(lexeme));
}

interface Place {
  /** How many other words of the same meaning are looked for. */
  mostEqual: number;
  isFirst: boolean;
  isLast: boolean;
}

function pieceTerm(
  parts: readonly string[],
  { near, isFirst, isLast, mostEqual }: MatchOptions & Place,
): string {
  const joined = parts.join('');
  const meant = (word: string) =>
    [...equalWords(word, isFirst).slice(0, mostEqual), ...(near?.get(word) ?? [])].map(phrase);
  // What is asked last may not be written out yet.
  const last = isLast && Array.from(joined).length > 1 ? ':*' : '';
  const alternatives = [`${lexeme(joined)}${last}`, ...meant(joined)];
  if (parts.length > 1)
    alternatives.push(allOf(distinct(parts).map((part) => anyOf([lexeme(part), ...meant(part)]))));
  return anyOf([...new Set(alternatives)]);
}

/** All of them, or all but any one: in halves, since each term written once for each other one would be costly. */
function allButOne(terms: readonly string[]): string {
  const [left, right] = [terms.slice(0, terms.length >> 1), terms.slice(terms.length >> 1)];
  const without = (half: string[], other: string[]) =>
    half.length > 1 ? `(${allButOne(half)} & ${allOf(other)})` : allOf(other);
  return `(${without(left, right)} | ${without(right, left)})`;
}

/** A word that is asked for twice is looked for once. */
const distinct = (parts: readonly string[]) => [...new Set(parts)];

const allOf = (terms: readonly string[]) => `(${terms.join(' & ')})`;
const anyOf = (terms: readonly string[]) => `(${terms.join(' | ')})`;

/** One word, or several that must all be there. */
const phrase = (words: string) => (words.includes(' ') ? allOf(words.split(' ').map(lexeme)) : lexeme(words));

/** As long as words are kept; what begins with `=` is cut already. */
const longestWord = 60;

/** Quoted, so that whatever it holds is text. */
function lexeme(word: string): string {
  const kept = word.startsWith('=') ? word : Array.from(word).slice(0, longestWord).join('');
  return `'${kept.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
