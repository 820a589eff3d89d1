import { empty, type Fragment, join, raw, type Statement, sql } from '#shared/db/sql.ts';
import type { AskedWords } from '../search/asked-words.ts';
import { exactQuery, type MatchOptions, matchQuery, meantQuery } from '../search/match-query.ts';
import { orderOf } from '../store/keyset.ts';
import type { AskedMovies } from './model.ts';
import { filterMovies, isFiltered, type MovieFilters, releasedIn } from './movie-filters.ts';
import { sortColumns } from './movie-order.ts';
import { type PageReading, pageColumns } from './page-statement.ts';

/** More than these nobody pages through: the rest of what a common word matches is left out, the least popular first. */
const mostMatches = 1000;
/** So many among the best known, and those of less renown are not looked at. */
const enoughMatches = 300;
/** How many of each renown are ranked at all; also what the planner goes by. */
const mostRanked = 4000;
const mostExact = 200;

export interface AskedSearch extends Pick<AskedMovies, 'sort' | 'order' | 'position' | 'limit'> {
  words: AskedWords;
  match: MatchOptions;
}

interface SearchReading extends PageReading {
  has_exact: boolean;
}

/** A common table expression of the statement: selects `movie_id`. */
interface Found {
  name: string;
  materialized: boolean;
  select: Fragment;
}

/**
 * One page of the movies whose titles match. An exact title comes first; then likeness and renown together decide,
 * and what matches without any typo counts more. Planned for its values: a rare word and a common one differ.
 */
export function searchStatement(
  filters: MovieFilters,
  { words, match, sort, order, position, limit }: AskedSearch,
): Statement<SearchReading> {
  const exact = sql`t.words @@ ${exactQuery(words)}::tsquery`;
  const strict = matchQuery(words);
  const dated = withoutYear(words);
  const inYear = dated === undefined ? undefined : releasedIn(dated.year);
  const widest =
    match.near === undefined && !match.withoutOne ? strict : `${matchQuery(words, match)} | ${strict}`;
  const passing = filterMovies(filters);
  const found = isFiltered(filters)
    ? [passingTitles('found_all', sql`t.words @@ ${widest}::tsquery`, passing)]
    : bestTitles(widest, exact);
  if (dated !== undefined) {
    const matching = sql`t.words @@ ${matchQuery(dated.words, match)}::tsquery and ${inYear}`;
    found.push(passingTitles('found_dated', matching, passing));
  }
  const by = raw(sort === 'relevance' ? 'is_exact desc, score desc, tmdb_id' : 'place_by_sort');
  const rank =
    sort === 'relevance'
      ? sql`${scoreOf({ words, dated: dated?.words, strict, inYear, ...match })} as score`
      : sql`row_number() over (order by ${raw(orderOf(sortColumns(sort, order)).replaceAll('t.', 'm.'))}) as place_by_sort`;
  const all = found.map(({ name }) => sql`select movie_id from ${raw(name)}`);
  return sql`
    with ${join(found.map(writtenOut), ',\n    ')},
    matched as materialized (
      select m.id, m.tmdb_id, m.popularity, m.vote_average, m.vote_count, m.release_date, t.words, t.title_key,
        t.original_key, ${exact} as is_exact
      from (${join(all, ' union ')}) found
      join movie_titles t on t.movie_id = found.movie_id join movies m on m.id = found.movie_id
      ${isFiltered(filters) ? empty : sql`where ${passing}`}
      order by is_exact desc, m.popularity desc nulls last, m.tmdb_id limit ${mostMatches}
    ),
    page as materialized (
      select id, row_number() over (order by ${by}) as place from (
        select m.id, m.tmdb_id, m.is_exact, ${rank}
        from matched m
      ) ranked
      order by ${by} limit ${limit}::bigint offset ${position.before}::bigint
    )
    select ${pageColumns(sql`(select count(*)::int from matched)`)},
      exists (select 1 from matched where is_exact) as has_exact`;
}

const writtenOut = ({ name, materialized, select }: Found): Fragment =>
  sql`${raw(name)} as ${raw(materialized ? 'materialized ' : '')}(${select})`;

/** With the filters, so that whichever finds fewer can be looked through for the other. */
const passingTitles = (name: string, matching: Fragment, passing: Fragment): Found => ({
  name,
  materialized: false,
  select: sql`select t.movie_id from movie_titles t join movies m on m.id = t.movie_id
      where ${matching} and ${passing}`,
});

/**
 * What a common word matches is looked for among the best known first, and further only where they are few. Under
 * filters nobody can say beforehand how many of them are left.
 */
function bestTitles(asked: string, exact: Fragment): Found[] {
  const query = sql`${asked}::tsquery`;
  const few = (name: string) => sql`(select count(*) from ${raw(name)}) < ${enoughMatches}`;
  const among = (name: string, matching: Fragment, most = mostRanked): Found => ({
    name,
    materialized: true,
    select: sql`select t.movie_id from movie_titles t where ${matching} limit ${most}`,
  });
  return [
    among('found_best', sql`t.words @@ (${query} && '''#1''')`),
    among('found_known', sql`t.words @@ (${query} && '''#2''') and ${few('found_best')}`),
    // Where the best are enough the known were not looked for, and these are not, either.
    among('found_all', sql`t.words @@ ${query} and ${few('found_best')} and ${few('found_known')}`),
    among('found_exact', exact, mostExact),
  ];
}

interface Scored extends Pick<MatchOptions, 'near'> {
  words: AskedWords;
  /** The words without the year, where they end with one. */
  dated: AskedWords | undefined;
  strict: string;
  inYear: Fragment | undefined;
}

function scoreOf({ words, dated, near, strict, inYear }: Scored): Fragment {
  const key = sql`${(dated ?? words).key}::text`;
  const meant = meantQuery(words, near);
  const isMeant = meant === undefined ? sql`false` : sql`m.words @@ ${meant}::tsquery`;
  // A long title may have just one word of the query in it, mistyped.
  const partly = near === undefined ? empty : sql`, 0.9 * word_similarity(${key}, m.title_key)`;
  return sql`greatest(similarity(m.title_key, ${key}), similarity(m.original_key, ${key})${partly})
          + case when m.words @@ ${strict}::tsquery or ${inYear ?? sql`false`} or ${isMeant} then 0.3 else 0 end
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
