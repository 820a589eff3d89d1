import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createRequire } from 'node:module';
import { TMDB as LorenzoTmdb } from '@lorenzopant/tmdb';
import { MovieDb } from 'moviedb-promise';
import { TMDB } from 'tmdb-ts';
import type { App } from '#api/app.ts';
import { hashOfKey, makeKey } from '#api/facade/keys/make-key.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putTrending, putWholeMovie } from '#tests/support/api/movie-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';

/** Libraries that applications use TMDb with, as they are: each is only told another address. */
let api: TestApi;
let app: App;
let base: string;
const keyId = '0192f0c1-2b3c-7d4e-8f50-617283940a1b';
const key = makeKey(keyId);
const require = createRequire(import.meta.url);

beforeAll(async () => {
  api = await openTestApi();
  await putWholeMovie(api.pool, 1);
  const details = { id: 550, imdb_id: 'tt0137523', title: 'The Harbor', original_title: 'The Harbor' };
  const movie = mirroredMovie(550, {
    title: 'The Harbor',
    imdb_id: 'tt0137523',
    parts: answeredParts({
      details: JSON.stringify(details),
      videos:
        '{"results":[{"iso_639_1":"en","iso_3166_1":"US","key":"k","site":"YouTube","type":"Trailer"}]}',
    }),
  });
  await saveMovies(api.database.orm.em.fork(), [movie], { now: new Date() });
  await putTrending(api.pool, 'week', [550, 1]);
  await api.pool.query('update movies set change_seen_at = now()');
  const film = { id: 550, title: 'The Harbor', media_type: 'movie', credit_id: 'c', character: 'Hero' };
  const credits = { cast: [film], crew: [] };
  const person = {
    id: 31,
    name: 'Ann',
    biography: 'Known.',
    movie_credits: credits,
    combined_credits: credits,
  };
  for (const [kind, answer] of [
    ['person', person],
    ['collection', { id: 10, name: 'Harbor Collection', overview: 'All.', parts: [film] }],
    ['company', { id: 7, name: 'Harbor Films', origin_country: 'PT', logo_path: null }],
  ] as const)
    await saveRecord(api.database.orm.em.fork(), parseRecord(kind, answer, answer.id), new Date());
  await api.pool.query(
    "insert into facade_keys (id, name, api_key_hash, token_hash) values ($1, 'clients', $2, $3)",
    [keyId, hashOfKey(key.api_key), hashOfKey(key.token)],
  );
  app = api.anotherApp({ config: { facade: 'keys', rateLimit: false } });
  app.listen({ hostname: '127.0.0.1', port: 0 });
  base = `http://127.0.0.1:${app.server?.port}/3`;
});
afterAll(async () => {
  await app.stop(true);
  await api[Symbol.asyncDispose]();
});

/** What the address itself answers: a client must hand over the same. */
const plain = async (path: string): Promise<unknown> =>
  (await fetch(`${base}/${path}`, { headers: { authorization: `Bearer ${key.token}` } })).json();

/** Clients may take nulls for missing values, and put images of their own beside paths. */
const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (each === null ? undefined : each)));

type Calls<Client> = [path: string, call: (client: Client) => Promise<unknown>][];

async function compare<Client>(client: Client, calls: Calls<Client>): Promise<void> {
  for (const [path, call] of calls) {
    const asked = await plain(path);
    expect(asked).not.toHaveProperty('status_code');
    expect({ path, got: withoutNulls(await call(client)) }).toEqual({ path, got: withoutNulls(asked) });
  }
}

