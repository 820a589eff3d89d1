import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { inspect } from 'node:util';
import { defaultApiKey, startSandbox } from '#sandbox/server.ts';
import type { TmdbCredential } from '#shared/config.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import { testDatabase } from '#tests/support/database.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { createTmdbClient, type TmdbClientOptions } from './create-tmdb-client.ts';
import { openLimiter } from './limiter/limiter.ts';
import { openUpstreamStatus, type UpstreamStatusOptions } from './upstream/upstream-status.ts';

const database = await testDatabase();
const sandbox = await startSandbox({ movies: 300 });
afterAll(async () => {
  await sandbox.stop();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  sandbox.misbehave([]);
  sandbox.resetStats();
  await database.pool.query("update upstream set circuit = 'closed', paused_until = null, retry_at = null");
});

const signal = new AbortController().signal;
const key: TmdbCredential = { kind: 'token', token: defaultApiKey };
const someId = sandbox.catalogue.idAt(0);

async function open(
  options: Partial<TmdbClientOptions> = {},
  statusOptions: Partial<UpstreamStatusOptions> = {},
) {
  const { log, lines } = rememberingLog();
  const limiter = openLimiter({ maxRps: 1000, log });
  const status = await openUpstreamStatus({
    pool: database.pool,
    log,
    probeDelayMs: () => 100,
    random: () => 0,
    ...statusOptions,
  });
  const client = createTmdbClient({
    baseUrl: sandbox.url,
    exportBaseUrl: sandbox.exportUrl,
    credential: key,
    limiter,
    status,
    log,
    // Only what hangs reaches it: see there.
    timeoutMs: 30_000,
    retryBaseMs: 10,
    ...options,
  });
  const dispose = async () => {
    await client[Symbol.asyncDispose]();
    await status[Symbol.asyncDispose]();
    await limiter[Symbol.asyncDispose]();
  };
  return { client, status, limiter, lines, [Symbol.asyncDispose]: dispose };
}

const asked = () => sandbox.requests().length;

test('asks for a movie with all its parts in one call', async () => {
  await using opened = await open({ languages: ['de', 'pt-BR', 'de-AT'] });
  const movie = await opened.client.movie(someId, { signal });
  expect(movie.tmdb_id).toBe(someId);
  expect(movie.credits.length).toBeGreaterThan(0);
  expect(sandbox.requests().map((request) => request.target)).toEqual([
    `/movie/${someId}?append_to_response=credits,keywords,recommendations,similar,release_dates,videos,external_ids,images,translations,alternative_titles,reviews,watch/providers&include_video_language=de,pt,null`,
  ]);
  expect(opened.client.stats()).toEqual({ '/movie/{id}': { 200: 1 } });
});

test('names the parts of an answer that could not be read, and takes the others', async () => {
  const lost: string[] = [];
  await using opened = await open({ onLostParts: (parts) => lost.push(...parts) });
  sandbox.override(someId, { images: 'none', reviews: { results: 5 } } as never);
  const movie = await opened.client.movie(someId, { signal });
  sandbox.clearChanges();
  expect(movie.credits.length).toBeGreaterThan(0);
  expect(movie.parts.texts.has('translations')).toBe(true);
  expect(lost).toEqual(['images', 'reviews']);
  const told = opened.lines.filter((line) => line.includes('could not be read'));
  expect(told).toEqual([expect.stringContaining('"parts":["images","reviews"]')]);
});

test('asks for lists page by page', async () => {
  await using opened = await open();
  const { client } = opened;
  expect((await client.genres({ signal })).length).toBeGreaterThan(10);
  expect(await client.trending('day', 2, { signal })).toMatchObject({ page: 2 });
  expect((await client.popular(1, { signal })).results.length).toBe(20);
  expect(await client.popular(501, { signal }).catch(codeOf)).toBe('upstream_refused_request');
});

test('finds movies by their IMDb id and by their title', async () => {
  await using opened = await open();
  const { client } = opened;
  const found = await client.findByImdbId('tt0137523', { signal });
  expect(found).toMatchObject({ movies: [{ tmdb_id: 550, title: 'Fight Club' }], television: false });
  expect(await client.findByImdbId('tt9999999', { signal })).toEqual({
    movies: [],
    people: [],
    television: false,
  });
  const page = await client.searchMovies({ query: 'fight club & more', year: 1999 }, 1, { signal });
  expect(page).toMatchObject({ results: [], totalPages: 0 });
  const second = await client.searchMovies({ query: 'Fight Club' }, 1, { signal });
  expect(second.results[0]).toMatchObject({ tmdb_id: 550, release_date: expect.stringMatching(/^1999/) });
  expect(await client.searchMovies({ query: '' }, 1, { signal }).catch(codeOf)).toBe(
    'upstream_refused_request',
  );
  expect(sandbox.requests().map((request) => request.target)).toEqual([
    '/find/tt0137523?external_source=imdb_id',
    '/find/tt9999999?external_source=imdb_id',
    '/search/movie?query=fight+club+&+more&primary_release_year=1999&page=1',
    '/search/movie?query=Fight+Club&page=1',
    '/search/movie?query=&page=1',
  ]);
  expect(client.stats()).toEqual({ '/find/{imdb_id}': { 200: 2 }, '/search/movie': { 200: 2, 422: 1 } });
});

