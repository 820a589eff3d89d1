import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { maxInteractions } from '#shared/users/held-interactions.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putAbsence, putMovie, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { until } from '#tests/support/until.ts';
import { Interaction, InteractionsMeta } from './model.ts';

const path = '/api/user/interactions';
let api: TestApi;
let user: TestUser;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  await emptyTables(api.pool, 'movies', 'movie_absences', 'genres', 'users');
  user = await openUser(api);
});

const saved = async (body: unknown) => {
  const answer = await user.post(path, body);
  return [answer.status, (await answer.json()).data];
};
const refused = async (body: unknown) => {
  const answer = await user.post(path, body);
  const { code, details } = await answer.json();
  return [answer.status, code, details?.map((one: { path: string }) => one.path)];
};
const listed = async (query = '') => (await user.get(`${path}${query}`)).json();
const said = async () =>
  (await listed('?limit=100')).data.map(({ tmdb_id, type, at }: Shown) => `${tmdb_id} ${type} ${at}`);
interface Shown {
  tmdb_id: number;
  type: string;
  at: string;
  movie: { tmdb_id: number; title: string; viewer: object } | null;
}
const jobs = async () =>
  (await api.queues.queue('on-demand').getJobs(['waiting', 'prioritized', 'delayed']))
    .map((job) => (job.data as { tmdbId: number }).tmdbId)
    .filter((id) => id > 800 && id < 900)
    .toSorted();
const day = (n: number) => `2024-01-0${n}T00:00:00.000Z`;

