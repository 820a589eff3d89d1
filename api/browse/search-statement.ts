import { empty, type Fragment, join, raw, type Statement, sql } from '#shared/db/sql.ts';
import type { AskedTitle, AskedWords } from '../search/asked-words.ts';
import type { CommonWords, TitleTable } from '../search/common-words.ts';
import { exactQuery, type MatchOptions, matchOf, matchQuery, meantQuery } from '../search/match-query.ts';
import { orderOf } from '../store/keyset.ts';
import { plannedOnce } from '../store/planned-once.ts';
import { facetBits, facetsOf } from './facets.ts';
import { areApart, type LookedFor, lookedForIn, matchingWords } from './matching-words.ts';
import type { AskedMovies } from './model.ts';
import { type MovieFilters, releasedAround } from './movie-filters.ts';
import { sortColumns } from './movie-order.ts';
import { type AskedElsewhere, otherScore, otherTitles } from './other-titles.ts';
import { datedTitles, ownTitles } from './own-titles.ts';
import { type PageReading, pageColumns } from './page-statement.ts';
import { isFamousBegin, likenessOf, readOnce, scoreOf } from './search-score.ts';
import { columnsOf, type KnownPassing, movieColumns, titleLooks, writtenOut } from './title-looks.ts';

/** More than these nobody pages through: the rest of what a common word matches is left out, the least popular first. */
const mostMatches = 1000;
/** Of the texts with filters: the looks of one search, as most people type one. */
const mostFiltered = 4;
/** Few texts differ: by whether it is a long query, is guessed, looks for other titles, and has facets. */
const planOnce = {
  all: plannedOnce('search'),
  'of those that match': plannedOnce('search-noted', mostFiltered),
  'of those that pass': plannedOnce('search-few', mostFiltered),
};

/** More different words than these hardly any title has: all that do are looked for at once. */
const mostOfMany = 5;

/** Of a row of `others m`. */
const titleKeyOf = sql`(select title_key from movies where movies.id = m.id)`;

export interface AskedSearch extends Pick<AskedMovies, 'sort' | 'order' | 'position' | 'limit'> {
  facets?: boolean;
  /** As it was sent. */
  query: string;
  title: AskedTitle;
  match: MatchOptions;
  /** What each word may have been meant to be in titles that are not the movies' own; false: nothing is looked for there. */
  elsewhere?: MatchOptions['near'] | false;
  /** `xx-YY`: titles of this language come first among equals. */
  language: string;
  common: CommonWords;
  /** What is known of those that pass the filters. */
  known?: KnownPassing;
  /** What `searchedWords` says of the same. */
  searched: SearchedWords;
}

/** What a search looks for in each table. */
export interface SearchedWords {
  own: LookedFor[];
  others: LookedFor[];
  /** Whether surely few titles have it: these are asked whether they pass, and not each of thousands that pass for its title. */
  isRare: boolean;
}

export type AskedWay = Pick<AskedSearch, 'title' | 'match' | 'elsewhere' | 'common'>;

const nearOf = ({ elsewhere }: AskedWay) => (elsewhere === false ? undefined : elsewhere);

const lookFor = (
  table: TitleTable,
  { common }: AskedWay,
  options: MatchOptions,
  readings: readonly AskedWords[],
): LookedFor[] =>
  lookedForIn(
    table,
    readings.map((words) => matchOf(words, options)),
    common,
  );

export function searchedWords(asked: AskedWay): SearchedWords {
  const { title, match, elsewhere } = asked;
  const own = lookFor('movie_titles', asked, match, title.readings);
  const others =
    elsewhere === false ? [] : lookFor('movie_other_titles', asked, { near: nearOf(asked) }, title.readings);
  const isRare = title.dated === undefined && [...own, ...others].every((match) => match.isRare);
  return { own, others, isRare };
}

interface SearchReading extends PageReading {
  /** Whether nothing needs to be guessed: an exact title was found, or a famous one that begins so. */
  is_sure: boolean;
  /** Whether a title was found that is as asked, but for one mistyped word. */
  is_meant: boolean;
  /** Whether any movie was found by what it is called elsewhere. */
  is_elsewhere: boolean;
}

/**
 * One page of the movies whose titles match. How a title matches and how well known the movie is decide together: see
 * `search-score.ts`. Movies whose own titles match come by `matched`, those of other titles by `others`. With
 * filters that are asked of rows it is planned for its values: a rare word and a common one differ.
 */
