import type { Pool } from 'pg';
import { queryStore, type Statement } from '../reads/query-store.ts';
import { editedWords } from './edited-words.ts';

/** Where the words are that a mistyped one may have been. */
export type Dictionary = 'title_words' | 'name_words';

/** How many of each kind are taken. */
const mostNear = 16;

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

const statements = { title_words: statementOf('title_words'), name_words: statementOf('name_words') };

/** For each word the known ones that it may have been meant to be: those one slip away, and those much like it. */
export async function readNearWords(
  pool: Pool,
  dictionary: Dictionary,
  words: readonly string[],
): Promise<Map<string, string[]>> {
  const distinct = [...new Set(words)];
  const edited = distinct.map((word) => new Set(editedWords(word)));
  const rows = await queryStore<{ place: number | null; word: string }>(pool, statements[dictionary], [
    distinct,
    edited.flatMap((all) => [...all]),
  ]);
  return new Map(
    distinct.map((word, index) => {
      const slips = rows.filter((row) => row.place === null && edited[index]?.has(row.word));
      const like = rows.filter((row) => row.place === index + 1);
      return [word, [...new Set([...slips.slice(0, mostNear), ...like].map((row) => row.word))]];
    }),
  );
}
