import type { Pool } from 'pg';
import { type AskedWords, readAskedTitle } from '../search/asked-words.ts';
import { readCommonWords } from '../search/common-words.ts';
import type { MatchOptions } from '../search/match-query.ts';
import { readNearWords } from '../search/near-words.ts';
import { selectOne } from '../store/select-one.ts';
import { isFiltered, type MovieFilters } from './movie-filters.ts';
import { readCandidates, type SearchPassing } from './search-candidates.ts';
import { type AskedSearch, type AskedWay, searchedWords, searchStatement } from './search-statement.ts';
import type { KnownPassing } from './title-looks.ts';

/** In a longer query every word but one, or every word as slips of another language, is much to look for, and finds seldom. */
const mostGuessed = 5;
/** Nobody types so much by hand: what is pasted has no slips, and each further look costs as much as the first. */
const longestGuessed = 150;

/** Fewer matches than these may be a typo's. */
const fewMatches = 10;

interface AskedRows extends Omit<AskedSearch, 'query' | 'searched' | 'known' | keyof AskedWay> {
  passing?: SearchPassing;
}

/**
 * First just what was asked for; where that finds little, what may have been meant: words of the movies' own titles
 * first, words of other titles next, at last all words but one.
 * @param asked.language `xx-YY`: titles of this language come first among equals
 */
export async function readSearch(
  pool: Pool,
  filters: MovieFilters,
  { passing = {}, ...asked }: AskedRows,
  query: string,
) {
  const [title, common] = await Promise.all([readAskedTitle(pool, query), readCommonWords(pool)]);
  const words = title.readings.at(-1) ?? title.readings[0];
  const isTyped = words.pieces.length > 0 && query.length <= longestGuessed;
  const isEachGuessed = isTyped && words.pieces.length <= mostGuessed;
  const near = once(() => readNearWords(pool, 'title_words', words));
  const nearElsewhere = once(() => readNearWords(pool, 'other_title_words', words));
  const candidates = once(async () => {
    const ways = [...title.readings, ...(title.dated === undefined ? [] : [title.dated.words])];
    const long = isTyped && !isEachGuessed ? withoutShortWords(words) : undefined;
    return readCandidates(pool, filters, passing, {
      words: long === undefined ? ways : [...ways, long],
      own: isTyped ? { near: await near(), withoutOne: isEachGuessed } : {},
      others: isEachGuessed ? { near: await nearElsewhere() } : {},
    });
  });
  const knownOf = async (isRare: boolean): Promise<KnownPassing> =>
    isFiltered(filters) && passing.fewPass && !isRare ? { candidates: await candidates() } : passing;
  const read = async (match: MatchOptions, elsewhere?: MatchOptions['near'] | false, as = title) => {
    const way = { title: as, match, elsewhere, common };
    const searched = searchedWords(way);
    const known = await knownOf(searched.isRare);
    return selectOne(pool, searchStatement(filters, { ...asked, ...way, query, searched, known }));
  };
  const found = await read({});
  if (found.is_sure || found.total >= fewMatches || words.pieces.length === 0) return found;
  // What was found elsewhere is found again, and where there was nothing there is nothing now.
  const strictly = found.is_elsewhere ? undefined : false;
  const meantWords = await near();
  const meant = meantWords.size > 0 ? await read({ near: meantWords }, strictly) : found;
  if (meant.is_meant || meant.total >= fewMatches || !isTyped) return meant;
  if (!isEachGuessed) {
    const long = meant.total === 0 ? withoutShortWords(words) : undefined;
    return long === undefined ? meant : read({}, false, { readings: [long] });
  }
  const others = await nearElsewhere();
  const anywhere = others.size > 0 ? await read({ near: meantWords }, others) : meant;
  // A slip in a word of two letters leaves nothing to guess it by: "di hard".
  const isNothing = found.total === 0 && !anywhere.is_elsewhere;
  const enough = isNothing && words.pieces.some(isTiny) ? fewMatches : 1;
  return anywhere.total >= enough || words.pieces.length < 2
    ? anywhere
    : read({ near: meantWords, withoutOne: true }, false);
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}

const isTiny = (parts: readonly string[]) => /^\p{L}{1,2}$/u.test(parts.join(''));

/** A slip in a word of so many letters makes another one: "prisoner off azkaban". */
const shortWord = 3;

/** In a long query the long words tell enough. */
function withoutShortWords(words: AskedWords): AskedWords | undefined {
  const pieces = words.pieces.filter((parts) => Array.from(parts.join('')).length > shortWord);
  return pieces.length < 2 || pieces.length === words.pieces.length ? undefined : { ...words, pieces };
}
