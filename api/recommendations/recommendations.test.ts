import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, putTrending, relate, tell } from '#tests/support/api/movie-fixture.ts';
import {
  emptyCatalogue,
  interact,
  prefer,
  putCatalogueMovie,
  putCatalogueMovies,
  putContent,
  putNeighbours,
} from '#tests/support/api/recommendations-fixture.ts';
import { testDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/until.ts';
import { openNoticeHub } from '../store/notice-hub.ts';
import { Recommendation, RecommendationsMeta } from './model.ts';

const silent = createLog({ level: 'silent', name: 'test' });
let database: Database;
let api: TestApi;
let somebody: TestAccount;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  api = await openTestApi({ database });
  somebody = await openAccount(api);
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await emptyCatalogue(database.pool);
});

interface Item {
  movie: { tmdb_id: number; genres: { id: number }[] };
  score: number;
  reasons: { type: string; id: number; name: string; text: string }[];
  parts?: Record<string, number>;
}

interface Answer {
  data: Item[];
  meta: { strategy: string; total_results: number; total_pages: number };
}

const path = '/api/user/recommendations';
const read = async (query = '', account = somebody): Promise<Answer> =>
  (await api.get(`${path}${query}`, account.headers)).json();
const idsOf = ({ data }: Answer) => data.map(({ movie }) => movie.tmdb_id);
const reasonsOf = ({ data }: Answer, tmdbId: number) =>
  data.find(({ movie }) => movie.tmdb_id === tmdbId)?.reasons ?? [];
const textsOf = (answer: Answer, tmdbId: number) => reasonsOf(answer, tmdbId).map(({ text }) => text);

/** Movies 1…n, the earlier the more votes. */
async function putMovies(count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => n + 1);
  await putCatalogueMovies(
    api.pool,
    ids.map((id) => ({ tmdbId: id, votes: 5000 - id, genres: [18 + (id % 3)] })),
  );
}

describe('the route', () => {
  test('refuses a visitor, and a bad input by name', async () => {
    expect((await api.get(path)).status).toBe(401);
    for (const [query, field] of [
      ['limit=101', 'limit'],
      ['page=0', 'page'],
      ['genre=x', 'genre'],
      ['explain=perhaps', 'explain'],
    ]) {
      const answer = await api.get(`${path}?${query}`, somebody.headers);
      expect([query, answer.status, (await answer.json()).details[0].path]).toEqual([query, 422, field]);
    }
  });

  test('answers as it is described', async () => {
    await putMovies(5);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    for (const query of ['', '?explain=true']) {
      const { data, meta } = await read(query);
      for (const one of data) Recommendation.strict().parse(one);
      expect(RecommendationsMeta.strict().parse(meta)).toEqual({
        strategy: 'personalized',
        page: 1,
        limit: 20,
        total_results: 4,
        total_pages: 1,
        language: { asked: 'en-US' },
      });
    }
  });

  test('is nobody else’s to keep, and tells who has the answer already', async () => {
    await putMovies(3);
    const first = await api.get(path, somebody.headers);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('vary')).toContain('Authorization');
    const known = { ...somebody.headers, 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await api.get(path, known)).status).toBe(304);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    expect((await api.get(path, known)).status).toBe(200);
  });
});

