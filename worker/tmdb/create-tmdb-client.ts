import type { TmdbCredential } from '#shared/config.ts';
import { codeOf } from '#shared/errors.ts';
import { type KeptLanguages, videoLanguagesOf } from '#shared/languages/kept-languages.ts';
import type { Log } from '#shared/log.ts';
import { type AppendedPart, appendedParts } from '#shared/movies/movie-parts.ts';
import { recordParts } from '#shared/records/stored-records.ts';
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
import type { AnsweredMovie } from './wire/mirrored-movie.ts';
import {
  parseChangePage,
  parseDetails,
  parseFound,
  parseGenres,
  parseMoviePage,
  parseNamedPage,
  parsePeoplePage,
  parseRegionalPage,
} from './wire/parse-answer.ts';
import { parseRecord } from './wire/parse-record.ts';

export interface TmdbClientOptions {
  baseUrl: string;
  exportBaseUrl: string;
  /** `undefined`: none is sent. */
  credential: TmdbCredential | undefined;
  limiter: Limiter;
  status: UpstreamStatus;
  log: Log;
  /** In which ones videos are asked for. All by default. */
  languages?: KeptLanguages;
  /** Is told which parts of an answer could not be read. */
  onLostParts?: (parts: readonly AppendedPart[]) => void;
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

/** The client of TMDb: the only thing here that knows the URL, the credential and the limiter. */
export function createTmdbClient(options: TmdbClientOptions): LiveTmdbClient {
  const { limiter, status, credential, log, timeoutMs = 10_000, exportIdleMs = 30_000 } = options;
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const counter = new RequestCounter();
  const maxResponseBytes = options.maxResponseBytes ?? 16 * 1024 * 1024;
  const send = createSendRequest({ ...options, counter, fetch, timeoutMs, maxResponseBytes });
  const calls: CallDependencies = { limiter, status, retryBaseMs: options.retryBaseMs ?? 500 };
  // Without a language: so it holds every one. Videos alone have to be asked for in each.
  const movieQuery = {
    append_to_response: appendedParts.join(','),
    include_video_language: [...videoLanguagesOf(options.languages ?? 'all'), 'null'].join(','),
  };
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
      return await callWithRetries((...how) => send(endpoint, ...how), callOptions, calls);
    } catch (error) {
      if (codeOf(error) === 'upstream_not_found') await witness.confirm(movieId);
      throw error;
    }
  };
  status.probeWith((signal) => probeUpstream({ send, limiter, signal }));

  const changesOf = async (
    path: string,
    days: { from: string; to: string },
    page: number,
    o: CallOptions,
  ) => {
    const query = { start_date: days.from, end_date: days.to, page: String(page) };
    return parseChangePage(await call({ ...fixed(path), query }, o), page, o.losses);
  };

  return {
    genres: async (o) => parseGenres(await call(fixed('/genre/movie/list'), o), o.losses),
    popular: async (page, o) =>
      parseMoviePage(await call(paged(fixed('/movie/popular'), page), o), page, o.losses),
    trending: async (window, page, o) => {
      const endpoint = { template: '/trending/movie/{window}', path: `/trending/movie/${window}` };
      return parseMoviePage(await call(paged(endpoint, page), o), page, o.losses);
    },
    changes: (days, page, o) => changesOf('/movie/changes', days, page, o),
    changedPeople: (days, page, o) => changesOf('/person/changes', days, page, o),
    movieList: async (list, region, page, o) => {
      const endpoint = paged(fixed(`/movie/${list}`), page);
      const query = { ...endpoint.query, region };
      return parseRegionalPage(await call({ ...endpoint, query }, o), page, o.losses);
    },
    people: async (list, page, o) => {
      const template = list === 'person/popular' ? `/${list}` : '/trending/person/{window}';
      const endpoint = paged({ template, path: `/${list}` }, page);
      return parsePeoplePage(await call(endpoint, o), page, o.losses);
    },
    document: (name, o) => call({ ...fixed(`/${name}`), mayBeList: true }, o),
    genresIn: async (language, o) =>
      parseGenres(await call({ ...fixed('/genre/movie/list'), query: { language } }, o)),
    record: async (kind, id, o) => {
      const query = { append_to_response: recordParts[kind].join(',') };
      const template = `/${kind}/{id}`;
      return parseRecord(kind, await call({ template, path: `/${kind}/${id}`, query }, o), id, o.losses);
    },
    movie: async (id, o) => {
      const answer = await call({ template: '/movie/{id}', path: `/movie/${id}`, query: movieQuery }, o, id);
      const movie = parseDetails(answer, id, o.losses);
      tellOfLost(movie, options);
      return movie;
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
    searchPeople: async (query, page, o) => {
      const endpoint = { ...fixed('/search/person'), query: { query, page: String(page) } };
      return parsePeoplePage(await call(endpoint, o), page, o.losses);
    },
    searchNamed: async (kind, query, o) =>
      parseNamedPage(await call({ ...fixed(`/search/${kind}`), query: { query } }, o), o.losses),
    discover: async ({ genre, actor, filters }, page, o) => {
      const query = {
        ...filters,
        ...(genre === undefined ? {} : { with_genres: String(genre) }),
        ...(actor === undefined ? {} : { with_cast: String(actor) }),
        // Not by popularity: other lists bring what is popular today. Votes show which movies last.
        sort_by: filters?.sort_by ?? 'vote_count.desc',
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
    callsAtOnce: limiter.callsAtOnce,
    stats: () => counter.read(),
    async [Symbol.asyncDispose]() {
      closing.abort();
    },
  };
}

function tellOfLost({ tmdb_id, parts: { lost } }: AnsweredMovie, { log, onLostParts }: TmdbClientOptions) {
  if (lost.length === 0) return;
  log.warn({ tmdb_id, parts: lost }, 'parts of an answer of TMDb could not be read');
  onLostParts?.(lost);
}

const fixed = (path: string): Endpoint => ({ template: path, path });
const paged = (endpoint: Endpoint, page: number): Endpoint => ({
  ...endpoint,
  query: { page: String(page) },
});
