import { Registry } from 'prom-client';
import { createApp } from '#api/app.ts';
import { serve } from '#api/serve.ts';
import { type NoticeHub, openNoticeHub } from '#api/store/notice-hub.ts';
import { bufferedOutput } from '#shared/buffered-output.ts';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { speakWithParent } from '../child-program.ts';

/**
 * The API as it is. With `CACHE=off` its caches believe that they cannot hear of changes, and so keep nothing; with
 * `LOG_FILE` it writes a line for each request, as it does by default. `WAIT_MS`: how long it waits for the worker.
 * `KEPT_LISTS=off`: each request counts and finds its list itself, as the first one of a minute does.
 * `FACADE`: who may read `/3`. `LOG_LEVEL`: where it has much to complain of.
 */
const { LOG_FILE: logFile, LOG_LEVEL: level = logFile ? 'info' : 'warn' } = process.env;
const log = createLog({
  level,
  name: 'bench-api',
  ...(logFile ? { destination: bufferedOutput(logFile) } : {}),
});
const database = await openDatabase({ url: process.env.DATABASE_URL ?? '' }, { oneProcess: true });
const queues = await openQueues({ redisUrl: undefined, database, log, role: 'producer' });
const deaf: NoticeHub = { connected: false, subscribe: () => {} };
const app = createApp({
  config: {
    imageBaseUrl: 'https://image.tmdb.org/t/p',
    imageCacheMb: 0,
    onDemandWaitMs: Number(process.env.WAIT_MS ?? 2000),
    corsOrigins: [],
    trustProxy: [],
    publicUrl: undefined,
    mail: undefined,
    consoleIdleMs: 3_600_000,
    adminRequireTotp: false,
    rateLimit: false,
    facade: process.env.FACADE === 'keys' ? 'keys' : 'open',
    jwtSecret: 'the secret of a bench, long enough',
    jwtSecretPrevious: undefined,
    jwtSecretRetired: undefined,
    hotLane: process.env.LANE !== 'off',
    keepsLists: process.env.KEPT_LISTS !== 'off',
    locales: { languages: 'all', defaultLanguage: 'en-US', regions: ['US'], defaultRegion: 'US' },
  },
  log,
  database,
  queues,
  hub: process.env.CACHE === 'off' ? deaf : await openNoticeHub(database, log),
  metrics: new Registry(),
  stopping: new AbortController().signal,
  now: Date.now,
});
const { url } = serve(app, { host: '127.0.0.1', port: 0, graceMs: 1000 });
speakWithParent(url, () => process.cpuUsage());
