import { empty, type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import type { AskedTitle } from '../search/asked-words.ts';
import {
  beginPatterns,
  beginQuery,
  equalKeys,
  type MatchOptions,
  matchQuery,
  meantQuery,
  noMatch,
  slipQuery,
} from '../search/match-query.ts';
import { releasedIn } from './movie-filters.ts';

export interface Scored {
  /** As it was sent. */
  query: string;
  title: AskedTitle;
  /** What matches without any typo. */
  strict: string;
  near: MatchOptions['near'];
}

/**
 * How a title matches counts in steps. Renown, up to about 1, decides within them, and over them only between an exact
 * title that nobody knows and a famous one that begins so. What only may have been meant comes after what was asked.
 * An expression over the columns of `matched m`, and `m.likeness`.
 */
export function scoreOf({ query, title: { readings, dated }, near, strict }: Scored): Fragment {
  const words = readings.at(-1) ?? readings[0];
  const patterns = patternsOf(readings);
  const keys = [...new Set(readings.flatMap(equalKeys))];
  const isLong = readings.some(({ whole }) => whole.length > 4);
  const joined = isLong ? readings.map(beginQuery).join(' | ') : noMatch;
  const guessed =
    near === undefined
      ? sql`else m.likeness`
      : sql`when m.words @@ ${readOnce(slipQuery(words, near))} then 0.6 + 0.6 * m.likeness
            when m.words @@ ${readOnce(meantQuery(words, near))} then 0.45 + 0.6 * m.likeness
            else greatest(m.likeness, 0.9 * word_similarity(${keyOf({ readings, dated })}::text, m.title_key))`;
  return sql`case
            when m.is_exact then case when m.title_key = any(${keys}::text[]) then 1.45::float8 else 1.35::float8 end
            ${dated === undefined ? empty : datedSteps(dated)}
            when ${beginsWith(patterns)}
              then 0.2 * m.likeness + case when ${beginsWith(wordsOnly(patterns))} then 1.15::float8 else 1.05::float8 end
            when m.words @@ ${readOnce(joined)} then 1.05 + 0.2 * m.likeness
            when m.words @@ ${readOnce(strict)} then 0.3 + m.likeness
            ${guessed} end
          + case when m.title_key = any(${keys}::text[]) and ${isAsSent(query)} then 0.2::float8 else 0::float8 end
          + ${renown}`;
}

/** Whether a movie of `matched m` has the very title. It stands in the movie's row, which nothing else is read of. */
const isAsSent = (query: string): Fragment =>
  sql`(select lower(title) from movies where movies.id = m.id) = (select lower(${query}::text))`;

/** Of a statement that is planned once, `$1::tsquery` would be read from its text again for each row. */
export const readOnce = (query: string): Fragment => sql`(select ${query}::tsquery)`;

/** How well known a movie `m` is: from 0 to about 1. */
export const renown = sql`0.05 * ln(1 + greatest(m.popularity, 0)) + 0.06 * ln(1 + greatest(m.vote_count, 0))`;

/** From 0 to 1, for the columns of `matched m`. */
export function likenessOf(title: AskedTitle): Fragment {
  const key = keyOf(title);
  return sql`greatest(similarity(m.title_key, ${key}::text), similarity(m.original_key, ${key}::text))`;
}

/** Whether a well-known movie of `matched m` begins as was asked: then nothing needs to be guessed. */
export const isFamousBegin = ({ readings }: AskedTitle): Fragment =>
  sql`m.words @@ '''#1'''::tsquery and ${beginsWith(patternsOf(readings))}`;

/** The query as it is most likely meant. */
export const keyOf = ({
  readings,
  dated,
}: Pick<AskedTitle, 'readings'> & { dated?: AskedTitle['dated'] }): string =>
  (dated?.words ?? readings.at(-1) ?? readings[0]).key;

function datedSteps({ words, year }: NonNullable<AskedTitle['dated']>): Fragment {
  const inYear = releasedIn(year, year);
  return sql`when m.is_dated then case when ${inYear} then 1.4 else 1.3 end
            when ${inYear} and ${beginsWith(wordsOnly(patternsOf([words])))} then 1.25
            when ${inYear} and m.words @@ ${readOnce(matchQuery(words))} then 0.6 + m.likeness`;
}

export const patternsOf = (readings: AskedTitle['readings'] | [AskedTitle['readings'][0]]): string[] => [
  ...new Set(readings.flatMap(beginPatterns)),
];

/** The words of what is asked stand there whole. */
export const wordsOnly = (patterns: readonly string[]): string[] =>
  patterns.map((pattern) => pattern.replace(/%$/, ' %'));

export const beginsWith = (patterns: readonly string[], keys = ['m.title_key', 'm.original_key']): Fragment =>
  sql`(${join(
    keys.map((key) => sql`${raw(key)} || ' ' like any(${patterns}::text[])`),
    ' or ',
  )})`;
