import { afterAll, beforeAll, expect, test } from 'bun:test';
import { documentColumn } from '#shared/movies/document-columns.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putAbsence, putMovie, putWholeMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { until } from '#tests/support/until.ts';
import { MovieMeta } from '../http/answers/model.ts';
import { Movie } from './model.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const dayMs = 86_400_000;
const titleOf = async (id: number) => (await (await api.get(`/api/movies/${id}`)).json()).data.title;

test('a movie is shown in full, in the order of the contract', async () => {
  await putWholeMovie(api.pool, 550);
  const answer = await api.get('/api/movies/550');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('application/json');
  const { status, data, meta } = await answer.json();
  expect(status).toBe('success');
  expect(MovieMeta.strict().parse(meta)).toMatchObject({ stale: false, refresh: 'none' });
  expect(Object.keys(data)).toEqual(Object.keys(Movie.omit({ viewer: true }).shape));
  expect(data).toEqual({
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
    tagline: 'It happens.',
    runtime: 101,
    status: 'Released',
    original_language: 'fr',
    imdb_id: 'tt0000001',
    homepage: 'https://example.org/film',
    certification: 'PG-13',
    collection: { id: 5, name: 'All of Them' },
    directors: [
      { id: 2, name: 'Dee Director' },
      { id: 3, name: 'Bob Both' },
    ],
    cast: [
      { id: 3, name: 'Bob Both', character: null, order: 0, ...noPortrait },
      { id: 1, name: 'Ann Actor', character: 'Herself', order: 1, ...portrait },
      { id: 3, name: 'Bob Both', character: 'The Twin', order: null, ...noPortrait },
    ],
    keywords: [
      { id: 8, name: 'night' },
      { id: 7, name: 'sea' },
    ],
    trailers: [{ site: 'YouTube', key: 'abc', name: 'Trailer' }],
    crew: [
      { id: 2, name: 'Dee Director', department: 'Directing', job: 'Director', ...noPortrait },
      { id: 3, name: 'Bob Both', department: 'Directing', job: 'Director', ...noPortrait },
      { id: 1, name: 'Ann Actor', department: 'Writing', job: 'Screenplay', ...portrait },
    ],
    budget: 1,
    revenue: 2,
    images: {
      poster: {
        w185: 'https://images.test/t/p/w185/p.jpg',
        w342: 'https://images.test/t/p/w342/p.jpg',
        w500: 'https://images.test/t/p/w500/p.jpg',
        original: 'https://images.test/t/p/original/p.jpg',
      },
      backdrop: {
        w300: 'https://images.test/t/p/w300/b.jpg',
        w780: 'https://images.test/t/p/w780/b.jpg',
        w1280: 'https://images.test/t/p/w1280/b.jpg',
        original: 'https://images.test/t/p/original/b.jpg',
      },
    },
    countries: [],
    companies: [],
    spoken_languages: [],
    translations: [],
    alternative_titles: [],
    release_dates: [],
    providers: null,
    videos: [],
  });
});

const noPortrait = { profile_path: null, profile_url: null };
const portrait = { profile_path: '/ann.jpg', profile_url: 'https://images.test/t/p/w185/ann.jpg' };

test('a ready document is shown as it stands, and one of another version is built from the rows instead', async () => {
  const fetchedAt = new Date(Date.now() - 60_000);
  await putMovie(api.pool, { tmdbId: 549, title: 'In the row', fetchedAt });
  const read = async (version: number) => {
    await api.pool.query(
      `insert into movie_documents (movie_id, document, version)
       select m.id, replace(${documentColumn.text}, 'In the row', 'In the document'), $1
       from movies m where tmdb_id = 549
       on conflict (movie_id) do update set version = excluded.version`,
      [version],
    );
    const get = api.another({ hub: { connected: false, subscribe: () => {} } });
    return (await get('/api/movies/549')).json();
  };
  const current = await read(documentVersion);
  expect(Movie.strict().parse(current.data).title).toBe('In the document');
  for (const version of [0, documentVersion - 1, documentVersion + 1]) {
    const { data, meta } = await read(version);
    expect(Movie.strict().parse(data).title).toBe('In the row');
    expect(Object.keys(data)).toEqual(Object.keys(Movie.omit({ viewer: true }).shape));
    expect(meta).toEqual({ ...current.meta, age_seconds: expect.any(Number) });
  }
});

test('what TMDb left empty is null or an empty list', async () => {
  await putMovie(api.pool, { tmdbId: 551, adult: null });
  const { data } = await (await api.get('/api/movies/551')).json();
  expect(Movie.strict().parse(data)).toMatchObject({
    release_date: null,
    genres: [],
    collection: null,
    directors: [],
    cast: [],
    trailers: [],
    images: { poster: null, backdrop: null },
  });
});

test('an id that is none is refused by name', async () => {
  for (const id of [
    '0',
    'abc',
    '2147483648',
    '-1',
    '1.5',
    '1e3',
    '99999999999999999999',
    '%00',
    '%E0%A4%A',
    '%20',
  ]) {
    const answer = await api.get(`/api/movies/${id}`);
    expect([id, answer.status]).toEqual([id, 422]);
    const body = await answer.json();
    expect(body.details).toEqual([
      { path: 'tmdb_movie_id', message: 'must be a whole number from 1 to 2147483647' },
    ]);
  }
});

