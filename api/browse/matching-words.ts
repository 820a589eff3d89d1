import { type Fragment, join, sql } from '#shared/db/sql.ts';
import type { CommonWords, TitleTable } from '../search/common-words.ts';
import { indexedMatch, isSurelyRare, type Match, queryOf } from '../search/match-query.ts';

/** A match as a whole, and what an index is asked for. */
export interface LookedFor {
  whole: Match;
  indexed: Match;
  /** Whether surely few rows match. */
  isRare: boolean;
}

export const lookedForIn = (table: TitleTable, matches: readonly Match[], common: CommonWords): LookedFor[] =>
  matches.map((whole) => ({
    whole,
    indexed: indexedMatch(whole, table, common),
    isRare: isSurelyRare(whole, table, common),
  }));

/**
 * Of the titles `t` those that match in any way. What is too dear for an index is looked for in the rows.
 * @param isPlannedOnce whether the statement is planned once for all that is looked for: then its text must not differ
 */
export function matchingWords(matches: readonly LookedFor[], isPlannedOnce: boolean): Fragment {
  const has = (query: string) =>
    isPlannedOnce ? sql`t.words @@ (select ${query}::tsquery)` : sql`t.words @@ ${query}::tsquery`;
  const indexed = matches.map((match) => match.indexed);
  const inIndex = anyOf(indexed, has, isPlannedOnce ? () => false : isApart);
  if (!isPlannedOnce && matches.every(({ whole, indexed }) => whole === indexed)) return inIndex;
  const whole = matches.map((match) => queryOf(match.whole)).join(' | ');
  // Without `is true` the index would be asked for this, too.
  return sql`(${inIndex} and (${has(whole)}) is true)`;
}

function anyOf(
  matches: readonly Match[],
  has: (query: string) => Fragment,
  areParted: (match: Match) => boolean,
): Fragment {
  const apart = matches.filter(areParted);
  const wholes = matches.map((one) => (areParted(one) ? one.whole : queryOf(one)));
  const ways = [has(wholes.join(' | ')), ...apart.map(({ all }) => join(all.map(has), ' and '))];
  return sql`(${join(ways, ' or ')})`;
}

/**
 * Whether an index is asked for each word, so that it looks first where the rarest one is. A word alone costs no less
 * apart, and the condition more to plan.
 */
const isApart = ({ all }: Match): boolean => all.length > 1 && all.some((word) => word.includes('|'));

export const areApart = (matches: readonly LookedFor[]): boolean =>
  matches.some(({ indexed }) => isApart(indexed));
