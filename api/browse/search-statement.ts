import type { AskedWords } from '../search/asked-words.ts';
import { exactQuery, type MatchOptions, matchQuery, meantQuery } from '../search/match-query.ts';
import type { Statement } from '../store/query-store.ts';
import { type StatementValues, statementValues } from '../store/statement-values.ts';
import type { AskedMovies } from './model.ts';
import { filterMovies, type MovieFilters, releasedIn } from './movie-filters.ts';
import { plainOrder } from './movie-order.ts';
import { type PageReading, pageColumns } from './page-statement.ts';

/** More than these nobody pages through: the rest of what a common word matches is left out, the least popular first. */
const mostMatches = 1000;
/** So many among the best known, and those of less renown are not looked at. */
const enoughMatches = 300;
/** How many of each renown are ranked at all; also what the planner goes by. */
const mostRanked = 4000;
const mostExact = 200;

export interface AskedSearch extends Pick<AskedMovies, 'sort' | 'order' | 'page' | 'limit'> {
  words: AskedWords;
  match: MatchOptions;
}

export interface SearchReading extends PageReading {
  has_exact: boolean;
}

/**
 * One page of the movies whose titles match. An exact title comes first; then likeness and renown together decide,
 * and what matches without any typo counts more. Planned for its values: a rare word and a common one differ.
 */
export function searchStatement(
  filters: MovieFilters,
  { words, match, sort, order, page, limit }: AskedSearch,
): { statement: Statement<SearchReading>; values: unknown[] } {
  const values = statementValues();
  const tsquery = (text: string) => `${values.add(text)}::tsquery`;
  const where = filterMovies(filters, values);
  const exact = `t.words @@ ${tsquery(exactQuery(words))}`;
  const strict = matchQuery(words);
  const dated = withoutYear(words);
  const inYear = dated === undefined ? 'false' : releasedIn(dated.year, values);
  const widest =
    match.near === undefined && !match.withoutOne ? strict : `${matchQuery(words, match)} | ${strict}`;
  const found = [...findTitles(tsquery(widest), isFiltered(filters))];
  found.push(
    `found_exact as materialized (select t.movie_id from movie_titles t where ${exact} limit ${mostExact})`,
  );
  if (dated !== undefined)
    found.push(
      `found_dated as (select t.movie_id from movie_titles t join movies m on m.id = t.movie_id
        where t.words @@ ${tsquery(matchQuery(dated.words, match))} and ${inYear})`,
    );
  const by = sort === 'relevance' ? 'is_exact desc, score desc, tmdb_id' : 'place_by_sort';
  const text = `
    with ${found.join(',\n    ')},
    matched as materialized (
      select m.id, m.tmdb_id, m.popularity, m.vote_average, m.vote_count, m.release_date, t.words, t.title_key,
        t.original_key, ${exact} as is_exact
      from (${found.map((_, index) => `select movie_id from ${nameOf(found[index])}`).join(' union ')}) found
      join movie_titles t on t.movie_id = found.movie_id join movies m on m.id = found.movie_id
      where ${where}
      order by is_exact desc, m.popularity desc nulls last, m.tmdb_id limit ${mostMatches}
    ),
    page as materialized (
      select id, row_number() over (order by ${by}) as place from (
        select m.id, m.tmdb_id, m.is_exact, ${
          sort === 'relevance'
            ? `${scoreOf(words, dated?.words, match, { strict: tsquery(strict), inYear, values })} as score`
            : `row_number() over (order by ${plainOrder(sort, order).replaceAll('t.', 'm.')}) as place_by_sort`
        }
        from matched m
      ) ranked
      order by ${by} limit ${values.add(limit)}::bigint offset ${values.add((page - 1) * limit)}::bigint
    )
    select ${pageColumns('(select count(*)::int from matched)')},
      exists (select 1 from matched where is_exact) as has_exact`;
  return { statement: { text }, values: values.all };
}

/**
 * What a common word matches is looked for among the best known first, and further only where they are few. Under
 * filters nobody can say beforehand how many of them are left.
 */
function findTitles(query: string, filtered: boolean): string[] {
  const select = (matching: string) => `select t.movie_id from movie_titles t where t.words @@ ${matching}`;
  if (filtered) return [`found_all as (${select(query)})`];
  const few = (name: string) => `(select count(*) from ${name}) < ${enoughMatches}`;
  const among = (name: string, matching: string) =>
    `${name} as materialized (${select(matching)} limit ${mostRanked})`;
  return [
    among('found_best', `(${query} && '''#1''')`),
    among('found_known', `(${query} && '''#2''') and ${few('found_best')}`),
    // Where the best are enough the known were not looked for, and these are not, either.
    among('found_all', `${query} and ${few('found_best')} and ${few('found_known')}`),
  ];
}

const nameOf = (cte: string | undefined) => cte?.split(' ', 1)[0] ?? '';

const isFiltered = ({ genres, year, minVote, actor }: MovieFilters) =>
  genres.length > 0 || [year, minVote, actor].some((filter) => filter !== undefined);

interface ScoreParts {
  strict: string;
  inYear: string;
  values: StatementValues;
}

function scoreOf(
  words: AskedWords,
  dated: AskedWords | undefined,
  { near }: MatchOptions,
  { strict, inYear, values }: ScoreParts,
): string {
  const key = `${values.add((dated ?? words).key)}::text`;
  const meant = meantQuery(words, near);
  const isMeant = meant === undefined ? 'false' : `m.words @@ ${values.add(meant)}::tsquery`;
  // A long title may have just one word of the query in it, mistyped.
  const partly = near === undefined ? '' : `, 0.9 * word_similarity(${key}, m.title_key)`;
  return `greatest(similarity(m.title_key, ${key}), similarity(m.original_key, ${key})${partly})
          + case when m.words @@ ${strict} or ${inYear} or ${isMeant} then 0.3 else 0 end
          + case when ${isMeant} then 0.3 else 0 end
          + 0.05 * ln(1 + greatest(m.popularity, 0)) + 0.03 * ln(1 + greatest(m.vote_count, 0))`;
}

/** "solaris 1972": the year is more often the film's than a part of its title. */
function withoutYear(words: AskedWords): { words: AskedWords; year: number } | undefined {
  const last = words.pieces.at(-1)?.join('') ?? '';
  if (words.pieces.length < 2 || !/^(18[7-9]|19\d|20\d)\d$/.test(last)) return undefined;
  const pieces = words.pieces.slice(0, -1);
  const whole = words.whole.slice(0, -last.length);
  return { words: { pieces, whole, key: words.key.slice(0, -last.length - 1) }, year: Number(last) };
}