test('moviedb-promise', async () => {
  const client = new MovieDb(key.api_key, `${base}/`);
  await compare<MovieDb>(client, [
    ['configuration', (it) => it.configuration()],
    ['movie/550', (it) => it.movieInfo(550)],
    [
      'movie/550?append_to_response=credits,videos',
      (it) => it.movieInfo({ id: 550, append_to_response: 'credits,videos' }),
    ],
    ['movie/550/alternative_titles', (it) => it.movieAlternativeTitles(550)],
    ['movie/550/credits', (it) => it.movieCredits(550)],
    ['movie/550/external_ids', (it) => it.movieExternalIds(550)],
    ['movie/550/images', (it) => it.movieImages(550)],
    ['movie/550/keywords', (it) => it.movieKeywords(550)],
    ['movie/550/release_dates', (it) => it.movieReleaseDates(550)],
    ['movie/550/videos', (it) => it.movieVideos(550)],
    ['movie/550/watch/providers', (it) => it.movieWatchProviders(550)],
    ['movie/550/translations', (it) => it.movieTranslations(550)],
    ['movie/550/recommendations', (it) => it.movieRecommendations(550)],
    ['movie/550/similar', (it) => it.movieSimilar(550)],
    ['movie/550/reviews', (it) => it.movieReviews(550)],
    ['search/movie?query=harbor', (it) => it.searchMovie({ query: 'harbor' })],
    ['search/multi?query=harbor', (it) => it.searchMulti({ query: 'harbor' })],
    ['search/person?query=ann', (it) => it.searchPerson({ query: 'ann' })],
    ['discover/movie?vote_average.gte=7', (it) => it.discoverMovie({ 'vote_average.gte': 7 })],
    ['trending/movie/week', (it) => it.trending({ media_type: 'movie', time_window: 'week' })],
    ['trending/all/week', (it) => it.trending({ media_type: 'all', time_window: 'week' })],
    ['genre/movie/list', (it) => it.genreMovieList()],
    ['keyword/7', (it) => it.keywordInfo(7)],
    ['keyword/7/movies', (it) => it.keywordMovies(7)],
    ['person/31', (it) => it.personInfo(31)],
    [
      'person/31?append_to_response=movie_credits,images',
      (it) => it.personInfo({ id: 31, append_to_response: 'movie_credits,images' }),
    ],
    ['person/31/movie_credits', (it) => it.personMovieCredits(31)],
    ['person/31/combined_credits', (it) => it.personCombinedCredits(31)],
    ['person/31/external_ids', (it) => it.personExternalIds(31)],
    ['person/31/images', (it) => it.personImages(31)],
    ['person/31/translations', (it) => it.personTranslations(31)],
    ['collection/10', (it) => it.collectionInfo(10)],
    ['collection/10/images', (it) => it.collectionImages(10)],
    ['collection/10/translations', (it) => it.collectionTranslations(10)],
    ['company/7', (it) => it.companyInfo(7)],
    ['company/7/alternative_names', (it) => it.companyAlternativeNames(7)],
    ['company/7/images', (it) => it.companyImages(7)],
    ['search/collection?query=harbor', (it) => it.searchCollection({ query: 'harbor' })],
    ['search/company?query=harbor', (it) => it.searchCompany({ query: 'harbor' })],
    ['search/keyword?query=sea', (it) => it.searchKeyword({ query: 'sea' })],
    ['movie/changes', (it) => it.changedMovies()],
    [
      'find/tt0137523?external_source=imdb_id',
      (it) => it.find({ id: 'tt0137523', external_source: 'imdb_id' as never }),
    ],
  ]);
  await expect(client.tvInfo(1399)).rejects.toMatchObject({ response: { status: 404 } });
  await expect(client.movieInfo('abc')).rejects.toMatchObject({ response: { status: 404 } });
});

