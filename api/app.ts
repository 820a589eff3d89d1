import { Elysia } from 'elysia';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { type ApiConfig, tmdbImageBaseUrl } from '#shared/config.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { SettingInEffect } from '#shared/settings-in-effect.ts';
import type { Tracing } from '#shared/tracing/tracing.ts';
import { adminKeyRoutes } from './admin/keys/routes.ts';
import { createAdminKeys } from './admin/keys/service.ts';
import { adminRoutes } from './admin/routes.ts';
import { createAdminService } from './admin/service.ts';
import { adminUserRoutes } from './admin/users/routes.ts';
import { createAdminUsers } from './admin/users/service.ts';
import { attributionRoutes } from './attribution/routes.ts';
import { createAccessTokens } from './auth/access-tokens.ts';
import { createNoteConsoleActivity } from './auth/console-activity.ts';
import { credentialsAcrossOrigins } from './auth/credentials-across-origins.ts';
import { createForgottenPasswords } from './auth/forgotten-passwords.ts';
import { createKnownSessions } from './auth/known-sessions.ts';
import { createLoginNetworks } from './auth/login-networks.ts';
import { createLoginThrottles } from './auth/login-throttles.ts';
import { createPasswordResets } from './auth/password-resets.ts';
import { createPasswords } from './auth/passwords.ts';
import { createProvePassword } from './auth/prove-password.ts';
import { authRoutes } from './auth/routes.ts';
import { createSecondFactors, openCodeLimits } from './auth/second-factors.ts';
import { createSecretBox } from './auth/secret-box.ts';
import { createAuthService } from './auth/service.ts';
import { createSessionStore } from './auth/session-store.ts';
import { createReadSession, createVerifyToken } from './auth/verify-token.ts';
import { watchRefusals } from './auth/watch-refusals.ts';
import { browseRoutes } from './browse/routes.ts';
import { createBrowseService } from './browse/service.ts';
import { collectionRoutes } from './collections/routes.ts';
import { configurationRoutes } from './configuration/routes.ts';
import { failurePage } from './console/failure-page.ts';
import { usageMetric } from './console/key-usage.ts';
import { keysPageRoutes } from './console/keys-page.ts';
import { logPageRoutes } from './console/log-routes.ts';
import { mergesPageRoutes } from './console/merges-page.ts';
import { resetPageRoutes } from './console/reset-page.ts';
import { consoleRoutes } from './console/routes.ts';
import { createConsoleService } from './console/service.ts';
import { usersPageRoutes } from './console/users-routes.ts';
import { docsRoutes } from './docs/routes.ts';
import { createFacade } from './facade/create-facade.ts';
import { createKnownKeys } from './facade/keys/known-keys.ts';
import { facadeFailure } from './facade/wire/failure-response.ts';
import { isFacadePath } from './facade/wire/open-headers.ts';
import { genreRoutes } from './genres/routes.ts';
import { createGenreService } from './genres/service.ts';
import { healthRoutes } from './health/routes.ts';
import { createHealthService } from './health/service.ts';
import { createListReads } from './http/answers/list-reads.ts';
import { createAdmission } from './http/callers/admission.ts';
import { cameByHttps } from './http/callers/came-by-https.ts';
import { clientAddress } from './http/callers/client-address.ts';
import { requireGuards } from './http/callers/route-needs.ts';
import { createErrorAnswerer } from './http/failures/error-answerer.ts';
import { lastResort } from './http/failures/last-resort.ts';
import { createAskedLocale } from './http/input/asked-locale.ts';
import { watchExactPaths } from './http/input/exact-paths.ts';
import { createPictureBase } from './http/input/picture-base.ts';
import { createHotLane } from './http/lane/hot-lane.ts';
import { createHttpMetrics } from './http/metrics/http-metrics.ts';
import { bodies, serverBodyLimitBytes } from './http/plugins/body.ts';
import { compression } from './http/plugins/compression.ts';
import { crossOrigin } from './http/plugins/cross-origin.ts';
import { errors } from './http/plugins/errors.ts';
import { readableHosts } from './http/plugins/readable-hosts.ts';
import { createIdentifyRequest, requestIds } from './http/plugins/request-id.ts';
import { createNoteAnswer, requestLog } from './http/plugins/request-log.ts';
import { createRequestSpans } from './http/plugins/request-spans.ts';
import { createCallerThrottle } from './http/throttles/caller-throttle.ts';
import { createKnownLimits } from './http/throttles/known-limits.ts';
import { type LimitOptions, openLimits } from './http/throttles/open-limits.ts';
import { placeLimitsOf } from './http/throttles/place-limit.ts';
import { addressLimit, createRequestThrottle, requestLimit } from './http/throttles/request-throttle.ts';
import { createImportThrottle } from './imports/import-limit.ts';
import { importRoutes } from './imports/routes.ts';
import { createImportService } from './imports/service.ts';
import { listRoutes } from './lists/routes.ts';
import { createListService } from './lists/service.ts';
import { createLocalization } from './localization/localize-items.ts';
import { createMailer } from './mail/create-mailer.ts';
import { metricsPath, metricsRoutes } from './metrics/routes.ts';
import { registerServiceMetrics } from './metrics/service-metrics.ts';
import { createKindOf } from './movies/audience.ts';
import { createFetchThrottle } from './movies/fetch-throttle.ts';
import { movieRoutes } from './movies/routes.ts';
import { createMovieService } from './movies/service.ts';
import { createServiceNotices } from './notices/service-notices.ts';
import { personRoute } from './people/person-route.ts';
import { peopleRoutes } from './people/routes.ts';
import { createPeopleService } from './people/service.ts';
import { isPicturePath, pictureFailure } from './pictures/picture-failure.ts';
import { createPictures } from './pictures/pictures.ts';
import { pictureRoutes } from './pictures/routes.ts';
import { boardRoutes } from './queue-board/routes.ts';
import { quickSearchRoutes } from './quick-search/routes.ts';
import { createQuickSearchService } from './quick-search/service.ts';
import { askedRecommendationRoutes, recommendationRoutes } from './recommendations/routes.ts';
import { createRecommendationService } from './recommendations/service.ts';
import { securityLogRoutes } from './security-log/routes.ts';
import { createSecurityLog } from './security-log/security-log.ts';
import { createSecurityEventReads } from './security-log/service.ts';
import { type LaggingReads, readFrom } from './store/lagging-reads.ts';
import type { NoticeHub } from './store/notice-hub.ts';
import { trendingRoutes } from './trending/routes.ts';
import { createTrendingService } from './trending/service.ts';
import { interactionRoutes } from './users/interactions/routes.ts';
import { preferenceRoutes } from './users/preferences/routes.ts';
import { createExportService, exportLimit } from './users/profile/export-service.ts';
import { profileRoutes } from './users/profile/routes.ts';
import { createProfileService, emailChangeLimit } from './users/profile/service.ts';
import { createUserServices } from './users/services.ts';
import { createNamedMovies } from './users/writing/named-movies.ts';
import { createBulkThrottle, createPlaceholderThrottle } from './users/writing/namer-throttles.ts';
import { createUserTransactions } from './users/writing/user-transaction.ts';
import { createKnownFlags } from './viewer/known-flags.ts';
import { createViewerFlags } from './viewer/viewer-flags.ts';

