import { Registry } from 'prom-client';
import { createApp } from '#api/app.ts';
import { serve } from '#api/serve.ts';
import { type NoticeHub, openNoticeHub } from '#api/store/notice-hub.ts';
import { bufferedOutput } from '#shared/buffered-output.ts';
import { readApiConfig } from '#shared/config.ts';
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
const { dataDir: _, ...settings } = readApiConfig({
  ON_DEMAND_WAIT_MS: process.env.WAIT_MS,
  RATE_LIMIT: 'off',
  TMDB_FACADE: process.env.FACADE === 'keys' ? 'keys' : 'open',
});
const deaf: NoticeHub = { connected: false, subscribe: () => {} };
const app = createApp({
  config: {
    ...settings,
    jwtSecret: 'the secret of a bench, long enough',
    hotLane: process.env.LANE !== 'off',
    keepsLists: process.env.KEPT_LISTS !== 'off',
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
