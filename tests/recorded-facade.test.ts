import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { partViews } from '#api/facade/movies/movie-parts.ts';
import { openApi, type RunningApi } from '#api/main.ts';
import { readApiConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { movieOf, movieRowsOf } from '#tests/support/recorded/compose-movie.ts';
import {
  type Exchange,
  hasExchanges,
  type Json,
  readExchanges,
  rowsOf,
  without,
} from '#tests/support/recorded/read-exchanges.ts';
import { type RecordedTmdb, startRecordedTmdb } from '#tests/support/recorded/recorded-tmdb.ts';
import { openService, type Service } from '#tests/support/service.ts';
import { until } from '#tests/support/until.ts';
import { emptyTables } from './support/empty-tables.ts';

const exchanges = readExchanges();
const log = createLog({ level: 'silent', name: 'test' });
const config = readApiConfig({
  PORT: '0',
  JWT_SECRET: 'x'.repeat(32),
  RATE_LIMIT: 'off',
  TMDB_FACADE: 'open',
});
const paths = (pattern: RegExp) =>
  exchanges.filter(({ path }) => pattern.test(path)).map((each) => [each.file, each] as const);

describe.skipIf(!hasExchanges)('what TMDb answered once, fetched by the worker and asked through /3', () => {
  let tmdb: RecordedTmdb;
  let service: Service;
  beforeAll(async () => {
    tmdb = startRecordedTmdb(exchanges);
    service = await openService({
      env: { TMDB_BASE_URL: tmdb.url, LANGUAGES: 'all' },
      synced: false,
    });
    const started = () =>
      service.rows(
        "select 1 from sync_runs where job in ('reference', 'lists') and status in ('succeeded', 'failed')",
      );
    await until(async () => (await started()).length === 2, 60_000);
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await tmdb?.[Symbol.asyncDispose]();
  });

  /** An empty mirror, and an api of its own over it: nobody tells of what is taken out here. */
  async function openEmpty(exchange: Exchange): Promise<RunningApi> {
    tmdb.prefer(exchange);
    await emptyTables(
      service.database.pool,
      'movies',
      'movie_absences',
      'upstream_searches',
      'list_snapshots',
    );
    return openApi(config, { database: service.database, queues: service.queues, log });
  }

  async function fetchMovies(ids: readonly unknown[]): Promise<void> {
    const asked = [...new Set(ids as number[])];
    await Promise.all(
      asked.map((tmdbId) => service.queues.enqueue('movies.fetch', { tmdbId, requestedAt: Date.now() })),
    );
    const there = () =>
      service.rows("select 1 from movies where tmdb_id = any($1) and state = 'detailed'", asked);
    await until(async () => (await there()).length === asked.length, 30_000);
  }

  const ask = async (api: RunningApi, { path, query }: Pick<Exchange, 'path' | 'query'>) => {
    const answer = await fetch(`${api.url}${path}?${query}`);
    return { status: answer.status, json: (await answer.json()) as Json };
  };
  const languageOf = ({ query }: Exchange) => new URLSearchParams(query).get('language') ?? 'en-US';
  const isTranslated = (exchange: Exchange) => !languageOf(exchange).startsWith('en');

  const served = [...Object.keys(partViews), ''];
  const partOf = ({ path }: Exchange) => path.split('/').slice(4).join('/');
  const movies = paths(/^\/3\/movie\/(tt)?\d/).filter(([, each]) => served.includes(partOf(each)));

  test.each(movies)('a movie: %s', async (_, exchange) => {
    await using api = await openEmpty(exchange);
    const id = movieOf(exchange.path, exchange.json) as number;
    if (isTranslated(exchange)) await fetchMovies(movieRowsOf(exchange).map((row) => row.id));
    // An id of IMDb leads to what is mirrored.
    if (exchange.path.includes('/tt')) await fetchMovies([id]);
    const { status, json } = await ask(api, exchange);
    expect({ status, json }).toMatchObject({ status: 200 });
    const part = partOf(exchange);
    if (part === '') compareMovie(exchange, json);
    else comparePart(part, exchange.json, json);
  });

  const lists = paths(
    /^\/3\/(movie\/(popular|now_playing|top_rated|upcoming)|(trending|search|discover)\/.*|find\/.*)$/,
  );
  test.each(lists)('a list: %s', async (_, exchange) => {
    await using api = await openEmpty(exchange);
    await bring(api, exchange);
    const { status, json } = await ask(api, exchange);
    expect({ status, json }).toMatchObject({ status: 200 });
    // Only so many are mirrored: what TMDb had on a second page may stand on the first.
    const first = await ask(api, { ...exchange, query: exchange.query.replace('page=2', 'page=1') });
    compareList(exchange, json, rowsOf(first.json));
  });

  const documents = paths(/^\/3\/(movie\/latest|configuration(\/.*)?)$/);
  test.each(documents)('a document: %s', async (_, exchange) => {
    await using api = await openEmpty(exchange);
    await service.sync(exchange.path === '/3/movie/latest' ? 'lists' : 'reference');
    const { status, json } = await ask(api, exchange);
    expect(status).toBe(200);
    const [got, recorded] = [json, exchange.json].map((each) => without(each, ['change_keys'])) as [
      Json,
      Json,
    ];
    if (Array.isArray(exchange.json)) expect(json).toEqual(exchange.json);
    else expect(got).toEqual({ ...without(got, Object.keys(recorded)), ...recorded });
  });

  test('where images are, with what the newest answer says of changes', async () => {
    const [newest] = exchanges.filter(({ path }) => path === '/3/configuration').slice(-1);
    await using api = await openEmpty(newest as Exchange);
    expect((await ask(api, newest as Exchange)).json).toEqual(newest?.json as Json);
  });

  test('a movie is in each language what its translation says, for /3 and /api alike', async () => {
    const of = (path: string, query = '') => {
      const found = exchanges.find((each) => each.path === `/3/movie/${path}` && each.query === query);
      if (found === undefined) throw new Error(`${path} was not recorded`);
      return found;
    };
    const [english, italian] = [of('47964'), of('47964', 'language=it')];
    const german = exchanges.find(({ path, query }) => path === '/3/movie/19995' && query.includes('de-DE'))
      ?.json as Json;
    await using api = await openEmpty(english);
    await fetchMovies([47_964, 19_995]);
    const translations = rowsOf(of('47964/translations').json, 'translations');
    for (const language of ['de-DE', 'fr-CA', 'it-IT', 'en-US']) {
      const row = translations.find((each) => `${each.iso_639_1}-${each.iso_3166_1}` === language);
      const texts = row?.data as Record<string, string | number>;
      const theirs = await ask(api, { path: '/3/movie/47964', query: `language=${language}` });
      const { title, overview, tagline, homepage, runtime } = english.json;
      // Recorded with Italian: what a translation leaves out is empty, and the runtime that of the movie.
      expect(theirs.json).toMatchObject({
        title: texts.title || english.json.original_title,
        overview: texts.overview,
        tagline: texts.tagline,
        runtime: texts.runtime || runtime,
      });
      // Ours goes on to the same language of another country, and to English.
      const others = translations
        .filter((each) => each.iso_639_1 === language.slice(0, 2))
        .map((each) => each.data as Json);
      const own = await ask(api, { path: '/api/movies/47964', query: `language=${language}` });
      const shown = Object.entries({ title, overview, tagline, homepage }).map(([field, inEnglish]) => [
        field,
        [texts, ...others].map((each) => each[field]).find(Boolean) || inEnglish || null,
      ]);
      expect({ language, ...(own.json.data as Json) }).toMatchObject({
        language,
        ...Object.fromEntries(shown),
      });
    }
    expect((await ask(api, italian)).json).toMatchObject(without(italian.json, ['belongs_to_collection']));
    const avatar = (await ask(api, { path: '/api/movies/19995', query: 'language=de-DE' })).json;
    const fields = [
      'title',
      'overview',
      'tagline',
      'homepage',
      'poster_path',
      'backdrop_path',
      'runtime',
      'release_date',
    ];
    expect(avatar.data).toMatchObject(Object.fromEntries(fields.map((name) => [name, german[name] || null])));
  });

  /** Has the rows of a list mirrored, in the way that they come. */
  async function bring(api: RunningApi, exchange: Exchange): Promise<void> {
    const { path, query, json } = exchange;
    const ids = movieRowsOf({ json }).map(({ id }) => id);
    if (path.startsWith('/3/movie/')) await service.sync('lists');
    else if (path.startsWith('/3/trending')) await service.sync('trending');
    else if (!path.startsWith('/3/find')) {
      // What the mirror has little of is searched for by the worker.
      await ask(api, { path, query: query.replace('page=2', 'page=1') });
      const searched = () => service.rows('select 1 from upstream_searches where found is not null');
      await until(async () => (await searched()).length > 0);
    }
    // A search brings in one page of it. Texts in a language come with the details.
    const isBrought = !/page=2|with_|vote_/.test(query) || path.startsWith('/3/movie/');
    if (isTranslated(exchange) || !isBrought || path.startsWith('/3/find')) await fetchMovies(ids);
  }
});

/** What a list shows of a movie that TMDb has added since, that moves every day, and that only details say. */
const notCompared = ['softcore', 'popularity', 'video'];

function compareList({ path, query, json: recorded }: Exchange, json: Json, first: readonly Json[]): void {
  const added = path.startsWith('/3/find') ? ['tv_episode_results', 'tv_season_results'] : [];
  expect(Object.keys(without(json, added)).toSorted()).toEqual(
    Object.keys(without(recorded, added)).toSorted(),
  );
  const all = movieRowsOf({ json: recorded });
  // Votes were left out of what was recorded by them.
  const left = query.includes('vote_') ? [...notCompared, 'vote_average', 'vote_count'] : notCompared;
  const known = new Map(all.map((row) => [row.id, row]));
  const rows = movieRowsOf({ json });
  for (const row of rows) {
    const asRecorded = known.get(row.id);
    if (asRecorded === undefined) continue;
    const added = without(row, Object.keys(asRecorded));
    expect(without(row, left)).toEqual(without({ ...added, ...asRecorded }, left));
  }
  const ids = (of: readonly Json[]) => of.map(({ id }) => id);
  const before = query.includes('page=2') ? ids(first) : [];
  const isMirrored = path.startsWith('/3/movie/') || path === '/3/trending/movie/week';
  // The pages shift while they are read: an id stands where it stood first. In a language they were read at another time.
  if (isMirrored && !query.includes('language'))
    expect(ids(rows)).toEqual(ids(all).filter((id) => !before.includes(id)));
  // “Dr. No” is found as “007” by a title that was not recorded.
  else if (all.length > 0 && !query.includes('year=1962'))
    expect([...ids(rows), ...ids(first)].filter((id) => known.has(id as number))).not.toBeEmpty();
  if ('page' in recorded) {
    expect(json.page).toBe(recorded.page);
    expect(rowsOf(json).length).toBeLessThanOrEqual(20);
    expect(json.total_results).toBeGreaterThanOrEqual(rowsOf(json).length);
  }
  if ('dates' in recorded) expect(json.dates).toEqual(recorded.dates);
}

/** One page is mirrored, and totals are those of the mirror. */
const totals = ['total_pages', 'total_results'];

function compareMovie({ query, json: recorded }: Exchange, json: Json): void {
  const parts = new URLSearchParams(query).get('append_to_response')?.split(',') ?? [];
  // Series of changes and lists of users are not served; collections keep their English name.
  const notServed = ['lists', 'changes'];
  const [asked, got] = [recorded, json].map((each) => without(each, [...notServed, ...parts])) as [
    Json,
    Json,
  ];
  const isTranslated = /language=(?!en)/.test(query);
  const named = isTranslated ? ['belongs_to_collection'] : [];
  expect(without(got, named)).toEqual(without(asked, named));
  for (const part of parts) {
    if (notServed.includes(part)) continue;
    if (part === 'similar' && query.includes('page=2')) continue;
    comparePart(part, recorded[part] as Json, json[part] as Json);
  }
}

function comparePart(name: string, recorded: Json, json: Json): void {
  const isPaged = ['similar', 'similar_movies', 'recommendations', 'reviews'].includes(name);
  const known = (part: Json): unknown => {
    if (name === 'releases') return inAnyOrder(part);
    if (name === 'trailers') return withTypes(part);
    return isPaged ? without(part, totals) : part;
  };
  expect(known(json)).toEqual(known(recorded));
}

/** Rows of `countries` stand by country here. Old answers said nothing of `descriptors` and `primary`. */
const inAnyOrder = (releases: Json) => ({
  ...releases,
  countries: rowsOf(releases, 'countries')
    .map((row) => JSON.stringify(Object.entries({ descriptors: [], primary: false, ...row }).toSorted()))
    .toSorted(),
});

/** TMDb has added `type` since. */
const withTypes = (trailers: Json) => ({
  ...trailers,
  youtube: rowsOf(trailers, 'youtube').map((row) => ({ type: 'Trailer', ...row })),
});
