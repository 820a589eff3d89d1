import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { upstreamSearchKey } from '#shared/search/upstream-search-key.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import { answeredParts, credit, mirroredMovie, person } from '#tests/support/mirrored-movie-factory.ts';
import { until } from '#tests/support/until.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  const details = {
    id: 550,
    production_companies: [
      { id: 7, name: 'Pokémon Pictures', logo_path: '/l.png', origin_country: 'JP' },
      { id: 8, name: 'Harbor', logo_path: null, origin_country: '' },
      { id: 9, name: 'Harbor Films', logo_path: 'javascript:', origin_country: 'FR' },
      { id: 'x', name: 'No id' },
      null,
    ],
    belongs_to_collection: { id: 9000, name: 'A Collection', poster_path: '/c.jpg', backdrop_path: null },
  };
  await saveMovies(
    api.database.orm.em.fork(),
    [mirroredMovie(550, { parts: answeredParts({ details: JSON.stringify(details) }) })],
    { now: new Date() },
  );
  await api.pool.query(
    "insert into keywords (id, name) select 100 + n, 'harbor ' || n from generate_series(1, 25) n;" +
      "insert into keywords (id, name) values (99, 'Harbor'), (98, 'old harbor'), (97, E'\\\\ '' & | ! :* ( )')",
  );
});
afterAll(() => api[Symbol.asyncDispose]());

const body = async (path: string) => (await api.get(`/3/${path}`)).json();
const ids = async (path: string) => (await body(path)).results.map(({ id }: { id: number }) => id);

describe('names', () => {
  test('keywords are found by their words, the exact one first, page by page', async () => {
    const { results, ...page } = await body('search/keyword?query=HARBOR');
    expect(page).toEqual({ page: 1, total_pages: 2, total_results: 27 });
    expect(results[0]).toEqual({ id: 99, name: 'Harbor' });
    expect(results).toHaveLength(20);
    expect(await ids('search/keyword?query=harb&page=2')).toHaveLength(7);
    expect(await ids('search/keyword?query=harbor+old')).toEqual([98]);
    expect(await ids('search/keyword?query=nothing')).toEqual([]);
  });

  test('companies are those that movies name, and those that somebody asked for', async () => {
    expect((await body('search/company?query=pokemon')).results).toEqual([
      { id: 7, logo_path: '/l.png', name: 'Pokémon Pictures', origin_country: 'JP' },
    ]);
    expect(await body('search/company?query=harbor')).toMatchObject({
      results: [
        { id: 8, logo_path: null, origin_country: '' },
        { id: 9, logo_path: null },
      ],
      total_results: 2,
    });
    const own = { id: 55, name: 'Lighthouse', logo_path: null, origin_country: 'IE' };
    await saveRecord(api.database.orm.em.fork(), parseRecord('company', own, 55), new Date());
    expect((await (await api.another({})('/3/search/company?query=light')).json()).results).toEqual([own]);
  });

  test('collections have the pictures that they themselves or their movies name', async () => {
    expect((await body('search/collection?query=collection')).results).toEqual([
      {
        adult: false,
        backdrop_path: null,
        id: 9000,
        name: 'A Collection',
        original_language: 'en',
        original_name: 'A Collection',
        overview: '',
        poster_path: '/c.jpg',
      },
    ]);
  });

  test('collections are found by what they are called elsewhere, too', async () => {
    await api.pool.query("select put_collection_name(9000, 'de-DE', 'Eine Filmreihe')");
    const ask = api.another({ config: { rateLimit: false } });
    const { results } = await (await ask('/3/search/collection?query=filmreihe')).json();
    expect(results.map(({ id }: { id: number }) => id)).toEqual([9000]);
  });

  test('people have what credits say of them, and those for adults are found by who asks for them', async () => {
    const eva = { ...person(41, 'Eva Example'), gender: 1, original_name: 'Ева' };
    const adult = { ...person(42, 'Evan Example'), adult: true };
    const credits = [credit('551-a', 41), credit('551-b', 42)];
    await saveMovies(api.database.orm.em.fork(), [mirroredMovie(551, { people: [eva, adult], credits })], {
      now: new Date(),
    });
    const ask = api.another({ config: { rateLimit: false } });
    const found = async (more: string) => {
      const { results } = await (await ask(`/3/search/person?query=example${more}`)).json();
      return results.map(({ known_for: _, ...row }: { known_for: unknown }) => row);
    };
    const row = {
      adult: false,
      gender: 1,
      id: 41,
      known_for_department: 'Acting',
      name: 'Eva Example',
      original_name: 'Ева',
      popularity: 5,
      profile_path: '/f41.jpg',
    };
    expect(await found('')).toEqual([row]);
    const all = await found('&include_adult=true');
    expect(all.map(({ id, adult }: typeof row) => [id, adult]).sort()).toEqual([
      [41, false],
      [42, true],
    ]);
    await api.pool.query("update people set imdb_id = 'nm0000041' where id = 41");
    const { person_results: people, movie_results: movies } = await (
      await ask('/3/find/nm0000041?external_source=imdb_id')
    ).json();
    expect([people, movies]).toEqual([[expect.objectContaining({ ...row, media_type: 'person' })], []]);
    await api.pool.query('delete from movies where tmdb_id = 551');
  });

  test('whatever stands in a query is looked for as it stands', async () => {
    for (const query of ["'", '\\', '&', '| !', ':*', '()', "a'b\\c:*", '\u{1f3ac}', '日本 語']) {
      const answer = await api.get(`/3/search/keyword?query=${encodeURIComponent(query)}`);
      expect([query, answer.status]).toEqual([query, 200]);
    }
  });
});

