import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createAccessTokens } from '#api/auth/access-tokens.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { startSandbox } from '#sandbox/server.ts';
import type { Environment } from '#shared/config.ts';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#shared/embedded/embedded-postgres.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { testSecret } from '#tests/support/api/api-fixture.ts';
import { isReady } from '#tests/support/is-ready.ts';
import { openPostgresPair, type PostgresPair } from '#tests/support/postgres-pair.ts';
import { type Program, startProgram, temporaryFolder } from '#tests/support/program.ts';
import { freePort } from '#tests/support/redis.ts';
import { openWatchedRedis, type WatchedRedis } from '#tests/support/redis-sentinels.ts';
import { until } from '#tests/support/until.ts';
import { openWire, type Wire } from '#tests/support/wire.ts';
import { mountsAreOurs } from './in-own-namespace.ts';
import { type OwnRedis, openOwnRedis } from './own-redis.ts';
import { openSmallDisk, type SmallDisk } from './small-disk.ts';

/**
 * `start`: one process with its own PostgreSQL. `postgres`, `redis`: an api and a worker, and where their queue is.
 * `replicated`: the same with two PostgreSQLs, and two Redis that sentinels watch.
 */
export type Topology = 'start' | 'postgres' | 'redis' | 'replicated';
export type ProgramName = 'start' | 'api' | 'worker';
/** Who is connected to what. */
export type WireName = 'api-postgres' | 'worker-postgres' | 'api-redis' | 'worker-redis' | 'worker-tmdb';

export const movies = 1000;
const apiKey = 'a-key-of-the-faults';

/** The service as an operator runs it, on loopback, with a network that can be spoiled between its parts. */
export interface Installation extends AsyncDisposable {
  topology: Topology;
  url: string;
  sandbox: Sandbox;
  wire(name: WireName): Wire;
  program(name: ProgramName): Program;
  /** Its own, gone with it. */
  folder: string;
  /** Of all files: of the stores, and of the service. Only where mounts are our own. */
  disk: SmallDisk | undefined;
  /** As its supervisor does when it has ended; with these settings besides, from now on. */
  startAgain(name: ProgramName, settings?: Environment): void;
  redis: OwnRedis | undefined;
  /** Stores that fail over. */
  pair: PostgresPair | undefined;
  watchedRedis: WatchedRedis | undefined;
  postmaster(): Promise<number>;
  /** What supervises a PostgreSQL that is not embedded. */
  startPostgresAgain(): Promise<void>;
  /** Rows of a query, past all wires. */
  rows<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]>;
  /** For programs of their own, past all wires: the service's database, or another one beside it. */
  databaseUrl(name?: string): string;
  /** Rows of a query in another database beside it. */
  rowsIn<Row extends object>(database: string, text: string): Promise<Row[]>;
  /** All that PostgreSQL still gives. */
  takeConnections(): Promise<pg.Client[]>;
  account(role?: 'user' | 'admin'): Promise<TestAccount>;
  /** What all its programs said. */
  output(): string;
}

const tokens = createAccessTokens({ secret: testSecret, previousSecret: undefined, now: Date.now });

/** Signed anew each time: a suite may take longer than a token lives. */
export const headersOf = async (account: TestAccount) => ({
  authorization: `Bearer ${await tokens.sign(account)}`,
});

