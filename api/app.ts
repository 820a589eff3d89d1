import { Elysia } from 'elysia';
import type { Pool } from 'pg';
import type { ApiConfig } from '#shared/config.ts';
import type { Queues } from '#shared/jobs/queue.ts';
import type { Log } from '#shared/log.ts';
import { attributionRoutes } from './attribution/routes.ts';
import { docsRoutes } from './docs/routes.ts';
import { genreRoutes } from './genres/routes.ts';
import { createGenreService } from './genres/service.ts';
import { healthRoutes } from './health/routes.ts';
import { createHealthService } from './health/service.ts';
import { movieRoutes } from './movies/routes.ts';
import { createMovieService } from './movies/service.ts';
import { bodies, serverBodyLimitBytes } from './plugins/body.ts';
import { clientAddress } from './plugins/client-address.ts';
import { crossOrigin } from './plugins/cross-origin.ts';
import { createErrorAnswerer } from './plugins/error-answerer.ts';
import { errors } from './plugins/errors.ts';
import { lastResort } from './plugins/last-resort.ts';
import { requestIds } from './plugins/request-id.ts';
import { requestLog } from './plugins/request-log.ts';
import type { VerifyToken } from './plugins/viewer.ts';
import { createListReads } from './reads/list-reads.ts';
import type { NoticeHub } from './reads/notice-hub.ts';
import { trendingRoutes } from './trending/routes.ts';
import { createTrendingService } from './trending/service.ts';

export type AppConfig = Pick<
  ApiConfig,
  'imageBaseUrl' | 'onDemandWaitMs' | 'corsOrigins' | 'trustProxy' | 'rateLimit'
>;

export interface AppDeps {
  config: AppConfig;
  log: Log;
  database: { pool: Pool };
  queues: Pick<Queues, 'enqueue' | 'queue' | 'ping'>;
  hub: NoticeHub;
  verify: VerifyToken;
  /** Ends what waits: from then on the server only finishes what it has. */
  stopping: AbortSignal;
  now: () => number;
}

export type App = ReturnType<typeof createApp>;

/** The whole of HTTP, as a function of what was opened for it. Opens nothing itself. */
export function createApp({ config, log, database, queues, hub, verify, stopping, now }: AppDeps) {
  const { pool } = database;
  const lists = createListReads({ pool, hub, now });
  const movies = createMovieService({ pool, queues, hub, log, stopping, now, ...config });
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
  if (config.corsOrigins.length > 0) app.use(crossOrigin(config.corsOrigins));
  return (
    app
      .use(requestIds())
      .use(errors(answerError))
      .use(requestLog(log))
      // Before the reading of bodies, which would make it wait for one.
      .use(movieRoutes({ movies, verify, addressOf, answerError }))
      .use(bodies())
      .use(healthRoutes({ health: createHealthService({ pool, queues, log }) }))
      .use(attributionRoutes())
      .use(genreRoutes({ genres: createGenreService(lists), verify }))
      .use(trendingRoutes({ trending: createTrendingService(lists), verify }))
      .use(docsRoutes())
  );
}
