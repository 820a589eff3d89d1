import type { Pool } from 'pg';
import type { Statement } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';

/** A query as the database folds titles and names: in pieces, each of them the parts that punctuation left. */
export interface AskedWords {
  pieces: string[][];
  /** As `title_key` would be. */
  key: string;
  /** The whole as one word. */
  whole: string;
}

/** More pieces than this no title needs to be found by, and each costs a look-up. */
const mostPieces = 12;
/** What is beyond is not even sent. */
const mostCharacters = 400;

const statement: Statement = {
  name: 'api-search-text',
  text: 'select folded, search_whole(folded) as whole from (select search_text($1::text) as folded) asked',
};

/** Any text may be asked for; where nothing of it can be searched by there are no pieces, and nothing matches. */
export async function readAskedWords(pool: Pool, text: string): Promise<AskedWords> {
  const { folded, whole } = await selectOne<{ folded: string; whole: string }>(pool, statement, [
    text.slice(0, mostCharacters).toWellFormed(),
  ]);
  const pieces = folded === '' ? [] : folded.split('|').map((piece) => piece.split(' '));
  return {
    pieces: pieces.slice(0, mostPieces),
    key: folded.replaceAll('|', ' '),
    whole: whole === '' ? '=' : whole,
  };
}