describe('saying something of a movie', () => {
  test('is answered with what it changed, and shows at once', async () => {
    await putWholeMovie(api.pool, 550);
    const answer = await user.post(path, { tmdb_id: 550, type: 'liked' });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'success', data: { added: 1, unchanged: 0 } },
    ]);
    const { status, data, meta } = await listed();
    expect(status).toBe('success');
    expect(InteractionsMeta.strict().parse(meta)).toEqual({
      page: 1,
      limit: 20,
      total_results: 1,
      total_pages: 1,
      language: { asked: 'en-US' },
    });
    expect(Interaction.strict().parse(data[0])).toEqual({
      tmdb_id: 550,
      type: 'liked',
      at: expect.any(String),
      movie: {
        tmdb_id: 550,
        title: 'The "Long" Title: Ünïcode 🎬',
        original_title: 'Le Titre',
        overview: 'What happens.',
        release_date: '1999-12-31',
        poster_path: '/p.jpg',
        backdrop_path: '/b.jpg',
        genres: [
          { id: 35, name: 'Comedy' },
          { id: 18, name: 'Drama' },
        ],
        popularity: 12.5,
        vote_average: 7.25,
        vote_count: 42,
        adult: false,
        poster_url: 'https://images.test/t/p/w342/p.jpg',
        backdrop_url: 'https://images.test/t/p/w780/b.jpg',
        viewer: {
          liked: true,
          disliked: false,
          bookmarked: false,
          watched: false,
          hidden: false,
          rating: null,
        },
      },
    });
    expect(Math.abs(Date.parse(data[0].at) - Date.now())).toBeLessThan(60_000);
  });

  test('again is no error and no second row, and its time stays', async () => {
    expect(await saved({ tmdb_id: 1, type: 'watched', at: day(3) })).toEqual([
      200,
      { added: 1, unchanged: 0 },
    ]);
    expect(await saved({ tmdb_id: 1, type: 'watched' })).toEqual([200, { added: 0, unchanged: 1 }]);
    const items = [
      { tmdb_id: 1, type: 'watched', at: day(1) },
      { tmdb_id: 2, type: 'watched', at: day(2) },
      { tmdb_id: 2, type: 'watched', at: day(1) },
    ];
    expect(await saved({ items })).toEqual([200, { added: 1, unchanged: 2 }]);
    expect(await said()).toEqual([`1 watched ${day(3)}`, `2 watched ${day(2)}`]);
  });

  test('a movie may be all of it at once but liked and disliked', async () => {
    const items = ['bookmarked', 'watched', 'liked', 'disliked'].map((type) => ({
      tmdb_id: 1,
      type,
      at: day(1),
    }));
    expect(await saved({ items })).toEqual([200, { added: 3, unchanged: 1 }]);
    expect((await said()).toSorted()).toEqual([
      `1 bookmarked ${day(1)}`,
      `1 disliked ${day(1)}`,
      `1 watched ${day(1)}`,
    ]);
  });

  test('the later of two opinions wins, in whatever order they arrive', async () => {
    await saved({ tmdb_id: 1, type: 'liked', at: day(3) });
    expect(await saved({ tmdb_id: 1, type: 'disliked', at: day(2) })).toEqual([
      200,
      { added: 0, unchanged: 1 },
    ]);
    expect(await said()).toEqual([`1 liked ${day(3)}`]);
    expect(await saved({ tmdb_id: 1, type: 'disliked', at: day(4) })).toEqual([
      200,
      { added: 1, unchanged: 0 },
    ]);
    expect(await said()).toEqual([`1 disliked ${day(4)}`]);
    expect(await saved({ tmdb_id: 1, type: 'liked', at: day(4) })).toEqual([200, { added: 1, unchanged: 0 }]);
    expect(await said()).toEqual([`1 liked ${day(4)}`]);
  });

  test.each([
    ['by time', [day(5), day(4)], 'liked', day(5)],
    ['by time, the other way round', [day(4), day(5)], 'disliked', day(5)],
    ['by order where times are equal', [day(4), day(4)], 'disliked', day(4)],
  ])('within one bulk the later opinion wins: %s', async (_, [likedAt, dislikedAt], type, at) => {
    for (const before of [undefined, 'liked', 'disliked']) {
      await api.pool.query('truncate user_movie_interactions');
      if (before !== undefined) await saved({ tmdb_id: 1, type: before, at: day(1) });
      const items = [
        { tmdb_id: 1, type: 'liked', at: likedAt },
        { tmdb_id: 1, type: 'disliked', at: dislikedAt },
      ];
      const isThere = before === type;
      expect((await saved({ items }))[1]).toEqual(
        isThere ? { added: 0, unchanged: 2 } : { added: 1, unchanged: 1 },
      );
      expect(await said()).toEqual([`1 ${type} ${isThere ? day(1) : at}`]);
    }
  });

  test('a change of mind is not lost to a clock that was ahead', async () => {
    const ahead = new Date(Date.now() + 120_000).toISOString();
    await saved({ tmdb_id: 1, type: 'liked', at: ahead });
    await saved({ tmdb_id: 1, type: 'disliked' });
    expect((await listed()).data.map((one: Shown) => one.type)).toEqual(['disliked']);
  });

  test('times may be dates, or have an offset', async () => {
    const items = [
      { tmdb_id: 1, type: 'watched', at: '2024-01-02' },
      { tmdb_id: 2, type: 'watched', at: '2024-01-01T01:30:00.1239+02:00' },
    ];
    await saved({ items });
    expect(await said()).toEqual([`1 watched ${day(2)}`, '2 watched 2023-12-31T23:30:00.123Z']);
  });
});

