import type { Pool } from 'pg';
import { prepared, raw, sql } from '#shared/db/sql.ts';
import { editedWords } from '#shared/search/edited-words.ts';
import { queryStore } from '../store/query-store.ts';
import type { AskedWords } from './asked-words.ts';

/** Where the words are that a mistyped one may have been. */
export type Dictionary = 'title_words' | 'other_title_words' | 'name_words';

/** How many of each kind are taken. */
const mostNear = 16;
/** Of a longer query the first ones are corrected. */
const mostWords = 6;
/** Of more words that are all known, none is likely to be another one mistyped. */
const mostAllKnown = 5;

/** `edits`: all edits of all of the words. What has no letter is like nothing, and the whole index would be read for it. */
const nearIn = (dictionary: Dictionary) =>
  prepared<{ words: string[]; edits: string[] }, { place: number | null; word: string }>(
    `api-near-${dictionary}`,
    ({ words, edits }) => sql`
      select null::int as place, word from ${raw(dictionary)} where word = any(${edits}::text[])
      union all
      select asked.place::int, near.word
      from unnest(${words}::text[]) with ordinality as asked(word, place)
      cross join lateral (
        select known.word from ${raw(dictionary)} known
        where length(asked.word) >= 5 and asked.word ~ '[[:alnum:]]' and known.word % asked.word and known.word <> asked.word
          and similarity(known.word, asked.word) >= 0.4
        order by similarity(known.word, asked.word) desc, known.word limit ${mostNear}
      ) near`,
  );

const knownIn = (dictionary: Dictionary) =>
  prepared<{ words: string[] }, { word: string }>(
    `api-known-${dictionary}`,
    ({ words }) => sql`select distinct word from ${raw(dictionary)} where word = any(${words}::text[])`,
  );

const ofEach = <T>(make: (dictionary: Dictionary) => T): Record<Dictionary, T> => ({
  title_words: make('title_words'),
  other_title_words: make('other_title_words'),
  name_words: make('name_words'),
});
const knownStatements = ofEach(knownIn);
const nearStatements = ofEach(nearIn);

/**
 * The dictionaries have neither numbers nor what is one slip away from a single letter, and no word of over 30 letters:
 * one that is half as long again is like none of them, and dear to compare.
 */
const isNeverNear = /^(?:\d+|.|.{46,})$/u;

/**
 * For each word the known ones that it may have been meant to be: those one slip away, and those much like it. A word
 * that is known itself was meant, unless they all are and are few.
 */
export async function readNearWords(
  pool: Pool,
  dictionary: Dictionary,
  { pieces }: AskedWords,
): Promise<Map<string, string[]>> {
  const words = new Set(pieces.flatMap((parts) => [parts.join(''), ...parts]));
  const distinct = [...words].filter((word) => !isNeverNear.test(word)).slice(0, mostWords);
  if (distinct.length === 0) return new Map();
  const rows = await queryStore(pool, knownStatements[dictionary]({ words: distinct }));
  const unknown = distinct.filter((word) => !rows.some((row) => row.word === word));
  if (unknown.some((word) => word.length > 2)) return readNear(pool, dictionary, unknown);
  return pieces.length > mostAllKnown ? new Map() : readNear(pool, dictionary, distinct);
}

async function readNear(pool: Pool, dictionary: Dictionary, words: string[]): Promise<Map<string, string[]>> {
  const edited = words.map((word) => new Set(editedWords(word)));
  const edits = edited.flatMap((all) => [...all]);
  const rows = await queryStore(pool, nearStatements[dictionary]({ words, edits }));
  const near = words.map((word, index): [string, string[]] => {
    const slips = rows.filter((row) => row.place === null && edited[index]?.has(row.word));
    const like = rows.filter((row) => row.place === index + 1);
    return [word, [...new Set([...slips.slice(0, mostNear), ...like].map((row) => row.word))]];
  });
  return new Map(near.filter(([, meant]) => meant.length > 0));
}