export interface AppConfig
  extends Partial<Pick<ApiConfig, 'logSample'>>,
    Pick<
      ApiConfig,
      | 'imageBaseUrl'
      | 'imageCacheMb'
      | 'locales'
      | 'onDemandWaitMs'
      | 'corsOrigins'
      | 'trustProxy'
      | 'publicUrl'
      | 'mail'
      | 'consoleIdleMs'
      | 'adminRequireTotp'
      | 'rateLimit'
      | 'facade'
      | 'locales'
      | 'jwtSecretPrevious'
      | 'jwtSecretRetired'
    > {
  jwtSecret: string;
  /** The folder whose disk is watched, and that keeps pictures. */
  dataDir?: string;
  /** Pages that a developer serves on their own machine may call the API. */
  allowLoopbackOrigins?: boolean;
  /** False: all is answered by the routes themselves, which must make no difference. */
  hotLane?: boolean;
  /** False: counts and lists are kept for no other request, which must make no difference. */
  keepsLists?: boolean;
  /** As the console shows them. */
  settingsInEffect?: readonly SettingInEffect[];
}

export interface AppDeps {
  config: AppConfig;
  log: Log;
  database: { pool: Pool };
  /** For what may lag; `undefined`: all is read from the database itself. */
  reads?: LaggingReads | undefined;
  queues: Pick<Queues, 'enqueue' | 'queue' | 'ping' | 'redis'>;
  hub: NoticeHub;
  /** Of this process; what is known of the whole service is added. */
  metrics: Registry;
  /** Those of all processes that share the port, as text; `undefined`: this is the only one. */
  readAllMetrics?: (() => Promise<string>) | undefined;
  /** `undefined`: nobody wants traces. */
  tracing?: Tracing | undefined;
  /** Whether the mirror is filled from the sandbox, whose pictures nobody has. */
  isSandbox?: () => boolean;
  /** Ends what waits: from then on the server only finishes what it has. */
  stopping: AbortSignal;
  /** The database's clock, which all processes go by. */
  now: () => number;
  /** The process's own clock, which is only looked at to see whether it is wrong. */
  wallClock?: () => number;
}