export async function openInstallation(topology: Topology): Promise<Installation> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const disk = mountsAreOurs ? stack.use(await openSmallDisk(folder.path)) : undefined;
  const dataDir = join(folder.path, 'data');
  const sandbox = await startSandbox({ movies, apiKeys: [apiKey] });
  stack.defer(() => sandbox.stop());
  const wires = new Map<WireName, Wire>();
  const addWire = async (name: WireName, to: Parameters<typeof openWire>[0]) => {
    const wire = stack.use(await openWire(to));
    wires.set(name, wire);
    return wire;
  };
  const tmdb = await addWire('worker-tmdb', { port: sandbox.port, host: '127.0.0.1' });
  const through = (url: string) => url.replace(`:${sandbox.port}`, `:${tmdb.port}`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const common: Environment = {
    PORT: String(port),
    NEXUS_DATA_DIR: dataDir,
    JWT_SECRET: testSecret,
    TMDB_ACCESS_TOKEN: apiKey,
    TMDB_BASE_URL: through(sandbox.url),
    TMDB_EXPORT_BASE_URL: through(sandbox.exportUrl),
    TMDB_MAX_RPS: '1000',
    RATE_LIMIT: 'off',
    SHUTDOWN_GRACE_MS: '5000',
  };
  const environments = new Map<ProgramName, Environment>();
  let postgres: EmbeddedPostgres | undefined;
  const redis = topology === 'redis' ? stack.use(await openOwnRedis(folder.path)) : undefined;
  const pair = topology === 'replicated' ? stack.use(await openPostgresPair()) : undefined;
  const watchedRedis = topology === 'replicated' ? stack.use(await openWatchedRedis()) : undefined;
  if (topology === 'start') environments.set('start', common);
  else if (pair !== undefined) {
    const { sentinels = [], name = '', password = '' } = watchedRedis?.target ?? {};
    for (const program of ['api', 'worker'] as const)
      environments.set(program, {
        ...common,
        DATABASE_URL: pair.url(),
        REDIS_SENTINELS: sentinels.map(({ host, port: at }) => `${host}:${at}`).join(','),
        REDIS_SENTINEL_NAME: name,
        REDIS_PASSWORD: password,
      });
  } else {
    postgres = await openEmbeddedPostgres({ dataDir });
    stack.defer(() => openEmbeddedPostgres({ dataDir, inherit: true }).then((left) => left.stop()));
    for (const name of ['api', 'worker'] as const) {
      const path = join(postgres.host, `.s.PGSQL.${postgres.port}`);
      const { port: dbPort } = await addWire(`${name}-postgres`, { path });
      const { user, database } = postgres;
      environments.set(name, {
        ...common,
        DATABASE_URL: `postgresql://${user}@127.0.0.1:${dbPort}/${database}`,
        ...(redis && {
          REDIS_URL: `redis://127.0.0.1:${(await addWire(`${name}-redis`, { port: redis.port, host: '127.0.0.1' })).port}`,
        }),
      });
    }
  }
  const programs = new Map<ProgramName, Program>();
  const files = { start: 'scripts/start.ts', api: 'api/main.ts', worker: 'worker/main.ts' } as const;
  let said = '';
  const startAgain = (name: ProgramName, settings: Environment = {}) => {
    said += programs.get(name)?.output() ?? '';
    environments.set(name, { ...environments.get(name), ...settings });
    programs.set(name, startProgram(files[name], environments.get(name) ?? {}));
  };
  stack.defer(async () => {
    await Promise.all([...programs.values()].map((program) => program[Symbol.asyncDispose]()));
  });
  for (const name of environments.keys()) startAgain(name);

  await until(() => isReady(url), 60_000);
  // Where it runs already, who joins it stops nothing.
  const own = pair === undefined ? (postgres ?? (await openEmbeddedPostgres({ dataDir }))) : undefined;
  const { host = '', port: socket = 0, user = '', database = '' } = own ?? {};
  const address =
    pair === undefined ? { host, port: socket, user, database } : { connectionString: pair.url() };
  const limits = { max: 4, connectionTimeoutMillis: 2000, query_timeout: 12_000 };
  const pool = new pg.Pool({ ...address, ...limits, Client: WatchedClient });
  pool.on('error', () => {});
  stack.defer(() => pool.end());
  const rows: Installation['rows'] = async (text, ...values) => (await pool.query(text, values)).rows;
  const synced = async () =>
    (await rows("select 1 from sync_runs where job = 'details' and status = 'succeeded' and seen > 0"))
      .length > 0;
  await until(synced, 90_000);
  const found = <Key, Value>(map: Map<Key, Value>, key: Key): Value => {
    const value = map.get(key);
    if (value === undefined) throw new Error(`this installation has no ${key}`);
    return value;
  };
  const owned = stack.move();
  return {
    topology,
    url,
    folder: folder.path,
    disk,
    sandbox,
    redis,
    pair,
    watchedRedis,
    rows,
    wire: (name) => found(wires, name),
    program: (name) => found(programs, name),
    startAgain,
    postmaster: async () =>
      Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]),
    startPostgresAgain: async () => {
      postgres = await openEmbeddedPostgres({ dataDir, inherit: true });
    },
    databaseUrl: (name = database) =>
      `postgresql://${user}@localhost:${socket}/${name}?host=${encodeURIComponent(host)}`,
    async rowsIn(name, text) {
      const client = new pg.Client({ ...address, database: name });
      await client.connect();
      return client
        .query(text)
        .then(({ rows: found }) => found)
        .finally(() => client.end());
    },
    async takeConnections() {
      const taken: pg.Client[] = [];
      for (;;) {
        const client = new pg.Client(address);
        client.on('error', () => {});
        try {
          await client.connect();
        } catch {
          return taken;
        }
        taken.push(client);
      }
    },
    account: (role = 'user') => openAccount({ pool }, { role }),
    output: () => said + [...programs.values()].map((program) => program.output()).join(''),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