describe('a rating', () => {
  const viewer = async (tmdbId = 550) => (await (await user.get(`/api/movies/${tmdbId}`)).json()).data.viewer;
  beforeEach(() => putWholeMovie(api.pool, 550));

  test('goes along with watched, is shown, is exported, and is no opinion', async () => {
    expect(await saved({ tmdb_id: 550, type: 'watched', rating: 4.5 })).toEqual([
      200,
      { added: 1, unchanged: 0 },
    ]);
    expect(await viewer()).toEqual({
      liked: false,
      disliked: false,
      bookmarked: false,
      watched: true,
      hidden: false,
      rating: 4.5,
    });
    const [one] = (await listed()).data;
    expect(Interaction.strict().parse(one)).toMatchObject({
      type: 'watched',
      rating: 4.5,
      movie: { viewer: { rating: 4.5 } },
    });
    const exported = (await (await user.get('/api/user/export')).json()).data;
    expect(exported.ratings).toEqual([
      { tmdb_id: 550, title: expect.any(String), rating: 4.5, at: expect.any(String) },
    ]);
  });

  test('is one for each movie: the last word stands, null takes it away, and so does taking watched back', async () => {
    await saved({ tmdb_id: 550, type: 'watched', rating: 4.5, at: day(1) });
    expect(await saved({ tmdb_id: 550, type: 'watched', rating: 0.5 })).toEqual([
      200,
      { added: 1, unchanged: 0 },
    ]);
    expect(await saved({ tmdb_id: 550, type: 'watched', rating: 0.5 })).toEqual([
      200,
      { added: 0, unchanged: 1 },
    ]);
    expect(await saved({ tmdb_id: 550, type: 'watched' })).toEqual([200, { added: 0, unchanged: 1 }]);
    expect([(await viewer()).rating, await said()]).toEqual([0.5, [`550 watched ${day(1)}`]]);
    expect(await saved({ tmdb_id: 550, type: 'watched', rating: null })).toEqual([
      200,
      { added: 1, unchanged: 0 },
    ]);
    expect(await viewer()).toMatchObject({ watched: true, rating: null });
    await saved({ tmdb_id: 550, type: 'watched', rating: 3.75 });
    expect((await viewer()).rating).toBe(3.75);
    await user.remove(`${path}/550/liked`);
    expect((await viewer()).rating).toBe(3.75);
    await user.remove(`${path}/550/watched`);
    expect(await viewer()).toMatchObject({ watched: false, rating: null });
  });

  test('in a bulk is the one of the latest time, or the last of one time', async () => {
    const rated = (rating: number | null, at: string) => ({ tmdb_id: 550, type: 'watched', rating, at });
    await saved({ items: [rated(1, day(3)), rated(5, day(2))] });
    expect((await viewer()).rating).toBe(1);
    await saved({ items: [rated(1, day(3)), rated(2, day(3))] });
    expect((await viewer()).rating).toBe(2);
  });

  test.each<[unknown, object, string[]]>([
    [0, {}, ['rating']],
    [5.5, {}, ['rating']],
    ['4', {}, ['rating']],
    [4, { type: 'liked' }, ['rating']],
    [null, { type: 'bookmarked' }, ['rating']],
  ])('of %p (%j) is refused by name, alone and in a bulk', async (rating, changes, paths) => {
    const one = { tmdb_id: 550, type: 'watched', ...changes, rating };
    expect(await refused(one)).toEqual([422, 'invalid_input', paths]);
    expect(await refused({ items: [{ tmdb_id: 1, type: 'liked' }, one] })).toEqual([
      422,
      'invalid_input',
      paths.map((it) => `items.1.${it}`),
    ]);
  });
});

describe('a day', () => {
  const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  test('that has begun east of Greenwich is not to come, alone and in a bulk, and counts as now', async () => {
    expect((await saved({ tmdb_id: 1, type: 'liked', at: dayFromNow(1) }))[0]).toBe(200);
    expect((await saved({ items: [{ tmdb_id: 2, type: 'watched', at: dayFromNow(1) }] }))[0]).toBe(200);
    await saved({ tmdb_id: 1, type: 'disliked' });
    expect((await listed('?type=disliked')).data).toHaveLength(1);
  });

  test('that has begun nowhere is refused, and in a bulk the item is named, and nothing else', async () => {
    expect(await refused({ tmdb_id: 1, type: 'liked', at: dayFromNow(2) })).toEqual([
      422,
      'invalid_input',
      ['at'],
    ]);
    const items = [1, 2, 3].map((id) => ({ tmdb_id: id, type: 'liked', at: dayFromNow(id === 2 ? 2 : 1) }));
    expect(await refused({ items })).toEqual([422, 'invalid_input', ['items.1.at']]);
    expect((await listed()).data).toEqual([]);
  });
});