export function searchStatement(filters: MovieFilters, asked: AskedSearch): Statement<SearchReading> {
  const { query, title, match, searched, sort, order, position, limit, facets = false } = asked;
  const { readings, dated } = title;
  const strict = readings.map((words) => matchQuery(words)).join(' | ');
  const isRanked = sort === 'relevance';
  const near = nearOf(asked);
  const { own, others, isRare } = searched;
  const looks = titleLooks(filters, asked.known ?? {});
  const isPlain = looks.isSameForAll && dated === undefined && isRanked;
  const isPlannedOnce = isPlain && (looks.way === 'of those that pass' || !areApart([...own, ...others]));
  const isDated =
    dated === undefined
      ? sql`false`
      : sql`(${releasedAround(dated.year)} and found.words @@ ${readOnce(exactQuery(dated.words))})`;
  // Each renown that is looked for apart has the filters planned once more.
  const isLong =
    readings.every(({ pieces }) => differentOf(pieces) > mostOfMany) || (looks.way !== 'all' && isRare);
  const found = ownTitles({ looks, readings, isLong, matching: matchingWords(own, isPlannedOnce) });
  if (dated !== undefined) {
    const matching = matchingWords(lookFor('movie_titles', asked, match, [dated.words]), isPlannedOnce);
    found.push(...datedTitles({ looks, words: dated.words, matching, inYear: releasedAround(dated.year) }));
  }
  const elsewhere: AskedElsewhere | undefined =
    asked.elsewhere === false
      ? undefined
      : {
          ...{ title, isLong, strict, near, looks },
          widest: matchingWords(others, isPlannedOnce),
          wholeWords: matchingWords(
            lookFor('movie_other_titles', asked, { near, areWhole: true }, readings),
            isPlannedOnce,
          ),
          language: asked.language.slice(0, 2),
        };
  const by = raw(isRanked ? 'm.score desc, m.tmdb_id' : orderOf(sortColumns(sort, order)));
  const score = (of: Fragment) => (isRanked ? of : sql`0`);
  const titleKey = (of: Fragment) => (sort === 'title' ? sql`, ${of} as title_key` : empty);
  const all = found
    .filter(({ name }) => name.startsWith('found_'))
    .map(({ name }) => sql`select ${columnsOf('movie_titles', name)} from ${raw(name)}`);
  const statement = sql<SearchReading>`
    with ${join([...looks.before, ...found].map(writtenOut), ',\n    ')},
    matched as materialized (
      select ${movieColumns}, found.words, found.title_key, found.original_key,
        m.id in (select movie_id from found_exact) as is_exact, ${isDated} as is_dated
      from (
        select movie_id, any_value(words) as words, any_value(title_key) as title_key, any_value(original_key) as original_key
        from (${join(all, ' union all ')}) found group by movie_id
      ) found
      cross join lateral (
        select ${movieColumns} from movies m
        where m.id = found.movie_id and ${looks.shown} offset 0
      ) m
      order by is_exact desc, is_dated desc, greatest(m.popularity, m.vote_count / 100::float8) desc nulls last, m.tmdb_id limit ${mostMatches}
    ),
    ${elsewhere === undefined ? empty : sql`${otherTitles(elsewhere)},`}
    ranked as materialized (
      select distinct on (m.id) m.* from (
        select ${movieColumns}${titleKey(sql`m.title_key`)}, ${score(scoreOf({ query, title, strict, near: match.near }))} as score
        from (select m.*, ${likenessOf(title)} as likeness from matched m offset 0) m
        ${elsewhere === undefined ? empty : sql`union all select ${movieColumns}${titleKey(titleKeyOf)}, ${score(otherScore(elsewhere))} from others m`}
      ) m order by m.id, m.score desc
    ),${facets ? sql`\n    ${facetBits('ranked')},` : empty}
    page as materialized (
      select m.id, row_number() over (order by ${by}) as place from ranked m
      order by ${by} limit ${BigInt(limit)}::bigint offset ${BigInt(position.before)}::bigint
    )
    select ${pageColumns(sql`(select count(*)::int from ranked)`)},
      exists (select 1 from matched m where m.is_exact or m.is_dated or ${isFamousBegin(title)})
        ${elsewhere === undefined ? empty : sql`or exists (select 1 from others m where m.is_exact and m.is_known)`} as is_sure,
      ${elsewhere === undefined ? sql`false` : sql`exists (select 1 from others)`} as is_elsewhere,
      ${isMeant(title, match)} as is_meant${facets ? sql`, ${facetsOf('ranked')}` : empty}`;
  return isPlannedOnce ? planOnce[looks.way](statement) : statement;
}

/** Many times the same word is one. */
const differentOf = (pieces: AskedWords['pieces']) => new Set(pieces.map((parts) => parts.join(' '))).size;

/** Whether a title is as asked, but for one word that was mistyped. */
function isMeant({ readings }: AskedTitle, { near }: MatchOptions): Fragment {
  return sql`exists (select 1 from matched m where m.words @@ ${readOnce(meantQuery(readings.at(-1) ?? readings[0], near))})`;
}
