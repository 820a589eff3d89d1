import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type FixtureMovie, idsOf, type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';
import { MirrorCursorPageMeta } from '../http/answers/model.ts';
import { writeCursor } from '../http/input/cursor.ts';
import { askedMovies, cursorsOf, MoviesQuery } from './model.ts';

/** Many are equal in what they are sorted by, or it is not known of them. */
const few = [null, 1.5, 1.5, 0.1, 7];
const of = <T>(values: readonly T[], at: number): T => values[at % values.length] as T;
const movies: FixtureMovie[] = Array.from({ length: 32 }, (_, n) => ({
  tmdb_id: n + 1,
  title: of(['Same', 'Élan', 'apple', 'Zebra', '東京'], n * 7),
  popularity: of(few, n),
  vote_average: of([...few, 7], n * 5),
  vote_count: of([3, 0, null, 3, 10], n * 3),
  release_date: of(['1999-01-01', null, '1999-01-01', '2024-02-29'], n * 11),
  genres: n % 4 === 0 ? [1] : [1, 2],
}));

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await putMovies(api.pool, movies);
});
afterAll(() => api[Symbol.asyncDispose]());

const list = async (query: string): Promise<ListAnswer> => {
  const answer = await api.get(`/api/movies?${query}`);
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.json();
};
const refused = async (query: string) => {
  const answer = await api.get(`/api/movies?${query}`);
  expect([query, answer.status]).toEqual([query, 422]);
  return (await answer.json()).details.map(({ path }: { path: string }) => path);
};

async function walk(query: string, limit: number): Promise<ListAnswer[]> {
  const pages = [await list(`${query}&limit=${limit}`)];
  for (let next = pages[0]?.meta.next; next !== undefined; next = pages.at(-1)?.meta.next)
    pages.push(await list(`${query}&limit=${limit}&after=${next}`));
  return pages;
}

const orders = ['popularity', 'rating', 'vote_average', 'release_date', 'title'].flatMap((sort) =>
  ['asc', 'desc'].map((order) => `sort=${sort}&order=${order}`),
);

test.each(orders)('%s: cursors lead through all of it, as pages do', async (order) => {
  for (const filter of [
    '',
    '&genre=2',
    '&min_vote=0.1&genre=1',
    '&year=1999',
    '&genre=1,2&actor=9',
    '&min_vote_count=3&min_vote=1.5',
    '&released_from=1999-01-01&released_to=2024-02-28',
  ]) {
    const whole = await list(`${order}${filter}&limit=100`);
    expect(whole.meta.next).toBeUndefined();
    for (const limit of [1, 7, 100]) {
      const pages = await walk(`${order}${filter}`, limit);
      expect([filter, limit, pages.flatMap(idsOf)]).toEqual([filter, limit, idsOf(whole)]);
      pages.forEach(({ meta }, at) => {
        expect(MirrorCursorPageMeta.strict().parse(meta)).toMatchObject({ page: at + 1, limit });
        expect(meta.total_results).toBe(whole.meta.total_results);
      });
    }
  }
});

test('a cursor is for one list, and not for a page or a search', async () => {
  const next = (await list('sort=title&genre=1&limit=3')).meta.next;
  for (const query of [
    'sort=title',
    'sort=title&genre=1&order=desc',
    'genre=1',
    'sort=title&genre=1&year=1999',
  ])
    expect(await refused(`${query}&after=${next}`)).toEqual(['after']);
  expect(await refused(`sort=title&genre=1&page=1&after=${next}`)).toEqual(['after']);
  expect(await refused(`sort=title&genre=1&query=same&after=${next}`)).toEqual(['after']);
  const recent = 'sort=rating&released_from=1999-01-01&min_vote_count=3';
  const after = (await list(`${recent}&limit=3`)).meta.next;
  for (const query of [
    recent.replace('=3', '=2'),
    recent.replace('from', 'to'),
    recent.replace('rating', 'title'),
  ])
    expect(await refused(`${query}&after=${after}`)).toEqual(['after']);
  // How many are shown at once does not matter.
  expect(idsOf(await list(`sort=title&genre=1&limit=5&after=${next}`))).toHaveLength(5);
});