describe('a personal list', () => {
  test('has nothing that was watched, liked, disliked or named as a favourite', async () => {
    await putMovies(10);
    await putNeighbours(api.pool, 1, [
      [2, 0.9],
      [3, 0.8],
      [4, 0.7],
      [5, 0.1],
    ]);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    await interact(api.pool, somebody.userId, 'watched', [2]);
    await interact(api.pool, somebody.userId, 'disliked', [3]);
    await prefer(api.pool, somebody.userId, { movies: [4] });
    const answer = await read();
    expect(idsOf(answer)[0]).toBe(5);
    expect(idsOf(answer).toSorted((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10]);
  });

  test('is led by what the newest like speaks for, and says so', async () => {
    await putMovies(9);
    await putNeighbours(api.pool, 1, [[8, 0.4]]);
    await putNeighbours(api.pool, 2, [[9, 0.4]]);
    await interact(api.pool, somebody.userId, 'liked', [2], new Date('2026-01-01'));
    await interact(api.pool, somebody.userId, 'liked', [1], new Date('2026-02-01'));
    const answer = await read();
    expect(idsOf(answer).slice(0, 2)).toEqual([8, 9]);
    expect(reasonsOf(answer, 8)[0]).toEqual({
      type: 'liked_movie',
      id: 1,
      name: 'Movie 1',
      text: 'Because you liked Movie 1',
    });
    expect(textsOf(answer, 9)[0]).toBe('Because you liked Movie 2');
  });

  test('names of all that speak for a movie the one that counts most, as what it was to the user', async () => {
    await putMovies(9);
    await putNeighbours(api.pool, 1, [[8, 0.2]]);
    await putNeighbours(api.pool, 2, [[8, 0.9]]);
    await putNeighbours(api.pool, 3, [[9, 0.9]]);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    await interact(api.pool, somebody.userId, 'watched', [2]);
    await prefer(api.pool, somebody.userId, { movies: [3] });
    const answer = await read();
    expect(textsOf(answer, 8)[0]).toBe('Because you watched Movie 2');
    expect(textsOf(answer, 9)[0]).toBe('Because Movie 3 is one of your favorites');
  });

  test('begins with what people go on to after what came last', async () => {
    await putMovies(9);
    await putNeighbours(api.pool, 1, [[7, 0.3]], 10, [[8, 0.8, false]]);
    await putNeighbours(api.pool, 2, [], 10, [[9, 0.8, true]]);
    await putNeighbours(api.pool, 8, [], 50);
    await putNeighbours(api.pool, 9, [], 50);
    await interact(api.pool, somebody.userId, 'liked', [1], new Date('2026-01-01'));
    await interact(api.pool, somebody.userId, 'watched', [2], new Date('2026-01-02'));
    const answer = await read('?explain=true');
    expect(idsOf(answer).slice(0, 3)).toEqual([9, 8, 7]);
    expect(answer.data[0]?.parts?.['transitions']).toBeCloseTo(0.6 * 0.8, 6);
    expect(answer.data[1]?.parts?.['transitions']).toBeCloseTo(0.6 * 0.8 * Math.exp(-1 / 5), 6);
    expect(textsOf(answer, 9)[0]).toBe('After Movie 2, people here often like this');
    // Many know it, but few of them after Movie 1.
    expect(textsOf(answer, 8)[0]).toBe('Because you liked Movie 1');
    expect(textsOf(answer, 7)[0]).toBe('Because you liked Movie 1');
    await interact(api.pool, somebody.userId, 'disliked', [2], new Date('2026-01-03'));
    expect(idsOf(await read()).slice(0, 2)).toEqual([8, 7]);
  });

  test('pushes down what a dislike speaks for', async () => {
    await putMovies(9);
    await putNeighbours(api.pool, 1, [
      [7, 0.31],
      [8, 0.3],
    ]);
    await putNeighbours(api.pool, 2, [[7, 0.3]]);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    expect(idsOf(await read()).slice(0, 2)).toEqual([7, 8]);
    await interact(api.pool, somebody.userId, 'disliked', [2]);
    const answer = await read();
    expect(idsOf(answer).slice(0, 2)).toEqual([8, 7]);
    expect(JSON.stringify(answer)).not.toContain('Movie 2');
  });

  test('follows TMDb’s relations and the collections of what was liked, also before there are neighbours', async () => {
    await putMovies(4);
    await putCatalogueMovie(api.pool, { tmdbId: 50, collection: 7, votes: 10 });
    await putCatalogueMovie(api.pool, { tmdbId: 51, collection: 7, votes: 10 });
    await putCatalogueMovie(api.pool, { tmdbId: 60, votes: 10, genres: [99] });
    await relate(api.pool, 50, 'recommendation', [60]);
    await interact(api.pool, somebody.userId, 'liked', [50]);
    const answer = await read();
    expect(new Set(idsOf(answer).slice(0, 2))).toEqual(new Set([51, 60]));
    expect(textsOf(answer, 51)[0]).toBe('In Collection 7, like Movie 50, which you liked');
    expect(textsOf(answer, 60)[0]).toBe('Recommended by TMDb for those who like Movie 50');
  });

  test('leads to what is like a liked movie by content, the less the more users know both', async () => {
    await putMovies(9);
    for (const id of [50, 51, 52]) await putCatalogueMovie(api.pool, { tmdbId: id, votes: 0, genres: [99] });
    await putContent(api.pool, 1, [
      [50, 0.8],
      [51, 0.8],
      [52, 0.2],
    ]);
    await putNeighbours(api.pool, 1, [], 15);
    await putNeighbours(api.pool, 51, [], 15);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    const answer = await read('?explain=true&limit=100');
    const contentOf = (id: number) =>
      answer.data.find(({ movie }) => movie.tmdb_id === id)?.parts?.['content'];
    // Nobody knows the movie; of both, fifteen people do.
    expect(contentOf(50)).toBeCloseTo(0.02 * 0.8, 6);
    expect(contentOf(51)).toBeCloseTo(0.02 * 0.8 * (5 / 20), 6);
    expect(contentOf(52)).toBeCloseTo(0.02 * 0.2, 6);
    expect(idsOf(answer)[0]).toBe(50);
    expect(reasonsOf(answer, 50)[0]).toEqual({
      type: 'liked_movie',
      id: 1,
      name: 'Movie 1',
      text: 'Similar to Movie 1, which you liked',
    });
    // So little may be a genre alone.
    expect(textsOf(answer, 52).join()).not.toContain('Similar');
    await api.pool.query("update user_movie_interactions set interaction_type = 'disliked'");
    const disliking = await read('?explain=true&limit=100');
    expect(disliking.data.map(({ parts }) => parts?.['content'])).toEqual(idsOf(disliking).map(() => 0));
    expect(JSON.stringify(disliking)).not.toContain('Movie 1"');
  });

  test('does not say twice what TMDb or a collection says: likeness is made of these, too', async () => {
    await putMovies(9);
    const unknown = { votes: 10, genres: [99] };
    for (const id of [50, 52]) await putCatalogueMovie(api.pool, { tmdbId: id, ...unknown });
    await putCatalogueMovie(api.pool, { tmdbId: 51, collection: 7, ...unknown });
    await putCatalogueMovie(api.pool, { tmdbId: 60, collection: 7 });
    await relate(api.pool, 60, 'recommendation', [50]);
    const like = [50, 51, 52].map((id): [number, number] => [id, 0.8]);
    await putContent(api.pool, 60, like);
    await interact(api.pool, somebody.userId, 'liked', [60]);
    const answer = await read();
    expect(textsOf(answer, 50)[0]).toBe('Recommended by TMDb for those who like Movie 60');
    expect(textsOf(answer, 51)[0]).toBe('In Collection 7, like Movie 60, which you liked');
    for (const id of [50, 51]) expect(textsOf(answer, id).join()).not.toContain('Similar to');
    expect(textsOf(answer, 52)[0]).toBe('Similar to Movie 60, which you liked');
    // What is like another movie is something else.
    await putContent(api.pool, 1, [[50, 0.9]]);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    expect(textsOf(await read(), 50)).toContain('Similar to Movie 1, which you liked');
  });

  test('is not one franchise', async () => {
    await putMovies(10);
    for (let id = 50; id < 58; id++) await putCatalogueMovie(api.pool, { tmdbId: id, collection: 7 });
    await putNeighbours(
      api.pool,
      1,
      Array.from({ length: 8 }, (_, n) => [50 + n, 0.9 - n / 100] as [number, number]),
    );
    await interact(api.pool, somebody.userId, 'liked', [1]);
    const answer = await read('?limit=100');
    expect(idsOf(answer).filter((id) => id >= 50)).toEqual([50, 51, 52]);
    const scores = answer.data.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  test('adds up: each score is the sum of its parts', async () => {
    await putMovies(12);
    await putNeighbours(api.pool, 1, [
      [8, 0.4],
      [9, 0.123456789],
    ]);
    await relate(api.pool, 1, 'similar', [9, 10]);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    await prefer(api.pool, somebody.userId, { genres: [18], actors: [] });
    const plain = await read();
    const explained = await read('?explain=true');
    expect(plain.data[0]?.parts).toBeUndefined();
    expect(idsOf(explained)).toEqual(idsOf(plain));
    for (const { score, parts } of explained.data)
      expect(Object.values(parts ?? {}).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 9);
  });

  test('shows to nobody what their age does not allow', async () => {
    await putMovies(3);
    await putCatalogueMovie(api.pool, { tmdbId: 50, certification: 'R', votes: 9999 });
    await putCatalogueMovie(api.pool, { tmdbId: 51, adult: true, votes: 9999 });
    await putNeighbours(api.pool, 1, [
      [50, 0.9],
      [51, 0.9],
    ]);
    const year = new Date().getUTCFullYear();
    const child = await openAccount(api, { dateOfBirth: `${year - 12}-01-01` });
    const grown = await openAccount(api, { dateOfBirth: '1970-01-01' });
    for (const { userId } of [child, grown, somebody]) await interact(api.pool, userId, 'liked', [1]);
    expect(idsOf(await read('', child)).toSorted()).toEqual([2, 3]);
    expect(idsOf(await read('', grown)).slice(0, 2)).toEqual([50, 51]);
    expect(idsOf(await read()).toSorted()).toEqual([2, 3, 50]);
  });

  test('has only what can be shown', async () => {
    await putMovies(3);
    await putMovie(api.pool, { tmdbId: 60, state: 'unknown' });
    await putMovie(api.pool, { tmdbId: 61, state: 'gone' });
    await putNeighbours(api.pool, 1, [
      [60, 0.9],
      [61, 0.9],
    ]);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    expect(idsOf(await read()).toSorted()).toEqual([2, 3]);
  });
});

describe('pages', () => {
  test('follow each other without overlap, always the same, and the end is empty', async () => {
    await putMovies(45);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    const whole = idsOf(await read('?limit=100'));
    const pages = [];
    for (const page of [1, 2, 3]) pages.push(...idsOf(await read(`?limit=15&page=${page}`)));
    expect(pages).toEqual(whole);
    expect(new Set(whole).size).toBe(44);
    const beyond = await read('?limit=15&page=9');
    expect([beyond.data, beyond.meta.total_results, beyond.meta.total_pages]).toEqual([[], 44, 3]);
    const elsewhere = api.another({ hub: { connected: false, subscribe: () => {} } });
    expect(idsOf(await (await elsewhere(`${path}?limit=100`, somebody.headers)).json())).toEqual(whole);
  });

  test('of one genre have only its movies', async () => {
    await putMovies(12);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    const answer = await read('?genre=19');
    expect(idsOf(answer).toSorted((a, b) => a - b)).toEqual([4, 7, 10]);
    expect(answer.data.every(({ movie }) => movie.genres.some(({ id }) => id === 19))).toBe(true);
    expect((await read('?genre=4711')).data).toEqual([]);
  });
});

describe('a change', () => {
  test('shows in the very next answer, here and in another process', async () => {
    await putMovies(9);
    await putNeighbours(api.pool, 1, [[9, 0.9]]);
    await using hub = await openNoticeHub(api.database, silent);
    const elsewhere = api.another({ hub });
    const readElsewhere = async (): Promise<Answer> => (await elsewhere(path, somebody.headers)).json();
    expect((await read()).meta.strategy).toBe('cold_start');
    expect((await readElsewhere()).meta.strategy).toBe('cold_start');
    await interact(api.pool, somebody.userId, 'liked', [1]);
    expect(idsOf(await read())[0]).toBe(9);
    expect(idsOf(await readElsewhere())[0]).toBe(9);
    await interact(api.pool, somebody.userId, 'watched', [9]);
    expect(idsOf(await read())).not.toContain(9);
    expect(idsOf(await readElsewhere())).not.toContain(9);
    await api.pool.query("delete from user_movie_interactions where interaction_type = 'watched'");
    expect(idsOf(await readElsewhere())[0]).toBe(9);
    await prefer(api.pool, somebody.userId, { movies: [9] });
    expect(idsOf(await read())).not.toContain(9);
  });

  test('of somebody else changes nothing', async () => {
    await putMovies(9);
    await read();
    const other = await openAccount(api);
    await interact(api.pool, other.userId, 'liked', [1]);
    const { rows } = await api.pool.query('select id, taste_version::int as version from users');
    expect(new Map(rows.map(({ id, version }) => [id, version]))).toEqual(
      new Map([
        [somebody.userId, 0],
        [other.userId, 1],
      ]),
    );
  });

  test('of the neighbours is shown once it is told of', async () => {
    await putMovies(9);
    await interact(api.pool, somebody.userId, 'liked', [1]);
    expect(idsOf(await read())[0]).not.toBe(9);
    await putNeighbours(api.pool, 1, [[9, 0.9]]);
    await tell(api.pool, { kind: 'list', name: 'neighbours' });
    await until(async () => idsOf(await read())[0] === 9);
  });

  test('that ends an account is not held up by what it leaves', async () => {
    await putMovies(3);
    await interact(api.pool, somebody.userId, 'liked', [1, 2]);
    await prefer(api.pool, somebody.userId, { genres: [18], actors: [1], movies: [3] });
    await api.pool.query('delete from users where id = $1', [somebody.userId]);
    expect((await api.pool.query('select 1 from user_movie_interactions')).rows).toEqual([]);
  });
});

describe('without a history', () => {
  test('a list is neither empty nor random: the best by votes, spread over the genres', async () => {
    await putMovies(30);
    await putCatalogueMovie(api.pool, { tmdbId: 99, votes: 3, average: 10 });
    const answer = await read('?limit=100');
    expect(answer.meta).toMatchObject({ strategy: 'cold_start', total_results: 31 });
    expect(idsOf(answer).indexOf(99)).toBeGreaterThan(20);
    const genres = answer.data.slice(0, 6).map(({ movie }) => movie.genres[0]?.id);
    expect(new Set(genres).size).toBe(3);
    for (const { reasons } of answer.data) expect(reasons.length).toBeGreaterThan(0);
    expect(await read('?limit=100')).toEqual(answer);
  });

  test('what is trending is popular right now, and nothing else is said to be', async () => {
    await putMovies(3);
    await putTrending(api.pool, 'week', [2]);
    const answer = await read();
    expect(textsOf(answer, 2)).toEqual(['Popular right now']);
    expect(textsOf(answer, 1).join()).not.toContain('right now');
  });

  test('favourite genres and actors lead, and are named', async () => {
    await putMovies(6);
    await putCatalogueMovie(api.pool, { tmdbId: 50, genres: [77], cast: [9], votes: 5000 });
    await putCatalogueMovie(api.pool, { tmdbId: 51, genres: [78], cast: [9], votes: 5000 });
    await prefer(api.pool, somebody.userId, { genres: [77], actors: [9] });
    const answer = await read();
    expect(answer.meta.strategy).toBe('preferences');
    expect(idsOf(answer).slice(0, 2)).toEqual([50, 51]);
    expect(reasonsOf(answer, 50).slice(0, 2)).toEqual([
      { type: 'actor', id: 9, name: 'Person 9', text: 'With Person 9' },
      { type: 'genre', id: 77, name: 'Genre 77', text: 'Genre 77, one of your genres' },
    ]);
    expect(reasonsOf(answer, 51).map(({ type }) => type)).not.toContain('genre');
  });

  test('what few people see leads too, where that is what somebody has stated', async () => {
    await putMovies(700);
    // A hundredth of the votes: beyond what everybody is shown.
    for (const id of [901, 902, 903])
      await putCatalogueMovie(api.pool, { tmdbId: id, genres: [99, 18], votes: 60 - (id % 900) });
    await putCatalogueMovie(api.pool, { tmdbId: 950, genres: [18], cast: [9], votes: 40 });
    await prefer(api.pool, somebody.userId, { genres: [99] });
    expect(idsOf(await read()).slice(0, 3)).toEqual([901, 902, 903]);
    const other = await openAccount(api);
    await prefer(api.pool, other.userId, { actors: [9] });
    const answer = await read('?explain=true', other);
    expect(idsOf(answer)[0]).toBe(950);
    const { parts = {}, score } = answer.data[0] as Item;
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 6);
  }, 120_000);

  test('a stated genre leads where people here mostly like other things', async () => {
    await putMovies(30);
    for (let id = 1; id <= 30; id++) await putNeighbours(api.pool, id, [], 100);
    for (let id = 901; id <= 912; id++) {
      await putCatalogueMovie(api.pool, { tmdbId: id, genres: [99], votes: 5000 });
      await putNeighbours(api.pool, id, [], id === 901 ? 100 : 30);
    }
    await prefer(api.pool, somebody.userId, { genres: [99] });
    const first = idsOf(await read()).slice(0, 12);
    expect(first.filter((id) => id < 900)).toEqual([]);
  });

  test('a stated genre leaves places to a stated actor who is in other movies', async () => {
    await putMovies(30);
    await putCatalogueMovies(
      api.pool,
      Array.from({ length: 40 }, (_, n) => ({
        tmdbId: 901 + n,
        genres: [99],
        votes: Math.round(2000 / (n + 2)),
      })),
    );
    for (const id of [950, 951, 952])
      await putCatalogueMovie(api.pool, { tmdbId: id, genres: [18], cast: [9], votes: 2000 - id });
    await prefer(api.pool, somebody.userId, { genres: [99], actors: [9] });
    const first = idsOf(await read());
    expect(first[0]).toBe(901);
    expect(first.slice(0, 10)).toContain(950);
    expect(first.slice(0, 20).filter((id) => id < 900)).toEqual([]);
  });

  test('an empty mirror has an empty list', async () => {
    expect((await read()).data).toEqual([]);
  });
});