test('a movie that TMDb deleted is 410, and one it lately said it has not is 404', async () => {
  await putMovie(api.pool, { tmdbId: 552, state: 'gone' });
  expect((await api.get('/api/movies/552')).status).toBe(410);
  await putAbsence(api.pool, 553);
  const answer = await api.get('/api/movies/553');
  expect([answer.status, (await answer.json()).code]).toEqual([404, 'movie_not_found']);
});

test('who has the answer already is told so', async () => {
  await putMovie(api.pool, { tmdbId: 554 });
  const first = await api.get('/api/movies/554');
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toStartWith('W/"');
  const again = await api.get('/api/movies/554', { 'if-none-match': `"other", ${etag}` });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
  for (const name of ['etag', 'cache-control', 'vary'])
    expect(again.headers.get(name)).toBe(first.headers.get(name));
  expect(again.headers.get('cache-control')).toBe('public, max-age=60');
  expect(again.headers.get('vary')).toBe('Authorization, Accept-Language');
  expect(again.headers.get('content-language')).toBe('en-US');
  expect(again.headers.get('x-request-id')).toBeString();
  expect((await api.get('/api/movies/554', { 'if-none-match': 'W/"other"' })).status).toBe(200);
});

test('HEAD is GET without a body', async () => {
  await putMovie(api.pool, { tmdbId: 555 });
  const answer = await api.request('/api/movies/555', { method: 'HEAD' });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(answer.headers.get('etag')).toStartWith('W/"');
});

test('a token that proves nothing is refused before anything else is looked at', async () => {
  for (const path of [
    '/api/movies/550',
    '/api/movies/0',
    '/api/movies/0/recommendations',
    '/api/genres',
    '/api/movies/trending?limit=0',
  ])
    for (const token of ['Bearer abc', 'Basic abc', 'abc']) {
      const answer = await api.get(path, { authorization: token });
      expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer']);
    }
});

test('with a good token the answer is for its owner alone', async () => {
  await putMovie(api.pool, { tmdbId: 556 });
  const { headers } = await openAccount(api);
  const answer = await api.get('/api/movies/556', headers);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
});

test('a movie is shown from the cache until a notice names it', async () => {
  await putMovie(api.pool, { tmdbId: 557, title: 'Before' });
  expect(await titleOf(557)).toBe('Before');
  await putMovie(api.pool, { tmdbId: 557, title: 'After' });
  expect(await titleOf(557)).toBe('Before');
  await tell(api.pool, { kind: 'movies', ids: [1, 557] });
  await until(async () => (await titleOf(557)) === 'After');
});

test('what is ready is answered without a wait', async () => {
  await putMovie(api.pool, { tmdbId: 563 });
  await api.get('/api/movies/563');
  expect(api.fetch('/api/movies/563')).toBeInstanceOf(Response);
});

test('a list that was taken over drops every movie', async () => {
  await putMovie(api.pool, { tmdbId: 558, title: 'Before' });
  expect(await titleOf(558)).toBe('Before');
  await putMovie(api.pool, { tmdbId: 558, title: 'After' });
  await tell(api.pool, { kind: 'list', name: 'genres' });
  await until(async () => (await titleOf(558)) === 'After');
});

test('while notices cannot be heard, every read goes to the database', async () => {
  const get = api.another({ hub: { connected: false, subscribe: () => {} } });
  await putMovie(api.pool, { tmdbId: 559, title: 'Before' });
  expect((await (await get('/api/movies/559')).json()).data.title).toBe('Before');
  await putMovie(api.pool, { tmdbId: 559, title: 'After' });
  expect((await (await get('/api/movies/559')).json()).data.title).toBe('After');
});

test('when the connection for notices breaks, what was cached is forgotten', async () => {
  await putMovie(api.pool, { tmdbId: 560, title: 'Before' });
  expect(await titleOf(560)).toBe('Before');
  await putMovie(api.pool, { tmdbId: 560, title: 'After' });
  await api.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nexus-notices' and datname = current_database()",
  );
  await until(async () => (await titleOf(560)) === 'After');
});

test('a stale movie is shown at once, and its refresh is queued once', async () => {
  await putMovie(api.pool, { tmdbId: 561, fetchedAt: new Date(Date.now() - 8 * dayMs) });
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.get('/api/movies/561')));
  for (const answer of answers)
    expect((await answer.json()).meta).toMatchObject({
      stale: true,
      refresh: 'queued',
      age_seconds: 8 * 86_400,
    });
  const queue = api.queues.queue('on-demand');
  await until(async () => (await queue.getJob('movie-561')) !== undefined);
  expect((await queue.getJob('movie-561'))?.data).toMatchObject({ tmdbId: 561 });
});

test('a stale movie is still shown when its refresh cannot be queued', async () => {
  await putMovie(api.pool, { tmdbId: 562, fetchedAt: new Date(Date.now() - 8 * dayMs) });
  const get = api.another({ queues: withoutQueue(api) });
  expect((await get('/api/movies/562')).status).toBe(200);
  await until(async () => (await (await get('/api/movies/562')).json()).meta.refresh === 'none');
});

const withoutQueue = ({ queues }: TestApi) => ({
  redis: undefined,
  ping: queues.ping,
  queue: queues.queue,
  enqueue: () => Promise.reject(new Error('the queue is away')),
});
