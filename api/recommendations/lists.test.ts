import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putTrending, relate } from '#tests/support/api/movie-fixture.ts';
import {
  type CatalogueMovie,
  emptyCatalogue,
  interact,
  prefer,
  putCatalogueMovies,
  putContent,
  putNeighbours,
} from '#tests/support/api/recommendations-fixture.ts';
import { testDatabase } from '#tests/support/database.ts';

/** What every list promises, whatever its scores are made of. */
let database: Database;
let api: TestApi;
let somebody: TestAccount;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  api = await openTestApi({ config: { rateLimit: false }, database });
  somebody = await openAccount(api);
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await emptyCatalogue(database.pool);
});

interface Answer {
  data: {
    movie: { tmdb_id: number; genres: { id: number }[] };
    score: number;
    reasons: { type: string; id: number; name: string; text: string }[];
    parts?: Record<string, number>;
  }[];
  meta: { strategy: string; total_results: number };
}

const read = async (query = '', account = somebody): Promise<Answer> => {
  const answer = await api.get(`/api/user/recommendations?${query}`, account.headers);
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.json();
};
const idsOf = ({ data }: Answer) => data.map(({ movie }) => movie.tmdb_id);
const ids = async (query = '') => idsOf(await read(query));

const put = (movies: readonly CatalogueMovie[]) => putCatalogueMovies(api.pool, movies);
/** Movies from…, the earlier the more votes. */
const many = (count: number, from = 1, more: Partial<CatalogueMovie> = {}): CatalogueMovie[] =>
  Array.from({ length: count }, (_, n) => ({
    tmdbId: from + n,
    votes: 5000 - n,
    genres: [18 + (n % 3)],
    language: 'en',
    ...more,
  }));
const liked = (...tmdbIds: number[]) => interact(api.pool, somebody.userId, 'liked', tmdbIds);

const day = (inDays: number) => new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10);

describe('what is not released', () => {
  const odd: CatalogueMovie[] = [
    { tmdbId: 50, released: day(2), status: 'Post Production' },
    { tmdbId: 51, released: day(300) },
    { tmdbId: 52, released: day(2), status: 'Released' },
    { tmdbId: 53, released: null },
    { tmdbId: 54, released: null, status: 'Planned' },
    { tmdbId: 55, released: '2001-01-01', status: 'Canceled' },
    { tmdbId: 56, released: null, state: 'listed' },
    { tmdbId: 57, released: day(2), state: 'listed' },
  ].map((movie) => ({ ...movie, votes: 9000, genres: [18] }) as CatalogueMovie);
  const released: CatalogueMovie[] = [
    { tmdbId: 60, released: day(0), status: 'Released' },
    { tmdbId: 61, released: null, status: 'Released' },
    { tmdbId: 62, released: '2001-01-01', state: 'listed' },
  ].map((movie) => ({ ...movie, votes: 9000, genres: [18] }) as CatalogueMovie);

  beforeEach(async () => {
    await put([...many(5), ...odd, ...released]);
    await putTrending(api.pool, 'week', [50, 60]);
  });
  const oddOnes = async (query = '') => (await ids(`limit=100&${query}`)).filter((id) => id >= 50).toSorted();

  test('is in no list: of somebody new, by preferences, by likes, of a genre', async () => {
    expect(await oddOnes()).toEqual([60, 61, 62]);
    await prefer(api.pool, somebody.userId, { genres: [18] });
    expect(await oddOnes()).toEqual([60, 61, 62]);
    expect(await oddOnes('genre=18')).toEqual([60, 61, 62]);
    await putNeighbours(
      api.pool,
      1,
      [...odd, ...released].map(({ tmdbId }) => [tmdbId, 0.5]),
    );
    await relate(api.pool, 2, 'recommendation', [50, 54, 60]);
    await liked(1, 2);
    expect(await oddOnes()).toEqual([60, 61, 62]);
  });

  test('is in a list that asks for it', async () => {
    const all = [...odd, ...released].map(({ tmdbId }) => tmdbId);
    expect(await oddOnes('unreleased=true')).toEqual(all);
    expect(await oddOnes('unreleased=false')).toEqual([60, 61, 62]);
    const answer = await api.get('/api/user/recommendations?unreleased=perhaps', somebody.headers);
    expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, 'unreleased']);
  });
});

