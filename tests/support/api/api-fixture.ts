import type { Pool } from 'pg';
import { Registry } from 'prom-client';
import { type App, type AppConfig, createApp } from '#api/app.ts';
import type { LaggingReads } from '#api/store/lagging-reads.ts';
import { type NoticeHub, openNoticeHub } from '#api/store/notice-hub.ts';
import { readApiConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { testDatabase } from '#tests/support/database.ts';
import type { TestResponse } from './test-response.ts';

interface TestApiOptions {
  config?: Partial<AppConfig>;
  queues?: Pick<Queues, 'enqueue' | 'queue' | 'ping' | 'redis'>;
  hub?: NoticeHub;
  database?: { pool: Pool };
  reads?: LaggingReads;
  metrics?: Registry;
  now?: () => number;
  isSandbox?: () => boolean;
}

export interface TestApi extends AsyncDisposable {
  /** What a test writes here, past the api, counts as soon as it is written. */
  pool: Pool;
  database: Database;
  queues: Queues;
  /** What was logged, line by line. */
  logged: string[];
  /** How far this api's clock is ahead. */
  advance(ms: number): void;
  get(path: string, headers?: Record<string, string>): Promise<TestResponse>;
  request(path: string, init: RequestInit): Promise<TestResponse>;
  /** The finished table of routes. */
  routes: App['routes'];
  /** As the server calls it: a promise only where something is waited for. */
  fetch(path: string): Response | Promise<Response>;
  /** Another api over the same stores, with settings of its own. */
  another(options: TestApiOptions): TestApi['get'];
  anotherRequest(options: TestApiOptions): TestApi['request'];
  app: App;
  /** A second api, as another process would be. */
  anotherApp(options: TestApiOptions): App;
}

export const testSecret = 'a secret of the tests, long enough';

const { dataDir: _, ...settings } = readApiConfig({
  TMDB_IMAGE_BASE_URL: 'https://images.test/t/p',
  REGIONS: 'US,DE',
});

/**
 * The api over a database and a queue of its own, without a port.
 * @param options.database one that lives already, and goes on living
 */
export async function openTestApi({
  database: given,
  ...options
}: TestApiOptions & { database?: Database } = {}): Promise<TestApi> {
  await using stack = new AsyncDisposableStack();
  const database = given ?? stack.use(await testDatabase());
  const logged: string[] = [];
  const log = createLog({
    level: 'debug',
    name: 'test',
    destination: { write: (line: string) => void logged.push(line) },
  });
  const queues = stack.use(await openQueues({ redisUrl: undefined, database, log, role: 'producer' }));
  const hub = stack.use(await openNoticeHub(database, log));
  const stopping = new AbortController();
  stack.defer(() => stopping.abort());
  let aheadMs = 0;

  const make = ({ config, ...others }: TestApiOptions) =>
    createApp({
      config: {
        ...settings,
        jwtSecret: testSecret,
        ...config,
      },
      log,
      database,
      queues,
      hub,
      metrics: new Registry(),
      stopping: stopping.signal,
      now: () => Date.now() + aheadMs,
      ...others,
    });
  const askOf =
    (app: ReturnType<typeof make>) =>
    (path: string, init: RequestInit): Promise<TestResponse> =>
      app.handle(new Request(`http://nexus.test${path}`, init)) as Promise<TestResponse>;
  const app = make(options);
  const request = askOf(app);
  const owned = stack.move();
  return {
    app,
    anotherApp: make,
    pool: settledPool(database.pool, hub),
    database,
    queues,
    logged,
    advance: (ms) => {
      aheadMs += ms;
    },
    request,
    routes: app.routes,
    fetch: (path) => app.fetch(new Request(`http://nexus.test${path}`)),
    get: (path, headers = {}) => request(path, { headers }),
    another: (other) => {
      const ask = askOf(make(other));
      return (path, headers = {}) => ask(path, { headers });
    },
    anotherRequest: (other) => askOf(make(other)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Every api over this hub has heard of what was written when its query is done. */
function settledPool(pool: Pool, hub: NoticeHub): Pool {
  const query = async (...asked: Parameters<Pool['query']>) => {
    const result = await pool.query(...asked);
    await hub.peers?.settle();
    return result;
  };
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'query') return query;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
