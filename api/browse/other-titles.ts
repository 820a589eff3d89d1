import { empty, type Fragment, join, raw, sql } from '#shared/db/sql.ts';
import type { AskedTitle } from '../search/asked-words.ts';
import { equalKeys, exactLexemes, type MatchOptions, matchQuery, meantQuery } from '../search/match-query.ts';
import { releasedAround } from './movie-filters.ts';
import { few } from './own-titles.ts';
import { beginsWith, keyOf, patternsOf, readOnce, renown, wordsOnly } from './search-score.ts';
import { type Found, fewerThan, movieColumns, type TitleLooks, writtenOut } from './title-looks.ts';

/** Of one renown. Beyond, the titles of movies themselves are enough to look through. */
const mostFound = 200;
/** So many that match are looked at for filters. */
const mostSeen = 1000;
/** So many rows are compared title by title: a famous movie has fifty. */
const mostCompared = 60;

export interface AskedElsewhere {
  title: AskedTitle;
  /** Whether it has too many words for many to match. */
  isLong: boolean;
  /** What matches, as a condition on the titles `t`, */
  widest: Fragment;
  /** what does so without the beginnings of words, which takes much longer to look for, */
  wholeWords: Fragment;
  /** and what matches without any typo. */
  strict: string;
  near: MatchOptions['near'];
  /** `xx`: titles of this language come first among equals. */
  language: string;
  looks: TitleLooks;
}

/**
 * Movies whose translations or alternative titles match, as the common table expressions `other_exact` and `others`:
 * `others` has one row a movie and kind of title. What the movies' own titles say has been looked for before.
 */
export function otherTitles(asked: AskedElsewhere): Fragment {
  const { title, looks } = asked;
  const { readings, dated } = title;
  const exact = looks.exact('other_exact', 'movie_other_titles', readings.flatMap(keyLexemes));
  const found = [...exact, ...tiersOf(asked)];
  if (dated !== undefined) found.push(...datedTitles(dated, looks));
  const all = found
    .filter(({ name }) => name.startsWith('other_'))
    .map(({ name }) => `select movie_id, kind from ${name}`)
    .join(' union ');
  return sql`${join(found.map(writtenOut), ',\n    ')},
    others as materialized (
      select m.*, t.keys, t.languages, t.renown >= 1 as is_known
      from (
        select ${movieColumns}, found.kind, (m.id, found.kind) in (select movie_id, kind from other_exact) as is_exact
        from (${raw(all)}) found
        cross join lateral (
          select ${movieColumns} from movies m where m.id = found.movie_id and ${looks.shown} offset 0
        ) m
        order by is_exact desc, greatest(m.popularity, m.vote_count / 100::float8) desc nulls last, m.tmdb_id, found.kind
        limit ${mostCompared}
      ) m cross join lateral (select * from movie_other_titles t where t.movie_id = m.id and t.kind = m.kind offset 0) t
    )`;
}

/** Where so many of more renown are found, and not all may be shown, those of less would not be compared. */
const enoughToCompare = 100;
const fewToCompare = (...names: string[]): Fragment => fewerThan(enoughToCompare, names);

/** Renown by renown. */
function tiersOf({ isLong, widest, wholeWords, looks }: AskedElsewhere): Found[] {
  const { way, select, walk } = looks;
  const among = (name: string, matching: Fragment): Found => ({
    name,
    select: select('movie_other_titles', matching, mostFound),
  });
  if (isLong || way === 'of those that pass')
    return [among('other_all', sql`${widest} and ${few('found_all')}`)];
  if (way === 'of those that match') {
    // What is walked along is known as well. Each look at filters costs more: fewer titles of movies themselves are enough.
    const own = ['found_best', 'found_known', ...(walk === undefined ? [] : ['found_walked'])];
    const seen = (name: string, matching: Fragment, before: readonly string[] = []) =>
      seenThatPass(name, sql`${widest} and ${matching} and ${fewSeen(before)}`, looks);
    return [
      ...seen('other_best', sql`t.renown = 2 and ${fewToCompare(...own)}`),
      ...seen('other_known', sql`t.renown >= 1 and ${fewToCompare(...own, 'other_best')}`, ['other_best']),
      ...seen('other_all', fewToCompare(...own, 'other_best', 'found_all', 'other_known'), [
        'other_best',
        'other_known',
      ]),
    ];
  }
  const known = ['found_best', 'found_known', 'other_best'];
  const best = sql`t.renown = 2 and ${widest} and ${few('found_best', 'found_known')}`;
  const others = few(...known, 'found_all', 'other_known');
  const ofKnown = fewToCompare('other_best', 'other_known');
  return [
    among('other_best', best),
    among(
      'other_known',
      sql`t.renown = 1 and ${widest} and ${few(...known)} and ${fewToCompare('other_best')}`,
    ),
    among('other_whole', sql`t.renown = 0 and ${wholeWords} and ${others} and ${ofKnown}`),
    among(
      'other_all',
      sql`t.renown = 0 and ${widest} and ${others} and ${fewToCompare('other_best', 'other_known', 'other_whole')}`,
    ),
  ];
}