describe('of a series', () => {
  const parts = (days: (string | null)[], more: Partial<CatalogueMovie> = {}): CatalogueMovie[] =>
    days.map((released, n) => ({ tmdbId: 50 + n, released, collection: 7, votes: 300, ...more }));
  const unseen = async (query = 'limit=100') => (await ids(query)).filter((id) => id >= 50 && id < 100);

  test('the next unseen part comes before later ones, though these are liked more', async () => {
    await put([...many(20), ...parts(['1980-01-01', '1983-01-01', '1986-01-01', '1989-01-01'])]);
    await putNeighbours(api.pool, 50, [
      [53, 0.9],
      [52, 0.5],
    ]);
    await liked(50);
    expect(await unseen()).toEqual([51, 52, 53]);
    expect((await ids())[0]).toBe(51);
    await interact(api.pool, somebody.userId, 'watched', [51]);
    expect(await unseen()).toEqual([52, 53]);
  });

  test('the order is that of release, not of ids, and a gap is filled first', async () => {
    await put([...many(20), ...parts(['1989-01-01', '1986-01-01', '1983-01-01', '1980-01-01'])]);
    await liked(53, 51);
    expect(await unseen()).toEqual([52, 50]);
  });

  test('nobody begins with the third part, also who knows none of them', async () => {
    await put([...many(700, 2000), ...parts(['1980-01-01', '1983-01-01'], { votes: 5 })]);
    await put([{ tmdbId: 60, released: '1986-01-01', collection: 7, votes: 9000 }]);
    const first = (await read('explain=true')).data[0];
    expect([first?.movie.tmdb_id, (first?.parts?.series ?? 0) !== 0]).toEqual([50, true]);
    await putNeighbours(api.pool, 2000, [[60, 0.9]]);
    await liked(2000);
    expect((await ids())[0]).toBe(50);
    expect(await unseen()).toEqual([50]);
  }, 120_000);

  test('parts to come are left out; asked for, they come last', async () => {
    await put([...many(20), ...parts([day(-900), day(-200), day(200), null])]);
    await putNeighbours(api.pool, 1, [
      [52, 0.9],
      [53, 0.9],
    ]);
    await liked(1);
    expect((await unseen()).toSorted()).toEqual([50, 51]);
    expect(await unseen('limit=100&unreleased=true')).toEqual([50, 51, 52]);
  });

  test.each(['disliked', 'hidden', 'watched'] as const)(
    'a first part that was %s is passed over',
    async (type) => {
      await put([...many(20), ...parts(['1980-01-01', '1983-01-01', '1986-01-01'])]);
      await interact(api.pool, somebody.userId, type, [50]);
      expect(await unseen()).toEqual([51, 52]);
      await liked(1);
      await putNeighbours(api.pool, 1, [
        [52, 0.9],
        [50, 0.9],
      ]);
      await api.pool.query('update users set taste_version = taste_version + 1');
      expect(await unseen()).toEqual([51, 52]);
    },
  );

  test('a first part that the caller is too young for is no reason to wait', async () => {
    await put([...many(20), ...parts(['1980-01-01'], { certification: 'R' })]);
    await put([
      { tmdbId: 61, released: '1983-01-01', collection: 7 },
      { tmdbId: 62, released: '1986-01-01', collection: 7 },
    ]);
    somebody = await openAccount(api, { dateOfBirth: `${new Date().getUTCFullYear() - 12}-01-01` });
    await liked(1);
    expect(await unseen()).toEqual([61, 62]);
  });

  test('specials without a day come after the parts that have one', async () => {
    await put([...many(20), ...parts([null, '1980-01-01', '1983-01-01'], { status: 'Released' })]);
    await putNeighbours(api.pool, 1, [[50, 0.9]]);
    await liked(1);
    expect(await unseen()).toEqual([51, 52, 50]);
  });

  test.each(['', 'liked', 'genres'])('at most two are in the first ten (%s)', async (kind) => {
    await put(many(30, 1, { votes: 200 }));
    for (const collection of [7, 8])
      await put(many(8, collection * 10, { collection, votes: 9000, genres: [18] }));
    if (kind === 'genres') await prefer(api.pool, somebody.userId, { genres: [18] });
    if (kind === 'liked') {
      const near = Array.from({ length: 8 }, (_, n) => [70 + n, 0.9 - n / 100] as [number, number]);
      await putNeighbours(api.pool, 1, near);
      await liked(1);
    }
    const { data } = await read('limit=100');
    for (const collection of [7, 8]) {
      const places = data.flatMap(({ movie }, at) =>
        Math.floor(movie.tmdb_id / 10) === collection ? [at] : [],
      );
      // What speaks for the films of collection 7 in the list of who likes something does not for those of 8.
      const first = kind === 'liked' && collection === 8 ? 1 : 2;
      expect([places.filter((at) => at < 10).length, places.length]).toEqual([first, 3]);
    }
  });
});

