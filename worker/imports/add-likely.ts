import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import { editedWords } from '#shared/search/edited-words.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { Candidate, PendingRow, Settled } from './import-row.ts';

/** Of a title, and of those in it that no title has. */
const maxWords = 8;
const maxUnknown = 3;
const maxLikely = 5;
/** What a mistyped word may have been. */
const maxMeant = 12;
/** No word of a title is longer. */
const longestWord = 40;
/**
 * Of the titles that have the words of one, so many are compared with it: of those of known movies, of those that are
 * called just so, and of all. A word that very many have costs no more than another.
 */
const maxCompared = 200;
/** Left out of titles, and put in, as often as not. */
const optional = new Set(['the', 'a', 'an', 'and', 'of']);

/**
 * Gives rows for which nothing was found the movies of the mirror that are called so elsewhere, and those whose titles
 * are like theirs, but for a slip of the finger. They are for the user to look at: nothing is chosen from them.
 */
export async function addLikely(
  on: Sql,
  rows: readonly PendingRow[],
  settled: ReadonlyMap<number, Settled>,
): Promise<void> {
  const without = rows.flatMap((row) => {
    const it = settled.get(row.line);
    const isOpen = it?.status === 'not_found' && (it.candidates ?? []).length === 0 && row.title !== null;
    return isOpen ? [{ row, settled: it }] : [];
  });
  if (without.length === 0) return;
  const asked = await readWords(
    on,
    without.map(({ row }) => row),
  );
  const meant = await readMeant(on, [...new Set(asked.flatMap(({ unknown }) => unknown))]);
  const [elsewhere, likely] = [await readElsewhere(on, asked), await readLikely(on, asked, meant)];
  for (const { row, settled: open } of without) {
    const candidates = distinct([...(elsewhere.get(row.line) ?? []), ...(likely.get(row.line) ?? [])]);
    if (candidates.length > 0) open.candidates = candidates;
  }
}

interface AskedTitle {
  line: number;
  year: number | null;
  folded: string;
  words: string[];
  /** Words that no title has. */
  unknown: string[];
}

async function readWords(on: Sql, rows: readonly PendingRow[]): Promise<AskedTitle[]> {
  const json = JSON.stringify(rows.map(({ line, title, year }) => ({ line, title, year })));
  const found = await runStatement(
    on,
    sql<{ line: number; year: number | null; folded: string; words: string[]; known: string[] }>`
      with asked as materialized (
        select i.line, i.year, translate(search_text(i.title), '|', ' ') as folded
        from json_to_recordset(${json}::json) as i(line int, title text, year int)
      ), split as materialized (
        select *, array_remove(string_to_array(folded, ' '), '') as words from asked
      )
      select *, array(select distinct t.word from title_words t where t.word = any(split.words)) as known from split`,
  );
  return found.map(({ known, words: all, ...asked }) => {
    const words = all.filter((word) => !optional.has(word)).slice(0, maxWords);
    return { ...asked, words, unknown: words.filter((word) => !known.includes(word)).slice(0, maxUnknown) };
  });
}

/** The words of titles that are one slip away from an unknown one, or much like it. */
async function readMeant(on: Sql, unknown: readonly string[]): Promise<Map<string, string[]>> {
  if (unknown.length === 0) return new Map();
  const json = JSON.stringify(unknown.map((word) => ({ word, edits: editedWords(word) })));
  const found = await runStatement(
    on,
    sql<{ asked: string; word: string }>`
      with asked as materialized (
        select i.word, i.edits from json_to_recordset(${json}::json) as i(word text, edits text[]))
      select asked.word as asked, near.word from asked cross join lateral (
        (select distinct t.word from title_words t where t.word = any(asked.edits) limit ${maxMeant})
        union
        (select t.word from title_words t
          where length(asked.word) between 5 and ${longestWord} and t.word % asked.word and similarity(t.word, asked.word) >= 0.4
          order by similarity(t.word, asked.word) desc limit ${maxMeant})
      ) near`,
  );
  const meant = new Map<string, string[]>();
  for (const { asked, word } of found) meant.set(asked, [...(meant.get(asked) ?? []), word]);
  return meant;
}

/** How many words a folded title has. */
const words = (column: string) => raw(`cardinality(string_to_array(${column}, ' '))`);

interface LikelyRow {
  line: number;
  tmdb_id: number;
  title: string;
  original_title: string | null;
  year: number | null;
}

