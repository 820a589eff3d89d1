import type { TmdbCredential } from '#shared/config.ts';
import { codeOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Tracing } from '#shared/tracing/tracing.ts';
import { createAbsenceWitness, type ReadKnownMovies } from './absence-witness.ts';
import { type CallDependencies, callWithRetries } from './call-with-retries.ts';
import { exportedIds } from './exported-ids.ts';
import type { Fetch } from './http.ts';
import { checkKey } from './key-check.ts';
import type { Limiter } from './limiter/limiter.ts';
import { probeUpstream } from './probe-upstream.ts';
import { RequestCounter, type RequestStats } from './request-stats.ts';
import type { CallOptions, TmdbClient } from './tmdb-client.ts';
import { createSendRequest, type Endpoint } from './tmdb-request.ts';
import { upstreamError } from './upstream/upstream-error.ts';
import type { UpstreamStatus } from './upstream/upstream-status.ts';
import { parseFound, parseGenres, parseMovie, parseMoviePage } from './wire/parse-answer.ts';

export interface TmdbClientOptions {
  baseUrl: string;
  exportBaseUrl: string;
  /** `undefined`: none is sent. */
  credential: TmdbCredential | undefined;
  limiter: Limiter;
  status: UpstreamStatus;
  log: Log;
  tracing?: Tracing | undefined;
  timeoutMs?: number;
  /** How long the export's stream may stand still. */
  exportIdleMs?: number;
  maxResponseBytes?: number;
  retryBaseMs?: number;
  fetch?: Fetch;
  /** To compare with, before TMDb is believed that it has no such movie; none: it is believed. */
  readKnownMovies?: ReadKnownMovies;
}

export interface LiveTmdbClient extends TmdbClient {
  stats(): RequestStats;
  /** To be called at start: says plainly what is wrong with the key; never fails. @returns why TMDb did not answer */
  checkKey(signal: AbortSignal): Promise<string | undefined>;
}

const movieParts = 'credits,keywords,recommendations,similar,release_dates,videos,external_ids';

/** The client of TMDb: the only thing here that knows the URL, the credential and the limiter. */
export function createTmdbClient(options: TmdbClientOptions): LiveTmdbClient {
  const { limiter, status, credential, log, timeoutMs = 10_000, exportIdleMs = 30_000 } = options;
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const counter = new RequestCounter();
  const maxResponseBytes = options.maxResponseBytes ?? 16 * 1024 * 1024;
  const send = createSendRequest({ ...options, counter, fetch, timeoutMs, maxResponseBytes });
  const calls: CallDependencies = { limiter, status, retryBaseMs: options.retryBaseMs ?? 500 };
  const closing = new AbortController();
  const witness = createAbsenceWitness({
    readKnownMovies: options.readKnownMovies ?? (async () => []),
    ask: async (id) => {
      const endpoint = { template: '/movie/{id}', path: `/movie/${id}` };
      const { signal } = closing;
      await callWithRetries(() => send(endpoint, signal), { signal, onDemand: true }, calls);
    },
  });
  const call = async (endpoint: Endpoint, callOptions: CallOptions, movieId?: number) => {
    try {
      return await callWithRetries((signal) => send(endpoint, signal), callOptions, calls);
    } catch (error) {
      if (codeOf(error) === 'upstream_not_found') await witness.confirm(movieId);
      throw error;
    }
  };
  status.probeWith((signal) => probeUpstream({ send, limiter, signal }));

  return {
    genres: async (o) => parseGenres(await call(fixed('/genre/movie/list'), o), o.losses),
    popular: async (page, o) =>
      parseMoviePage(await call(paged(fixed('/movie/popular'), page), o), page, o.losses),
    trending: async (window, page, o) => {
      const endpoint = { template: '/trending/movie/{window}', path: `/trending/movie/${window}` };
      return parseMoviePage(await call(paged(endpoint, page), o), page, o.losses);
    },
    movie: async (id, o) => {
      const query = { append_to_response: movieParts };
      return parseMovie(
        await call({ template: '/movie/{id}', path: `/movie/${id}`, query }, o, id),
        id,
        o.losses,
      );
    },
    findByImdbId: async (imdbId, o) => {
      const path = `/find/${encodeURIComponent(imdbId)}`;
      const query = { external_source: 'imdb_id' };
      return parseFound(await call({ template: '/find/{imdb_id}', path, query }, o), o.losses);
    },
    searchMovies: async ({ query, year }, page, o) => {
      // `year` would also let in what was released again in that year.
      const ofYear = year === undefined ? {} : { primary_release_year: String(year) };
      const endpoint = { ...fixed('/search/movie'), query: { query, ...ofYear, page: String(page) } };
      return parseMoviePage(await call(endpoint, o), page, o.losses);
    },
    discover: async ({ genre, actor }, page, o) => {
      const query = {
        ...(genre === undefined ? {} : { with_genres: String(genre) }),
        ...(actor === undefined ? {} : { with_cast: String(actor) }),
        // Not by popularity: other lists bring what is popular today. Votes show which movies last.
        sort_by: 'vote_count.desc',
        include_adult: 'false',
        page: String(page),
      };
      return parseMoviePage(await call({ ...fixed('/discover/movie'), query }, o), page, o.losses);
    },
    async *exportedIds(date, { signal, losses }) {
      if (status.circuit === 'stopped')
        throw upstreamError('upstream_key_rejected', { what: 'all TMDb work has stopped' });
      const either = AbortSignal.any([signal, closing.signal]);
      const { exportBaseUrl } = options;
      yield* exportedIds(date, either, { exportBaseUrl, counter, fetch, idleMs: exportIdleMs, losses });
    },
    checkKey: (signal) => checkKey({ send, limiter, status, credential, log, signal }),
    stats: () => counter.read(),
    async [Symbol.asyncDispose]() {
      closing.abort();
    },
  };
}

const fixed = (path: string): Endpoint => ({ template: path, path });
const paged = (endpoint: Endpoint, page: number): Endpoint => ({
  ...endpoint,
  query: { page: String(page) },
});