describe('language', () => {
  const of = (language: string, from: number, count = 12, votes = 300) =>
    many(count, from, { language, votes, average: 7.5 });
  const countIn = async (from: number) =>
    (await ids('limit=10')).filter((id) => id >= from && id < from + 100).length;

  test('who likes four Korean films gets some Korean films, and is told why', async () => {
    await put([...many(700), ...of('ko', 1000)]);
    await liked(1000, 1001, 1002, 1003);
    expect(await countIn(1000)).toBeGreaterThanOrEqual(3);
    const { data } = await read('limit=10');
    const because = data.at(-1)?.reasons[0];
    expect(because?.text).toBe(`In Korean, like ${because?.name}, which you liked`);
    expect(because?.type).toBe('liked_movie');
    expect([1000, 1001, 1002, 1003]).toContain(because?.id ?? 0);
  }, 120_000);

  test('also where what others like together speaks for other films', async () => {
    await put([...many(60), ...of('ko', 1000)]);
    for (const id of [1000, 1001, 1002, 1003])
      await putNeighbours(
        api.pool,
        id,
        Array.from({ length: 30 }, (_, n) => [n + 1, 0.9 - n / 100] as [number, number]),
      );
    await liked(1000, 1001, 1002, 1003);
    expect(await countIn(1000)).toBeGreaterThanOrEqual(3);
    expect((await ids())[0]).toBe(1);
  });

  test('who likes two languages gets both', async () => {
    await put([...many(60), ...of('ko', 1000), ...of('fr', 2000)]);
    await liked(1000, 1001, 1002, 2000, 2001, 2002);
    expect([(await countIn(1000)) >= 2, (await countIn(2000)) >= 2]).toEqual([true, true]);
  });

  test('four among many count, one among many does not, and hidden or disliked ones do not', async () => {
    await put([...many(60), ...of('ko', 1000), ...of('ja', 2000), ...of('fr', 3000), ...of('hi', 4000)]);
    await liked(...Array.from({ length: 20 }, (_, n) => n + 1), 1000, 1001, 1002, 1003, 2000);
    await interact(api.pool, somebody.userId, 'disliked', [3000, 3001, 3002, 3003]);
    await interact(api.pool, somebody.userId, 'hidden', [4000, 4001, 4002, 4003]);
    expect(await countIn(1000)).toBe(2);
    expect([await countIn(2000), await countIn(3000), await countIn(4000)]).toEqual([0, 0, 0]);
  });

  test('films watched count like films liked, and what is bad does not get a place', async () => {
    await put([
      ...many(60),
      ...of('ko', 1000, 4),
      ...many(8, 1010, { language: 'ko', votes: 300, average: 4 }),
    ]);
    await interact(api.pool, somebody.userId, 'watched', [1000, 1001]);
    expect((await ids('limit=10')).filter((id) => id >= 1000).toSorted()).toEqual([1002, 1003]);
  });

  test('a list of one genre has only its films, in that language, too', async () => {
    await put([
      ...many(60, 1, { genres: [18] }),
      ...of('ko', 1000).map((movie) => ({ ...movie, genres: [35] })),
    ]);
    await put(many(2, 1050, { language: 'ko', genres: [18], votes: 100, average: 7 }));
    await liked(1000, 1001, 1002, 1003);
    expect((await ids('limit=10&genre=18')).filter((id) => id >= 1000).toSorted()).toEqual([1050, 1051]);
  });
});

