import { createHash } from 'node:crypto';
import { translationInventor } from './other-titles.ts';

/** What is asked, as it stands in the query string. */
export interface SearchCase {
  what: string;
  /** Several, so that no answer is asked for twice in a row. */
  queries: string[];
}

/** A fixed stand-in for chance. */
const pick = <T>(all: readonly T[], seed: string): T | undefined =>
  all[createHash('md5').update(seed).digest().readUInt32LE(0) % all.length];

const asked = (texts: string[]) => texts.map((text) => `query=${encodeURIComponent(text)}`);

/** A letter left out in the middle. */
const mistyped = (title: string) => title.slice(0, title.length >> 1) + title.slice((title.length >> 1) + 1);

export function searchCases(titles: readonly string[], rounds: number): SearchCase[] {
  const some = Array.from({ length: rounds }, (_, n) => pick(titles, `title ${n}`) ?? '');
  // Movies that are detailed have some.
  const translated = translationInventor(titles);
  const elsewhere = some.map((_, n) => translated(1 + n * 7, n % 8));
  const pages = (query: string, from = 1) =>
    some.map((_, n) => `${query}${query === '' ? '' : '&'}page=${from + n}`);
  return [
    { what: 'a title as it is', queries: asked(some) },
    { what: 'a title with a typo', queries: asked(some.map(mistyped)) },
    {
      what: 'its longest word',
      queries: asked(some.map((it) => it.split(' ').sort((a, b) => b.length - a.length)[0] ?? '')),
    },
    { what: 'its first two letters', queries: asked(some.map((it) => it.slice(0, 2))) },
    {
      what: 'a common word',
      queries: asked(some.map((_, n) => ['the', 'of', 'love', 'man', 'a'][n % 5] ?? '')),
    },
    { what: 'a title of another language', queries: asked(elsewhere) },
    { what: 'the same with a typo', queries: asked(elsewhere.map(mistyped)) },
    { what: '10,000 characters', queries: asked(some.map((it) => `${it} `.repeat(10_000).slice(0, 10_000))) },
    { what: 'nothing like any title', queries: asked(some.map((_, n) => `qxz${n}jvw kqx${n}zzv`)) },
    { what: 'browse: popularity', queries: pages('') },
    { what: 'browse: vote_average', queries: pages('sort=vote_average') },
    { what: 'browse: release_date, rising', queries: pages('sort=release_date&order=asc') },
    { what: 'browse: title', queries: pages('sort=title') },
    { what: 'browse: one genre', queries: pages('genre=3') },
    {
      what: 'browse: genre, year, min_vote',
      queries: some.map((_, n) => `genre=3&min_vote=7&year=${1960 + n}`),
    },
    { what: 'browse: two genres, min_vote', queries: pages('genre=1,3&min_vote=7') },
    { what: 'browse: two of many genres', queries: pages('genre=2|5&sort=rating') },
    { what: 'browse: a country, a genre', queries: pages('country=FR&genre=4') },
    { what: 'browse: a keyword', queries: some.map((_, n) => `keyword=${1 + n * 3}`) },
    { what: 'browse: a provider', queries: some.map((_, n) => `provider=${1 + n}&region=DE`) },
    { what: 'browse: a certification', queries: pages('certification=12|16&region=DE') },
    { what: 'browse: facets', queries: some.map((_, n) => `keyword=${20 + n}&facets=true`) },
    {
      what: 'a common word, facets',
      queries: some.map((_, n) => `query=${['the', 'of', 'love', 'man', 'a'][n % 5]}&facets=true`),
    },
    { what: 'browse: one actor', queries: some.map((_, n) => `actor=${n + 1}`) },
    { what: 'browse: page 400 on', queries: pages('', 400) },
  ];
}

export function peopleQueries(names: readonly string[], rounds: number): string[] {
  return Array.from({ length: rounds }, (_, n) => mistyped(pick(names, `name ${n}`) ?? ''));
}
