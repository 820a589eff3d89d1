import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putSnapshot, putTrending, relate, tell } from '#tests/support/api/movie-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { until } from '#tests/support/until.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';

const text = (language: string, title: string | null, overview: string | null) => ({
  ...{ language, title, overview },
  ...{ tagline: null, homepage: null, runtime: null },
});

/** A Japanese film in German and Canadian French, and an English one without any translation. */
const chihiro = mirroredMovie(129, {
  title: 'Spirited Away',
  original_title: '千と千尋の神隠し',
  original_language: 'ja',
  overview: 'In English.',
  translations: [
    text('de-DE', 'Chihiros Reise', 'Auf Deutsch.'),
    text('fr-CA', 'Le Voyage', null),
    text('ja-JP', null, '日本語で。'),
  ],
  posters: [{ language: 'de', path: '/de.jpg' }],
  releases: [
    { country: 'DE', release_date: '2003-06-19', certification: '0', min_age: 0 },
    { country: 'FR', release_date: null, certification: 'TP', min_age: 0 },
  ],
  alternative_titles: [{ country: 'US', title: 'Sen', type: null }],
  recommendations: [],
  parts: answeredParts({
    details: JSON.stringify({
      production_countries: [{ iso_3166_1: 'JP', name: 'Japan' }, null],
      production_companies: [
        { id: 10342, name: 'Ghibli', logo_path: '/g.png', origin_country: '' },
        { id: 1 },
      ],
      spoken_languages: [{ iso_639_1: 'ja', english_name: 'Japanese', name: '日本語' }],
    }),
    release_dates: JSON.stringify({
      results: [
        {
          iso_3166_1: 'DE',
          release_dates: [
            {
              certification: '0',
              iso_639_1: '',
              note: '',
              release_date: '2003-06-19T00:00:00.000Z',
              type: 3,
            },
          ],
        },
      ],
    }),
    videos: JSON.stringify({
      results: [
        { site: 'YouTube', key: 'abc', name: 'Trailer', type: 'Trailer', official: true, iso_639_1: 'en' },
        { site: 'YouTube', key: 'a b"<', name: 'Broken', type: 'Trailer' },
      ],
    }),
    'watch/providers': JSON.stringify({
      results: {
        DE: {
          link: 'https://www.themoviedb.org/movie/129/watch?locale=DE',
          flatrate: [{ provider_id: 8, provider_name: 'Netflix', logo_path: '/n.jpg', display_priority: 0 }],
        },
        FR: { link: 'javascript:alert(1)', buy: [{ provider_id: 'x' }] },
      },
    }),
  }),
});
const plain = mirroredMovie(550, {
  title: 'Fight Club',
  original_title: 'Fight Club',
  people: [],
  credits: [],
});
const nobodys = { people: [], credits: [], collection: null };
const zodiac = mirroredMovie(1949, { title: 'Zodiac', release_date: '2007-03-02', ...nobodys });

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await saveMovies(api.database.orm.em.fork(), [chihiro, plain, zodiac], { now: new Date() });
  await putTrending(api.pool, 'week', [129, 550]);
  await putSnapshot(api.pool, 'genres', 2);
  await api.pool.query('update genres set listed = true');
  await relate(api.pool, 550, 'recommendation', [129, 1949]);
  await api.pool.query(
    "insert into genre_translations (genre_id, language, name, fetched_at) values (18, 'de', 'Drama (de)', now()), (18, 'fr', 'Drame', now())",
  );
});
afterAll(() => api[Symbol.asyncDispose]());

const read = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await api.get(path, headers);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};