test('discovers movies by genre and by actor, the most voted for first', async () => {
  await using opened = await open();
  const { client } = opened;
  const dramas = await client.discover({ genre: 18 }, 2, { signal });
  expect(dramas.page).toBe(2);
  const votes = dramas.results.map((movie) => movie.vote_count ?? 0);
  expect(votes).toEqual(votes.toSorted((a, b) => b - a));
  expect(dramas.results.every((movie) => movie.genre_ids.includes(18))).toBe(true);
  const withPitt = await client.discover({ actor: 287 }, 1, { signal });
  expect(withPitt.results.map((movie) => movie.tmdb_id)).toContain(550);
  expect(await client.discover({ genre: 18 }, 501, { signal }).catch(codeOf)).toBe(
    'upstream_refused_request',
  );
  const rest = 'sort_by=vote_count.desc&include_adult=false&page=';
  expect(sandbox.requests().map((request) => request.target)).toEqual([
    `/discover/movie?with_genres=18&${rest}2`,
    `/discover/movie?with_cast=287&${rest}1`,
    `/discover/movie?with_genres=18&${rest}501`,
  ]);
  expect(client.stats()).toEqual({ '/discover/movie': { 200: 2, 400: 1 } });
});

test('reads the export, with no slot and no credential', async () => {
  await using opened = await open();
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const ids = await Array.fromAsync(opened.client.exportedIds(yesterday, { signal }));
  expect(ids.length).toBe(sandbox.catalogue.size);
  expect(opened.limiter.stats().granted).toBe(0);
});

test('a v3 key works as well, and stays out of what is logged, counted and thrown', async () => {
  const credential: TmdbCredential = { kind: 'key', key: defaultApiKey };
  await using opened = await open({ credential });
  const { client, lines } = opened;
  await client.checkKey(signal);
  sandbox.misbehave([{ kind: 'reset' }]);
  const error = await client.genres({ signal }).catch((e: unknown) => e);
  sandbox.misbehave([{ kind: 'bad-key' }]);
  const rejected = await client.genres({ signal }).catch((e: unknown) => e);
  const everything =
    lines.join() + inspect([error, rejected, client.stats()], { depth: 9, showHidden: true });
  expect(everything).not.toContain(defaultApiKey);
});

describe('what can heal', () => {
  test.each(['status-500', 'status-503', 'html', 'html-200', 'truncated', 'truncated-gzip'] as const)(
    'is tried again: %s',
    async (kind) => {
      await using opened = await open();
      sandbox.misbehave([{ kind, times: 2 }]);
      expect((await opened.client.movie(someId, { signal })).tmdb_id).toBe(someId);
      expect(asked()).toBe(3);
      expect(opened.limiter.stats().granted).toBe(3);
    },
  );

  test('is tried again: a connection that was cut', async () => {
    await using opened = await open();
    sandbox.misbehave([{ kind: 'reset', times: 2 }]);
    expect((await opened.client.movie(someId, { signal })).tmdb_id).toBe(someId);
    // Bun itself sends a request once more when the connection it had kept open turns out to be dead.
    expect(opened.limiter.stats().granted).toBeWithin(2, 4);
  });

  test('is tried three times more, and then told with no time to come again: it may be about this call alone', async () => {
    await using opened = await open({}, { troublesToOpen: 50 });
    sandbox.misbehave([{ kind: 'status-503' }]);
    const error = await opened.client.genres({ signal }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'upstream_unavailable', retryAfterMs: undefined });
    expect(asked()).toBe(4);
  });

  test('is tried once more where somebody waits', async () => {
    await using opened = await open({ timeoutMs: 500 }, { troublesToOpen: 50 });
    sandbox.misbehave([{ kind: 'hang' }]);
    const error = await opened.client.movie(someId, { signal, onDemand: true }).catch(codeOf);
    expect([error, asked()]).toEqual(['upstream_unavailable', 2]);
  });

  test('a 429 pauses, and then the call goes through', async () => {
    await using opened = await open();
    sandbox.misbehave([{ kind: 'rate-limited-retry-after', retryAfter: 1, times: 1 }]);
    const start = performance.now();
    await opened.client.genres({ signal });
    expect(performance.now() - start).toBeGreaterThan(950);
    expect(opened.client.stats()).toEqual({ '/genre/movie/list': { 429: 1, 200: 1 } });
  });
});