describe('hidden', () => {
  test('is kept beside an opinion, shown, and never recommended', async () => {
    await putWholeMovie(api.pool, 550);
    await saved({ items: ['hidden', 'liked'].map((type) => ({ tmdb_id: 550, type })) });
    const { data } = await (await user.get('/api/movies/550')).json();
    expect(data.viewer).toMatchObject({ hidden: true, liked: true });
    await user.remove(`${path}/550/liked`);
    const { data: recommended } = await (await user.get('/api/user/recommendations')).json();
    expect(recommended.map((one: { movie: { tmdb_id: number } }) => one.movie.tmdb_id)).not.toContain(550);
    expect((await user.remove(`${path}/550/hidden`)).status).toBe(204);
  });
});

describe('what is not in order', () => {
  test.each<[string, unknown, string[]]>([
    ['no body at all', 'null', ['body']],
    ['a list', [], ['body']],
    ['nothing in it', {}, ['tmdb_id', 'type']],
    ['no type', { tmdb_id: 1 }, ['type']],
    ['an id as text', { tmdb_id: '1', type: 'liked' }, ['tmdb_id']],
    ['an id too small', { tmdb_id: 0, type: 'liked' }, ['tmdb_id']],
    ['an id too large', { tmdb_id: 2_147_483_648, type: 'liked' }, ['tmdb_id']],
    ['a part of an id', { tmdb_id: 1.5, type: 'liked' }, ['tmdb_id']],
    ['a type there is not', { tmdb_id: 1, type: 'loved' }, ['type']],
    ['NUL', { tmdb_id: 1, type: 'liked\0' }, ['type']],
    ['half a character', '{"tmdb_id":1,"type":"liked\\ud800","at":"\\ud800"}', ['type', 'at']],
    ['no time', { tmdb_id: 1, type: 'liked', at: 'yesterday' }, ['at']],
    ['a time of nowhere', { tmdb_id: 1, type: 'liked', at: '2024-01-01T00:00:00' }, ['at']],
    ['a day there is not', { tmdb_id: 1, type: 'liked', at: '2024-02-30' }, ['at']],
    ['a time long ago', { tmdb_id: 1, type: 'liked', at: '1899-12-31T23:59:59Z' }, ['at']],
    [
      'a time to come',
      { tmdb_id: 1, type: 'liked', at: new Date(Date.now() + 600_000).toISOString() },
      ['at'],
    ],
    [
      'both forms',
      { tmdb_id: 1, type: 'liked', items: [{ tmdb_id: 1, type: 'liked' }] },
      ['tmdb_id', 'type'],
    ],
    ['no items', { items: [] }, ['items']],
    [
      'too many items',
      { items: Array.from({ length: 501 }, (_, i) => ({ tmdb_id: i + 1, type: 'liked' })) },
      ['items'],
    ],
    [
      'a bad item',
      { items: [{ tmdb_id: 1, type: 'liked' }, { tmdb_id: 2, type: 'x' }, 3] },
      ['items.1.type', 'items.2'],
    ],
    ['an unknown field', { tmdb_id: 1, type: 'liked', user_id: 'x' }, ['body']],
    ['an unknown field of an item', { items: [{ tmdb_id: 1, type: 'liked', ratin: 5 }] }, ['items.0']],
  ])('%s is refused by name, and nothing is written', async (_, body, paths) => {
    expect(await refused(body)).toEqual([422, 'invalid_input', paths]);
    expect(
      (await api.pool.query('select 1 from user_movie_interactions union all select 1 from movies')).rows,
    ).toEqual([]);
  });

  test('an unknown field is named', async () => {
    const answer = await (await user.post(path, { tmdb_id: 1, type: 'liked', ratin: 5 })).json();
    expect(answer.details[0].message).toContain('"ratin"');
  });

  test('a bad type, page or limit of a list is refused by name', async () => {
    for (const [query, name] of [
      ['type=loved', 'type'],
      ['type=liked%00', 'type'],
      ['type=%ff', 'type'],
      ['type=liked&type=watched', 'type'],
      ['page=0', 'page'],
      ['limit=101', 'limit'],
    ]) {
      const answer = await user.get(`${path}?${query}`);
      expect([query, answer.status, (await answer.json()).details[0].path]).toEqual([query, 422, name]);
    }
  });

  test('a bad id or type of what is taken back is refused by name', async () => {
    for (const [rest, name] of [
      ['0/liked', 'tmdb_id'],
      ['2147483648/liked', 'tmdb_id'],
      ['x/liked', 'tmdb_id'],
      ['%00/liked', 'tmdb_id'],
      ['1/loved', 'type'],
      ['1/liked%00', 'type'],
    ]) {
      const answer = await user.remove(`${path}/${rest}`);
      expect([rest, answer.status, (await answer.json()).details[0].path]).toEqual([rest, 422, name]);
    }
  });

  test('a visitor is refused before anything else is looked at', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const [method, rest, init] of [
      ['GET', '?limit=0', {}],
      ['POST', '', { headers, body: '{not json' }],
      ['POST', '', { headers: { 'content-type': 'text/plain' }, body: 'x' }],
      ['DELETE', '/x/y', {}],
    ] as const) {
      const answer = await api.request(`${path}${rest}`, { method, ...init });
      expect([method, answer.status, (await answer.json()).code]).toEqual([method, 401, 'unauthenticated']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });
});