test('who reads Norwegian gets what TMDb has under the other code for it', async () => {
  const heks = mirroredMovie(130, {
    ...{ title: 'The Witch', original_title: 'La Bruja', original_language: 'es', overview: 'In English.' },
    translations: [text('nb-NO', null, 'På bokmål.'), text('no-NO', 'Heksa', 'På norsk.')],
    release_date: '1922-09-18',
    posters: [{ language: 'no', path: '/no.jpg' }],
  });
  await saveMovies(api.database.orm.em.fork(), [heks], { now: new Date() });
  await api.pool.query(
    "insert into genre_translations (genre_id, language, name, fetched_at) values (18, 'no', 'Drama (no)', now())",
  );
  const shown = { title: 'Heksa', poster_path: '/no.jpg' };
  const asked = { 'accept-language': 'nb-NO,nb;q=0.9,no;q=0.8,en-US;q=0.5' };
  const { body } = await read('/api/movies/130', asked);
  expect(body.data).toMatchObject({ ...shown, overview: 'På bokmål.' });
  expect(body.data.genres).toContainEqual({ id: 18, name: 'Drama (no)' });
  expect(body.meta.language).toEqual({ asked: 'nb-NO', title: 'no-NO', overview: 'nb-NO' });
  expect((await read('/api/movies?ids=130', asked)).body.data[0]).toMatchObject(shown);
  const { overview } = (await read('/api/movies/130?language=no')).body.data;
  expect(overview).toBe('På norsk.');
});

describe('one movie', () => {
  test.each([
    ['de-DE', 'Chihiros Reise', 'Auf Deutsch.', 'de-DE', 'de-DE'],
    ['de-AT', 'Chihiros Reise', 'Auf Deutsch.', 'de-DE', 'de-DE'],
    ['fr-FR', 'Le Voyage', 'In English.', 'fr-CA', 'en-US'],
    ['ja-JP', '千と千尋の神隠し', '日本語で。', 'ja-JP', 'ja-JP'],
    ['it-IT', 'Spirited Away', 'In English.', 'en-US', 'en-US'],
    ['en-US', 'Spirited Away', 'In English.', 'en-US', 'en-US'],
  ])('in %s', async (asked, title, overview, inTitle, inOverview) => {
    const byQuery = await read(`/api/movies/129?language=${asked}`);
    expect(byQuery.body.data).toMatchObject({ title, overview });
    expect(byQuery.body.meta.language).toEqual({ asked, title: inTitle, overview: inOverview });
    expect(byQuery.headers.get('content-language')).toBe(asked);
    expect(byQuery.headers.get('vary')).toContain('Accept-Language');
    const byHeader = await read('/api/movies/129', { 'accept-language': `qq, ${asked};q=0.8` });
    expect(byHeader.body).toEqual(byQuery.body);
    expect(byHeader.headers.get('etag')).toBe(byQuery.headers.get('etag'));
  });

  test('has the poster and the genres of the language, else its own', async () => {
    const german = (await read('/api/movies/129?language=de-DE')).body.data;
    expect(german).toMatchObject({
      poster_path: '/de.jpg',
      poster_url: 'https://images.test/t/p/w342/de.jpg',
      images: { poster: { original: 'https://images.test/t/p/original/de.jpg' } },
    });
    expect(german.genres[0]).toEqual({ id: 18, name: 'Drama (de)' });
    expect((await read('/api/movies/129?language=fr-FR')).body.data).toMatchObject({
      poster_path: '/p129.jpg',
      genres: [
        { id: 18, name: 'Drame' },
        { id: 53, name: 'Thriller' },
      ],
    });
  });

  test('has another ETag in each language, and 304 in each', async () => {
    const etags = new Set<string>();
    for (const language of ['en-US', 'de-DE', 'de-AT', 'it-IT']) {
      const path = `/api/movies/129?language=${language}`;
      const etag = (await read(path)).headers.get('etag') ?? '';
      etags.add(etag);
      expect((await api.get(path, { 'if-none-match': etag })).status).toBe(304);
    }
    expect(etags.size).toBe(4);
  });

  test('shows certification, date and providers of the region, and the date only where it is asked for', async () => {
    expect((await read('/api/movies/129')).body.data).toMatchObject({
      certification: 'PG-13',
      release_date: '2001-02-03',
      providers: null,
    });
    expect((await read('/api/movies/129?region=de')).body.data).toMatchObject({
      certification: '0',
      release_date: '2003-06-19',
      providers: {
        region: 'DE',
        source: 'JustWatch',
        link: 'https://www.themoviedb.org/movie/129/watch?locale=DE',
        flatrate: [{ provider_id: 8, provider_name: 'Netflix', logo_path: '/n.jpg', display_priority: 0 }],
        free: [],
        ads: [],
        rent: [],
        buy: [],
      },
    });
    expect((await read('/api/movies/129?region=FR')).body.data).toMatchObject({
      certification: 'TP',
      release_date: '2001-02-03',
      providers: { link: null, buy: [] },
    });
    expect((await read('/api/movies/129?region=IT')).body.data).toMatchObject({
      certification: null,
      release_date: '2001-02-03',
      providers: null,
    });
  });

  test('a profile’s country counts where no region is asked for', async () => {
    const { userId, headers } = await openAccount(api);
    await api.pool.query("update users set country = 'DE' where id = $1", [userId]);
    expect((await read('/api/movies/129', headers)).body.data.release_date).toBe('2003-06-19');
    expect((await read('/api/movies/trending', headers)).body.data[0].release_date).toBe('2003-06-19');
    expect((await read('/api/movies/129?region=US', headers)).body.data.release_date).toBe('2001-02-03');
  });

  test('has what its parts say, and leaves out what is broken', async () => {
    expect((await read('/api/movies/129')).body.data).toMatchObject({
      countries: [{ iso_3166_1: 'JP', name: 'Japan' }],
      companies: [{ id: 10342, name: 'Ghibli', logo_path: '/g.png', origin_country: null }],
      spoken_languages: [{ iso_639_1: 'ja', english_name: 'Japanese', name: '日本語' }],
      translations: ['de-DE', 'fr-CA', 'ja-JP'],
      alternative_titles: [{ iso_3166_1: 'US', title: 'Sen', type: null }],
      release_dates: [
        {
          iso_3166_1: 'DE',
          release_dates: [
            { type: 3, release_date: '2003-06-19', certification: '0', iso_639_1: null, note: null },
          ],
        },
      ],
      videos: [{ site: 'YouTube', key: 'abc', name: 'Trailer', official: true, size: null }],
      budget: 1_000_000,
      revenue: 2_923_706_026,
    });
  });

  test('is dropped from the cache in all languages when it changes', async () => {
    const paths = ['en-US', 'de-DE', 'it-IT'].map((language) => `/api/movies/550?language=${language}`);
    for (const path of paths) expect((await read(path)).body.data.status).toBe('Released');
    await api.pool.query("update movie_documents set document = replace(document, 'Released', 'Changed')");
    await api.pool.query('update movies set answer = null, answer_made_of = null');
    for (const path of paths) expect((await read(path)).body.data.status).toBe('Released');
    await tell(api.pool, { kind: 'movies', ids: [550] });
    for (const path of paths) await until(async () => (await read(path)).body.data.status === 'Changed');
  });
});