export type App = ReturnType<typeof createApp>;

/** The whole of HTTP, as a function of what was opened for it. Opens nothing itself. */
export function createApp(deps: AppDeps) {
  const { config, log, database, queues, hub, metrics, tracing, stopping, now, wallClock = now } = deps;
  const { pool } = database;
  const { reads = readFrom(pool) } = deps;
  const lists = createListReads({ pool, reads, hub, now });
  const { openLimit, forgetUser } = createKnownLimits(
    openLimits({ pool, redis: queues.redis, now, stopping }),
  );
  const limitOf = (options: LimitOptions) => (config.rateLimit ? openLimit(options) : undefined);
  const fetchThrottle = createFetchThrottle(limitOf);
  const localization = createLocalization({ pool, hub });
  const movies = createMovieService({
    pool,
    reads: deps.reads,
    queues,
    hub,
    log,
    stopping,
    now,
    throttle: fetchThrottle,
    localization,
    ...config,
  });
  const records = {
    pool,
    queues,
    hub,
    log,
    stopping,
    now,
    throttle: fetchThrottle,
    onDemandWaitMs: config.onDemandWaitMs,
  };
  const withViewerFlags = createViewerFlags(createKnownFlags({ pool, hub }));
  const settle = async () => hub.peers?.settle();
  const transaction = createUserTransactions({ pool, settle });
  const named = createNamedMovies({
    pool,
    throttle: createPlaceholderThrottle(limitOf),
    want: movies.want,
  });
  const { interactions, preferences } = createUserServices({
    pool,
    transaction,
    movies: named,
    bulkThrottle: createBulkThrottle(limitOf),
    localization,
    queues,
    log,
    now,
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
  const isSentAsIs = watchExactPaths(app, [metricsPath]);
  const addressOf = clientAddress(config.trustProxy, () => app.server);
  const isSecure = cameByHttps(config.trustProxy);
  const { isSandbox = () => false } = deps;
  const pictures = createPictures({
    ...config,
    pool,
    isDrawn: () => config.imageBaseUrl === tmdbImageBaseUrl && isSandbox(),
    metrics,
    log,
    stopping,
    now: wallClock,
  });
  const picturesOf = createPictureBase({
    ...config,
    isServedHere: pictures.isServedHere,
    isSecure,
    port: () => app.server?.port,
    note: pictures.known?.note,
  });
  const localeOf = createAskedLocale(config.locales, picturesOf);
  const signing = { secret: config.jwtSecret, previousSecret: config.jwtSecretPrevious, now };
  const tokens = createAccessTokens(signing);
  const consoleTokens = createAccessTokens({ ...signing, kind: 'console' });
  const security = createSecurityLog({ pool, log, secret: config.jwtSecret, stopping, now });
  const isServed = config.facade !== 'off';
  const answerError = watchRefusals({
    answerError: createErrorAnswerer({
      log,
      pageOf: (failure) =>
        (isServed ? facadeFailure(failure) : undefined) ?? pictureFailure(failure) ?? failurePage(failure),
      routes: () => app.routes,
    }),
    security,
    tokens,
    consoleTokens,
    addressOf,
    isSecure,
    now,
  });
  const needsTotp = config.adminRequireTotp;
  const read = createReadSession({ pool, tokens, needsTotp, now });
  const admission = createAdmission({
    ...createKnownSessions({ read, hub, now }),
    verifyConsole: createVerifyToken({ pool, tokens: consoleTokens, needsTotp, now }),
    throttle: config.rateLimit
      ? createCallerThrottle({
          own: createRequestThrottle(openLimit(requestLimit), () => performance.now()),
          places: placeLimitsOf(addressLimit).map((limit) =>
            createRequestThrottle(openLimit(limit), () => performance.now()),
          ),
        })
      : undefined,
    addressOf,
    isSecure,
  });
  const recordRoutes = {
    records,
    localization,
    withViewerFlags,
    localeOf,
    admission,
    addressOf,
  };
  const recommendations = createRecommendationService({ pool, hub, localization, now });
  // Together: the compiler cannot follow a longer chain.
  const mirroredRoutes = new Elysia({ name: 'mirrored' })
    .use(
      listRoutes({
        lists: createListService({ lists, localization, locales: config.locales, now }),
        withViewerFlags,
        localeOf,
        admission,
      }),
    )
    .use(personRoute(recordRoutes))
    .use(collectionRoutes(recordRoutes))
    .use(askedRecommendationRoutes({ recommendations, withViewerFlags, localeOf, admission }))
    .use(
      quickSearchRoutes({
        search: createQuickSearchService({ lists, localization, now }),
        withViewerFlags,
        localeOf,
        admission,
      }),
    );
  const passwords = createPasswords();
  const networks = createLoginNetworks({ pool });
  const throttles = createLoginThrottles({ limitOf, known: networks.known });
  const sessions = createSessionStore({ pool, settle, consoleIdleMs: config.consoleIdleMs, now });
  const box = createSecretBox({
    secret: config.jwtSecret,
    others: [config.jwtSecretPrevious, config.jwtSecretRetired],
  });
  const factors = createSecondFactors({ pool, settle, box, limits: openCodeLimits(limitOf), now });
  const auth = createAuthService({
    pool,
    tokens,
    sessions,
    passwords,
    throttles,
    networks,
    factors,
    needsTotp,
    security,
  });
  const prove = createProvePassword({ pool, passwords, throttles });
  const resets = createPasswordResets({
    pool,
    settle,
    passwords,
    networks,
    publicUrl: config.publicUrl,
    now,
  });
  const mailer = config.mail && createMailer(config.mail);
  const forgotten = createForgottenPasswords({ pool, resets, mailer, limitOf, security, log, stopping });
  const users = createAdminUsers({ pool, settle, resets, factors, security, now });
  const events = createSecurityEventReads({ pool, security });
  const noteActivity = createNoteConsoleActivity({ pool, idleMs: config.consoleIdleMs, log, now });
  const profiles = createProfileService({
    pool,
    transaction,
    passwords,
    prove,
    factors,
    emailChanges: limitOf(emailChangeLimit),
    forgetLimits: forgetUser,
    security,
  });
  const exports = createExportService({ pool, exports: limitOf(exportLimit), security });
  const browse = createBrowseService({
    lists,
    localization,
    keepsLists: config.keepsLists,
    now,
  });
  const notices = createServiceNotices({ pool, dataDir: config.dataDir, now: wallClock });
  const admin = createAdminService({ pool, queues, hub, notices, security, log, stopping, now });
  registerServiceMetrics({ registry: metrics, pool, overview: admin.overview, now });
  const imports = createImportService({
    pool,
    queues,
    transaction,
    movies: named,
    throttle: createImportThrottle(limitOf),
    now,
  });
  const facadeKeys = createKnownKeys({ pool, hub });
  const keys = createAdminKeys({ pool, settle, security });
  // Their types would be more than the compiler takes, and nobody needs them.
  const pages = new Elysia({ name: 'pages' });
  pages.use(usersPageRoutes({ users, admission, addressOf, isSecure, noteActivity }));
  const readMetrics =
    deps.readAllMetrics ??
    (async () => (metrics.getSingleMetric(usageMetric) ? metrics.getSingleMetricAsString(usageMetric) : ''));
  pages.use(keysPageRoutes({ keys, admission, addressOf, noteActivity, readMetrics }));
  pages.use(mergesPageRoutes({ merges: admin.merges, admission, addressOf, noteActivity }));
  pages.use(logPageRoutes({ events, admission, noteActivity }));
  pages.use(resetPageRoutes({ resets, security, admission, addressOf }));
  pages.use(pictureRoutes({ pictures, openLimit: config.rateLimit ? openLimit : undefined, addressOf }));
  const spans = tracing === undefined ? undefined : createRequestSpans(tracing);
  const identify = createIdentifyRequest();
  const note = createNoteAnswer({ log, metrics: createHttpMetrics(metrics), spans, oneIn: config.logSample });
  const hotLane = createHotLane({
    admission,
    identify,
    note,
    registry: metrics,
    placeOf: (request) => picturesOf(request).key,
    kindOf: createKindOf(now),
  });
  // What wraps later stands further outside: what the lane answers has its span, too.
  if (config.hotLane !== false) app.use(hotLane.plugin);
  if (spans !== undefined) app.use(spans.plugin);
  const { corsOrigins: origins, allowLoopbackOrigins: allowLoopback = false } = config;
  app.use(
    crossOrigin({
      origins,
      allowLoopback,
      log,
      isOpen: (url) => (isServed && isFacadePath(url)) || isPicturePath(url),
    }),
  );
  if (origins.length > 0) app.use(credentialsAcrossOrigins(origins));
  return (
    app
      .use(requestIds(identify))
      .use(errors(answerError, (request) => admission.admit(request, 'nothing')))
      .use(readableHosts())
      .use(requestLog(note, hotLane.learn))
      // Before the reading of bodies, which would make it wait for one.
      .use(movieRoutes({ movies, withViewerFlags, localeOf, admission, addressOf, answerError }))
      .use(
        config.facade === 'off'
          ? new Elysia()
          : createFacade({
              access: config.facade,
              config,
              pool,
              hub,
              movies,
              records,
              keys: facadeKeys,
              picturesOf,
              notePictures: pictures.known?.noteAll,
              openLimit: config.rateLimit ? openLimit : undefined,
              addressOf,
              security,
              answerError,
              metrics,
              now,
            }),
      )
      .use(
        bodies({
          countBytes: admission.countBytes,
          takesBody: (method, route) =>
            app.routes.some((it) => it.method === method && it.path === route && it.hooks.body !== undefined),
        }),
      )
      .use(compression())
      .use(
        authRoutes({
          auth,
          resets,
          forgotten,
          sessions,
          factors,
          prove,
          emailOf: async (userId) => (await profiles.read({ userId })).email,
          security,
          admission,
          addressOf,
          isSecure,
          corsOrigins: config.corsOrigins,
        }),
      )
      .use(healthRoutes({ health: createHealthService({ pool, queues, log }) }))
      .use(metricsRoutes({ registry: metrics, readAll: deps.readAllMetrics, isSentAsIs }))
      .use(attributionRoutes({ admission }))
      .use(configurationRoutes({ ...config, picturesOf, admission }))
      .use(genreRoutes({ genres: createGenreService({ lists, localization }), localeOf, admission }))
      .use(
        trendingRoutes({
          trending: createTrendingService({ lists, localization, now }),
          withViewerFlags,
          localeOf,
          admission,
        }),
      )
      .use(browseRoutes({ browse, withViewerFlags, localeOf, admission }))
      .use(
        peopleRoutes({
          people: createPeopleService({ lists, localization, now }),
          localeOf,
          admission,
        }),
      )
      .use(mirroredRoutes)
      .use(interactionRoutes({ interactions, localeOf, admission, addressOf, now }))
      .use(
        profileRoutes({ profiles, preferences, localeOf, exports, security, admission, addressOf, isSecure }),
      )
      .use(preferenceRoutes({ preferences, localeOf, admission, addressOf }))
      .use(recommendationRoutes({ recommendations, withViewerFlags, localeOf, admission }))
      .use(importRoutes({ imports, admission, addressOf }))
      .use(adminRoutes({ admin, security, admission, addressOf }))
      .use(adminUserRoutes({ users, admission, addressOf, isSecure }))
      .use(adminKeyRoutes({ keys, admission, addressOf }))
      .use(securityLogRoutes({ events, admission }))
      .use(
        consoleRoutes({
          service: createConsoleService({
            pool,
            admin,
            auth,
            tokens: consoleTokens,
            browse,
            queues,
            settings: config.settingsInEffect ?? [],
            now,
          }),
          streams: admin.streams,
          admission,
          addressOf,
          security,
          noteActivity,
          isSecure,
        }),
      )
      .use(pages)
      .use(boardRoutes({ queues, admission, noteActivity, answerError, security, addressOf }))
      .use(docsRoutes({ routes: () => app.routes, admission }))
      .use(requireGuards)
  );
}