describe('movies that are not mirrored', () => {
  test('are accepted, shown as nothing, and fetched', async () => {
    await putMovie(api.pool, { tmdbId: 801 });
    await putMovie(api.pool, { tmdbId: 802, state: 'purged', title: '' });
    await putMovie(api.pool, { tmdbId: 803, state: 'gone', title: 'Deleted' });
    await putMovie(api.pool, { tmdbId: 804, state: 'gone', title: '' });
    await putAbsence(api.pool, 806);
    await putAbsence(api.pool, 807, new Date(Date.now() - 25 * 3_600_000));
    const items = [1, 2, 3, 4, 5, 6, 7].map((id) => ({ tmdb_id: 800 + id, type: 'watched', at: day(id) }));
    expect(await saved({ items })).toEqual([200, { added: 7, unchanged: 0 }]);
    const { data } = await listed();
    expect(data.map(({ tmdb_id, movie }: Shown) => [tmdb_id, movie?.title ?? null])).toEqual([
      [807, null],
      [806, null],
      [805, null],
      [804, null],
      [803, 'Deleted'],
      [802, null],
      [801, 'Movie 801'],
    ]);
    await until(async () => (await jobs()).length >= 3);
    expect(await jobs()).toEqual([802, 805, 807]);
  });

  test('that TMDb has not are kept, said to be absent, and counted nowhere', async () => {
    await putAbsence(api.pool, 806);
    await saved({ items: [806, 805].map((id, n) => ({ tmdb_id: id, type: 'liked', at: day(n + 1) })) });
    const { data, meta } = await listed();
    for (const one of data) Interaction.strict().parse(one);
    expect(
      data.map(({ tmdb_id, absent, movie }: Shown & { absent?: true }) => [tmdb_id, absent, movie]),
    ).toEqual([
      [805, undefined, null],
      [806, true, null],
    ]);
    expect(meta.total_results).toBe(2);
    expect((await (await user.get('/api/user/profile')).json()).data.interactions.liked).toBe(1);
    await user.remove(`${path}/805/liked`);
    expect((await (await user.get('/api/user/recommendations')).json()).meta.strategy).toBe('cold_start');
  });

  test('so many may come in lists in a day, from a user and from an address, of whatever movies', async () => {
    await using limited = await openTestApi();
    const [someone, other] = [await openUser(limited), await openUser(limited)];
    const use = (key: string, points: number) =>
      limited.pool.query(
        'insert into rate_limits (key, points, expire) values ($1, $2, $3) on conflict (key) do update set points = $2',
        [key, points, Date.now() + 86_400_000],
      );
    const send = async (by: TestUser, items: number) => {
      const said = Array.from({ length: items }, () => ({ tmdb_id: 1, type: 'liked' }));
      return (await by.post(path, items === 1 ? said[0] : { items: said })).status;
    };
    await use(`nexus-bulk-interactions:user:${someone.userId}`, 99_900);
    expect([await send(someone, 101), await send(someone, 100), await send(someone, 2)]).toEqual([
      429, 200, 429,
    ]);
    expect([await send(someone, 1), await send(other, 500)]).toEqual([200, 200]);
    await use('nexus-address-bulk-interactions:address:', 999_900);
    expect([await send(other, 100), await send(other, 2)]).toEqual([200, 429]);
    expect(await send(other, 1)).toBe(200);
  });

  test('one account has at most so many, and beyond only what is there already is taken', async () => {
    // Without triggers and checks of foreign keys: it is many rows.
    await api.pool.query(
      `begin; set local session_replication_role = replica;
       insert into movies (tmdb_id, title) select n, 'Movie ' || n from generate_series(1, ${maxInteractions / 4}) n;
       insert into user_movie_interactions (user_id, movie_id, interaction_type)
       select '${user.userId}', m.id, type from movies m, unnest(array['liked', 'bookmarked', 'watched', 'hidden']) as type offset 2;
       commit`,
    );
    const one = { tmdb_id: 100_001, type: 'liked' };
    const two = { tmdb_id: 100_002, type: 'liked' };
    const list = [200, { added: 1, unchanged: 1 }];
    expect(await saved({ items: [one, { tmdb_id: 9, type: 'watched' }] })).toEqual(list);
    expect(await refused({ items: [two, { tmdb_id: 100_003, type: 'liked' }] })).toEqual([
      422,
      'invalid_input',
      ['items'],
    ]);
    expect(await saved(two)).toEqual([200, { added: 1, unchanged: 0 }]);
    const three = { tmdb_id: 100_003, type: 'watched', rating: 4 };
    expect(await refused(three)).toEqual([422, 'invalid_input', ['tmdb_id']]);
    expect((await api.pool.query('select 1 from user_movie_ratings')).rows).toEqual([]);
    expect(await saved(two)).toEqual([200, { added: 0, unchanged: 1 }]);
    const file = (...names: string[]) =>
      api.request('/api/user/import?source=letterboxd', {
        method: 'POST',
        headers: { authorization: `Bearer ${user.token}`, 'content-type': 'text/csv' },
        body: `Date,Name,Year\n${names.map((name) => `2024-05-01,${name},1999\n`).join('')}`,
      });
    const answer = await file('Film');
    expect([answer.status, (await answer.json()).details[0].path]).toEqual([422, 'body']);
    // What is taken back makes room.
    expect((await user.remove(`${path}/100001/liked`)).status).toBe(204);
    expect(await saved(three)).toEqual([200, { added: 1, unchanged: 0 }]);
    expect((await file('Film', 'Other')).status).toBe(422);
    expect((await user.remove(`${path}/100002/liked`)).status).toBe(204);
    expect((await file('Film', 'Other')).status).toBe(422);
    expect((await file('Film')).status).toBe(202);
  });

  test('all users of one address may name so many a day, too', async () => {
    await using limited = await openTestApi();
    const [someone, other] = [await openUser(limited), await openUser(limited)];
    await limited.pool.query(
      "insert into rate_limits (key, points, expire) values ('nexus-address-placeholders:address:', 24999, $1)",
      [Date.now() + 86_400_000],
    );
    const name = async (user: TestUser, id: number) =>
      (await user.post(path, { tmdb_id: id, type: 'liked' })).status;
    expect(await name(someone, 9001)).toBe(200);
    expect([await name(someone, 9002), await name(other, 9003)]).toEqual([429, 429]);
    // What is there already costs nothing, and what was refused is not counted as the user's own.
    expect(await name(other, 9001)).toBe(200);
    const { rows } = await limited.pool.query(
      "select points from rate_limits where key like 'nexus-placeholders:user:%' order by points",
    );
    expect(rows).toEqual([{ points: 0 }, { points: 1 }]);
  });

  test('a user may name so many a day, and what is refused writes nothing', async () => {
    await using limited = await openTestApi();
    await limited.pool.query("insert into movies (tmdb_id, title) values (1, 'One')");
    const someone = await openUser(limited);
    const other = await openUser(limited);
    const bulk = (from: number, size: number) => ({
      items: Array.from({ length: size }, (_, i) => ({ tmdb_id: from + i, type: 'bookmarked' })),
    });
    for (let n = 0; n < 10; n++)
      expect((await someone.post(path, bulk(1000 + n * 500, 500))).status).toBe(200);
    const refusal = await someone.post(path, { items: [...bulk(1, 1).items, ...bulk(9000, 1).items] });
    expect([refusal.status, (await refusal.json()).code]).toEqual([429, 'too_many_requests']);
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(80_000);
    const rows = (text: string) => limited.pool.query(text).then((result) => result.rowCount);
    expect(await rows('select 1 from movies where tmdb_id = 9000')).toBe(0);
    expect(await rows(`select 1 from user_movie_interactions where user_id = '${someone.userId}'`)).toBe(
      5000,
    );
    // What is there already costs nothing, and neither does it cost another.
    expect((await someone.post(path, bulk(1000, 500))).status).toBe(200);
    expect((await someone.post(path, bulk(1, 1))).status).toBe(200);
    expect((await other.post(path, bulk(9000, 500))).status).toBe(200);
  }, 120_000);
});