describe('movie/changes', () => {
  beforeAll(async () => {
    for (let id = 1000; id < 1120; id++) await putMovie(api.pool, { tmdbId: id, state: 'listed' });
    await api.pool.query(`
      update movies set change_seen_at = now() - (tmdb_id - 1000) * interval '1 minute' where tmdb_id >= 1000;
      update movies set change_seen_at = now() - interval '5 days', adult = null where tmdb_id = 550`);
  });
  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);

  test('are those of the last day, the last first', async () => {
    const { results, ...page } = await body('movie/changes');
    expect(page).toEqual({ page: 1, total_pages: 2, total_results: 120 });
    expect(results[0]).toEqual({ id: 1000, adult: false });
    expect(await ids('movie/changes?page=2')).toEqual([...Array(20).keys()].map((n) => 1100 + n));
    expect((await body('movie/changes?page=3')).results).toEqual([]);
  });

  test('or of whole days', async () => {
    const found = await body(`movie/changes?start_date=${day(6)}&end_date=${day(5)}`);
    expect(found.results).toEqual([{ id: 550, adult: null }]);
    expect((await body(`movie/changes?start_date=${day(6)}`)).total_results).toBe(121);
    expect(await ids(`movie/changes?end_date=${day(20)}`)).toEqual([]);
    expect(await ids('movie/changes?start_date=9999-12-31&end_date=9999-12-31')).toEqual([]);
  });

  test('those of people are of the people who are mirrored whole', async () => {
    await api.pool.query(`
      insert into records (kind, id, state, changed_at) select 'person', 700 + n, 'detailed', now() - n * interval '8 hours'
        from generate_series(1, 4) n;
      insert into records (kind, id, state, changed_at) values ('collection', 1, 'detailed', now());
      insert into people (id, name, adult) values (702, 'Eve', true)`);
    expect(await body('person/changes')).toEqual({
      results: [
        { id: 701, adult: false },
        { id: 702, adult: true },
      ],
      page: 1,
      total_pages: 1,
      total_results: 2,
    });
    expect(await ids(`person/changes?start_date=${day(3)}`)).toHaveLength(4);
    expect((await api.get('/3/person/changes?end_date=x')).status).toBe(400);
  });

  test.each([
    ['start_date=2026-02-30', 400, 23],
    ['end_date=yesterday', 400, 23],
    ['page=501', 400, 22],
    ['start_date=2026-01-01&end_date=2026-01-16', 422, 20],
  ])('%s is refused', async (query, status, code) => {
    const answer = await api.get(`/3/movie/changes?${query}`);
    expect([answer.status, (await answer.json()).status_code]).toEqual([status, code]);
  });
});

test('answers say what they rest on', async () => {
  await api.pool.query("update movies set fetched_at = now() - interval '1 hour' where tmdb_id = 550");
  const ask = api.another({ config: { rateLimit: false } });
  for (const path of ['search/movie?query=movie+550', 'discover/movie?with_genres=18,53']) {
    const { headers } = await ask(`/3/${path}`);
    expect(headers.get('x-nexus-age')).toMatch(/^36\d\d$/);
    expect(headers.get('x-nexus-coverage')).toBe('movies=121; detailed=1; scope=none');
    expect(headers.get('access-control-expose-headers')).toContain('X-Nexus-Age, X-Nexus-Coverage');
  }
  const movie = await ask('/3/movie/550');
  expect([movie.headers.get('x-nexus-age'), movie.headers.has('x-nexus-coverage')]).toEqual([
    expect.stringMatching(/^36\d\d$/),
    false,
  ]);
});