test('nonsense and what was tampered with is refused, and never breaks anything', async () => {
  const next = String((await list('limit=3')).meta.next);
  for (let at = 0; at < next.length; at++) {
    const other = next[at] === 'A' ? 'B' : 'A';
    await refused(`limit=3&after=${next.slice(0, at)}${other}${next.slice(at + 1)}`);
  }
  for (const text of ['', 'x', '%00', '%ED%A0%80', `${next}${next}`, next.slice(1), 'x'.repeat(5000)])
    expect(await refused(`after=${text}`)).toEqual(['after']);
  expect(await refused(`after=${next}&after=${next}`)).toEqual(['after']);
});

test('a forged one is refused where the database could not take it', async () => {
  for (const [sort, keys] of [
    ['popularity', [[1], [1, 2, 3], ['1', 2], [1, 2.5], [1, 2 ** 31], [1, null], [{}, 1]]],
    [
      'rating',
      [
        [7, 2],
        [7, 0.5, 1],
        [7, 2 ** 31, 1],
        ['7', 2, 1],
      ],
    ],
    [
      'vote_average',
      [
        [1, 2],
        [1, 2 ** 31, 1],
        [1, 0.5, 1],
      ],
    ],
    [
      'release_date',
      [
        ['2023-02-30', 1],
        ['0000-01-01', 1],
        ['infinity', 1],
        [5, 1],
      ],
    ],
    [
      'title',
      [
        ['a\0', 1],
        ['\ud800', 1],
        [null, 1],
      ],
    ],
  ] as const) {
    const asked = askedMovies(MoviesQuery.parse({ sort }));
    for (const key of keys) {
      const forged = writeCursor(3, key as never, cursorsOf(asked));
      expect([key, await refused(`sort=${sort}&after=${forged}`)]).toEqual([key, ['after']]);
    }
    for (const before of [-1, 0.5, '1'])
      await refused(
        `sort=${sort}&after=${writeCursor(before as number, ['a', 1] as never, cursorsOf(asked))}`,
      );
  }
});

test('of more than 10,000, all are reached, and the end knows how many there are', async () => {
  await using other = await openTestApi({ config: { rateLimit: false } });
  const count = 10_150;
  await other.pool.query(
    `insert into movies (tmdb_id, state, title, popularity, vote_average, vote_count, release_date, fetched_at)
     select n, 'listed', 'Movie', nullif(n % 3, 0), 5 + n % 4, 1 + n % 7, '2000-01-01', now() from generate_series(1, $1::int) n`,
    [count],
  );
  await other.pool.query("insert into genres (id, name) values (1, 'One')");
  await other.pool.query(
    'insert into movie_genres (movie_id, genre_id, position) select id, 1, 0 from movies',
  );
  await other.pool.query('analyze movies, movie_genres');
  for (const filter of [
    'order=asc',
    'order=desc&genre=1',
    'sort=title&min_vote=5',
    'sort=rating&min_vote=5&min_vote_count=1',
    'sort=rating&order=asc&released_to=2000-01-01',
  ]) {
    const read = async (more: string): Promise<ListAnswer> =>
      (await other.get(`/api/movies?${filter}&limit=100${more}`)).json();
    // One is walked from its first page. The others begin where pages by number are near their end.
    const from = filter === 'order=asc' ? 1 : 90;
    const pages = [await read(`&page=${from}`)];
    expect(Number(pages[0]?.meta.total_results)).toBeGreaterThan(10_000);
    for (let next = pages[0]?.meta.next; next !== undefined; next = pages.at(-1)?.meta.next)
      pages.push(await read(`&after=${next}`));
    const ids = pages.flatMap(idsOf);
    const left = count - (from - 1) * 100;
    expect([ids.length, new Set(ids).size]).toEqual([left, left]);
    expect(pages.at(-1)?.meta.total_results).toBe(count);
    const deep = await read('&page=100');
    expect(idsOf(deep)).toEqual(idsOf(pages[100 - from] as ListAnswer));
    expect(deep.meta.total_results).toBe(count);
    expect(idsOf(await read(`&after=${deep.meta.next}`))).toEqual(idsOf(pages[101 - from] as ListAnswer));
  }
});
