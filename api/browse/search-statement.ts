import type { Statement } from '../reads/query-store.ts';
import { statementValues } from '../reads/statement-values.ts';
import type { AskedWords } from '../search/asked-words.ts';
import { exactQuery, type MatchOptions, matchQuery, meantQuery } from '../search/match-query.ts';
import type { AskedMovies } from './model.ts';
import { filterMovies, type MovieFilters, releasedIn } from './movie-filters.ts';
import { plainOrder } from './movie-order.ts';
import { pageColumns } from './page-statement.ts';

/** More than these nobody pages through: the rest of what a common word matches is left out, the least popular first. */
const mostMatches = 1000;
const mostExact = 200;

export interface AskedSearch extends Pick<AskedMovies, 'sort' | 'order' | 'page' | 'limit'> {
  words: AskedWords;
  match: MatchOptions;
}

/**
 * One page of the movies whose titles match. What matches without any typo counts more than what does not; then
 * likeness and renown together decide. Planned for its values: a rare word and a common one want different plans.
 */
export function searchStatement(
  filters: MovieFilters,
  { words, match, sort, order, page, limit }: AskedSearch,
): { statement: Statement; values: unknown[] } {
  const values = statementValues();
  const where = filterMovies(filters, values);
  const exact = `${values.add(exactQuery(words))}::tsquery`;
  const strict = `${values.add(matchQuery(words))}::tsquery`;
  const matching = (query: string, most: number, more = '') => `
        (select m.id from movie_titles t join movies m on m.id = t.movie_id
        where t.words @@ ${query} and ${where}${more}
        order by m.popularity desc nulls last, m.tmdb_id limit ${most})`;
  const parts = [matching(exact, mostExact), matching(strict, mostMatches)];
  if (match.near !== undefined || match.withoutOne)
    parts.push(matching(`${values.add(matchQuery(words, match))}::tsquery`, mostMatches));
  const dated = withoutYear(words);
  let inYear = 'false';
  if (dated !== undefined) {
    const query = `${values.add(matchQuery(dated.words, match))}::tsquery`;
    inYear = releasedIn(dated.year, values);
    parts.push(matching(query, mostMatches, ` and ${inYear}`));
  }
  const key = `${values.add((dated?.words ?? words).key)}::text`;
  const meant = meantQuery(words, match.near);
  const isMeant = meant === undefined ? 'false' : `t.words @@ ${values.add(meant)}::tsquery`;
  // A long title may have just one word of the query in it, mistyped.
  const partly = match.near === undefined ? '' : `, 0.9 * word_similarity(${key}, t.title_key)`;
  const by = sort === 'relevance' ? 'is_exact desc, score desc, tmdb_id' : 'place_by_sort';
  const text = `
    with matched as materialized (${parts.join('\n        union')}
    ),
    ranked as (
      select m.id, m.tmdb_id, t.words @@ ${exact} as is_exact,
        greatest(similarity(t.title_key, ${key}), similarity(t.original_key, ${key})${partly})
          + case when t.words @@ ${strict} or ${inYear} or ${isMeant} then 0.3 else 0 end
          + case when ${isMeant} then 0.3 else 0 end
          + 0.05 * ln(1 + greatest(m.popularity, 0)) + 0.03 * ln(1 + greatest(m.vote_count, 0)) as score
        ${sort === 'relevance' ? '' : `, row_number() over (order by ${plainOrder(sort, order)}) as place_by_sort`}
      from matched join movie_titles t on t.movie_id = matched.id join movies m on m.id = matched.id
    ),
    page as materialized (
      select id, row_number() over (order by ${by}) as place from ranked
      order by ${by} limit ${values.add(limit)}::bigint offset ${values.add((page - 1) * limit)}::bigint
    )
    select ${pageColumns('(select count(*)::int from matched)')}`;
  return { statement: { text }, values: values.all };
}

/** "solaris 1972": the year is more often the film's than a part of its title. */
function withoutYear(words: AskedWords): { words: AskedWords; year: number } | undefined {
  const last = words.pieces.at(-1)?.join('') ?? '';
  if (words.pieces.length < 2 || !/^(18[7-9]|19\d|20\d)\d$/.test(last)) return undefined;
  const pieces = words.pieces.slice(0, -1);
  const whole = words.whole.slice(0, -last.length);
  return { words: { pieces, whole, key: words.key.slice(0, -last.length - 1) }, year: Number(last) };
}