describe('dislikes alone', () => {
  const horror = (from: number, count = 10) => many(count, from, { genres: [27], votes: 5000 });
  const placeOf = async (id: number) => (await ids('limit=100')).indexOf(id);

  test('are no cold start: what is like them goes down, and says nothing of them', async () => {
    await put([...many(30), ...horror(100)]);
    const before = await ids('limit=100');
    const mean = (list: number[]) =>
      list.reduce((sum, id, at) => sum + (id >= 101 ? at : 0), 0) / list.filter((id) => id >= 101).length;
    await interact(api.pool, somebody.userId, 'disliked', [100]);
    const answer = await read('limit=100');
    expect(answer.meta.strategy).toBe('personalized');
    expect(idsOf(answer)).not.toContain(100);
    expect(mean(idsOf(answer))).toBeGreaterThan(mean(before) + 5);
    expect(JSON.stringify(answer)).not.toContain('Movie 100"');
    for (const { reasons } of answer.data) expect(reasons.length).toBeGreaterThan(0);
  });

  test('weigh on their series, on what TMDb relates to them, and on what people like with them', async () => {
    await put([
      ...many(30),
      { tmdbId: 200, collection: 7 },
      { tmdbId: 201, collection: 7, votes: 9000, released: '1990-01-01' },
    ]);
    await put([
      { tmdbId: 202, votes: 9000, genres: [99] },
      { tmdbId: 203, votes: 9000, genres: [98] },
    ]);
    const before = [await placeOf(201), await placeOf(202), await placeOf(203)];
    await relate(api.pool, 200, 'recommendation', [202]);
    await putNeighbours(api.pool, 200, [[203, 0.2]]);
    await interact(api.pool, somebody.userId, 'disliked', [200]);
    const after = [await placeOf(201), await placeOf(202), await placeOf(203)];
    expect(after.map((place, n) => place > (before[n] ?? 0) + 10)).toEqual([true, true, true]);
  });

  test('leave stated favourites in the lead', async () => {
    await put([...many(700), ...many(5, 900, { genres: [99], votes: 50 }), ...horror(950, 3)]);
    await prefer(api.pool, somebody.userId, { genres: [99] });
    await interact(api.pool, somebody.userId, 'disliked', [950]);
    expect((await ids()).slice(0, 5)).toEqual([900, 901, 902, 903, 904]);
  }, 120_000);

  test('are outweighed by likes', async () => {
    await put([...many(30), ...horror(100)]);
    await putNeighbours(api.pool, 1, [[105, 0.5]]);
    await liked(1);
    await interact(api.pool, somebody.userId, 'disliked', [100]);
    expect((await ids())[0]).toBe(105);
  });
});

