import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, putTrending, putWholeMovie, relate } from '#tests/support/api/movie-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { until } from '#tests/support/until.ts';
import { Movie, RelatedMovie } from '../movies/model.ts';

let api: TestApi;
let user: TestUser;
const none = {
  liked: false,
  disliked: false,
  bookmarked: false,
  watched: false,
  hidden: false,
  rating: null,
};
beforeAll(async () => {
  api = await openTestApi();
  await putWholeMovie(api.pool, 100);
  for (const id of [101, 102, 103]) await putMovie(api.pool, { tmdbId: id });
  await relate(api.pool, 100, 'recommendation', [103, 101]);
  await relate(api.pool, 100, 'similar', [102]);
  await putTrending(api.pool, 'week', [102, 100, 101]);
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  user = await openUser(api);
});

const say = async (tmdbId: number, ...types: string[]) => {
  const items = types.map((type) => ({ tmdb_id: tmdbId, type }));
  expect((await user.post('/api/user/interactions', { items })).status).toBe(200);
};
type Listed = { tmdb_id: number; viewer: object };
const flagsOf = (movies: Listed[]) => Object.fromEntries(movies.map((one) => [one.tmdb_id, one.viewer]));

test('a movie in full says what the caller has said of it, at once after it was said', async () => {
  const anonymous = await (await api.get('/api/movies/100')).json();
  const before = await (await user.get('/api/movies/100')).json();
  expect(Movie.strict().parse(before.data).viewer).toEqual(none);
  expect(before.data).toEqual({ ...anonymous.data, viewer: none });
  expect(before.meta).toEqual(anonymous.meta);
  await say(100, 'liked', 'watched');
  const after = await (await user.get('/api/movies/100')).json();
  expect(after.data.viewer).toEqual({ ...none, liked: true, watched: true });
  expect((await user.remove('/api/user/interactions/100/liked')).status).toBe(204);
  expect((await (await user.get('/api/movies/100')).json()).data.viewer).toEqual({ ...none, watched: true });
});

test('so does every movie of trending and of the related ones', async () => {
  await say(101, 'bookmarked');
  await say(103, 'disliked');
  const trending = (await (await user.get('/api/movies/trending')).json()).data;
  expect(trending.map((one: { rank: number }) => one.rank)).toEqual([1, 2, 3]);
  expect(flagsOf(trending)).toEqual({ 102: none, 100: none, 101: { ...none, bookmarked: true } });
  const related = (await (await user.get('/api/movies/100/recommendations')).json()).data;
  for (const one of related) RelatedMovie.strict().parse(one);
  expect(flagsOf(related.map((one: { movie: Listed }) => one.movie))).toEqual({
    101: { ...none, bookmarked: true },
    102: none,
    103: { ...none, disliked: true },
  });
});

describe.each(['/api/movies/100', '/api/movies/trending', '/api/movies/100/recommendations'])(
  '%s',
  (path) => {
    const liked = 101;
    const shown = path === '/api/movies/100' ? 100 : liked;

    test('is private to who is signed in, and nobody else sees their flags', async () => {
      await say(shown, 'liked');
      const mine = await user.get(path);
      expect(mine.headers.get('cache-control')).toBe('private, no-cache');
      expect(mine.headers.get('vary')).toContain('Authorization');
      expect(await mine.text()).toContain('"liked":true');
      const theirs = await (await (await openUser(api)).get(path)).text();
      expect(theirs).toContain('"liked":false');
      expect(theirs).not.toContain('"liked":true');
      const anonymous = await api.get(path);
      expect(anonymous.headers.get('cache-control')).toBe('public, max-age=60');
      expect(await anonymous.text()).not.toContain('viewer');
    });

    test('has an ETag that changes with the flags alone', async () => {
      const etagOf = async () => String((await user.get(path)).headers.get('etag'));
      const again = async (etag: string) => (await user.get(path, { 'if-none-match': etag })).status;
      const before = await etagOf();
      expect(before).toStartWith('W/"');
      expect(await again(before)).toBe(304);
      expect(before).not.toBe(String((await api.get(path)).headers.get('etag')));
      await say(shown, 'liked');
      expect(await again(before)).toBe(200);
      const after = await etagOf();
      expect([after === before, await again(after)]).toEqual([false, 304]);
      await user.remove(`/api/user/interactions/${shown}/liked`);
      expect(await etagOf()).toBe(before);
    });
  },
);

test('the answer of a visitor is made without a wait, also between those who are signed in', async () => {
  await user.get('/api/movies/100');
  await until(() => api.fetch('/api/movies/100') instanceof Response);
});

test('a bearer of a token that proves nothing is refused, whatever is ready', async () => {
  for (const path of ['/api/movies/100', '/api/movies/trending', '/api/movies/100/recommendations'])
    expect((await api.get(path, { authorization: 'Bearer x' })).status).toBe(401);
});