test('tmdb-ts', async () => {
  const elsewhere = (url: unknown, init?: RequestInit) =>
    fetch(String(url).replace('https://api.themoviedb.org/3', base), init);
  const client = new TMDB(key.token, { fetch: elsewhere as typeof fetch });
  await compare(client, [
    ['configuration', (it) => it.configuration.getApiConfiguration()],
    ['movie/550?append_to_response=credits,videos', (it) => it.movies.details(550, ['credits', 'videos'])],
    ['movie/550?language=de', (it) => it.movies.details(550, undefined, 'de')],
    ['movie/550/alternative_titles', (it) => it.movies.alternativeTitles(550)],
    ['movie/550/credits', (it) => it.movies.credits(550)],
    ['movie/550/external_ids', (it) => it.movies.externalIds(550)],
    ['movie/550/images', (it) => it.movies.images(550)],
    ['movie/550/keywords', (it) => it.movies.keywords(550)],
    ['movie/550/recommendations', (it) => it.movies.recommendations(550)],
    ['movie/550/release_dates', (it) => it.movies.releaseDates(550)],
    ['movie/550/reviews', (it) => it.movies.reviews(550)],
    ['movie/550/similar', (it) => it.movies.similar(550)],
    ['movie/550/translations', (it) => it.movies.translations(550)],
    ['movie/550/videos', (it) => it.movies.videos(550)],
    ['movie/550/watch/providers', (it) => it.movies.watchProviders(550)],
    ['search/movie?query=harbor&year=2001', (it) => it.search.movies({ query: 'harbor', year: 2001 })],
    ['search/person?query=ann', (it) => it.search.people({ query: 'ann' })],
    ['search/multi?query=harbor', (it) => it.search.multi({ query: 'harbor' })],
    ['discover/movie?with_genres=18,35', (it) => it.discover.movie({ with_genres: '18,35' })],
    ['trending/movie/week', (it) => it.trending.trending('movie', 'week')],
    ['genre/movie/list', (it) => it.genres.movies()],
    ['keyword/7', (it) => it.keywords.details(7)],
    [
      'person/31?append_to_response=movie_credits,images&language=de',
      (it) => it.people.details(31, ['movie_credits', 'images'], 'de'),
    ],
    ['person/31/movie_credits', (it) => it.people.movieCredits(31)],
    ['person/31/combined_credits', (it) => it.people.combinedCredits(31)],
    ['person/31/external_ids', (it) => it.people.externalId(31)],
    ['person/31/images', (it) => it.people.images(31)],
    ['person/31/translations', (it) => it.people.translation(31)],
    ['collection/10', (it) => it.collections.details(10)],
    ['collection/10/images', (it) => it.collections.images(10)],
    ['collection/10/translations', (it) => it.collections.translations(10)],
    ['company/7', (it) => it.companies.details(7)],
    ['company/7/alternative_names', (it) => it.companies.alternativeNames(7)],
    ['company/7/images', (it) => it.companies.images(7)],
    ['search/collection?query=harbor', (it) => it.search.collections({ query: 'harbor' })],
    ['search/company?query=harbor', (it) => it.search.companies({ query: 'harbor' })],
    ['search/keyword?query=sea', (it) => it.search.keywords({ query: 'sea' })],
    ['movie/changes', (it) => it.changes.movies()],
    [
      'find/tt0137523?external_source=imdb_id',
      (it) => it.find.byExternalId('tt0137523', { external_source: 'imdb_id' }),
    ],
  ]);
  await expect(client.tvShows.details(1399)).rejects.toMatchObject({ status_code: 34, success: false });
});

describe('@lorenzopant/tmdb', () => {
  const own = globalThis.fetch;
  beforeAll(() => {
    const elsewhere = (url: unknown, init?: RequestInit) =>
      own(String(url).replace('https://api.themoviedb.org/3', base), init);
    globalThis.fetch = elsewhere as typeof fetch;
  });
  afterAll(() => {
    globalThis.fetch = own;
  });

  test.each([
    ['a token', key.token],
    ['a key', key.api_key],
  ])('with %s', async (_, credential) => {
    await compare(new LorenzoTmdb(credential), [
      ['movie/550', (it) => it.movies.details({ movie_id: 550 })],
      [
        'movie/550?append_to_response=credits',
        (it) => it.movies.details({ movie_id: 550, append_to_response: ['credits'] }),
      ],
      ['movie/550/alternative_titles', (it) => it.movies.alternative_titles({ movie_id: 550 })],
      ['movie/550/credits', (it) => it.movies.credits({ movie_id: 550 })],
      ['movie/550/external_ids', (it) => it.movies.external_ids({ movie_id: 550 })],
      ['movie/550/keywords', (it) => it.movies.keywords({ movie_id: 550 })],
      ['movie/550/images', (it) => it.movies.images({ movie_id: 550 })],
      ['movie/550/recommendations', (it) => it.movies.recommendations({ movie_id: 550 })],
      ['movie/550/release_dates', (it) => it.movies.release_dates({ movie_id: 550 })],
      ['movie/550/reviews', (it) => it.movies.reviews({ movie_id: 550 })],
      ['movie/550/similar', (it) => it.movies.similar({ movie_id: 550 })],
      ['movie/550/translations', (it) => it.movies.translations({ movie_id: 550 })],
      ['movie/550/videos', (it) => it.movies.videos({ movie_id: 550 })],
      ['movie/550/watch/providers', (it) => it.movies.watch_providers({ movie_id: 550 })],
      ['person/31', (it) => it.people.details({ person_id: 31 })],
      ['person/31/movie_credits', (it) => it.people.movie_credits({ person_id: 31 })],
      ['person/31/images', (it) => it.people.images({ person_id: 31 })],
      ['collection/10', (it) => it.collections.details({ collection_id: 10 })],
      ['company/7', (it) => it.companies.details({ company_id: 7 })],
      ['search/movie?query=harbor', (it) => it.search.movies({ query: 'harbor' })],
      ['discover/movie', (it) => it.discover.movie({})],
      ['genre/movie/list', (it) => it.genres.movie_list()],
      ['configuration', (it) => it.configuration.details()],
    ]);
  });
});

