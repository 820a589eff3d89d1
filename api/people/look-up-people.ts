import type { Pool } from 'pg';
import { readAskedWords } from '../search/asked-words.ts';
import { exactQuery, matchQuery } from '../search/match-query.ts';
import { readNearWords } from '../search/near-words.ts';
import type { AskedNames } from './people-statements.ts';

/** Fewer matches than these may be a typo's. */
const fewMatches = 5;
/** Nobody's name needs more pieces than this to be found. */
const mostOfName = 5;

/** One or two letters are no typo of anything. */
const mayBeMistyped = (piece: string[]): boolean => piece.join('').length > 2;

/** Reads who is asked for; where these are few, whoever may have been meant, too. */
export async function lookUpPeople<Found extends { total: number }>(
  pool: Pool,
  query: string,
  read: (asked: AskedNames) => Promise<Found>,
): Promise<Found> {
  const words = await readAskedWords(pool, query, mostOfName);
  const strict = matchQuery(words);
  const asked = { exact: exactQuery(words), match: strict, strict, key: words.key };
  const found = await read(asked);
  if (found.total >= fewMatches || !words.pieces.some(mayBeMistyped)) return found;
  const near = await readNearWords(pool, 'name_words', words);
  return read({ ...asked, match: matchQuery(words, { near }) });
}
