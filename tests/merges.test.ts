import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createAccessTokens } from '#api/auth/access-tokens.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';
import { putUser } from './support/put-user.ts';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const secret = 'the secret of this one service, long enough';
let service: Service;
let headers: Record<string, string>;
/** Ids of movies that the mirror holds. */
let ids: number[];

beforeAll(async () => {
  service = await openService({
    env: { JWT_SECRET: secret, ADMIN_EMAIL: 'boss@example.org', ADMIN_PASSWORD: 'of the settings' },
  });
  const [admin] = await service.rows("select id from users where role = 'admin'");
  const sessionId = Bun.randomUUIDv7();
  await service.rows(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    sessionId,
    admin?.id,
  );
  const tokens = createAccessTokens({ secret, previousSecret: undefined, now: Date.now });
  const token = await tokens.sign({ userId: String(admin?.id), sessionId });
  headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const held = await service.rows(
    "select tmdb_id from movies where state = 'detailed' and scope = 1 and imdb_id is not null order by tmdb_id limit 6",
  );
  ids = held.map((row) => Number(row.tmdb_id));
}, 90_000);
afterAll(() => service[Symbol.asyncDispose]());

const merges = async (): Promise<TestBody['data']> =>
  ((await (await service.get('/api/admin/merges', { headers })).json()) as TestBody).data;
const decide = (tmdbId: number, confirm: boolean) =>
  service.get(`/api/admin/merges/${tmdbId}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ confirm }),
  });
const ask = (path: string) => service.get(path, { redirect: 'manual' });

/** TMDb merged the first into the second: it knows the first one's IMDb id under the other id only. */
async function mergeAtTmdb(from: number, into: number, patch: object = {}): Promise<void> {
  const [movie] = await service.rows('select imdb_id from movies where tmdb_id = $1', from);
  service.sandbox.override(into, { imdb_id: String(movie?.imdb_id), ...patch });
  service.sandbox.setGone([from]);
  await service.rows("update movies set state = 'gone', gone_at = now(), scope = 1 where tmdb_id = $1", from);
}

async function save(from: number, into: number): Promise<string[]> {
  const users = await Promise.all(Array.from({ length: 4 }, () => putUser(service.database.pool)));
  const [later, earlier, only, same] = users as [string, string, string, string];
  const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
  const said: [user: string, movie: number, type: string, day: number][] = [
    // Of two opinions the later one stays, whichever movie it was of.
    [later, from, 'liked', 5],
    [later, into, 'disliked', 2],
    [earlier, from, 'liked', 1],
    [earlier, into, 'disliked', 3],
    [only, from, 'liked', 1],
    [only, from, 'watched', 1],
    [same, from, 'watched', 2],
    [same, into, 'watched', 4],
  ];
  for (const [user, movie, type, day] of said)
    await service.rows(
      'insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at) select $1, id, $2, $3 from movies where tmdb_id = $4',
      user,
      type,
      at(day),
      movie,
    );
  for (const [movie, rating, day] of [
    [from, 4.5, 7],
    [into, 2, 3],
  ] as const)
    await service.rows(
      'insert into user_movie_ratings (user_id, movie_id, rating, rated_at) select $1, id, $2, $3 from movies where tmdb_id = $4',
      same,
      rating,
      at(day),
      movie,
    );
  for (const movie of [from, into])
    await service.rows(
      'insert into user_movie_preferences (user_id, movie_id, position) select $1, id, $2 from movies where tmdb_id = $3',
      only,
      movie === from ? 0 : 1,
      movie,
    );
  return users;
}

test('a deleted movie that is found under another id is proposed, and moves when an administrator confirms it', async () => {
  const [from = 0, into = 0] = ids;
  const users = await save(from, into);
  await mergeAtTmdb(from, into);
  await service.sync('details');
  expect(await merges()).toMatchObject([
    { tmdb_id: from, into_tmdb_id: into, state: 'proposed', certainty: 0.6 },
  ]);
  // Until then it is deleted, and nothing has moved.
  await until(async () => (await ask(`/api/movies/${from}`)).status === 410);
  expect((await decide(from, true)).status).toBe(200);
  await until(async () => (await merges())[0].state === 'moved');

  const rows = await service.rows(
    'select i.user_id, m.tmdb_id, i.interaction_type as type from user_movie_interactions i join movies m on m.id = i.movie_id where i.user_id = any($1::uuid[])',
    users,
  );
  const [later, earlier, only, same] = users;
  const moved = (user: string | undefined, type: string) => ({ user_id: user, tmdb_id: into, type });
  expect(rows).toHaveLength(5);
  expect(rows).toEqual(
    expect.arrayContaining([
      moved(later, 'liked'),
      moved(earlier, 'disliked'),
      moved(only, 'liked'),
      moved(only, 'watched'),
      moved(same, 'watched'),
    ]),
  );
  expect(
    await service.rows(
      'select r.rating::float8 as rating, m.tmdb_id from user_movie_ratings r join movies m on m.id = r.movie_id where r.user_id = $1',
      same,
    ),
  ).toEqual([{ rating: 4.5, tmdb_id: into }]);
  expect(
    await service.rows(
      'select m.tmdb_id from user_movie_preferences p join movies m on m.id = p.movie_id where p.user_id = $1',
      only,
    ),
  ).toEqual([{ tmdb_id: into }]);

  await until(async () => (await ask(`/api/movies/${from}`)).status === 301);
  const answer = await ask(`/api/movies/${from}`);
  expect(answer.headers.get('location')).toBe(`/api/movies/${into}`);
  expect(await answer.json()).toMatchObject({ status: 'error', code: 'movie_moved' });
  const related = await ask(`/api/movies/${from}/recommendations?limit=3`);
  expect(related.headers.get('location')).toBe(`/api/movies/${into}/recommendations?limit=3`);
  expect((await decide(from, false)).status).toBe(404);
}, 60_000);

test('what is saved under an old id later moves along', async () => {
  const [from = 0, into = 0] = ids;
  const user = await putUser(service.database.pool);
  await service.rows(
    "insert into user_movie_interactions (user_id, movie_id, interaction_type) select $1, id, 'liked' from movies where tmdb_id = $2",
    user,
    from,
  );
  await service.sync('details');
  expect(
    await service.rows(
      'select m.tmdb_id from user_movie_interactions i join movies m on m.id = i.movie_id where i.user_id = $1',
      user,
    ),
  ).toEqual([{ tmdb_id: into }]);
}, 60_000);

test('one whose IMDb id, title and year agree moves by itself, and a rejected one never does', async () => {
  const [, , twin = 0, twinInto = 0, other = 0, otherInto = 0] = ids;
  const [movie] = await service.rows(
    "select title, to_char(release_date, 'YYYY-MM-DD') as release_date from movies where tmdb_id = $1",
    twin,
  );
  await mergeAtTmdb(twin, twinInto, { title: movie?.title, release_date: movie?.release_date });
  await mergeAtTmdb(other, otherInto);
  await service.sync('details');
  expect(await service.rows('select state from movie_merges where tmdb_id = $1', twin)).toEqual([
    { state: 'moved' },
  ]);
  expect((await decide(other, false)).status).toBe(200);
  await service.sync('details');
  expect(await service.rows('select state from movie_merges where tmdb_id = $1', other)).toEqual([
    { state: 'rejected' },
  ]);
  expect((await ask(`/api/movies/${other}`)).status).toBe(410);
}, 60_000);
