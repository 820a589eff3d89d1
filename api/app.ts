import { Elysia } from 'elysia';
import type { Pool } from 'pg';
import type { ApiConfig } from '#shared/config.ts';
import type { Queues } from '#shared/jobs/queue.ts';
import type { Log } from '#shared/log.ts';
import { attributionRoutes } from './attribution/routes.ts';
import { createAccessTokens } from './auth/access-tokens.ts';
import { createVerifyToken } from './auth/verify-token.ts';
import { docsRoutes } from './docs/routes.ts';
import { genreRoutes } from './genres/routes.ts';
import { createGenreService } from './genres/service.ts';
import { healthRoutes } from './health/routes.ts';
import { createHealthService } from './health/service.ts';
import { createFetchThrottle, fetchLimit } from './movies/fetch-throttle.ts';
import { movieRoutes } from './movies/routes.ts';
import { createMovieService } from './movies/service.ts';
import { createAdmission, needOf } from './plugins/admission.ts';
import { bodies, serverBodyLimitBytes } from './plugins/body.ts';
import { clientAddress } from './plugins/client-address.ts';
import { crossOrigin } from './plugins/cross-origin.ts';
import { createErrorAnswerer } from './plugins/error-answerer.ts';
import { errors } from './plugins/errors.ts';
import { lastResort } from './plugins/last-resort.ts';
import { requestIds } from './plugins/request-id.ts';
import { requestLog } from './plugins/request-log.ts';
import { createListReads } from './reads/list-reads.ts';
import type { NoticeHub } from './reads/notice-hub.ts';
import { recommendationRoutes } from './recommendations/routes.ts';
import { createRecommendationService } from './recommendations/service.ts';
import { type LimitOptions, openLimits } from './throttles/open-limits.ts';
import { createRequestThrottle, requestLimit } from './throttles/request-throttle.ts';
import { trendingRoutes } from './trending/routes.ts';
import { createTrendingService } from './trending/service.ts';

export interface AppConfig
  extends Pick<
    ApiConfig,
    'imageBaseUrl' | 'onDemandWaitMs' | 'corsOrigins' | 'trustProxy' | 'rateLimit' | 'jwtSecretPrevious'
  > {
  jwtSecret: string;
}

export interface AppDeps {
  config: AppConfig;
  log: Log;
  database: { pool: Pool };
  queues: Pick<Queues, 'enqueue' | 'queue' | 'ping' | 'redis'>;
  hub: NoticeHub;
  /** Ends what waits: from then on the server only finishes what it has. */
  stopping: AbortSignal;
  now: () => number;
}

export type App = ReturnType<typeof createApp>;

/** The whole of HTTP, as a function of what was opened for it. Opens nothing itself. */
export function createApp({ config, log, database, queues, hub, stopping, now }: AppDeps) {
  const { pool } = database;
  const lists = createListReads({ pool, hub, now });
  const openLimit = openLimits({ pool, redis: queues.redis });
  const limitOf = (options: LimitOptions) => (config.rateLimit ? openLimit(options) : undefined);
  const movies = createMovieService({
    pool,
    queues,
    hub,
    log,
    stopping,
    now,
    throttle: createFetchThrottle(limitOf(fetchLimit)),
    ...config,
  });
  const app = new Elysia({
    name: 'nexus-api',
    // One router for all: the runtime's own would treat odd paths in its own way.
    systemRouter: false,
    // A host may be as short as it likes.
    handler: { standardHostname: false },
    serve: {
      development: false,
      reusePort: false,
      maxRequestBodySize: serverBodyLimitBytes,
      error: lastResort(log),
    },
  });
  const answerError = createErrorAnswerer({ log, routes: () => app.routes });
  const addressOf = clientAddress(config.trustProxy, () => app.server);
  const tokens = createAccessTokens({
    secret: config.jwtSecret,
    previousSecret: config.jwtSecretPrevious,
    now,
  });
  const admission = createAdmission({
    verify: createVerifyToken({ pool, tokens, now }),
    throttle: createRequestThrottle(limitOf(requestLimit), now),
    addressOf,
  });
  if (config.corsOrigins.length > 0) app.use(crossOrigin(config.corsOrigins));
  return (
    app
      .use(requestIds())
      .use(errors(answerError))
      .use(requestLog(log))
      // Before the reading of bodies, which would make it wait for one.
      .use(movieRoutes({ movies, admission, addressOf, answerError }))
      .use(bodies({ admit: (request, route) => admission.admit(request, needOf(route)) }))
      .use(healthRoutes({ health: createHealthService({ pool, queues, log }) }))
      .use(attributionRoutes())
      .use(genreRoutes({ genres: createGenreService(lists), admission }))
      .use(trendingRoutes({ trending: createTrendingService(lists), admission }))
      .use(
        recommendationRoutes({
          recommendations: createRecommendationService({ pool, hub, now }),
          admission,
        }),
      )
      .use(docsRoutes())
  );
}