test('moviedb', async () => {
  const client = require('moviedb')(key.api_key, `${base}/`);
  const call = (method: string, params: object = {}) =>
    new Promise((resolve, reject) =>
      client[method](params, (error: unknown, found: unknown) => (error ? reject(error) : resolve(found))),
    );
  await compare(call, [
    ['configuration', (it) => it('configuration')],
    ['movie/550', (it) => it('movieInfo', { id: 550 })],
    ['movie/550/credits', (it) => it('movieCredits', { id: 550 })],
    ['movie/550/releases', (it) => it('movieReleases', { id: 550 })],
    ['person/31', (it) => it('personInfo', { id: 31 })],
    ['person/31/movie_credits', (it) => it('personMovieCredits', { id: 31 })],
    ['person/31/combined_credits', (it) => it('personCombinedCredits', { id: 31 })],
    ['person/31/images', (it) => it('personImages', { id: 31 })],
    ['collection/10', (it) => it('collectionInfo', { id: 10 })],
    ['collection/10/images', (it) => it('collectionImages', { id: 10 })],
    ['company/7', (it) => it('companyInfo', { id: 7 })],
    ['search/collection?query=harbor', (it) => it('searchCollection', { query: 'harbor' })],
    ['search/company?query=harbor', (it) => it('searchCompany', { query: 'harbor' })],
    ['movie/550/trailers', (it) => it('movieTrailers', { id: 550 })],
    ['movie/550/similar_movies', (it) => it('movieSimilar', { id: 550 })],
    ['search/movie?query=harbor', (it) => it('searchMovie', { query: 'harbor' })],
    ['discover/movie', (it) => it('discoverMovie')],
    ['genre/movie/list', (it) => it('genreMovieList')],
    [
      'find/tt0137523?external_source=imdb_id',
      (it) => it('find', { id: 'tt0137523', external_source: 'imdb_id' }),
    ],
  ]);
});

test('node-themoviedb', async () => {
  const requests = require('node-themoviedb/dist/utils/requests.js');
  requests.default = requests.default.extend({ prefixUrl: base });
  const { default: Client } = require('node-themoviedb') as { default: new (key: string) => unknown };
  type Method = (asked?: object) => Promise<{ data: unknown }>;
  const client = new Client(key.api_key) as Record<string, Record<string, Method>>;
  const movie = { pathParameters: { movie_id: 550 } };
  const call = async (room: string, method: string, asked?: object) =>
    (await client[room]?.[method]?.(asked))?.data;
  await compare(call, [
    ['movie/550', (it) => it('movie', 'getDetails', movie)],
    ['movie/550/credits', (it) => it('movie', 'getCredits', movie)],
    ['movie/550/keywords', (it) => it('movie', 'getKeywords', movie)],
    ['movie/550/videos', (it) => it('movie', 'getVideos', movie)],
    ['movie/550/similar', (it) => it('movie', 'getSimilarMovies', movie)],
    [
      'person/31/movie_credits',
      (it) => it('person', 'getMovieCredits', { pathParameters: { person_id: 31 } }),
    ],
    ['person/31', (it) => it('person', 'getDetails', { pathParameters: { person_id: 31 } })],
    ['collection/10', (it) => it('collection', 'getDetails', { pathParameters: { collection_id: 10 } })],
    ['company/7', (it) => it('company', 'getDetails', { pathParameters: { company_id: 7 } })],
    ['search/movie?query=harbor', (it) => it('search', 'movies', { query: { query: 'harbor' } })],
    ['discover/movie', (it) => it('discover', 'movie')],
    ['genre/movie/list', (it) => it('genre', 'getMovieList')],
    ['configuration', (it) => it('configuration', 'getAPIConfiguration')],
  ]);
});
