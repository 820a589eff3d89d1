import type { Pool } from 'pg';
import { queryStore, type Statement } from '../store/query-store.ts';
import type { AskedWords } from './asked-words.ts';
import { editedWords } from './edited-words.ts';

/** Where the words are that a mistyped one may have been. */
export type Dictionary = 'title_words' | 'name_words';

/** How many of each kind are taken. */
const mostNear = 16;
/** Of a longer query the first ones are corrected. */
const mostWords = 12;

/** $1: the words, $2: all edits of all of them. */
const statementOf = (dictionary: Dictionary): Statement => ({
  name: `api-near-${dictionary}`,
  text: `
    select null::int as place, word from ${dictionary} where word = any($2::text[])
    union all
    select asked.place::int, near.word
    from unnest($1::text[]) with ordinality as asked(word, place)
    cross join lateral (
      select known.word from ${dictionary} known
      where length(asked.word) >= 5 and known.word % asked.word and known.word <> asked.word
        and similarity(known.word, asked.word) >= 0.4
      order by similarity(known.word, asked.word) desc, known.word limit ${mostNear}
    ) near`,
});

const knownOf = (dictionary: Dictionary): Statement => ({
  name: `api-known-${dictionary}`,
  text: `select distinct word from ${dictionary} where word = any($1::text[])`,
});

const known = { title_words: knownOf('title_words'), name_words: knownOf('name_words') };
const statements = { title_words: statementOf('title_words'), name_words: statementOf('name_words') };

/**
 * For each word the known ones that it may have been meant to be: those one slip away, and those much like it. A word
 * that is known itself was meant, unless they all are.
 */
export async function readNearWords(
  pool: Pool,
  dictionary: Dictionary,
  { pieces }: AskedWords,
): Promise<Map<string, string[]>> {
  const distinct = [...new Set(pieces.flatMap((parts) => [parts.join(''), ...parts]))].slice(0, mostWords);
  const rows = await queryStore<{ word: string }>(pool, known[dictionary], [distinct]);
  const unknown = distinct.filter((word) => !rows.some((row) => row.word === word));
  return readNear(pool, dictionary, unknown.some((word) => word.length > 2) ? unknown : distinct);
}

async function readNear(pool: Pool, dictionary: Dictionary, words: string[]): Promise<Map<string, string[]>> {
  const edited = words.map((word) => new Set(editedWords(word)));
  const rows = await queryStore<{ place: number | null; word: string }>(pool, statements[dictionary], [
    words,
    edited.flatMap((all) => [...all]),
  ]);
  const near = words.map((word, index): [string, string[]] => {
    const slips = rows.filter((row) => row.place === null && edited[index]?.has(row.word));
    const like = rows.filter((row) => row.place === index + 1);
    return [word, [...new Set([...slips.slice(0, mostNear), ...like].map((row) => row.word))]];
  });
  return new Map(near.filter(([, meant]) => meant.length > 0));
}
