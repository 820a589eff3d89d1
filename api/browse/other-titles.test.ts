import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, idsOf, type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';

interface Called extends FixtureMovie {
  translated?: Record<string, string>;
  also?: string[];
}

const films: Called[] = [
  {
    tmdb_id: 562,
    title: 'Die Hard',
    popularity: 60,
    vote_count: 11000,
    release_date: '1988-07-15',
    translated: { 'de-DE': 'Stirb langsam', 'fr-FR': 'Piège de cristal', 'ru-RU': 'Крепкий орешек' },
  },
  {
    tmdb_id: 1573,
    title: 'Die Hard 2',
    popularity: 40,
    vote_count: 6000,
    release_date: '1990-07-02',
    translated: { 'de-DE': 'Stirb langsam 2', 'fr-FR': '58 minutes pour vivre' },
  },
  {
    tmdb_id: 129,
    title: 'Spirited Away',
    original_title: '千と千尋の神隠し',
    popularity: 90,
    vote_count: 17000,
    translated: { 'de-DE': 'Chihiros Reise ins Zauberland', 'zh-TW': '神隱少女' },
    also: ['Sen to Chihiro no Kamikakushi'],
  },
  {
    tmdb_id: 11,
    title: 'Star Wars',
    popularity: 95,
    vote_count: 20000,
    also: ['Star Wars: Episode IV - A New Hope', 'Krieg der Sterne'],
  },
  {
    tmdb_id: 1891,
    title: 'The Empire Strikes Back',
    popularity: 90,
    vote_count: 17000,
    also: ['Star Wars: Episode V - The Empire Strikes Back', 'Star Wars V'],
  },
  { tmdb_id: 21, title: 'Harbor', popularity: 3, vote_count: 150 },
  { tmdb_id: 22, title: 'The Coast', popularity: 99, vote_count: 30000, also: ['Harbor'] },
  { tmdb_id: 31, title: 'One', popularity: 5, vote_count: 500, translated: { 'de-DE': 'Abendrot' } },
  { tmdb_id: 32, title: 'Two', popularity: 5, vote_count: 500, translated: { 'sv-SE': 'Abendrot' } },
  { tmdb_id: 33, title: 'Three', popularity: 50, vote_count: 9000, translated: { 'nl-NL': 'Nachtlicht' } },
  { tmdb_id: 34, title: 'Four', popularity: 1, vote_count: 5, translated: { 'nl-NL': 'Nachtlicht' } },
  { tmdb_id: 41, title: 'Grown Up', popularity: 9, adult: true, translated: { 'de-DE': 'Verschlossen' } },
];

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await putMovies(api.pool, films);
  for (const { tmdb_id, translated = {}, also = [] } of films) {
    await api.pool.query(
      `insert into movie_translations (movie_id, language, title)
        select m.id, language, t.title from movies m, unnest($2::text[], $3::text[]) as t(language, title) where tmdb_id = $1`,
      [tmdb_id, Object.keys(translated), Object.values(translated)],
    );
    await api.pool.query(
      `insert into movie_alternative_titles (movie_id, position, title)
        select m.id, n, t.title from movies m, unnest($2::text[]) with ordinality as t(title, n) where tmdb_id = $1`,
      [tmdb_id, also],
    );
  }
});
afterAll(() => api[Symbol.asyncDispose]());

const search = async (query: string, more = '') => {
  const answer = await api.get(`/api/movies?query=${encodeURIComponent(query)}${more}`);
  expect([query, answer.status]).toEqual([query, 200]);
  return (await answer.json()) as ListAnswer;
};
const first = async (query: string, more = '') => idsOf(await search(query, more))[0];

test.each([
  ['Stirb langsam', 562],
  ['stirb langsam 2', 1573],
  ['stirb langsam 1990', 1573],
  ['stirb', 562],
  ['stirb langsm', 562],
  ['styrb langsam', 562],
  ['stirblangsam', 562],
  ['piege de cristal', 562],
  ['крепкий орешек', 562],
  ['крепкий орешк', 562],
  ['Sen to Chihiro', 129],
  ['sen to chihiro no kamikakushi', 129],
  ['sen to chihro', 129],
  ['chihiros reise', 129],
  ['神隱少女', 129],
  ['千と千尋', 129],
  ['Star Wars: Episode IV', 11],
  ['star wars episode 4', 11],
  ['a new hope', 11],
  ['krieg der sterne', 11],
  ['star wars 5', 1891],
  ['star wars v', 1891],
  ['star wars episode five', 1891],
  ['star wars', 11],
  ['die hard', 562],
])('%p finds %p first', async (query, id) => {
  expect(await first(query)).toBe(id);
});

test.each([
  ['movie', 'search/movie'],
  ['multi', 'search/multi'],
])('/3 finds them too: %s', async (_, path) => {
  const answer = await api.get(`/3/${path}?query=Stirb%20langsam`);
  const { results, total_results } = await answer.json();
  expect([results.map((row: { id: number }) => row.id), total_results]).toEqual([[562, 1573], 2]);
});

test('an alternative title stands behind the title of a known film, however famous its own is', async () => {
  expect(idsOf(await search('harbor'))).toEqual([21, 22]);
});

test('of equal titles the one of the asked language comes first, and else the better known', async () => {
  expect(await first('abendrot', '&language=de-DE')).toBe(31);
  expect(await first('abendrot', '&language=sv-SE')).toBe(32);
  expect(idsOf(await search('nachtlicht', '&language=nl-NL'))).toEqual([33, 34]);
});

describe('what else is asked counts as for the movies’ own titles', () => {
  test('filters and order', async () => {
    expect(idsOf(await search('stirb langsam', '&year=1990'))).toEqual([1573]);
    expect(idsOf(await search('stirb langsam', '&sort=release_date&order=desc'))).toEqual([1573, 562]);
    expect(idsOf(await search('stirb langsam', '&sort=title&order=asc'))).toEqual([562, 1573]);
  });
  test('pages and totals', async () => {
    const page = await search('stirb langsam', '&page=2&limit=1');
    expect([idsOf(page), page.meta.total_results]).toEqual([[1573], 2]);
  });
  test('what is adult is left out', async () => {
    expect(idsOf(await search('verschlossen'))).toEqual([]);
  });
  test('what is gone is not found', async () => {
    await api.pool.query("update movies set state = 'gone' where tmdb_id = 1573");
    expect(idsOf(await search('58 minutes pour vivre'))).toEqual([]);
    await api.pool.query("update movies set state = 'detailed' where tmdb_id = 1573");
  });
});