describe('what cannot heal is tried once', () => {
  test.each([
    ['wrong-shape', 'upstream_malformed'],
    ['id-invalid', 'upstream_not_found'],
    ['entry-not-found-200', 'upstream_not_found'],
    ['bad-key', 'upstream_key_rejected'],
    ['suspended-key', 'upstream_key_rejected'],
  ] as const)('%s is %s', async (kind, code) => {
    await using opened = await open();
    sandbox.misbehave([{ kind }]);
    expect(await opened.client.movie(someId, { signal }).catch(codeOf)).toBe(code);
    expect(asked()).toBe(1);
  });

  test('an id that TMDb does not have', async () => {
    await using opened = await open();
    expect(await opened.client.movie(999_999_999, { signal }).catch(codeOf)).toBe('upstream_not_found');
    expect(opened.status.circuit).toBe('closed');
  });

  test('an answer that is too large', async () => {
    await using opened = await open({ maxResponseBytes: 1000 });
    expect(await opened.client.movie(someId, { signal }).catch(codeOf)).toBe('upstream_malformed');
  });
});

test('a gzip body without its header is understood', async () => {
  await using opened = await open();
  sandbox.misbehave([{ kind: 'gzip-without-header' }]);
  expect((await opened.client.movie(someId, { signal })).tmdb_id).toBe(someId);
});

test('when TMDb is down the circuit opens, no call goes out, and it closes by itself', async () => {
  await using opened = await open({}, { probeDelayMs: () => 300 });
  const { client, status } = opened;
  sandbox.misbehave([{ kind: 'status-503' }]);
  await Promise.all([1, 2, 3].map((page) => client.popular(page, { signal }).catch(() => {})));
  expect(status.circuit).toBe('open');
  const before = asked();
  const refusal = await client.genres({ signal }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'upstream_unavailable', retryAfterMs: expect.any(Number) });
  expect(asked()).toBe(before);
  sandbox.misbehave([]);
  await until(() => status.circuit === 'closed');
  expect((await client.genres({ signal })).length).toBeGreaterThan(0);
});

describe('the check of the key', () => {
  test('lets a good one pass', async () => {
    await using opened = await open();
    await opened.client.checkKey(signal);
    expect(opened.status.circuit).toBe('closed');
    expect(opened.lines).toEqual([]);
  });

  test('stops all work for a bad one, and says plainly what is wrong, once', async () => {
    await using opened = await open({ credential: { kind: 'token', token: 'not-it' } });
    await opened.client.checkKey(signal);
    expect(await opened.client.genres({ signal }).catch(codeOf)).toBe('upstream_key_rejected');
    await opened.status[Symbol.asyncDispose]();
    const errors = opened.lines.filter((line) => line.includes('"level":"error"'));
    expect(errors.length).toBe(1);
    expect(errors[0]).toContain('TMDB_ACCESS_TOKEN');
  });

  test('takes up work again that an earlier bad key had stopped', async () => {
    await database.pool.query(
      "update upstream set circuit = 'stopped', retry_at = now() + interval '1 hour'",
    );
    await using opened = await open();
    await opened.client.checkKey(signal);
    expect(opened.status.circuit).toBe('closed');
  });

  test.each(['status-503', 'html', 'reset', 'hang'] as const)('is not held up by %s', async (kind) => {
    await using opened = await open({ timeoutMs: 500 });
    sandbox.misbehave([{ kind }]);
    await opened.client.checkKey(signal);
    expect(opened.status.circuit).toBe('closed');
    expect(opened.lines.join()).toContain('could not be checked');
  });
});

test('the signal ends a call wherever it is', async () => {
  await using opened = await open({ timeoutMs: 100_000 });
  sandbox.misbehave([{ kind: 'hang' }]);
  const error = await opened.client.genres({ signal: AbortSignal.timeout(50) }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NexusError);
  expect(codeOf(error)).toBe('shutting_down');
});

describe('what answers in TMDb’s place is told for what it is', () => {
  const html = { 'content-type': 'text/html' };
  const whatOf = async (baseUrl: string) => {
    await using opened = await open({ baseUrl, retryBaseMs: 1 }, { troublesToOpen: 50 });
    const error = await opened.client.genres({ signal }).catch((e: unknown) => e);
    return String((error as Error).cause);
  };

  test.each<[string, () => Response, string]>([
    ['a sign-in page', () => new Response('<html>', { headers: html }), 'a page that is not TMDb’s'],
    [
      'a block page',
      () => new Response('<html>', { status: 403, headers: html }),
      'a page that is not TMDb’s',
    ],
    ['a redirect', () => Response.redirect('http://127.0.0.1:1/'), 'it leads elsewhere'],
    ['a proxy', () => new Response('', { status: 407 }), 'the proxy asks for a user and a password'],
  ])('%s', async (_, answer, words) => {
    await using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
    expect(await whatOf(server.url.origin)).toContain(words);
    // TMDb's own trouble has nothing to do with it.
    sandbox.misbehave([{ kind: 'status-503' }]);
    expect(await whatOf(sandbox.url)).toEndWith('HTTP 503 from /genre/movie/list');
    sandbox.misbehave([]);
  });

  test.each([
    ['https://no-such-host.invalid', 'ENOTFOUND (this machine does not know the name of the host'],
    ['http://127.0.0.1:1', 'ECONNREFUSED (nothing listens there)'],
  ])('%s', async (baseUrl, words) => {
    expect(await whatOf(baseUrl)).toContain(words);
  });
});
