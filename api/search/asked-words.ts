import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { selectOne } from '../store/select-one.ts';

/** A query as the database folds titles and names: in pieces, each of them the parts that punctuation left. */
export interface AskedWords {
  pieces: string[][];
  /** As `title_key` would be. */
  key: string;
  /** The whole as one word. */
  whole: string;
}

/** No title needs more pieces than this to be found, and each costs a look-up. */
const mostOfTitle = 8;
/** What is beyond is not even sent. */
const mostCharacters = 400;

const foldStatement = prepared<{ text: string }, { folded: string; whole: string }>(
  'api-search-text',
  ({ text }) => sql`
    select folded, search_whole(folded) as whole from (select search_text(${text}::text) as folded) asked`,
);

/** Any text may be asked for; where nothing of it can be searched by there are no pieces, and nothing matches. */
export async function readAskedWords(
  pool: Pool,
  text: string,
  mostPieces = mostOfTitle,
): Promise<AskedWords> {
  const sent = text.slice(0, mostCharacters).toWellFormed();
  const { folded, whole } = await selectOne(pool, foldStatement({ text: sent }));
  const pieces = folded === '' ? [] : folded.split('|').map((piece) => piece.split(' '));
  return {
    pieces: pieces.slice(0, mostPieces),
    key: folded.replaceAll('|', ' '),
    whole: whole === '' ? '=' : whole,
  };
}
