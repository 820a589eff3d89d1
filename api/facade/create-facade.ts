import type { Elysia } from 'elysia';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { Locales } from '#shared/config.ts';
import { isKept } from '#shared/languages/kept-languages.ts';
import { recordKinds } from '#shared/records/record.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import type { AnswerError } from '../http/failures/error-answerer.ts';
import { loggedPath } from '../http/input/logged-path.ts';
import type { PictureBaseOf } from '../http/input/picture-base.ts';
import { createCallerThrottle } from '../http/throttles/caller-throttle.ts';
import type { OpenLimit } from '../http/throttles/open-limits.ts';
import { placeLimitsOf } from '../http/throttles/place-limit.ts';
import { createRequestThrottle } from '../http/throttles/request-throttle.ts';
import type { MovieService } from '../movies/service.ts';
import { createUpstreamStatus } from '../movies/upstream-status.ts';
import { createRecordFetches, type RecordDeps } from '../records/record-fetches.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { discoverRoutes } from './discover/discover-routes.ts';
import type { KnownKeys } from './keys/known-keys.ts';
import { changesRoutes } from './lists/changes.ts';
import { configurationRoutes } from './lists/configuration.ts';
import { createReadCoverage } from './lists/coverage.ts';
import { findRoutes } from './lists/find.ts';
import { genreRoutes } from './lists/genres.ts';
import { mirroredListRoutes } from './lists/mirrored-lists.ts';
import { referenceRoutes } from './lists/reference.ts';
import { searchRoutes } from './lists/search.ts';
import { createThinSearches } from './lists/thin-searches.ts';
import { trendingRoutes } from './lists/trending.ts';
import { movieRoutes } from './movies/movie-routes.ts';
import { createMovieReader, longestWaitMs } from './movies/read-movie.ts';
import { createRecordReader } from './records/read-record.ts';
import { recordRoutes } from './records/record-routes.ts';
import { createReadGenres } from './rows/genre-names.ts';
import { createReadMovieRows } from './rows/movie-rows.ts';
import { createReadPersonRows } from './rows/person-rows.ts';
import { createTranslator } from './rows/translator.ts';
import type { ReadyDocument } from './wire/document.ts';
import { createDocuments } from './wire/documents.ts';
import { facadeRoutes } from './wire/facade-routes.ts';
import { createGate, type FacadeAccess, facadeAddressLimit, facadeLimit } from './wire/gate.ts';
import { createUsage } from './wire/usage.ts';

interface FacadeDeps {
  access: FacadeAccess;
  config: { onDemandWaitMs: number; locales: Locales; keepsLists?: boolean | undefined };
  picturesOf: PictureBaseOf;
  /** Told of the answers that name pictures. */
  notePictures?: ((json: string) => void) | undefined;
  pool: Pool;
  hub: NoticeHub;
  movies: MovieService;
  records: RecordDeps;
  keys: KnownKeys;
  /** `undefined`: everybody may ask as often as they like. */
  openLimit: OpenLimit | undefined;
  addressOf: ClientAddress;
  security: Pick<SecurityLog, 'record'>;
  answerError: AnswerError;
  metrics: Registry;
  now: () => number;
}

/** `/3`: TMDb's own v3 for movies, over the mirror. */
export function createFacade(deps: FacadeDeps): Elysia {
  const {
    access,
    config,
    pool,
    hub,
    movies,
    records,
    keys,
    openLimit,
    addressOf,
    security,
    answerError,
    metrics,
    now,
  } = deps;
  const throttle =
    openLimit &&
    createCallerThrottle({
      own: createRequestThrottle(openLimit(facadeLimit), now),
      places: placeLimitsOf(facadeAddressLimit).map((limit) => createRequestThrottle(openLimit(limit), now)),
    });
  // Where readers of `/api` wait for nothing, nobody does.
  const waitMs = config.onDemandWaitMs === 0 ? 0 : longestWaitMs;
  const documents = createDocuments(hub, now);
  const readGenres = createReadGenres({ pool, hub });
  const isLanguageKept = (language: string) => isKept(config.locales.languages, language);
  const translator = createTranslator(pool, isLanguageKept);
  const readMovieRows = createReadMovieRows(pool, isLanguageKept);
  const readPersonRows = createReadPersonRows(pool, readMovieRows);
  const upstream = createUpstreamStatus({ pool, hub, now });
  const thin = createThinSearches({ ...records, upstream });
  const readCoverage = createReadCoverage(pool, now);
  return facadeRoutes({
    routes: [
      ...movieRoutes({
        reader: createMovieReader({ pool, movies, thin, waitMs, now }),
        documents,
        readGenres,
        translator,
      }),
      ...recordKinds.flatMap((kind) => {
        const fetches = createRecordFetches(kind, records, (id) => documents.dropRecord(kind, id));
        const read = createRecordReader({ kind, pool, fetches, waitMs, now });
        return recordRoutes({ kind, read, documents, translator });
      }),
      ...mirroredListRoutes({ pool, documents, readMovieRows, ...config.locales }),
      ...changesRoutes({ pool, documents, now }),
      ...referenceRoutes({ pool, documents }),
      ...trendingRoutes({ pool, documents, readMovieRows }),
      ...searchRoutes({ pool, documents, readMovieRows, readPersonRows, thin, readCoverage }),
      ...discoverRoutes({ ...config, pool, documents, readMovieRows, thin, readCoverage }),
      ...findRoutes({ pool, documents, readMovieRows, readPersonRows, thin }),
      ...genreRoutes({ documents, readGenres }),
      ...configurationRoutes(deps.picturesOf),
    ],
    gate: createGate({
      access,
      keys,
      throttle,
      addressOf,
      noteRefused: ({ method, url }, address) =>
        security.record({
          event: 'token_refused',
          outcome: 'refused',
          address,
          detail: `${method} ${loggedPath(url)}`,
        }),
    }),
    addressOf,
    answerError,
    noteNamed: deps.notePictures && noteOnce(deps.notePictures),
    countUse: createUsage(metrics),
  }) as unknown as Elysia;
}

/** Ready answers are sent many times, and looked through once. */
function noteOnce(note: (json: string) => void) {
  const noted = new WeakSet<Uint8Array>();
  return ({ bytes }: ReadyDocument) => {
    if (noted.has(bytes)) return;
    noted.add(bytes);
    note(new TextDecoder('latin1').decode(bytes));
  };
}
