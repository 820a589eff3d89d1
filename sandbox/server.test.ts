import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Sandbox } from './sandbox.ts';
import { defaultApiKey, startSandbox } from './server.ts';
import type { WireMovie, WirePage } from './wire.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ movies: 2_000, isControlled: true });
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  sandbox.misbehave([]);
  sandbox.limit(null);
  sandbox.clearChanges();
  sandbox.resetStats();
});

const get = (path: string, key = defaultApiKey) =>
  fetch(sandbox.url + path, { headers: { authorization: `Bearer ${key}` } });
const getJson = async <T>(path: string) => (await (await get(path)).json()) as T;
const everyPart =
  'append_to_response=credits,keywords,recommendations,similar,release_dates,videos,external_ids,images,translations,alternative_titles,reviews,watch/providers';

test('refuses a missing and a wrong key with code 7, also on paths that do not exist', async () => {
  for (const answer of [
    await fetch(`${sandbox.url}/movie/550`),
    await get('/nowhere', 'wrong'),
    await get('/movie/550', ''),
  ]) {
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      success: false,
      status_code: 7,
      status_message: 'Invalid API key: You must be granted a valid key.',
    });
  }
});

test('takes the key as a bearer token and as api_key, and keeps it out of its log', async () => {
  expect((await get('/authentication')).status).toBe(200);
  expect((await fetch(`${sandbox.url}/authentication?api_key=${defaultApiKey}`)).status).toBe(200);
  expect(sandbox.requests().map(({ target }) => target)).toEqual(['/authentication', '/authentication']);
});

test('appends only the parts asked for', async () => {
  const bare = await getJson<WireMovie>('/movie/550');
  expect(Object.keys(bare)).not.toContain('credits');
  const some = await getJson<WireMovie>('/movie/550?append_to_response=credits,unheard_of');
  expect(some.credits?.cast[0]).toMatchObject({ id: 819, name: 'Edward Norton', character: 'Narrator' });
  expect(Object.keys(some)).not.toContain('keywords');
  const all = await getJson<WireMovie>(`/movie/550?${everyPart}`);
  expect(all.recommendations).toMatchObject({ page: 1, total_pages: 2 });
  expect(all.external_ids?.imdb_id).toBe('tt0137523');
});

test('answers the same whether the rows come ready-made or not', async () => {
  const path = `/movie/${sandbox.catalogue.idAt(700)}?${everyPart}`;
  const quick = await getJson<WireMovie>(path);
  sandbox.override(11, { budget: 1 });
  expect(await getJson<WireMovie>(path)).toEqual(quick);
});

test('says of recommended movies that they are movies, and nothing of similar ones, as TMDb does', async () => {
  const typesIn = ({ results }: WirePage<object>) => [
    ...new Set(results.map((row) => ('media_type' in row ? row.media_type : undefined))),
  ];
  for (const id of [550, sandbox.catalogue.idAt(700)]) {
    const movie = await getJson<Record<'recommendations' | 'similar', WirePage>>(`/movie/${id}?${everyPart}`);
    expect(typesIn(movie.recommendations)).toEqual(['movie']);
    expect(typesIn(movie.similar)).toEqual([undefined]);
  }
  expect(typesIn(await getJson<WirePage>('/movie/550/recommendations'))).toEqual(['movie']);
  expect(typesIn(await getJson<WirePage>('/movie/550/similar'))).toEqual([undefined]);
});

test('refuses more than twenty parts with code 27', async () => {
  const answer = await get(`/movie/550?append_to_response=${'credits,'.repeat(21)}`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ status_code: 27 });
});

test.each([
  ['/movie/0', 404, 34],
  ['/movie/999999999', 404, 34],
  ['/movie/abc', 404, 6],
  ['/movie/-5', 404, 6],
  ['/movie/2147483648', 500, 44],
  ['/movie/999999999/similar', 404, 34],
  ['/tv/1', 404, 34],
  ['/movie/popular?page=0', 400, 22],
  ['/movie/popular?page=501', 400, 22],
  ['/trending/movie/day?page=x', 400, 22],
  ['/search/movie', 422, 5],
  ['/search/movie?query=', 422, 5],
  ['/search/movie?query=%20&page=1', 422, 5],
  ['/search/movie?query=alien&page=0', 400, 22],
  ['/search/movie?query=alien&page=501', 400, 22],
  ['/find/tt0137523', 422, 5],
  ['/find/tt0137523?external_source=', 422, 5],
  ['/find/tt0137523?external_source=myspace_id', 422, 5],
])('answers %s with %i and code %i', async (path, status, code) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ success: false, status_code: code });
});