describe.each(['neighbours', 'transitions', 'content'] as const)('what speaks for movies as %s', (part) => {
  /** That part alone, the first the most. */
  const lead = async (from: number, tmdbIds: readonly number[]) => {
    const list = tmdbIds.map((id, n): [number, number] => [id, 0.9 - n / 100]);
    if (part === 'content') await putContent(api.pool, from, list);
    else if (part === 'neighbours') await putNeighbours(api.pool, from, list);
    else await putNeighbours(api.pool, from, [], 10, list);
  };
  const child = () => openAccount(api, { dateOfBirth: `${new Date().getUTCFullYear() - 12}-01-01` });

  test('leads the list, and to nothing that must not be there', async () => {
    await put([...many(30), ...many(10, 100, { votes: 10, genres: [99] })]);
    await put([
      { tmdbId: 110, released: day(30), status: 'Post Production' },
      { tmdbId: 111, certification: 'R' },
      { tmdbId: 112, adult: true },
      { tmdbId: 113 },
    ]);
    await api.pool.query("update movies set state = 'gone' where tmdb_id = 113");
    somebody = await child();
    await lead(1, [110, 111, 112, 113, 100, 101, 102, 103, 104, 105]);
    await liked(1);
    const forbidden = async (...tmdbIds: number[]) =>
      (await ids('limit=100')).filter((id) => tmdbIds.includes(id));
    expect((await ids()).slice(0, 6)).toEqual([100, 101, 102, 103, 104, 105]);
    expect(await forbidden(1, 110, 111, 112, 113)).toEqual([]);
    await interact(api.pool, somebody.userId, 'watched', [100]);
    await interact(api.pool, somebody.userId, 'hidden', [101]);
    await interact(api.pool, somebody.userId, 'disliked', [102]);
    await prefer(api.pool, somebody.userId, { movies: [103] });
    expect(await forbidden(1, 100, 101, 102, 103, 110, 111, 112, 113)).toEqual([]);
    expect((await ids()).slice(0, 2)).toEqual([104, 105]);
  });

  test('keeps a series in its order, two of it in the first ten', async () => {
    await put([...many(30), ...many(6, 200, { collection: 7, votes: 10, genres: [99] })]);
    await api.pool.query(
      `update movies set release_date = date '2000-01-01' - tmdb_id where collection_id = 7`,
    );
    await lead(1, [200, 201, 202, 203, 204, 205]);
    await liked(1);
    const list = await ids('limit=100');
    expect(list.filter((id) => id >= 200)).toEqual([205, 204, 203]);
    expect(list.slice(0, 10).filter((id) => id >= 200)).toEqual([205, 204]);
  });

  test('is a reason that is true, and leaves places to what is liked in another language', async () => {
    await put([
      ...many(40, 1, { genres: [18] }),
      ...many(12, 1000, { language: 'ko', votes: 300, average: 7.5 }),
    ]);
    await lead(1, [30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
    await liked(1, 1000, 1001, 1002, 1003);
    await interact(api.pool, somebody.userId, 'disliked', [40]);
    const { data } = await read('limit=10&explain=true');
    const texts = {
      neighbours: 'Because you liked Movie 1',
      transitions: 'Because you liked Movie 1',
      content: 'Similar to Movie 1, which you liked',
    };
    expect(data[0]?.movie.tmdb_id).toBe(30);
    expect(data[0]?.parts?.[part]).toBeGreaterThan(0);
    // Nobody else has been counted for the movie: "people here" would not be true.
    expect(data[0]?.reasons[0]).toEqual({ type: 'liked_movie', id: 1, name: 'Movie 1', text: texts[part] });
    const own = [1, 1000, 1001, 1002, 1003];
    for (const { reasons } of data)
      for (const { type, id } of reasons) if (type === 'liked_movie') expect(own).toContain(id);
    expect(data.filter(({ movie }) => movie.tmdb_id >= 1000).length).toBeGreaterThan(2);
  });

  test('says nothing to those who like nothing yet: stated favorites lead, and a cold start is whole', async () => {
    await put([...many(700), ...many(3, 900, { genres: [99], votes: 50 })]);
    await lead(1, [690]);
    const cold = await read('limit=50');
    expect([cold.meta.strategy, cold.data.length]).toEqual(['cold_start', 50]);
    expect(idsOf(cold)).not.toContain(690);
    await prefer(api.pool, somebody.userId, { genres: [99] });
    const stated = await read('limit=50&explain=true');
    expect(idsOf(stated).slice(0, 3)).toEqual([900, 901, 902]);
    for (const { parts, reasons } of [...cold.data, ...stated.data]) {
      expect(parts?.[part] ?? 0).toBe(0);
      expect(reasons.length).toBeGreaterThan(0);
    }
  });
});

describe('somebody', () => {
  test('with hidden movies only begins cold, and never sees them', async () => {
    await put(many(30));
    await interact(api.pool, somebody.userId, 'hidden', [1, 2, 3]);
    const answer = await read('limit=100');
    expect(answer.meta.strategy).toBe('cold_start');
    expect(idsOf(answer).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 27 }, (_, n) => n + 4));
  });

  test('who hides a movie never gets it again, whatever speaks for it', async () => {
    await put(many(30));
    await putNeighbours(api.pool, 1, [[9, 0.9]]);
    await relate(api.pool, 1, 'recommendation', [9]);
    await liked(1);
    expect((await ids())[0]).toBe(9);
    await interact(api.pool, somebody.userId, 'hidden', [9]);
    for (const query of ['limit=100', 'limit=100&unreleased=true', 'limit=100&genre=20'])
      expect(await ids(query)).not.toContain(9);
    await interact(api.pool, somebody.userId, 'bookmarked', [9]);
    await prefer(api.pool, somebody.userId, { genres: [20] });
    expect(await ids('limit=100')).not.toContain(9);
  });

  test('who has only watched gets a list of their own', async () => {
    await put(many(30));
    await putNeighbours(api.pool, 1, [[9, 0.9]]);
    await interact(api.pool, somebody.userId, 'watched', [1]);
    const answer = await read();
    expect([answer.meta.strategy, idsOf(answer)[0]]).toEqual(['personalized', 9]);
  });
});

test('pages agree under all rules at once: none repeats another, and none is missing', async () => {
  await put([...many(80), ...many(12, 1000, { language: 'ko', votes: 300 })]);
  for (const collection of [20, 21, 22])
    await put(many(6, collection * 10, { collection, votes: 9000, released: `19${collection}-01-01` }));
  await put(many(3, 300, { released: day(30), votes: 9000 }));
  await putNeighbours(
    api.pool,
    1,
    Array.from({ length: 12 }, (_, n) => [200 + n, 0.9] as [number, number]),
  );
  await liked(1, 1000, 1001, 1002, 1003);
  await interact(api.pool, somebody.userId, 'disliked', [2]);
  for (const query of ['', '&unreleased=true', '&genre=18']) {
    const whole = await ids(`limit=100${query}`);
    for (const limit of [1, 7, 10, 20]) {
      const paged: number[] = [];
      for (let page = 1; paged.length < whole.length; page++) {
        const shown = await ids(`limit=${limit}&page=${page}${query}`);
        expect(shown.length).toBeGreaterThan(0);
        paged.push(...shown);
      }
      expect(paged).toEqual(whole);
      expect(new Set(paged).size).toBe(paged.length);
    }
    const elsewhere = api.another({ hub: { connected: false, subscribe: () => {} } });
    const other = await elsewhere(`/api/user/recommendations?limit=100${query}`, somebody.headers);
    expect(idsOf(await other.json())).toEqual(whole);
  }
});
