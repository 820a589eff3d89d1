import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { putMovie, putTrending, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { openTwoApis, type TwoApis } from '#tests/support/api/two-apis.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { until } from '#tests/support/until.ts';

let apis: TwoApis;
const movies = [100, 101, 102];
interface Shown {
  liked: boolean;
  disliked: boolean;
  bookmarked: boolean;
  watched: boolean;
  hidden: boolean;
  rating: number | null;
}
const none: Shown = {
  liked: false,
  disliked: false,
  bookmarked: false,
  watched: false,
  hidden: false,
  rating: null,
};
beforeAll(async () => {
  apis = await openTwoApis();
  await putWholeMovie(apis.here.pool, 100);
  for (const id of [101, 102]) await putMovie(apis.here.pool, { tmdbId: id });
  await putTrending(apis.here.pool, 'week', movies);
});
afterAll(() => apis[Symbol.asyncDispose]());

const flagsOf = async (answer: Promise<Response> | Response) => {
  const { data } = (await (await answer).json()) as { data: { tmdb_id: number; viewer: Shown }[] };
  return Object.fromEntries(data.map((movie) => [movie.tmdb_id, movie.viewer]));
};
const seenThere = (user: TestUser) => flagsOf(apis.there.get('/api/movies/trending', user.headers));
const seenHere = (user: TestUser) => flagsOf(user.get('/api/movies/trending'));
const say = async (user: TestUser, tmdb_id: number, said: object) =>
  expect((await user.post('/api/user/interactions', { tmdb_id, ...said })).status).toBe(200);

describe('each flag, set and taken back here, is seen at once here and there:', () => {
  test.each(['liked', 'disliked', 'bookmarked', 'watched', 'hidden'])('%s', async (type) => {
    const user = await openUser(apis.here);
    expect(await seenThere(user)).toEqual({ 100: none, 101: none, 102: none });
    await say(user, 101, { type });
    const expected = { 100: none, 101: { ...none, [type]: true }, 102: none };
    expect([await seenThere(user), await seenHere(user)]).toEqual([expected, expected]);
    expect((await user.remove(`/api/user/interactions/101/${type}`)).status).toBe(204);
    expect((await seenThere(user))[101]).toEqual(none);
    expect((await seenHere(user))[101]).toEqual(none);
  });

  test('rating, also where nothing else changes', async () => {
    const user = await openUser(apis.here);
    for (const rating of [3.5, 0.5, 5, null]) {
      await say(user, 102, { type: 'watched', rating });
      const expected = { ...none, watched: true, rating };
      expect((await seenThere(user))[102]).toEqual(expected);
      expect((await seenHere(user))[102]).toEqual(expected);
    }
  });
});

test('what is known is answered without a wait, by the same bytes for all who have said the same', async () => {
  const [one, other] = [await openUser(apis.here), await openUser(apis.here)];
  const fetched = (user: TestUser) => apis.there.fetch('/api/movies/100', user.headers);
  for (const user of [one, other])
    await until(async () => {
      const answer = fetched(user);
      return answer instanceof Response || ((await answer).ok && false);
    });
  const [mine, theirs] = await Promise.all([one, other].map(fetched));
  expect(mine?.headers.get('etag')).toBe(String(theirs?.headers.get('etag')));
  expect(await mine?.text()).toBe(String(await theirs?.text()));
  const etag = String(mine?.headers.get('etag'));
  await say(one, 100, { type: 'liked' });
  const again = (user: TestUser) =>
    apis.there.get('/api/movies/100', { ...user.headers, 'if-none-match': etag });
  expect([(await again(one)).status, (await again(other)).status]).toEqual([200, 304]);
});

test('flags laid over shared bytes change nothing else of an answer', async () => {
  const user = await openUser(apis.here);
  await apis.here.pool.query(`update movies set title = 'Ünï "},{"viewer":1} \\ 🎬' where tmdb_id = 101`);
  const anonymous = (await (await apis.there.get('/api/movies/trending')).json()) as { data: object[] };
  const signed = (await (
    await apis.there.get('/api/movies/trending', user.headers)
  ).json()) as typeof anonymous;
  expect(signed).toEqual({ ...anonymous, data: anonymous.data.map((each) => ({ ...each, viewer: none })) });
});

test('many at once, here and there, each see what they said themselves, and nothing of others', async () => {
  const users = await Promise.all(Array.from({ length: 6 }, () => openUser(apis.here)));
  const step = fc.record({
    who: fc.nat(5),
    movie: fc.constantFrom(...movies),
    type: fc.constantFrom('bookmarked', 'watched', 'hidden'),
    isSaid: fc.boolean(),
  });
  const expected = new Map(users.map((user) => [user, new Map<string, boolean>()]));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), async (steps) => {
      const walk = async (user: TestUser, own: typeof steps) => {
        const said = expected.get(user) ?? new Map();
        for (const { movie, type, isSaid } of own) {
          if (isSaid) await say(user, movie, { type });
          else await user.remove(`/api/user/interactions/${movie}/${type}`);
          said.set(`${movie}/${type}`, isSaid);
          for (const seen of await Promise.all([seenThere(user), seenHere(user)]))
            for (const id of movies) {
              const of = (kind: string) => said.get(`${id}/${kind}`) ?? false;
              expect(seen[id]).toEqual({
                ...none,
                bookmarked: of('bookmarked'),
                watched: of('watched'),
                hidden: of('hidden'),
              });
            }
        }
      };
      await Promise.all(
        users.map((user, at) =>
          walk(
            user,
            steps.filter(({ who }) => who === at),
          ),
        ),
      );
    }),
    { numRuns: 8 },
  );
}, 120_000);