describe('the list', () => {
  test('comes newest first, in pages that follow each other, also where times are equal', async () => {
    const items = Array.from({ length: 25 }, (_, i) => ({
      tmdb_id: i + 1,
      type: 'watched',
      at: day(1 + (i % 2)),
    }));
    await saved({ items });
    const pages = await Promise.all([1, 2, 3, 4].map((page) => listed(`?limit=10&page=${page}`)));
    expect(pages.map((page) => page.data.length)).toEqual([10, 10, 5, 0]);
    expect(pages[3].meta).toEqual({
      page: 4,
      limit: 10,
      total_results: 25,
      total_pages: 3,
      language: { asked: 'en-US' },
    });
    const all: Shown[] = pages.flatMap((page) => page.data);
    expect(new Set(all.map((one) => one.tmdb_id)).size).toBe(25);
    expect(all.map((one) => one.at)).toEqual(
      all
        .map((one) => one.at)
        .toSorted()
        .toReversed(),
    );
    expect((await listed('?page=100&limit=100')).data).toEqual([]);
  });

  test('goes on from a cursor, also where times are equal, and a cursor is for one list', async () => {
    const items = Array.from({ length: 25 }, (_, i) => ({
      tmdb_id: i + 1,
      type: i % 5 === 0 ? 'liked' : 'watched',
      at: day(1 + (i % 2)),
    }));
    await saved({ items: [...items, { tmdb_id: 1, type: 'watched', at: day(1) }] });
    const whole = await listed('?limit=100');
    expect(whole.meta.next).toBeUndefined();
    let page = await listed('?limit=4');
    const all: Shown[] = [...page.data];
    const first = page.meta.next;
    for (let number = 2; page.meta.next !== undefined; number++) {
      page = await listed(`?limit=4&after=${page.meta.next}`);
      expect(page.meta).toMatchObject({ page: number, total_results: 26 });
      all.push(...page.data);
    }
    expect(all).toEqual(whole.data);
    const other = await openUser(api);
    for (const [asker, query] of [
      [user, `?type=liked&after=${first}`],
      [user, `?page=2&after=${first}`],
      [user, '?after=nonsense'],
      [other, `?after=${first}`],
    ] as const) {
      const answer = await asker.get(`${path}${query}`);
      expect([query, answer.status, (await answer.json()).details[0].path]).toEqual([query, 422, 'after']);
    }
  });

  test('can be of one type', async () => {
    await saved({ items: [1, 2].map((id) => ({ tmdb_id: id, type: 'liked' })) });
    await saved({ tmdb_id: 1, type: 'bookmarked' });
    const { data, meta } = await listed('?type=bookmarked');
    expect([data.length, data[0].type, meta.total_results]).toEqual([1, 'bookmarked', 1]);
  });

  test('is one’s own and nobody else’s', async () => {
    await saved({ tmdb_id: 1, type: 'liked' });
    const other = await openUser(api);
    expect((await (await other.get(path)).json()).data).toEqual([]);
    expect((await other.remove(`${path}/1/liked`)).status).toBe(204);
    expect(await said()).toHaveLength(1);
    const answer = await user.get(path);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('vary')).toContain('Authorization');
  });
});