describe('a language or region that there is not', () => {
  const routes = [
    '/api/movies/129',
    '/api/movies/trending',
    '/api/movies',
    '/api/movies?query=spirited',
    '/api/movies/129/recommendations',
    '/api/user/recommendations',
    '/api/user/interactions',
    '/api/user/preferences',
    '/api/user/profile',
  ];
  test('is refused by name on every route', async () => {
    const { headers } = await openAccount(api);
    const askedWith = (path: string) => (path.includes('?') ? '&' : '?');
    for (const path of [...routes, '/api/genres'])
      for (const language of ['qq', 'xx-YY', 'de-ZZ', '', 'german', 'de-DE-1996']) {
        const { status, body } = await read(`${path}${askedWith(path)}language=${language}`, headers);
        expect([path, status, body.details]).toEqual([
          path,
          422,
          [{ path: 'language', message: 'must be a language such as de-DE' }],
        ]);
      }
    for (const path of routes)
      for (const region of ['ZZ', 'D', 'DEU', '']) {
        const { status, body } = await read(`${path}${askedWith(path)}region=${region}`, headers);
        expect([path, status, body.details]).toEqual([
          path,
          422,
          [{ path: 'region', message: 'must be a country such as DE' }],
        ]);
      }
    const twice = await read('/api/movies/129?language=de-DE&language=fr-FR');
    expect([twice.status, twice.body.details[0].path]).toEqual([422, 'language']);
  });

  test('is as if absent in the header', async () => {
    for (const header of ['qq', 'nonsense;;;', '*', 'de;q=0', '']) {
      const { status, body } = await read('/api/movies/129', { 'accept-language': header });
      expect([status, body.meta.language.asked]).toEqual([200, 'en-US']);
    }
  });
});

