import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import type { AskedTitle, AskedWords } from '../search/asked-words.ts';
import { beginQuery, exactLexemes, noMatch } from '../search/match-query.ts';
import { readOnce } from './search-score.ts';
import {
  columnsOf,
  countOf,
  type Found,
  fewerThan,
  isBest,
  mostExactSeen,
  mostLookedAt,
  oneByOne,
  type TitleLooks,
} from './title-looks.ts';

/** So many among the best known, and those of less renown are not looked at. */
const enoughMatches = 300;
/** How many of each renown are ranked at all; also what the planner goes by. */
const mostRanked = 4000;
/** So many of the known are looked at where the best known are not enough: of these the most popular are kept. */
const mostKnown = 1500;
/** Those that hardly anybody knows are looked for till there are so many with the known: nobody pages through more. */
const mostWithUnknown = { all: 600, filtered: 400 };
/** So many of them begin as was asked, which counts more than the words alone. */
const mostBegun = 450;
/** A word that so many of the best known have, or of the known, has too many in all to look at each. */
const frequent = { best: 150, known: 400 };

interface AskedOwn {
  looks: TitleLooks;
  readings: AskedTitle['readings'];
  /** What matches, as a condition on the titles `t`. */
  matching: Fragment;
  /** Whether it has too many words for many to match. */
  isLong: boolean;
}

/** Movies whose own titles match, as common table expressions, of which `found_exact` are just as asked. */
export function ownTitles(asked: AskedOwn): Found[] {
  const { looks, isLong } = asked;
  const lexemes = asked.readings.flatMap(exactLexemes);
  const exact = looks.exact('found_exact', 'movie_titles', lexemes);
  if (isLong || looks.way === 'of those that pass') return [allTitles(asked), ...exact];
  return [...(looks.way === 'all' ? bestTitles(asked) : bestThatPass(asked)), ...exact];
}

/** Where there are too few for any order to matter. */
const allTitles = ({ looks, matching }: AskedOwn): Found => ({
  name: 'found_all',
  select: looks.select('movie_titles', matching, mostRanked),
});

const isKnown = sql`t.words @@ '''#2'''::tsquery`;
/** Whether these have found so few that those of less renown are looked for, too. */
export const few = (...names: string[]): Fragment => fewerThan(enoughMatches, names);

/**
 * What a common word matches is looked for among the best known first, each renown by an index of its own, and further
 * only where they are few.
 */
function bestTitles(asked: AskedOwn): Found[] {
  const { looks, matching } = asked;
  const among = (name: string, condition: Fragment, most = mostRanked): Found => ({
    name,
    select: looks.select('movie_titles', condition, most),
  });
  return [
    among('found_best', sql`${isBest.movie_titles} and ${matching}`),
    among('found_known', sql`${isKnown} and ${matching} and ${few('found_best')}`, mostKnown),
    // Where the best are enough the known were not looked for, and these are not, either.
    ...unknownTitles(asked, sql`${few('found_best')} and ${few('found_known')}`),
  ];
}

/** The others, so far as there is room: those that begin as was asked first. */
function unknownTitles({ looks, readings, matching }: AskedOwn, wanted: Fragment): Found[] {
  const isLong = readings.some(({ whole }) => whole.length > 4);
  const begins = readOnce(isLong ? readings.map(beginQuery).join(' | ') : noMatch);
  const titles = (condition: Fragment) =>
    sql`select ${columnsOf('movie_titles', 't')} from movie_titles t
      where ${condition} and (${isKnown}) is not true and ${wanted}`;
  const others = titles(sql`${matching} and (t.words @@ ${begins}) is not true`);
  const room = sql`greatest(0, ${mostWithUnknown[looks.way === 'all' ? 'all' : 'filtered']} - ${countOf('found_known')})`;
  return [
    { name: 'begun', select: sql`${titles(sql`t.words @@ ${begins}`)} limit ${mostBegun}` },
    {
      name: 'found_all',
      select: looks.first('movie_titles', sql`select * from begun union all ${others}`, room),
    },
  ];
}

/** The same under filters. Of a frequent word the rest is looked for among the best known that pass. */
function bestThatPass(asked: AskedOwn): Found[] {
  const { looks, matching } = asked;
  const { thatPass, walk } = looks;
  const seen = (name: string, condition: Fragment): Found => ({
    name,
    select: sql`select ${columnsOf('movie_titles', 't')} from movie_titles t where ${condition} limit ${mostLookedAt}`,
  });
  const ofSeen = (name: string, of: string): Found => ({
    name,
    select: sql`select ${columnsOf('movie_titles', 'seen')} from ${raw(of)} seen ${thatPass()}`,
  });
  const wanted = few('found_best', 'found_known');
  const isOften = sql`${countOf('seen_best')} >= ${frequent.best}`;
  const isFrequent = sql`(${isOften} or ${countOf('seen_known')} >= ${frequent.known})`;
  const known = walk === undefined ? few('found_best') : sql`not ${isOften}`;
  const found = [
    seen('seen_best', sql`${isBest.movie_titles} and ${matching}`),
    ofSeen('found_best', 'seen_best'),
    seen('seen_known', sql`${isKnown} and ${matching} and ${known}`),
    ofSeen('found_known', 'seen_known'),
    ...unknownTitles(asked, sql`${wanted} and not ${isFrequent}`),
  ];
  if (walk !== undefined)
    found.push({ name: 'found_walked', select: walk(matching, sql`${wanted} and ${isFrequent}`) });
  return found;
}

interface AskedDated {
  looks: TitleLooks;
  words: AskedWords;
  /** As of `AskedOwn`. */
  matching: Fragment;
  /** A condition on `movies m`. */
  inYear: Fragment;
}

/** The same in a year: of a frequent word those just as asked, and the known. */
export function datedTitles({ looks, words, matching, inYear }: AskedDated): Found[] {
  if (looks.way === 'of those that pass')
    return [
      {
        name: 'found_dated',
        select: sql`select ${columnsOf('movie_titles', 't')} from passed_movie_titles t join movies m on m.id = t.movie_id
      where ${matching} and ${inYear}`,
      },
    ];
  const titles = (condition: Fragment) =>
    sql`(select ${columnsOf('movie_titles', 't')} from movie_titles t where ${condition} limit ${mostLookedAt})`;
  const isRare = sql`${countOf('seen_dated')} < ${frequent.known}`;
  const all = sql`select * from seen_dated union all ${titles(sql`${matching} and ${isRare}`)}
      union all (${oneByOne('movie_titles', exactLexemes(words))} limit ${mostExactSeen})`;
  return [
    {
      name: 'seen_dated',
      select: sql`${titles(sql`${isBest.movie_titles} and ${matching}`)} union all ${titles(sql`${isKnown} and ${matching}`)}`,
    },
    {
      name: 'found_dated',
      select: sql`select ${columnsOf('movie_titles', 'seen')} from (${all}) seen ${looks.thatPass(inYear)}`,
    },
  ];
}