async function readLikely(on: Sql, asked: readonly AskedTitle[], meant: ReadonlyMap<string, string[]>) {
  const wanted = asked.flatMap(({ line, year, folded, words: named }) => {
    const alternatives = named.map((word) => [word, ...(meant.get(word) ?? [])]);
    const query = alternatives.map((each) => `(${each.map(lexeme).join(' | ')})`).join(' & ');
    const wholes = alternatives.length === 1 ? (alternatives[0] ?? []) : [wholeOf(folded)];
    const whole = wholes.map((each) => lexeme(`=${each}`)).join(' | ');
    return query === '' ? [] : [{ line, year, folded, query, whole }];
  });
  return byLine(wanted.length === 0 ? [] : await runStatement(on, likelyStatement(wanted)));
}

interface Wanted {
  line: number;
  year: number | null;
  folded: string;
  /** What titles must have, and what those called just so have, as `tsquery`. */
  query: string;
  whole: string;
}

export const likelyStatement = (wanted: readonly Wanted[]) => sql<LikelyRow>`
  select asked.line, near.*
  from json_to_recordset(${JSON.stringify(wanted)}::json)
    as asked(line int, year int, folded text, query text, whole text)
  cross join lateral (
    select m.tmdb_id, coalesce(m.long_title, m.title) as title, m.original_title,
      extract(year from m.release_date)::int as year
    from (
      (select t.movie_id, t.title_key from movie_titles t
        where t.words @@ '''#2'''::tsquery and t.words @@ asked.query::tsquery limit ${maxCompared})
      union
      (select t.movie_id, t.title_key from movie_titles t
        where t.words @@ asked.whole::tsquery and t.words @@ asked.query::tsquery limit ${maxCompared})
      union
      (select t.movie_id, t.title_key from movie_titles t
        where t.words @@ asked.query::tsquery limit ${maxCompared})
    ) t join movies m on m.id = t.movie_id
    where similarity(t.title_key, asked.folded) >= 0.35
      or abs(${words('t.title_key')} - ${words('asked.folded')}) <= 1
    order by (abs(extract(year from m.release_date) - asked.year) <= 1) desc nulls last,
      similarity(t.title_key, asked.folded) desc, m.popularity desc nulls last, m.tmdb_id
    limit ${maxLikely}
  ) near`;

/** What movies are called in other languages, or by somebody: just so, and best of the year. */
async function readElsewhere(on: Sql, asked: readonly AskedTitle[]): Promise<Map<number, Candidate[]>> {
  const wanted = asked.flatMap(({ line, year, folded }) => {
    const whole = wholeOf(folded);
    return whole === '' ? [] : [{ line, year, whole: lexeme(`=${whole}`) }];
  });
  const found = await runStatement(
    on,
    sql<LikelyRow>`
      select asked.line, near.*
      from json_to_recordset(${JSON.stringify(wanted)}::json) as asked(line int, year int, whole text)
      cross join lateral (
        select m.tmdb_id, coalesce(m.long_title, m.title) as title, m.original_title,
          extract(year from m.release_date)::int as year
        from movie_other_titles t join movies m on m.id = t.movie_id
        where t.words @@ asked.whole::tsquery and m.state in ('listed', 'detailed')
          and (asked.year is null or abs(extract(year from m.release_date) - asked.year) <= 1)
        order by t.kind, m.vote_count desc nulls last, m.tmdb_id
        limit ${maxLikely}
      ) near`,
  );
  return byLine(found);
}

/** As long as wholes are kept. */
const longestWhole = 150;
/** How a title is kept that is compared as a whole. */
const wholeOf = (folded: string) => Array.from(folded.replaceAll(' ', '')).slice(0, longestWhole).join('');

/** Each movie once, and no more of them than a user looks through. */
const distinct = (candidates: readonly Candidate[]): Candidate[] =>
  [...new Map(candidates.map((one) => [one.tmdb_id, one])).values()].slice(0, maxLikely);

function byLine(found: readonly LikelyRow[]): Map<number, Candidate[]> {
  const likely = new Map<number, Candidate[]>();
  for (const { line, tmdb_id, title, original_title: originalTitle, year } of found)
    likely.set(line, [...(likely.get(line) ?? []), { tmdb_id, title, originalTitle, year, from: 'title' }]);
  return likely;
}

/** Quoted, so that whatever it holds is text. */
const lexeme = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