describe('lists', () => {
  let account: Awaited<ReturnType<typeof openAccount>>;
  beforeAll(async () => {
    account = await openAccount(api);
    await api.request('/api/user/interactions', {
      method: 'POST',
      headers: { ...account.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ tmdb_id: 550, type: 'liked' }),
    });
    await api.request('/api/user/preferences', {
      method: 'POST',
      headers: { ...account.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ genres: [18], movies: [129] }),
    });
  });

  const german = {
    tmdb_id: 129,
    title: 'Chihiros Reise',
    overview: 'Auf Deutsch.',
    poster_path: '/de.jpg',
    poster_url: 'https://images.test/t/p/w342/de.jpg',
  };
  type Pick = (data: never) => unknown;
  test.each<[string, Pick]>([
    ['/api/movies/trending', (data: unknown[]) => data[0]],
    ['/api/movies?sort=title', (data: unknown[]) => data[1]],
    ['/api/movies?query=spirited', (data: unknown[]) => data[0]],
    ['/api/movies/550/recommendations', (data: { movie: unknown }[]) => data[0]?.movie],
    ['/api/user/preferences', ({ movies }: { movies: unknown[] }) => movies[0]],
    ['/api/user/profile', ({ preferences }: { preferences: { movies: unknown[] } }) => preferences.movies[0]],
  ])('%s is in German', async (path, pick) => {
    const ask = path.includes('?') ? `${path}&language=de-DE` : `${path}?language=de-DE`;
    const { headers, body } = await read(ask, account.headers);
    expect(pick(body.data as never)).toMatchObject(german);
    expect(headers.get('content-language')).toBe('de-DE');
    expect(headers.get('vary')).toContain('Accept-Language');
    if (body.meta !== undefined) expect(body.meta.language).toEqual({ asked: 'de-DE' });
    const accepting = await read(path, { ...account.headers, 'accept-language': 'de' });
    expect(accepting.body.data).toEqual(body.data);
  });

  test('interactions and genres are in German, and genres are sorted so', async () => {
    const { body } = await read('/api/user/interactions?language=fr-FR', account.headers);
    expect(body.data[0].movie.genres[0]).toEqual({ id: 18, name: 'Drame' });
    expect((await read('/api/genres?language=de-DE')).body).toMatchObject({
      data: [{ id: 18, name: 'Drama (de)' }, { id: 53 }],
      meta: { language: { asked: 'de-DE' } },
    });
    const preferences = await read('/api/user/preferences?language=fr-CA', account.headers);
    expect(preferences.body.data.genres).toEqual([{ id: 18, name: 'Drame' }]);
  });

  test('reasons are worded with the titles and genres of the language', async () => {
    const textsOf = async (path: string) => {
      const { body } = await read(path, account.headers);
      return body.data[0].reasons.map((reason: { text: string }) => reason.text);
    };
    expect(await textsOf('/api/movies/550/recommendations?language=de-AT')).toContain(
      'Von TMDb empfohlen, wenn man „Fight Club“ mag',
    );
    expect(await textsOf('/api/movies/550/recommendations?language=fr-FR')).toContain(
      'Même genre\u00a0: Drame',
    );
    expect(await textsOf('/api/movies/550/recommendations?language=it-IT')).toContain('Also Drama');
    expect((await textsOf('/api/user/recommendations?language=es-MX')).join()).toMatch(
      /uno de tus géneros|Recomendada/,
    );
  });

  describe('what users see of their own movies is, byte for byte, what lists show', () => {
    type Shown = { tmdb_id: number; viewer?: object };
    const ids = [129, 550, 1949];
    let user: Awaited<ReturnType<typeof openAccount>>;
    const post = (path: string, body: object) =>
      api.request(path, {
        method: 'POST',
        headers: { ...user.headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    /** By id, in the order of the fields. Where the flags stand among them is said nowhere. */
    const textsOf = (movies: Shown[]) =>
      Object.fromEntries(movies.map(({ viewer, ...movie }) => [movie.tmdb_id, JSON.stringify(movie)]));
    const data = async (path: string) => (await read(path, user.headers)).body.data;

    beforeAll(async () => {
      user = await openAccount(api);
      await post('/api/user/preferences', { movies: ids });
      for (const tmdb_id of ids) await post('/api/user/interactions', { tmdb_id, type: 'bookmarked' });
    });

    test.each([
      'language=en-US',
      'language=de-DE&region=DE',
      'language=fr-FR&region=FR',
      'language=ja-JP',
      'language=it-IT&region=DE',
    ])('%s', async (asked) => {
      const listed = textsOf(await data(`/api/movies?ids=${ids}&${asked}`));
      expect(Object.keys(listed)).toHaveLength(3);
      expect(textsOf((await data(`/api/user/preferences?${asked}`)).movies)).toEqual(listed);
      const interactions: { movie: Shown }[] = await data(`/api/user/interactions?${asked}`);
      expect(textsOf(interactions.map(({ movie }) => movie))).toEqual(listed);
      const recommended: { movie: Shown }[] = await data(`/api/recommendations?movies=550&${asked}`);
      const shown = recommended.map(({ movie }) => movie);
      expect(shown.length).toBeGreaterThan(1);
      const same = await data(`/api/movies?ids=${shown.map(({ tmdb_id }) => tmdb_id)}&${asked}`);
      expect(textsOf(shown)).toEqual(textsOf(same));
    });

    test('also with a genre that is new to the mirror, in its place', async () => {
      const genresOf = async () => (await data('/api/user/preferences')).movies[2].genres;
      const before = await genresOf();
      await api.pool.query(`
        insert into genres (id, name) values (4711, 'Brand new');
        insert into movie_genres (movie_id, genre_id, position) select id, 4711, -1 from movies where tmdb_id = 1949`);
      expect(await genresOf()).toEqual([{ id: 4711, name: 'Brand new' }, ...before]);
      await api.pool.query('delete from genres where id = 4711');
    });
  });

  test('sorting and filters go by TMDb’s own titles and dates', async () => {
    const { body } = await read('/api/movies?sort=release_date&language=de-DE&region=DE&year=2001');
    expect(body.data.map((movie: { release_date: string }) => movie.release_date)).toEqual([
      '2003-06-19',
      '2001-02-03',
    ]);
  });
});

describe('hot reads', () => {
  const queries: string[] = [];
  let restore = () => {};
  beforeEach(() => {
    queries.length = 0;
  });
  beforeAll(() => {
    const { query } = api.database.pool;
    api.database.pool.query = ((...args: Parameters<typeof query>) => {
      queries.push(JSON.stringify(args[0]));
      return Reflect.apply(query, api.database.pool, args);
    }) as typeof query;
    // Reads in binary need no more of the pool than an idle connection.
    const { read } = WatchedClient.prototype;
    WatchedClient.prototype.read = function (asked) {
      queries.push(asked.text);
      read.call(this, asked);
    };
    restore = () => {
      api.database.pool.query = query;
      WatchedClient.prototype.read = read;
    };
  });
  afterAll(() => restore());

  test('in a second language need no statement, and are answered without a wait', async () => {
    for (const path of ['/api/movies/129?language=de-DE', '/api/movies/129?language=de-DE&region=DE']) {
      await api.get(path);
      queries.length = 0;
      expect(api.fetch(path)).not.toBeInstanceOf(Promise);
      expect(queries).toEqual([]);
    }
  });

  test('a cold page takes the same few statements in every language', async () => {
    const counts: number[] = [];
    for (const language of ['de-DE', 'es-ES', 'ko-KR']) {
      queries.length = 0;
      await api.get(`/api/movies?sort=title&limit=20&page=1&year=2001&language=${language}`);
      counts.push(queries.length);
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
  });

  test('stay, however many languages are asked for that hardly anybody speaks', async () => {
    await api.get('/api/movies/129?language=de-DE');
    await api.get('/api/movies/129');
    for (let n = 0; n < 1000; n++) {
      const [code, country] = [['it', 'nl', 'sv', 'pl'][n % 4], ['DE', 'AT', 'US', 'FR', 'GB', 'IT'][n % 6]];
      await api.get(`/api/movies/129?language=${code}-${country}&region=${country}`);
    }
    queries.length = 0;
    await api.get('/api/movies/129?language=de-DE');
    await api.get('/api/movies/129');
    expect(queries).toEqual([]);
  });
});
