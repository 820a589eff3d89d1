import { Registry } from 'prom-client';
import { createApp } from '#api/app.ts';
import { type NoticeHub, openNoticeHub } from '#api/reads/notice-hub.ts';
import { serve } from '#api/serve.ts';
import { openDatabase } from '#shared/db/database.ts';
import { openQueues } from '#shared/jobs/queue.ts';
import { createLog } from '#shared/log.ts';
import { speakWithParent } from '../child-program.ts';

/** The API as it is. With `CACHE=off` its caches believe that they cannot hear of changes, and so keep nothing. */
const log = createLog({ level: 'warn', name: 'bench-api' });
const database = await openDatabase({ url: process.env.DATABASE_URL ?? '' });
const queues = await openQueues({ redisUrl: undefined, database, log, role: 'producer' });
const deaf: NoticeHub = { connected: false, subscribe: () => {} };
const app = createApp({
  config: {
    imageBaseUrl: 'https://image.tmdb.org/t/p',
    onDemandWaitMs: 2000,
    corsOrigins: [],
    trustProxy: [],
    rateLimit: false,
    jwtSecret: 'the secret of a bench, long enough',
    jwtSecretPrevious: undefined,
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
