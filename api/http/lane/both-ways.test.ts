import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { AppConfig } from '#api/app.ts';
import { createAccessTokens } from '#api/auth/access-tokens.ts';
import { hashOfKey, makeKey } from '#api/facade/keys/make-key.ts';
import { serve } from '#api/serve.ts';
import { movieLists } from '#shared/lists/list-entry.ts';
import { openTestApi, type TestApi, testSecret } from '#tests/support/api/api-fixture.ts';
import {
  putAbsence,
  putList,
  putMovie,
  putRecord,
  putSnapshot,
  putTrending,
  putWholeMovie,
  relate,
  tell,
} from '#tests/support/api/movie-fixture.ts';
import { openTwoApis } from '#tests/support/api/two-apis.ts';
import { openUser, type TestUser } from '#tests/support/api/user-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { until } from '#tests/support/until.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';

/** One api with the hot lane and one without, over the same stores, each at a port of its own. */
interface Way extends AsyncDisposable {
  url: string;
  metrics: Registry;
}

const ours = 'https://films.example';
let nowMs = Date.now();
let api: TestApi;
let slow: Way;
let hot: Way;

function open(hotLane: boolean, config: Partial<AppConfig> = {}): Way {
  const metrics = new Registry();
  const app = api.anotherApp({
    metrics,
    // Both say the same age.
    now: () => nowMs,
    config: {
      hotLane,
      rateLimit: false,
      onDemandWaitMs: 0,
      corsOrigins: [ours],
      trustProxy: ['127.0.0.1'],
      ...config,
    },
  });
  const server = serve(app, { host: '127.0.0.1', port: 0, graceMs: 100 });
  return { url: server.url, metrics, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

beforeAll(async () => {
  api = await openTestApi();
  const { pool } = api;
  for (const id of [1, 11, 12]) await putWholeMovie(pool, id);
  const parts = answeredParts({ details: JSON.stringify({ id: 20, overview: 'Words. '.repeat(500) }) });
  await saveMovies(api.database.orm.em.fork(), [mirroredMovie(20, { parts })], { now: new Date() });
  await putMovie(pool, { tmdbId: 13, adult: true });
  await putMovie(pool, { tmdbId: 2, state: 'gone' });
  await putAbsence(pool, 3);
  await putSnapshot(pool, 'genres', 2);
  for (const window of ['day', 'week'] as const) await putTrending(pool, window, [1, 11, 13]);
  for (const list of movieLists) await putList(pool, list, 'US', [1, 11, 13]);
  await relate(pool, 1, 'recommendation', [11, 12, 13]);
  await putRecord(pool, {
    kind: 'person',
    id: 1,
    state: 'detailed',
    parts: { details: { biography: 'Eve.' } },
  });
  await putRecord(pool, {
    kind: 'collection',
    id: 1,
    state: 'detailed',
    parts: {
      details: { name: 'All', overview: 'Of them.', poster_path: '/p.jpg', parts: [{ id: 1 }] },
      images: {},
      translations: {},
    },
  });
  await pool.query("insert into collections (id, name) values (1, 'All') on conflict do nothing");
  slow = open(false);
  hot = open(true);
}, 60_000);
afterAll(async () => {
  await slow[Symbol.asyncDispose]();
  await hot[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

// A token that was issued meanwhile would be from the future, where the tests take long.
// What was rendered for another test may be a second old: in each test all is rendered anew.
beforeEach(() => {
  nowMs = Math.max(Date.now(), nowMs + 1001);
});

/** What only the connection, the moment or the way itself decides. */
const ofTheMoment = new Set(['date', 'connection', 'keep-alive']);
/** Whose bodies tell of the process. */
const ofTheProcess = /^\/(metrics|health)/;

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

async function ask(way: Way, path: string, { method = 'GET', headers = {} }: Asked, id: string) {
  const init = {
    method,
    headers: { 'x-request-id': id, ...headers } as Record<string, string>,
    redirect: 'manual',
    decompress: false,
  } as const;
  const answer = await fetch(`${way.url}${path}`, { signal: AbortSignal.timeout(10_000), ...init });
  const body = Buffer.from(await answer.arrayBuffer());
  const isOfTheMoment = (name: string) =>
    ofTheMoment.has(name) || (name === 'content-length' && ofTheProcess.test(path));
  return {
    status: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => !isOfTheMoment(name)).sort()),
    body: ofTheProcess.test(path) ? '' : body.toString('base64').replaceAll(btoa(way.url), ''),
  };
}

/** Lines of answers by their request. */
const lines = new Map<string, string[]>();
let read = 0;
function linesOf(id: string): string[] {
  for (; read < api.logged.length; read++) {
    const line = api.logged[read] ?? '';
    const of = /"request_id":"(both-[^"]*)".*"msg":"answered"/.exec(line)?.[1];
    if (of !== undefined) lines.set(of, [...(lines.get(of) ?? []), line]);
  }
  return lines.get(id) ?? [];
}

/** What an answer's line says, without what differs from one to the next. */
async function lineOf(id: string): Promise<object> {
  await until(() => linesOf(id).length > 0);
  expect(linesOf(id)).toHaveLength(1);
  const line = JSON.parse(linesOf(id)[0] ?? '') as Record<string, unknown>;
  expect(line.ms).toBeNumber();
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  return { ...line, keys: Object.keys(line), ms: 0, time: '', request_id: '' };
}

let asked = 0;
async function askBoth(path: string, init: Asked) {
  const id = `both-${++asked}`;
  const [fromSlow, fromHot] = [await ask(slow, path, init, `${id}-a`), await ask(hot, path, init, `${id}-b`)];
  fromSlow.headers['x-request-id'] = String(fromSlow.headers['x-request-id']).replace(/-a$/, '-b');
  const error = (body: string) =>
    Buffer.from(body, 'base64')
      .toString()
      .replace(/-[ab]"/, '"');
  const isFailure = fromSlow.status >= 400;
  const shown = (one: typeof fromSlow) => ({ ...one, body: isFailure ? error(one.body) : one.body });
  return { id, fromSlow: shown(fromSlow), fromHot: shown(fromHot) };
}

const areSame = ({ fromSlow, fromHot }: Awaited<ReturnType<typeof askBoth>>) =>
  Bun.deepEquals(fromSlow, fromHot);

/** Asks both the same, several times: the lane learns from the first. */
async function compare(path: string, init: Asked = {}, turns = 3) {
  let both = await askBoth(path, init);
  // Each of them may show a list as it was some seconds ago, and how many there were when it last counted.
  for (const endsAt = performance.now() + 70_000; !areSame(both) && performance.now() < endsAt; ) {
    await tell(api.pool, { kind: 'list', name: 'popular/US' });
    await Bun.sleep(200);
    both = await askBoth(path, init);
  }
  for (let turn = 1; turn <= turns; turn++) {
    if (turn > 1) both = await askBoth(path, init);
    const { id, fromSlow, fromHot } = both;
    expect({ path, turn, ...fromHot }).toEqual({ path, turn, ...fromSlow });
    expect(await lineOf(`${id}-b`)).toEqual(await lineOf(`${id}-a`));
  }
  return both.fromHot;
}

async function countsOf(way: Way): Promise<string[]> {
  const text = await way.metrics.metrics();
  const wanted = /^nexus_http_(requests_total|request_duration_seconds_count)/;
  return text
    .split('\n')
    .filter((line) => wanted.test(line))
    .sort();
}

async function countOf(name: string): Promise<number> {
  const text = await hot.metrics.getSingleMetricAsString(name);
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);
}
const answeredAtOnce = () => countOf('nexus_http_ready_answers_total');
const readEarly = () => countOf('nexus_http_early_reads_total');

let lastId = 500;
/** A movie that nobody has asked for yet. */
async function freshMovie(): Promise<string> {
  await putWholeMovie(api.pool, ++lastId);
  return `/api/movies/${lastId}`;
}

/** Answered by the lane, all but the first time. */
const ready = [
  '/api/movies/1',
  '/api/movies/1/',
  '/api/movies/1?language=de-DE',
  '/api/movies/1?region=DE&language=fr',
  '/api/movies/1/recommendations',
  '/api/movies/1/recommendations?limit=1',
  '/api/movies/trending',
  '/api/movies/trending?window=day&page=1&limit=1',
  '/api/movies?sort=popularity',
  '/api/movies?query=movie',
  ...movieLists.map((list) => `/api/movies/${list}`),
  '/api/genres',
  '/api/people?query=eve',
  '/api/people/1',
  '/api/collections/1',
];

/** The same under `/3`, where no token of ours means anything. */
const readyAsTmdb = [
  '/3/movie/20',
  '/3/movie/20/',
  '/3/movie/20?append_to_response=credits,images,videos,similar,keywords&language=de',
  '/3/movie/20/credits',
  '/3/movie/popular',
  '/3/movie/upcoming?page=2',
  '/3/trending/movie/week?language=fr-FR',
  '/3/discover/movie?with_genres=18',
  '/3/search/multi?query=movie',
  '/3/person/1',
  '/3/collection/1?append_to_response=images',
  '/3/genre/movie/list',
];

describe('the lane and the routes answer the same', () => {
  test.each(ready)('%s, and the lane does it', async (path) => {
    const before = await answeredAtOnce();
    const { status } = await compare(path);
    expect(status).toBe(200);
    expect((await answeredAtOnce()) - before).toBe(2);
  });

  test.each(readyAsTmdb)('%s, and the lane does it', async (path) => {
    const before = await answeredAtOnce();
    const { status } = await compare(path);
    expect(status).toBe(200);
    expect((await answeredAtOnce()) - before).toBe(2);
  });

  const callers: [string, Record<string, string>][] = [
    ['in their language', { 'accept-language': 'de-AT, en;q=0.5' }],
    ['a language nobody knows', { 'accept-language': ';;,xx' }],
    ['from a page of ours', { origin: ours }],
    ['from another page', { origin: 'https://other.example' }],
    ['who unpack gzip', { 'accept-encoding': 'gzip' }],
    ['who unpack zstd', { 'accept-encoding': 'gzip, deflate, br, zstd' }],
    ['who unpack nothing', { 'accept-encoding': 'identity, *;q=0' }],
    ['who have it', { 'if-none-match': '*' }],
    ['who have another one', { 'if-none-match': 'W/"x", "y"' }],
    ['behind a proxy', { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }],
    ['who are traced', { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }],
    ['with cookies', { cookie: 'a=b; nexus_console=x' }],
    ['with a token of nobody', { authorization: 'Bearer x' }],
    ['with an empty token', { authorization: '' }],
  ];
  test.each(callers)('to callers %s', async (_, headers) => {
    for (const path of [...ready, ...readyAsTmdb]) await compare(path, { headers });
  });

  test('to whoever has the answer already: 304, and no body', async () => {
    for (const path of [...ready, ...readyAsTmdb]) {
      const { headers } = await compare(path);
      const { etag = '' } = headers;
      const before = await answeredAtOnce();
      const again = await compare(path, { headers: { 'if-none-match': `"other", ${etag}` } });
      expect([again.status, again.body, again.headers.etag]).toEqual([304, '', etag]);
      expect((await answeredAtOnce()) - before).toBe(3);
    }
  });

  test.each(callers)('a movie that nobody has asked for, to callers %s', async (_, headers) => {
    await compare('/api/movies/1', { headers });
    const before = await readEarly();
    for (const _turn of [1, 2]) await compare(await freshMovie(), { headers }, 1);
    expect((await readEarly()) - before).toBe(headers.authorization === undefined ? 2 : 0);
    const path = await freshMovie();
    await compare(path, { headers }, 4);
  });

  test('a movie that nobody has asked for, long or short', async () => {
    await compare('/api/movies/1');
    const before = await readEarly();
    for (const [at, words] of [1, 1000, 1, 1000].entries()) {
      const parts = answeredParts({
        details: JSON.stringify({ id: 901 + at, overview: 'Words. '.repeat(words) }),
      });
      const movie = mirroredMovie(901 + at, { parts, overview: 'Words. '.repeat(words) });
      await saveMovies(api.database.orm.em.fork(), [movie], { now: new Date() });
      // Told between two reads, it would be read anew.
      await api.pool.query('select');
      for (const packing of ['gzip', 'identity'])
        await compare(`/api/movies/${901 + at}`, { headers: { 'accept-encoding': packing } }, 1);
    }
    expect((await readEarly()) - before).toBe(4);
  });

  test('a movie that is not there, to whoever asks after one that is', async () => {
    await compare('/api/movies/1');
    await putMovie(api.pool, { tmdbId: 14, state: 'listed' });
    const before = await readEarly();
    const statuses: number[] = [];
    for (const id of [2, 3, 4, 14, 0, 99999999999])
      statuses.push((await compare(`/api/movies/${id}`)).status);
    expect(statuses).toEqual([410, 404, 202, 202, 422, 422]);
    expect(await readEarly()).toBe(before);
  });

  test('with an id of the caller only where it may stand in a header', async () => {
    await compare('/api/movies/1');
    const odd = { headers: { 'x-request-id': 'two words' } };
    const ids = await Promise.all(
      [slow, hot].map(async ({ url }) =>
        (await fetch(`${url}/api/movies/1`, odd)).headers.get('x-request-id'),
      ),
    );
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-z]+$/);
  });

  test('at every route that there is, to every method, and to nonsense', async () => {
    const routes = new Map(
      api.routes.map(({ path }) => [path.replace(/:\w+/g, '1').replaceAll('*', 'x'), path]),
    );
    expect(routes.size).toBeGreaterThan(60);
    for (const path of routes.keys()) {
      await compare(path, {}, 2);
      for (const method of ['HEAD', 'OPTIONS', 'POST']) await compare(path, { method }, 1);
      if (path.startsWith('/api')) await compare(`${path}?no=such`, {}, 2);
    }
    for (const path of [
      '/',
      '/nothing',
      '/api/movies/x',
      '/api/movies/0',
      '/api/movies/2',
      '/api/movies/3',
      '/api/movies/4',
    ])
      await compare(path);
    for (const path of [
      '/api/movies/1?language=xx',
      '/api/movies/trending?page=0',
      '/api/movies/1?language=de&language=de',
    ])
      await compare(path);
  }, 120_000);

  describe('to somebody who is signed in,', () => {
    let user: TestUser;
    beforeEach(async () => {
      user = await openUser(api);
    });
    const personal = ['/api/user/recommendations', '/api/user/recommendations?limit=1&explain=true'];
    const asUser = (path: string, { headers }: Pick<TestUser, 'headers'> = user, turns = 3) =>
      compare(path, { headers }, turns);
    /** What the last answer shows of a movie. */
    const textOf = ({ body }: { body: string }) => Buffer.from(body, 'base64').toString();
    const flagsOf = async (path: string): Promise<object[]> => {
      const { data } = JSON.parse(textOf(await asUser(path, user, 1)));
      return [data].flat().map((each) => (each.movie ?? each).viewer);
    };

    test.each([...ready, ...personal])('%s, and the lane does it', async (path) => {
      const before = await answeredAtOnce();
      expect((await asUser(path)).status).toBe(200);
      expect((await answeredAtOnce()) - before).toBe(2);
    });

    test('a movie that nobody has asked for, with what they say of it', async () => {
      await asUser('/api/movies/1');
      const before = await readEarly();
      const path = await freshMovie();
      expect(textOf(await asUser(path, user, 1))).toContain('"liked":false');
      expect((await readEarly()) - before).toBe(1);
      const said = { tmdb_id: lastId, type: 'liked' };
      expect((await user.post('/api/user/interactions', said)).status).toBe(200);
      for (const _ of [1, 2, 3]) expect(textOf(await asUser(path, user, 1))).toContain('"liked":true');
      expect(textOf(await compare(path))).not.toContain('"liked"');
    });

    test('in any language, packed and known already', async () => {
      for (const path of [...ready, ...personal]) {
        await asUser(path, { headers: { ...user.headers, 'accept-language': 'de-AT' } as never });
        await asUser(path, { headers: { ...user.headers, 'accept-encoding': 'zstd' } as never });
        await asUser(path, { headers: { ...user.headers, origin: ours } as never });
        const { headers } = await asUser(path);
        const known = { ...user.headers, 'if-none-match': headers.etag ?? '' };
        const before = await answeredAtOnce();
        expect((await asUser(path, { headers: known })).status).toBe(304);
        expect((await answeredAtOnce()) - before).toBe(3);
      }
    }, 60_000);

    test('each with what they have said, as soon as that is answered', async () => {
      const none = { liked: false, disliked: false, bookmarked: false, watched: false, hidden: false };
      const paths = ready.filter((path) => path.startsWith('/api/movies'));
      for (const path of [...paths, ...personal]) await asUser(path);
      const other = await openUser(api);
      for (const type of ['liked', 'disliked', 'bookmarked', 'watched', 'hidden'] as const) {
        const rating = type === 'watched' ? { rating: 3.5 } : {};
        expect((await user.post('/api/user/interactions', { tmdb_id: 1, type, ...rating })).status).toBe(200);
        const said = { ...none, rating: null, [type]: true, ...rating };
        // The first two turns: what was remembered, and what is read anew.
        for (const _ of [1, 2, 3])
          for (const path of ['/api/movies/1', '/api/movies/trending'])
            expect([path, (await flagsOf(path))[0]]).toEqual([path, said]);
        for (const path of [...paths, ...personal]) await asUser(path, user, 2);
        const { data } = JSON.parse(textOf(await asUser('/api/movies/1', other)));
        expect(data.viewer).toEqual({ ...none, rating: null });
        expect((await user.remove(`/api/user/interactions/1/${type}`)).status).toBe(204);
        // A rating is for itself.
        if (type === 'watched') await api.pool.query('delete from user_movie_ratings');
        expect((await flagsOf('/api/movies/1'))[0]).toEqual({ ...none, rating: null });
      }
      for (const path of ready) expect(textOf(await compare(path))).not.toContain('"viewer":');
    }, 60_000);

    test('and with a personal list that a like changes at once', async () => {
      const listed = async () => {
        const { data } = JSON.parse(textOf(await asUser('/api/user/recommendations', user, 1)));
        return data.map(({ movie }: { movie: { tmdb_id: number } }) => movie.tmdb_id);
      };
      for (const _ of [1, 2, 3]) expect(await listed()).toContain(11);
      await user.post('/api/user/interactions', { tmdb_id: 11, type: 'watched' });
      for (const _ of [1, 2, 3]) expect(await listed()).not.toContain(11);
      const other = await openUser(api);
      await asUser('/api/user/recommendations', other);
      for (const _ of [1, 2]) expect(await listed()).not.toContain(11);
    });

    const ends: [string, () => Promise<unknown>][] = [
      ['who signed out', () => api.request('/api/auth/logout', { method: 'POST', headers: user.headers })],
      [
        'who was locked',
        () => api.pool.query('update users set locked_at = now() where id = $1', [user.userId]),
      ],
      ['who is no more', () => api.pool.query('delete from users where id = $1', [user.userId])],
      [
        'whose sessions were ended',
        () => api.pool.query('delete from sessions where user_id = $1', [user.userId]),
      ],
    ];
    test.each(ends)('but not to one %s', async (_, end) => {
      for (const path of ['/api/movies/1', ...personal]) expect((await asUser(path)).status).toBe(200);
      await end();
      for (const path of ['/api/movies/1', ...personal])
        expect((await asUser(path, user, 2)).status).toBe(401);
    });

    test('but not when their token has expired, nor for one letter more', async () => {
      expect((await asUser('/api/movies/1')).status).toBe(200);
      const longer = { headers: { authorization: `${user.headers.authorization}x` } };
      expect((await asUser('/api/movies/1', longer)).status).toBe(401);
      const before = nowMs;
      nowMs = Date.now() + 15 * 60_000 + 1000;
      expect((await asUser('/api/movies/1')).status).toBe(401);
      nowMs = before;
      expect((await asUser('/api/movies/1')).status).toBe(200);
    });

    test('each what is for their age and country, also after their birthday', async () => {
      const day = 86_400_000;
      const born = (years: number, days: number) =>
        new Date(new Date(nowMs).setUTCFullYear(new Date(nowMs).getUTCFullYear() - years) + days * day)
          .toISOString()
          .slice(0, 10);
      const [child, almost, grown] = await Promise.all(
        [born(10, 0), born(18, 1), born(30, 0)].map((dateOfBirth) => openUser(api, { dateOfBirth })),
      );
      const abroad = await openUser(api, { dateOfBirth: born(30, 0) });
      await api.pool.query("update users set country = 'DE' where id = $1", [abroad.userId]);
      const everybody = [child, almost, grown, abroad, user].filter((each) => each !== undefined);
      const paths = [...ready, ...personal];
      for (const path of paths)
        for (const _ of [1, 2]) {
          await compare(path, {}, personal.includes(path) ? 0 : 1);
          for (const one of everybody) await asUser(path, one, 1);
        }
      const sees = async (one: TestUser) =>
        textOf(await asUser('/api/movies/trending', one)).includes('"tmdb_id":13');
      expect(await Promise.all([child, almost, grown, abroad].map((one) => sees(one as TestUser)))).toEqual([
        ...[false, false, true, true],
      ]);
      // Their token does not live so long.
      const later = { secret: testSecret, previousSecret: undefined, now: () => nowMs };
      nowMs += day;
      const token = await createAccessTokens(later).sign(almost as TestUser);
      expect(await sees({ ...(almost as TestUser), headers: { authorization: `Bearer ${token}` } })).toBe(
        true,
      );
      nowMs -= day;
    }, 60_000);
  });

  test('and lead to pictures at the address that was asked, where those are served here', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'nexus-both-ways-'));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(dataDir, { recursive: true }));
    const [without, way] = [false, true].map((lane) =>
      stack.use(open(lane, { imageCacheMb: 10, dataDir })),
    ) as [Way, Way];
    const posterOf = async ({ url }: Way, headers: Record<string, string>) => {
      for (const _ of [1, 2]) await (await fetch(`${url}/api/movies/1`)).arrayBuffer();
      const text = await (await fetch(`${url}/api/movies/1`, { headers })).text();
      return text.replaceAll(new URL(url).host, 'host');
    };
    for (const headers of [{}, { 'x-forwarded-proto': 'https' }])
      expect(await posterOf(way, headers)).toBe(await posterOf(without, headers));
    expect(await posterOf(way, { 'x-forwarded-proto': 'https' })).toContain('https://host/t/p/');
    expect(await posterOf(way, {})).toContain('http://host/t/p/');
  });

  test('and refuse whoever asks too often after as many answers', async () => {
    const answersOf = async (hotLane: boolean, address: string, more: Record<string, string> = {}) => {
      await using way = open(hotLane, { rateLimit: true });
      const headers = { 'x-forwarded-for': address, ...more };
      const counts: Record<number, number> = {};
      for (let n = 0; n < 330; n++) {
        const answer = await fetch(`${way.url}/api/movies/1`, { headers });
        await answer.arrayBuffer();
        counts[answer.status] = (counts[answer.status] ?? 0) + 1;
      }
      return counts;
    };
    const counts = await answersOf(false, '203.0.113.1');
    expect(counts).toEqual({ 200: 300, 429: 30 });
    expect(await answersOf(true, '203.0.113.2')).toEqual(counts);
    expect(await answersOf(true, '2001:db8::1')).toEqual(counts);
    const signedIn = async (hotLane: boolean) => {
      const { headers } = await openUser(api);
      return answersOf(hotLane, '203.0.113.4', headers);
    };
    expect(await signedIn(false)).toEqual(counts);
    expect(await signedIn(true)).toEqual(counts);
    // Who was refused is known in the other process, too, after a first lease at most.
    const { 200: more = 0 } = await answersOf(true, '203.0.113.1');
    expect(more).toBeLessThanOrEqual(20);
  }, 60_000);

  test('and count whoever asks for what is not ready once for each request', async () => {
    await putMovie(api.pool, { tmdbId: 14, state: 'listed' });
    const answersOf = async (hotLane: boolean, address: string) => {
      await using way = open(hotLane, { rateLimit: true });
      const headers = { 'x-forwarded-for': address };
      const counts: Record<number, number> = {};
      for (let n = 0; n < 330; n++) {
        const id = [1, 2, 3, 11, 12, 13][n % 6];
        const answer = await fetch(`${way.url}/api/movies/${id}`, { headers });
        await answer.arrayBuffer();
        counts[answer.status] = (counts[answer.status] ?? 0) + 1;
      }
      return counts;
    };
    const counts = await answersOf(false, '203.0.113.11');
    expect(counts[429]).toBe(30);
    expect(await answersOf(true, '203.0.113.12')).toEqual(counts);
  }, 60_000);

  test('and open `/3` for the same keys, whose requests are counted together', async () => {
    const id = '0192f0c1-2b3c-7d4e-8f50-617283940a1b';
    const { api_key, token } = makeKey(id);
    await using way = open(true, { facade: 'keys', rateLimit: true });
    const asked = [
      [`/3/movie/20?api_key=${api_key}`, {}],
      ['/3/movie/20', { authorization: `Bearer ${token}` }],
    ] as const;
    const statusesOf = (path: string, headers: Record<string, string>, times: number) =>
      Promise.all(
        Array.from({ length: times }, async () => (await fetch(`${way.url}${path}`, { headers })).status),
      );
    const put = `insert into facade_keys (id, name, api_key_hash, token_hash) values ('${id}', 'den', $1, $2)`;
    await api.pool.query(put, [hashOfKey(api_key), hashOfKey(token)]);
    for (const [path, headers] of asked) {
      for (const _ of [1, 2]) expect(await statusesOf(path, headers, 1)).toEqual([200]);
      expect(new Set(await statusesOf(path, headers, 20))).toEqual(new Set([200]));
    }
    const text = await way.metrics.metrics();
    expect(Number(/^nexus_http_ready_answers_total (\d+)/m.exec(text)?.[1])).toBeGreaterThan(20);
    expect(text).toContain('nexus_facade_requests_total{key="den",route="movie/:id"} 44');
    for (const headers of [{}, { authorization: `Bearer ${token}x` }] as Record<string, string>[])
      expect(await statusesOf('/3/movie/20', headers, 1)).toEqual([401]);
    for (const [path, headers] of asked) await statusesOf(path, headers, 600);
    expect(await statusesOf(asked[0][0], {}, 1)).toEqual([429]);
  }, 60_000);

  test('and count the same', async () => {
    const counts = await countsOf(slow);
    expect(counts.length).toBeGreaterThan(50);
    await until(async () => Bun.deepEquals(await countsOf(hot), await countsOf(slow)));
    expect(await countsOf(hot)).toEqual(await countsOf(slow));
  });
});

