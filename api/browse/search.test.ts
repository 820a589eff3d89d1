import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { tookMs } from '#tests/support/took-ms.ts';

/** Title, its renown, and what else is known of it. */
const films: [string, number, Partial<FixtureMovie>?][] = [
  ['The Godfather', 100],
  ['The Godfather Part II', 160],
  ['Tokyo Godfathers', 60],
  ['Amélie', 70, { original_title: "Le Fabuleux Destin d'Amélie Poulain" }],
  ['Star Wars', 95],
  ['The Empire Strikes Back', 90],
  ['WALL·E', 90],
  ['Walled In', 20],
  ['Se7en', 88],
  ['8½', 30],
  ['Tokyo Story', 25, { original_title: '東京物語' }],
  ['Spider-Man', 85],
  ["Ocean's Eleven", 77],
  ['Rocky II', 50],
  ['Rocky', 60],
  ['Romeo & Juliet', 40],
  ['The Lord of the Rings: The Two Towers', 92],
  ['Casablanca', 66, { release_date: '1943-01-15' }],
  ['Casablanca', 99, { release_date: '2019-01-15' }],
  ['Blade Runner 2049', 64, { release_date: '2017-10-04' }],
  ['Jaws', 75],
  ['How the West Was Won', 80],
  ['The Matrix', 96],
  ['Up', 10],
  ['Upstream Color', 90],
  ['100% Wolf', 9],
  ['snake_case', 8],
  ['M', 5],
  ['Мастер и Маргарита', 12],
  ['قصة', 11],
  ['???', 3],
  ['🎬', 2],
  [`The ${'Very '.repeat(80)}Long One`, 1],
];

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await putMovies(
    api.pool,
    films.map(([title, popularity, more], index) => ({
      tmdb_id: index + 1,
      title: title.slice(0, 255),
      popularity,
      vote_count: 100,
      release_date: '2001-01-01',
      ...more,
    })),
  );
});
afterAll(() => api[Symbol.asyncDispose]());

const search = async (query: string, more = ''): Promise<ListAnswer> => {
  const answer = await api.get(`/api/movies?query=${encodeURIComponent(query)}${more}`);
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.json();
};
const titles = async (query: string) => (await search(query)).data.map((movie) => movie.title);

test.each([
  ['godfater', 'The Godfather'],
  ['godfathr', 'The Godfather'],
  ['the godfather', 'The Godfather'],
  ['godfather 2', 'The Godfather Part II'],
  ['godfather pt two', 'The Godfather Part II'],
  ['amelie', 'Amélie'],
  ['AMÉLIE', 'Amélie'],
  ['ame\u0301lie', 'Amélie'],
  ['fabuleux destin', 'Amélie'],
  ['star wars', 'Star Wars'],
  ['starwars', 'Star Wars'],
  ['star wras', 'Star Wars'],
  ['wall e', 'WALL·E'],
  ['wall-e', 'WALL·E'],
  ['walle', 'WALL·E'],
  ['se7en', 'Se7en'],
  ['8 1/2', '8½'],
  ['8½', '8½'],
  ['東京物語', 'Tokyo Story'],
  ['東京', 'Tokyo Story'],
  ['物語', 'Tokyo Story'],
  ['spiderman', 'Spider-Man'],
  ['spider man', 'Spider-Man'],
  ['oceans eleven', "Ocean's Eleven"],
  ['ocean’s 11', "Ocean's Eleven"],
  ['rocky 2', 'Rocky II'],
  ['romeo and juliet', 'Romeo & Juliet'],
  ['romeo + juliet', 'Romeo & Juliet'],
  ['lord of rings', 'The Lord of the Rings: The Two Towers'],
  ['two towers', 'The Lord of the Rings: The Two Towers'],
  ['blade runner 2049', 'Blade Runner 2049'],
  ['blade runner 2017', 'Blade Runner 2049'],
  ['a matrix', 'The Matrix'],
  ['teh matrix', 'The Matrix'],
  ['matr', 'The Matrix'],
  ['the matrix movie', 'The Matrix'],
  ['jwas', 'Jaws'],
  ['up', 'Up'],
  ['m', 'M'],
  ['мастер и маргарита', 'Мастер и Маргарита'],
  ['قصة', 'قصة'],
  ['???', '???'],
  ['🎬', '🎬'],
  ['100%', '100% Wolf'],
  ['snake_', 'snake_case'],
])('%p finds %p first', async (query, title) => {
  expect((await titles(query))[0]).toBe(title);
});

test('an exact title comes before more popular ones that are only alike', async () => {
  expect((await titles('up')).slice(0, 2)).toEqual(['Up', 'Upstream Color']);
  expect((await titles('rocky'))[0]).toBe('Rocky');
});

test('of two with the same title the more popular comes first, unless the year is asked for', async () => {
  const years = async (query: string) =>
    (await search(query)).data.map((movie) => (movie as unknown as { release_date: string }).release_date);
  expect((await years('casablanca'))[0]).toStartWith('2019');
  expect((await years('casablanca 1943'))[0]).toStartWith('1943');
});

test('any text is just text, and is answered quickly', async () => {
  const texts = [
    "'",
    "' or 1=1 --",
    '"',
    '\\',
    '%',
    '_',
    '%_%',
    ':*',
    '&',
    '|',
    '!',
    '<->',
    '(',
    "a'b\\c",
    '=',
    '===',
  ];
  texts.push(
    '🎬'.repeat(3000),
    'שלום עולם',
    '\u202eabc',
    'x'.repeat(10_000),
    'ab '.repeat(3300),
    '\\'.repeat(10_000),
  );
  texts.push(
    'a b c d e f g h i j k l m n o p q r s t u v w x y z',
    'ΑΒΓ',
    '\t\n',
    'null',
    'İstanbul',
    '\u0300',
    '١٢٣',
  );
  for (const text of texts) {
    const searching = async () => {
      const { data, meta } = await search(text);
      expect(Array.isArray(data)).toBe(true);
      expect(meta.total_results).toBeNumber();
    };
    expect(await leastOf(() => tookMs(searching), { enough: 2000, rounds: 5 })).toBeLessThan(2000);
  }
});

test('a query of blanks is none', async () => {
  expect((await search(' \t ')).meta.total_results).toBe(films.length);
});

test('what is like nothing finds nothing', async () => {
  for (const query of ['qqqzzzxx', '...', 'qwertyuiop asdfghjkl']) {
    const { data, meta } = await search(query);
    expect([query, data, meta.total_results, meta.total_pages]).toEqual([query, [], 0, 0]);
  }
});

test('the beginning of an endless title finds it', async () => {
  const [, , title] = ['', '', films.at(-1)?.[0] ?? ''];
  expect((await titles(title))[0]).toBe(title.slice(0, 255));
});

test('pages of a search join, and past the end is an empty one', async () => {
  const whole = (await search('the')).data.map((movie) => movie.tmdb_id);
  expect(whole.length).toBeGreaterThan(4);
  const pages = [];
  for (let page = 1; pages.length < whole.length; page++)
    pages.push(...(await search('the', `&limit=2&page=${page}`)).data.map((movie) => movie.tmdb_id));
  expect(pages).toEqual(whole);
  const beyond = await search('the', '&page=500');
  expect([beyond.data, beyond.meta.total_results]).toEqual([[], whole.length]);
});

test('relevance knows one direction: another is not an error', async () => {
  expect((await search('rocky', '&order=asc')).data[0]?.title).toBe('Rocky');
  expect((await search('rocky', '&sort=relevance')).data[0]?.title).toBe('Rocky');
});