type Dated = NonNullable<AskedTitle['dated']>;

const seenOf = (name: string) => `seen_${name}`;
/** Whether so few matched, whatever passed of them, that those of less renown can be looked at. */
const fewSeen = (names: readonly string[]): Fragment => fewerThan(mostSeen, names.map(seenOf));

const seenThatPass = (name: string, matching: Fragment, { thatPass }: TitleLooks): Found[] => [
  {
    name: seenOf(name),
    select: sql`select t.movie_id, t.kind from movie_other_titles t where ${matching} limit ${mostSeen}`,
  },
  {
    name,
    select: sql`select seen.movie_id, seen.kind from ${raw(seenOf(name))} seen ${thatPass()} limit ${mostFound}`,
  },
];

/** Those of known movies, and the others where they are few. */
function datedTitles(dated: Dated, { way, thatPass }: TitleLooks): Found[] {
  const matching = sql`t.words @@ ${matchQuery(dated.words)}::tsquery`;
  const name = 'other_dated';
  if (way === 'of those that pass')
    return [
      {
        name,
        select: sql`select t.movie_id, t.kind from passed_movie_other_titles t join movies m on m.id = t.movie_id
      where ${matching} and ${releasedAround(dated.year)} limit ${mostFound}`,
      },
    ];
  const titles = (condition: Fragment) =>
    sql`(select t.movie_id, t.kind from movie_other_titles t where ${condition} limit ${mostSeen})`;
  const isRare = fewSeen([name]);
  return [
    { name: seenOf(name), select: titles(sql`t.renown >= 1 and ${matching}`) },
    {
      name,
      select: sql`select distinct seen.movie_id, seen.kind from (
        select * from ${raw(seenOf(name))} union all ${titles(sql`${matching} and ${isRare}`)}
      ) seen ${thatPass(releasedAround(dated.year))} limit ${mostFound}`,
    },
  ];
}

/**
 * The best that any title of a row of `others m` scores, in the steps of `scoreOf`: a translated title is a title, but
 * a film's own ones come first; an alternative one stands behind every title of a known film, since anybody may have
 * added it.
 */
export function otherScore({ title, strict, near, language }: AskedElsewhere): Fragment {
  const { readings, dated } = title;
  const patterns = patternsOf(readings);
  const meant = meantQuery(readings.at(-1) ?? readings[0], near);
  const like = sql`similarity(own.key, ${keyOf(title)}::text)`;
  const isWhole = (asked: AskedTitle['readings'][0][]) =>
    sql`own.whole = any(${[...new Set(asked.flatMap(wholesOf))]}::text[])`;
  const inYear =
    dated === undefined
      ? empty
      : sql`when ${isWhole([dated.words])} and ${releasedAround(dated.year)} then 1.35
            when own.words @@ ${readOnce(matchQuery(dated.words))} and ${releasedAround(dated.year)} then 0.6 + ${like}`;
  const steps = sql`case
            when ${isWhole(readings)} then 1.45
            ${inYear}
            when ${beginsWith(patterns, ['own.key'])}
              then 0.2 * ${like} + case when ${beginsWith(wordsOnly(patterns), ['own.key'])} then 1.0::float8 else 0.9::float8 end
            when own.words @@ ${readOnce(strict)} then 0.25 + 0.9 * ${like}
            when own.words @@ ${readOnce(meant)} then 0.5 + 0.6 * ${like}
            else 0.1 end`;
  return sql`(
        select max(case when m.kind = 0
          then step + case when strpos(',' || own.languages || ',', ${`,${language},`}::text) > 0 then 0.1::float8 else 0::float8 end
          else step - case when step > 1.3 then 0.35::float8 else 0.1::float8 end end) + case when m.kind = 0 then 1::float8 else 0.6::float8 end * (${renown})
        from (
          select key, whole, languages, array_to_tsvector(string_to_array(key, ' ') || ('=' || left(whole, 150))) as words
          from (
            select key, replace(key, ' ', '') as whole, languages from unnest(m.keys, m.languages) as each(key, languages) offset 0
          ) each offset 0
        ) own cross join lateral (select ${steps} as step) scored
      )`;
}

/** Without the articles of `exactLexemes`: each costs a look-up, and a title with one is found by its words. */
const keyLexemes = (words: AskedTitle['readings'][0]): string[] => {
  const wholes = new Set(equalKeys(words).map((key) => `'=${key.replaceAll(' ', '')}'`));
  return exactLexemes(words).filter((lexeme, at) => at === 0 || wholes.has(lexeme));
};

/** As a title's key without blanks would be. */
const wholesOf = (words: AskedTitle['readings'][0]): string[] =>
  exactLexemes(words).map((lexeme) => lexeme.replace(/^'=?|'$/g, '').replaceAll("''", "'"));