describe('a thin search', () => {
  const queued = async () =>
    (await api.queues.queue('background').getJobs(['waiting', 'prioritized']))
      .filter(({ name }) => name === 'movies.search')
      .map(({ data: { requestId: _, ...asked } }) => asked);

  test('is handed to the worker, once, and the answer does not wait for it', async () => {
    expect((await body('search/movie?query=Lighthouse&year=1999')).total_results).toBe(0);
    await until(async () => (await queued()).some(({ year }) => year === 1999));
    const again = api.another({ config: { rateLimit: false } });
    await (await again('/3/search/movie?query=%20lighthouse&year=1999')).json();
    await body('search/movie?query=li');
    await Bun.sleep(300);
    expect((await queued()).filter(({ query }) => query === 'li')).toEqual([]);
    expect((await queued()).filter(({ year }) => year === 1999)).toEqual([
      { key: upstreamSearchKey({ query: 'lighthouse', year: 1999 }), query: 'Lighthouse', year: 1999 },
    ]);
  });

  test('is not asked again for a week, nor beyond the budget of a day, nor while TMDb is away', async () => {
    const key = (query: string) => upstreamSearchKey({ query });
    await api.pool.query('insert into upstream_searches values ($1, now(), 0)', [key('asked before')]);
    await body('search/movie?query=asked+before');
    await Bun.sleep(200);
    await api.pool.query(
      "insert into upstream_searches select 'k' || n, now(), 0 from generate_series(1, 2000) n",
    );
    await body('search/movie?query=too+many');
    await Bun.sleep(200);
    await api.pool.query('truncate upstream_searches');
    await api.pool.query("update upstream set circuit = 'open', retry_at = now() + interval '30 seconds'");
    const away = api.another({ config: { rateLimit: false } });
    expect((await away('/3/search/movie?query=while+away')).status).toBe(200);
    await Bun.sleep(200);
    await api.pool.query("update upstream set circuit = 'closed', retry_at = null");
    const keys = ['asked before', 'too many', 'while away'].map(key);
    expect((await queued()).filter((asked) => keys.includes(asked.key))).toEqual([]);
  });

  test.each([
    ['search/person?query=Nobody+Known', 'person', 'Nobody Known'],
    ['search/collection?query=nothing+like+it', 'collection', 'nothing like it'],
    ['search/company?query=Unheard+Of', 'company', 'Unheard Of'],
    ['search/keyword?query=unthinkable', 'keyword', 'unthinkable'],
    ['find/tt7654321?external_source=imdb_id', 'imdb_id', 'tt7654321'],
    ['find/nm7654321?external_source=imdb_id', 'imdb_id', 'nm7654321'],
  ] as const)('%s is one for %p', async (path, kind, query) => {
    expect((await api.get(`/3/${path}`)).status).toBe(200);
    const key = upstreamSearchKey({ kind, query });
    await until(async () => (await queued()).some((asked) => asked.key === key));
    expect((await queued()).find((asked) => asked.key === key)).toEqual({ key, kind, query });
  });

  test('a movie by an id of IMDb’s that nobody knows is one', async () => {
    expect((await api.get('/3/movie/tt7654322?append_to_response=credits')).status).toBe(404);
    const key = upstreamSearchKey({ kind: 'imdb_id', query: 'tt7654322' });
    await until(async () => (await queued()).some((asked) => asked.key === key));
  });

  test('of everything asks for movies and for people', async () => {
    await body('search/multi?query=whatever+there+is');
    const query = 'whatever there is';
    for (const key of [upstreamSearchKey({ query }), upstreamSearchKey({ kind: 'person', query })])
      await until(async () => (await queued()).some((asked) => asked.key === key));
  });

  test('may be a discovery', async () => {
    await body('discover/movie?with_genres=18&year=1950&sort_by=vote_count.desc&region=DE');
    const filters = 'region=DE&sort_by=vote_count.desc&with_genres=18&year=1950';
    await until(async () => (await queued()).some((asked) => asked.filters === filters));
  });
});