test('a process that hears nothing more, and does not know it, shows nobody what they may not see', async () => {
  await using apis = await openTwoApis();
  const metrics = new Registry();
  const { hub } = apis.there;
  await using server = serve(apis.here.anotherApp({ hub, metrics }), {
    host: '127.0.0.1',
    port: 0,
    graceMs: 100,
  });
  const get = (path: string, headers: Record<string, string>) => fetch(`${server.url}${path}`, { headers });
  const atOnce = async () =>
    Number(/^nexus_http_ready_answers_total (\d+)/m.exec(await metrics.metrics())?.[1] ?? 0);
  await putWholeMovie(apis.here.pool, 1);
  const [one, other] = [await openUser(apis.here), await openUser(apis.here)];
  const paths = ['/api/movies/1', '/api/user/recommendations'];
  for (const { headers } of [one, other])
    for (const path of paths) {
      await get(path, headers);
      await get(path, headers);
      const before = await atOnce();
      expect((await get(path, headers)).status).toBe(200);
      expect((await atOnce()) - before).toBe(1);
    }
  await apis.wire.become('swallow');
  const logout = apis.here.request('/api/auth/logout', { method: 'POST', headers: one.headers });
  const liked = other.post('/api/user/interactions', { tmdb_id: 1, type: 'liked' });
  expect([(await logout).status, (await liked).status]).toEqual([204, 200]);
  const before = await atOnce();
  for (const path of paths) expect((await get(path, one.headers)).status).toBe(401);
  const shown = (await (await get('/api/movies/1', other.headers)).json()) as { data: { viewer: object } };
  expect(shown.data.viewer).toMatchObject({ liked: true });
  expect(await atOnce()).toBe(before);
  await apis.wire.become('pass');
}, 60_000);
