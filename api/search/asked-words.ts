import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { queryStore } from '../store/query-store.ts';
import { cleanQuery } from './clean-query.ts';
import { withDigits } from './number-words.ts';

/** A query as the database folds titles and names: in pieces, each of them the parts that punctuation left. */
export interface AskedWords {
  pieces: string[][];
  /** As `title_key` would be. */
  key: string;
  /** The whole as one word. */
  whole: string;
}

/** What a query may mean. */
export interface AskedTitle {
  /** The words as they stand, and other ways to read them: as a file's name, with digits for words. */
  readings: [AskedWords, ...AskedWords[]];
  /** The title without a year beside it. */
  dated?: { words: AskedWords; year: number };
}

/** No title needs more pieces than this to be found, and each costs a look-up. */
const mostOfTitle = 6;
/** Nor so many parts: of Chinese and Japanese each character is one. What has the first ones is found. */
const mostParts = 60;
/** What is beyond is not even sent. */
const mostCharacters = 250;
/** As long as wholes are kept. */
const longestWhole = 150;

const foldStatement = prepared<{ texts: string[] }, { folded: string }>(
  'api-search-text',
  ({ texts }) => sql`
    select search_text(asked.text) as folded from unnest(${texts}::text[]) with ordinality as asked(text, place)
    order by place`,
);

/** Any text may be asked for; where nothing of it can be searched by there are no pieces, and nothing matches. */
export async function readAskedWords(
  pool: Pool,
  text: string,
  mostPieces = mostOfTitle,
): Promise<AskedWords> {
  const [words = noWords] = await fold(pool, [text]);
  return firstOf(words, mostPieces);
}

export async function readAskedTitle(pool: Pool, text: string): Promise<AskedTitle> {
  const sent = text.slice(0, mostCharacters);
  const clean = cleanQuery(sent);
  const [first = noWords, cleaned = first] = await fold(pool, clean === sent ? [sent] : [sent, clean]);
  const ways = [cleaned, withoutNoise(cleaned), withInitials(cleaned), inDigits(cleaned)];
  const distinct = ways.filter(
    (words, at) =>
      words.key !== first.key &&
      ways.findIndex((other) => other.key === words.key) === at &&
      words.key !== '',
  );
  const dated = withoutYear(cleaned);
  const short = (words: AskedWords) => firstOf(words, mostOfTitle);
  const [reading = first, ...others] =
    isFileName(first) && distinct.length > 0 ? distinct : [first, ...distinct];
  return {
    readings: [short(reading), ...others.map(short)],
    ...(dated && { dated: { ...dated, words: short(dated.words) } }),
  };
}

/** So many parts in one piece are no title of their own, where they can be read otherwise. */
const mostOfPiece = 12;
const isFileName = ({ pieces }: AskedWords) => pieces.length === 1 && (pieces[0]?.length ?? 0) > mostOfPiece;

function firstOf(words: AskedWords, mostPieces: number): AskedWords {
  let left = mostParts;
  const pieces: string[][] = [];
  for (const parts of words.pieces.slice(0, mostPieces)) {
    if (left === 0) break;
    const first = parts.slice(0, left);
    left -= first.length;
    pieces.push(first);
  }
  return { ...words, pieces };
}

const noWords: AskedWords = { pieces: [], key: '', whole: '=' };

async function fold(pool: Pool, texts: string[]): Promise<AskedWords[]> {
  const sent = texts.map((text) => text.slice(0, mostCharacters).toWellFormed());
  const rows = await queryStore(pool, foldStatement({ texts: sent }));
  return rows.map(({ folded }) =>
    folded === '' ? noWords : wordsOf(folded.split('|').map((piece) => piece.split(' '))),
  );
}

/** What is folded, with its key and its whole as the database makes them. */
function wordsOf(pieces: string[][]): AskedWords {
  const whole = pieces.flat().join('');
  return {
    pieces,
    key: wordsAsRead(pieces).join(' '),
    whole: `=${Array.from(whole).slice(0, longestWhole).join('')}`,
  };
}

const initial = /^[a-z\u00df-\u1fff]$/;

/** All words in their order, initials as one. */
function wordsAsRead(pieces: readonly string[][]): string[] {
  return pieces.flatMap((parts) => {
    const words: string[] = [];
    for (const [at, part] of parts.entries()) {
      const isNext = initial.test(part) && initial.test(parts[at - 1] ?? '');
      if (isNext) words[words.length - 1] += part;
      else words.push(part);
    }
    return words;
  });
}

/** What people add to a title, asking for the film of it. */
const before = /^(?:watch|film|movie|stream|download)$/;
const behind =
  /^(?:movie|film|full|online|free|streaming|stream|download|trailer|torrent|hd|subtitles|english|dvd|bluray)$/;

/** Without what surrounds a title, where anything is left. */
function withoutNoise({ pieces }: AskedWords): AskedWords {
  const isNoise = (noise: RegExp, piece: string[] | undefined) => noise.test(piece?.join('') ?? '');
  let [from, to] = [0, pieces.length];
  while (to > 1 && isNoise(behind, pieces[to - 1])) to--;
  while (from < to - 1 && isNoise(before, pieces[from])) from++;
  return wordsOf(pieces.slice(from, to));
}

/** "s w a t" is "s.w.a.t.". */
function withInitials({ pieces }: AskedWords): AskedWords {
  const joined: string[][] = [];
  let isRun = false;
  for (const piece of pieces) {
    const isInitial = piece.length === 1 && initial.test(piece[0] ?? '');
    if (isInitial && isRun) joined.at(-1)?.push(...piece);
    else joined.push([...piece]);
    isRun = isInitial;
  }
  return wordsOf(joined);
}

const inDigits = ({ pieces }: AskedWords): AskedWords => {
  const words = wordsAsRead(pieces);
  const written = withDigits(words);
  // One word for one number needs no other reading: the words that are equal have it.
  return written.length === words.length ? wordsOf(pieces) : wordsOf(written.map((word) => [word]));
};

const year = /^(18[7-9]|19\d|20\d)\d$/;

/** Too common to look for in a year. */
const common = /^(?:.|the|an|of|and|in|to)$/u;

/** "solaris 1972": the year is more often the film's than a part of its title. */
function withoutYear({ pieces }: AskedWords): AskedTitle['dated'] {
  // "spider-man.2002" is one piece.
  const [only = []] = pieces;
  const words = pieces.length === 1 ? only.map((part) => [part]) : pieces;
  const yearOf = (piece: string[] | undefined) =>
    year.test(piece?.join('') ?? '') ? Number(piece?.join('')) : undefined;
  const [first, last] = [yearOf(words[0]), yearOf(words.at(-1))];
  const rest = last === undefined ? words.slice(1) : words.slice(0, -1);
  // Of an article alone there is no film to find, but many of the year.
  if ((last ?? first) === undefined || rest.every((piece) => common.test(piece.join('')))) return undefined;
  const title = pieces.length === 1 ? [only.slice(0, -1)] : rest;
  return last === undefined && pieces.length === 1
    ? undefined
    : { words: wordsOf(title), year: (last ?? first) as number };
}