test('lists twenty rows a page with totals, and at least ten pages of what is trending', async () => {
  for (const list of ['/movie/popular', '/trending/movie/day', '/trending/movie/week']) {
    const pages = await Promise.all(
      Array.from({ length: 10 }, (_, page) => getJson<WirePage>(`${list}?page=${page + 1}`)),
    );
    expect(new Set(pages.flatMap(({ results }) => results.map(({ id }) => id))).size).toBe(200);
    expect(pages[9]).toMatchObject({ page: 10, total_pages: Math.ceil((pages[0]?.total_results ?? 0) / 20) });
  }
  expect(await getJson<WirePage>('/movie/popular?page=400')).toMatchObject({ page: 400, results: [] });
});

test('every movie it names anywhere answers 200', async () => {
  const named = new Set<number>();
  for (const id of sandbox.catalogue.popular().slice(0, 40)) {
    const movie = await getJson<WireMovie>(`/movie/${id}?append_to_response=recommendations,similar`);
    for (const row of [...(movie.recommendations?.results ?? []), ...(movie.similar?.results ?? [])])
      named.add(row.id);
    const more = await getJson<WirePage>(`/movie/${id}/recommendations?page=2`);
    for (const row of more.results) named.add(row.id);
  }
  const statuses = await Promise.all([...named].map(async (id) => (await get(`/movie/${id}`)).status));
  expect(named.size).toBeGreaterThan(200);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('serves the parts of a movie by themselves', async () => {
  expect(await getJson('/movie/550/keywords')).toMatchObject({ id: 550, keywords: expect.any(Array) });
  expect(await getJson('/movie/550/credits')).toMatchObject({ id: 550, crew: [{ name: 'David Fincher' }] });
  expect(await getJson('/movie/550/similar')).toMatchObject({ page: 1, results: expect.any(Array) });
});

test('says of a well-known film what it is called and where it is shown elsewhere', async () => {
  const movie = await getJson<Required<WireMovie>>(
    `/movie/129?${everyPart}&include_video_language=de,ja,null`,
  );
  const titles = movie.translations.translations.map(
    ({ iso_639_1, iso_3166_1, data }) => `${iso_639_1}-${iso_3166_1} ${data.title}`,
  );
  expect(titles).toEqual([
    'en-US Spirited Away',
    'de-DE Chihiros Reise ins Zauberland',
    'fr-FR Le Voyage de Chihiro',
    'fr-CA Le Voyage de Chihiro (Québec)',
    'es-ES El viaje de Chihiro',
    'ja-JP ',
  ]);
  const japanese = movie.translations.translations.at(-1);
  expect(japanese?.data.overview).toContain('2001年の映画');
  expect(movie.alternative_titles.titles[0]?.title).toBe('Sen to Chihiro no Kamikakushi');
  expect(movie.release_dates.results.map((country) => country.iso_3166_1)).toEqual([
    'US',
    'DE',
    'GB',
    'FR',
    'ES',
    'JP',
  ]);
  expect(Object.keys(movie['watch/providers'].results)).toContain('DE');
  expect(movie.reviews.results.length).toBeGreaterThan(1);
  expect(movie.images.posters[0]).toMatchObject({ iso_639_1: 'en', file_path: movie.poster_path });
  expect(movie.images.posters.map(({ iso_639_1 }) => iso_639_1)).toEqual(['en', 'de', 'fr', 'es', 'ja']);
  expect(movie.videos.results.map(({ iso_639_1 }) => iso_639_1)).toEqual(['de', 'ja']);
  const { videos } = await getJson<Required<WireMovie>>('/movie/129?append_to_response=videos');
  expect(videos.results.map(({ iso_639_1 }) => iso_639_1)).toEqual(['en']);
  expect(await getJson('/movie/129/watch/providers')).toEqual({ id: 129, ...movie['watch/providers'] });
});

test('finds by IMDb id, by title without regard to case and accents, and by genre and cast', async () => {
  expect(await getJson('/find/tt0137523?external_source=imdb_id')).toMatchObject({
    movie_results: [{ id: 550 }],
  });
  expect(await getJson('/find/tt0000001?external_source=imdb_id')).toMatchObject({ movie_results: [] });
  expect(await getJson('/search/movie?query=AMELIE')).toMatchObject({
    total_results: 1,
    results: [{ id: 194 }],
  });
  expect(await getJson('/search/movie?query=alien&year=1986')).toMatchObject({ results: [{ id: 679 }] });
  expect(await getJson('/search/movie?query=東京')).toMatchObject({ results: [{ id: 18_148 }] });
  const westerns = await getJson<WirePage>('/discover/movie?with_genres=37&sort_by=popularity.desc');
  expect(westerns.results.length).toBe(20);
  expect(westerns.results.every(({ genre_ids }) => genre_ids.includes(37))).toBe(true);
  const voted = await getJson<WirePage>('/discover/movie?with_genres=37&sort_by=vote_count.desc&page=2');
  const counts = voted.results.map(({ vote_count }) => vote_count);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  expect(voted.page).toBe(2);
  expect(await getJson('/discover/movie?page=501')).toMatchObject({ status_code: 22 });
  const withPitt = await getJson<WirePage>('/discover/movie?with_cast=287');
  expect(withPitt.results.map(({ id }) => id).sort((a, b) => a - b)).toEqual([550, 807, 16_869]);
});

test('searches by the year of the first release, or by that of any', async () => {
  const found = async (query: string) =>
    (await getJson<WirePage>(`/search/movie?query=${query}`)).results.map(({ title }) => title);
  expect(await found('aliens')).toEqual(['Aliens']);
  expect(await found('aliens&primary_release_year=1986')).toEqual(['Aliens']);
  expect(await found('aliens&primary_release_year=1987')).toEqual([]);
  expect(await found('aliens&year=1987')).toEqual(['Aliens']);
  expect(await found('aliens&year=1988')).toEqual([]);
  expect(await getJson('/search/movie?query=nothing%20of%20the%20kind')).toEqual({
    page: 1,
    results: [],
    total_pages: 0,
    total_results: 0,
  });
});

test('finds only what the named source means', async () => {
  expect(await getJson('/find/tt0137523?external_source=tvdb_id')).toMatchObject({ movie_results: [] });
});

test('finds and searches what a test added or changed', async () => {
  sandbox.override(680, { imdb_id: 'tt7654321', title: 'Renamed by a Test' });
  expect(await getJson('/find/tt7654321?external_source=imdb_id')).toMatchObject({
    movie_results: [{ id: 680 }],
  });
  expect(await getJson('/search/movie?query=renamed+by+a+test')).toMatchObject({ results: [{ id: 680 }] });
});

test('has genres, a configuration that points at the real images, and no changes', async () => {
  expect(await getJson('/genre/movie/list')).toMatchObject({
    genres: expect.arrayContaining([{ id: 37, name: 'Western' }]),
  });
  expect(await getJson('/configuration')).toMatchObject({
    images: { secure_base_url: 'https://image.tmdb.org/t/p/' },
  });
  expect(await getJson('/movie/changes')).toEqual({ page: 1, results: [], total_pages: 1, total_results: 0 });
});

test('takes any number of requests while there is no limit', async () => {
  const answers = await Promise.all(Array.from({ length: 300 }, () => get('/genre/movie/list')));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(sandbox.stats().rejected429).toBe(0);
});

test('answers 429 with code 25 past the limit and only past it', async () => {
  sandbox.limit(25);
  const statuses = await Promise.all(
    Array.from({ length: 60 }, async () => (await get('/genre/movie/list')).status),
  );
  const { maxInAnySecond, rejected429, byStatus } = sandbox.stats();
  expect(maxInAnySecond).toBe(60);
  expect(statuses.filter((status) => status === 200)).toHaveLength(25);
  expect(byStatus).toEqual({ 200: 25, 429: 35 });
  expect(rejected429).toBe(35);
  await Bun.sleep(1_010);
  const later = await get('/genre/movie/list');
  expect(later.status).toBe(200);
});

test('never rejects callers who stay at the limit', async () => {
  sandbox.limit(50);
  for (let turn = 0; turn < 40; turn++) {
    await get('/genre/movie/list');
    await Bun.sleep(21);
  }
  expect(sandbox.stats()).toMatchObject({ requests: 40, rejected429: 0 });
});

test('says no Retry-After and no success in a 429', async () => {
  sandbox.limit(1);
  await get('/genre/movie/list');
  const answer = await get('/genre/movie/list');
  expect(answer.headers.has('retry-after')).toBe(false);
  expect(await answer.json()).toMatchObject({ status_code: 25 });
});

test('counts requests by route, status and movie', async () => {
  await get('/movie/550');
  await get('/movie/550?append_to_response=credits');
  await get('/movie/550/similar');
  await get('/movie/999999999');
  const stats = sandbox.stats();
  expect(stats.byRoute).toEqual({ 'GET /movie/{id}': 3, 'GET /movie/{id}/similar': 1 });
  expect(stats.byStatus).toEqual({ 200: 3, 404: 1 });
  expect(stats.byMovieId.get(550)).toBe(3);
  expect(stats.firstAt).toBeLessThanOrEqual(stats.lastAt ?? 0);
  expect(Math.abs((stats.lastAt ?? 0) - Date.now())).toBeLessThan(5_000);
});

test('can be watched and disturbed from another process', async () => {
  const origin = `http://127.0.0.1:${sandbox.port}/__sandbox`;
  const post = (path: string, body: unknown) =>
    fetch(origin + path, { method: 'POST', body: JSON.stringify(body) });
  expect((await post('/misbehave', [{ kind: 'status-503', times: 1 }])).status).toBe(200);
  expect((await get('/movie/550')).status).toBe(503);
  expect((await get('/movie/550')).status).toBe(200);
  expect((await post('/misbehave', [{ kind: 'no-such-kind' }])).status).toBe(400);
  expect((await post('/gone', { ids: [11] })).status).toBe(200);
  expect((await get('/movie/11')).status).toBe(404);
  expect(await (await fetch(`${origin}/stats`)).json()).toMatchObject({
    requests: 3,
    byMovieId: { 550: 2, 11: 1 },
  });
  const { requests } = (await (await fetch(`${origin}/requests`)).json()) as {
    requests: { status: number }[];
  };
  expect(requests.map(({ status }) => status)).toEqual([503, 200, 404]);
  await post('/reset-stats', {});
  expect(sandbox.stats().requests).toBe(0);
});

test('is watched and disturbed by no other program, unless it is started so', async () => {
  const closed = await startSandbox({ movies: 200 });
  try {
    for (const path of ['stats', 'requests', 'misbehave', 'override'])
      for (const method of ['GET', 'POST']) {
        const body = method === 'POST' ? { body: '[{"kind":"status-503"}]' } : {};
        const answer = await fetch(`http://127.0.0.1:${closed.port}/__sandbox/${path}`, { method, ...body });
        expect([method, path, answer.status]).toEqual([method, path, 404]);
      }
    const ask = { headers: { authorization: `Bearer ${defaultApiKey}` } };
    expect((await fetch(`${closed.url}/movie/550`, ask)).status).toBe(200);
  } finally {
    await closed.stop();
  }
});

test('shows a gone movie in lists while its details answer 404', async () => {
  const [first = 0] = sandbox.catalogue.trending('day');
  sandbox.setGone([first]);
  expect((await get(`/movie/${first}`)).status).toBe(404);
  expect((await get(`/movie/${first}/credits`)).status).toBe(404);
  expect((await getJson<WirePage>('/trending/movie/day')).results[0]?.id).toBe(first);
});

test('lays a patch over a movie everywhere it appears', async () => {
  sandbox.override(550, { title: 'Łódź 🎬', popularity: 9_999, credits: { cast: [], crew: [] } });
  expect(await getJson('/movie/550?append_to_response=credits')).toMatchObject({
    title: 'Łódź 🎬',
    credits: { cast: [] },
  });
  expect(Object.keys(await getJson<WireMovie>('/movie/550'))).not.toContain('credits');
  expect((await getJson<WirePage>('/movie/popular')).results[0]).toMatchObject({ id: 550, title: 'Łódź 🎬' });
});

test('discovers adult movies only where they are asked for', async () => {
  sandbox.override(550, { adult: true });
  const found = async (query: string) =>
    (await getJson<WirePage>(`/discover/movie?with_cast=287${query}`)).results.map(({ id }) => id);
  expect(await found('')).not.toContain(550);
  expect(await found('&include_adult=false')).not.toContain(550);
  expect(await found('&include_adult=true')).toContain(550);
});

test('takes new movies, with the parts they lack empty', async () => {
  const model = sandbox.catalogue.details(550, []) as WireMovie;
  sandbox.addMovie({
    ...model,
    id: 1_999_999_999,
    title: 'Entirely New',
    imdb_id: 'tt5555555',
    popularity: 5_000,
  });
  expect(sandbox.catalogue.size).toBe(2_001);
  expect(await getJson('/movie/1999999999?append_to_response=credits,recommendations')).toMatchObject({
    title: 'Entirely New',
    credits: { cast: [], crew: [] },
    recommendations: { results: [] },
  });
  expect(await getJson('/search/movie?query=entirely')).toMatchObject({ results: [{ id: 1_999_999_999 }] });
  expect(await getJson('/find/tt5555555?external_source=imdb_id')).toMatchObject({
    movie_results: [{ id: 1_999_999_999 }],
  });
  expect((await getJson<WirePage>('/movie/popular')).results[0]?.id).toBe(1_999_999_999);
});

test('trends as it is told', async () => {
  sandbox.setTrending('day', [13, 11, 550]);
  const day = await getJson<WirePage>('/trending/movie/day');
  expect(day.results.map(({ id }) => id)).toEqual([13, 11, 550]);
  expect((await getJson<WirePage>('/trending/movie/week')).results).toHaveLength(20);
});

test('gives two servers of one seed the same bytes', async () => {
  await using stack = new AsyncDisposableStack();
  const twin = await startSandbox({ movies: 2_000 });
  stack.defer(() => twin.stop());
  expect(twin.identity).toBe('sandbox:seed=1:movies=2000');
  for (const path of [
    `/movie/${sandbox.catalogue.idAt(900)}?${everyPart}`,
    '/trending/movie/week?page=3',
    '/search/movie?query=silent',
  ]) {
    const other = await fetch(twin.url + path, { headers: { authorization: `Bearer ${defaultApiKey}` } });
    expect(await other.text()).toBe(await (await get(path)).text());
  }
});

test('refuses sizes and seeds it cannot serve', () => {
  expect(startSandbox({ movies: 199 })).rejects.toThrow('movies must be');
  expect(startSandbox({ movies: 1_000_001 })).rejects.toThrow('movies must be');
  expect(startSandbox({ seed: -1 })).rejects.toThrow('seed must be');
});

test('paints a picture for any invented image path', async () => {
  const image = await fetch(`${sandbox.imageUrl}/w342/sandbox-550-poster.jpg`);
  expect(image.headers.get('content-type')).toBe('image/svg+xml');
});

describe('the feed of changes', () => {
  const feed = (query: string) => getJson(`/movie/changes${query}`);

  test('lists what was changed here, the latest first and each once, with deleted ones', async () => {
    const [one = 0, two = 0, three = 0] = [0, 1, 2].map((position) => sandbox.catalogue.idAt(position));
    sandbox.override(one, { title: 'New' });
    sandbox.setGone([two]);
    sandbox.listChanged([three]);
    sandbox.override(one, { title: 'Newer' });
    const { results, total_results } = (await feed('')) as { results: unknown[]; total_results: number };
    expect(total_results).toBe(3);
    expect(results).toEqual([
      { id: one, adult: false },
      { id: three, adult: false },
      { id: two, adult: null },
    ]);
  });

  test('has pages of a hundred, and days of its own', async () => {
    const ids = Array.from({ length: 120 }, (_, position) => sandbox.catalogue.idAt(position));
    sandbox.listChanged(ids, Date.parse('2026-01-10T12:00:00Z'));
    const page = await feed('?start_date=2026-01-09&end_date=2026-01-10&page=2');
    expect(page).toMatchObject({ page: 2, total_pages: 2, total_results: 120 });
    expect((page as { results: unknown[] }).results).toHaveLength(20);
    expect(await feed('?start_date=2026-01-11&end_date=2026-01-12')).toMatchObject({ total_results: 0 });
  });

  test('refuses more than 14 days', async () => {
    expect(await feed('?start_date=2026-01-01&end_date=2026-01-15')).toMatchObject({ page: 1 });
    expect(await feed('?start_date=2026-01-01&end_date=2026-01-16')).toMatchObject({ status_code: 20 });
  });
});