describe('taking something back', () => {
  test('is answered with 204, also when there was nothing', async () => {
    await saved({ items: ['liked', 'watched'].map((type) => ({ tmdb_id: 1, type, at: day(1) })) });
    for (let times = 0; times < 2; times++) {
      const answer = await user.remove(`${path}/1/liked`);
      expect([answer.status, await answer.text()]).toEqual([204, '']);
    }
    expect((await user.remove(`${path}/77/liked`)).status).toBe(204);
    expect(await said()).toEqual([`1 watched ${day(1)}`]);
  });
});

test('whose account is deleted at that moment is not signed in any more', async () => {
  const client = await api.pool.connect();
  try {
    await client.query('begin');
    await client.query('delete from users where id = $1', [user.userId]);
    const answers = [user.post(path, { tmdb_id: 1, type: 'liked' }), user.remove(`${path}/1/liked`)];
    await until(async () => {
      const { rows } = await api.pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return rows.length > 0;
    });
    await client.query('commit');
    for (const answer of await Promise.all(answers))
      expect([answer.status, (await answer.json()).code]).toEqual([401, 'unauthenticated']);
  } finally {
    client.release();
  }
  expect((await api.pool.query('select 1 from movies')).rows).toEqual([]);
});

test('a like of a bare row that is being purged at that moment is not lost', async () => {
  await api.pool.query("insert into movies (tmdb_id, title, state) values (9, '', 'unknown')");
  const client = await api.pool.connect();
  try {
    await client.query('begin');
    await client.query('delete from movies where tmdb_id = 9');
    const answer = user.post(path, { tmdb_id: 9, type: 'liked' });
    await until(async () => {
      const { rows } = await api.pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return rows.length > 0;
    });
    await client.query('commit');
    expect([(await answer).status, (await listed()).data.length]).toEqual([200, 1]);
  } finally {
    client.release();
  }
});

test('what a clock that was ahead has stamped does not stand against what is said later', async () => {
  await user.post(path, { tmdb_id: 7, type: 'liked' });
  await api.pool.query("update user_movie_interactions set created_at = now() + interval '200 days'");
  const [shown] = (await listed()).data as Shown[];
  expect(Math.abs(Date.parse(shown?.at ?? '') - Date.now())).toBeLessThan(600_000);
  expect(await saved({ tmdb_id: 7, type: 'disliked' })).toEqual([200, { added: 1, unchanged: 0 }]);
  expect((await listed()).data.map(({ type }: Shown) => type)).toEqual(['disliked']);
  const { rows } = await api.pool.query('select 1 from user_movie_interactions where created_at > now()');
  expect(rows).toEqual([]);
});

test('a time is judged by the database’s clock, whatever the process believes', async () => {
  const { now } = Date;
  const behind = api.anotherRequest({ now });
  Date.now = () => now() - 3_600_000;
  try {
    const body = JSON.stringify({ tmdb_id: 7, type: 'liked', at: new Date(now()).toISOString() });
    const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' };
    const answer = await behind(path, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  } finally {
    Date.now = now;
  }
});
