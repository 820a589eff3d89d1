import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import pg from 'pg';
import { startSandbox } from '#sandbox/server.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { openPostgresPair } from './support/postgres-pair.ts';
import { type Program, startProgram } from './support/program.ts';
import { freePort, hasRedis, testRedis } from './support/redis.ts';
import { testKey } from './support/service.ts';
import {
  cutAfter,
  openSpoiledPort,
  reset,
  type SpoiledPort,
  type Spoiling,
  say,
} from './support/spoiled-port.ts';
import { until } from './support/until.ts';

// Whatever a neighbour says or does not say, the processes that met it go on, say what is wrong, and are well after it.

const patienceMs = 120_000;
const spoiledMs = 1000;
const movies = 2000;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
beforeAll(async () => {
  sandbox = await startSandbox({ movies, apiKeys: [testKey] });
});
afterAll(() => sandbox.stop());

interface Service {
  url: string;
  programs: Program[];
  /** The movies that somebody has asked for already. */
  known: () => Promise<Set<number>>;
}

async function knownOf({ pool }: { pool: Pick<pg.Client, 'query'> }): Promise<Set<number>> {
  const { rows } = await pool.query<{ tmdb_id: number }>(
    "select tmdb_id from movies where state <> 'unknown'",
  );
  return new Set(rows.map(({ tmdb_id }) => tmdb_id));
}

/** The programs api and worker, as an operator runs them. */
async function openService(
  env: Record<string, string>,
  stack: AsyncDisposableStack,
  known: Service['known'],
): Promise<Service> {
  const port = await freePort();
  const all = {
    JWT_SECRET: 'a secret of this test, long enough',
    PORT: String(port),
    RATE_LIMIT: 'off',
    API_PROCESSES: '1',
    TMDB_ACCESS_TOKEN: testKey,
    TMDB_BASE_URL: sandbox.url,
    TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
    ...env,
  };
  const programs = ['api/main.ts', 'worker/main.ts'].map((script) => stack.use(startProgram(script, all)));
  const url = `http://127.0.0.1:${port}`;
  await until(() => isReady(url), patienceMs);
  await until(() => programs[1]?.output().includes('the worker is up') ?? false, patienceMs);
  return { url, programs, known };
}

let asked = movies;

/** It reads, writes, puts a job into the queue, does it, and hears of it: for a movie that nobody has asked for yet. */
async function isWell({ url, programs, known }: Service): Promise<void> {
  for (const program of programs) {
    const isOver = await Promise.race([program.exited, Bun.sleep(0).then(() => undefined)]);
    if (isOver !== undefined) throw new Error(`it ended with ${isOver}: ${program.output().slice(-3000)}`);
  }
  await until(() => isReady(url), patienceMs);
  const asFar = await known();
  let id = 0;
  do id = sandbox.catalogue.idAt(--asked);
  while (asFar.has(id));
  const isThere = () =>
    fetch(`${url}/api/movies/${id}`).then(
      ({ status }) => status === 200,
      () => false,
    );
  await until(isThere, patienceMs);
}

/** One after the other; between them it is well. */
async function spoil(
  ports: SpoiledPort[],
  spoilings: readonly (readonly [string, Spoiling])[],
  service: Service,
) {
  for (const [name, spoiling] of spoilings) {
    for (const port of ports) port.spoil(spoiling);
    const end = performance.now() + spoiledMs;
    while (performance.now() < end) {
      const live = await fetch(`${service.url}/health/live`).then(({ status }) => status, String);
      expect({ name, live }).toEqual({ name, live: 200 });
      void fetch(`${service.url}/api/movies/${sandbox.catalogue.idAt(asked - 1)}`).catch(() => {});
      await Bun.sleep(150);
    }
    for (const port of ports) port.spoil(undefined);
    await isWell(service).catch((error: unknown) => {
      throw new Error(`after ${name}`, { cause: error });
    });
  }
}

/** A message of PostgreSQL's protocol. */
const message = (type: string, body: Uint8Array) => {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const refusal = (code: string) => message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mrefused\0\0`));
const welcome = message('R', Buffer.alloc(4));
const isReadyForQuery = message('Z', Buffer.from('I'));
const random = (bytes: number) => {
  const made = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at++) made[at] = (at * 7919 + bytes) % 251;
  return made;
};

const postgresSpoilings = [
  ['no connection', reset],
  ['too many clients', say(refusal('53300'))],
  ['the database system is starting up', say(refusal('57P03'))],
  ['cut after the first byte', cutAfter(1)],
  ['cut after the password', cutAfter(9)],
  ['cut in the middle of the welcome', cutAfter(200)],
  ['cut after the first answer', cutAfter(520)],
  ['another protocol', say('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['bytes without a sense', say(random(4000), { hangsUp: false })],
  ['a message cut short', say(message('R', Buffer.alloc(1)), { hangsUp: false })],
  ['an error without an end', say(message('E', Buffer.from('SFATAL')), { hangsUp: false })],
  [
    'a row that nobody asked for',
    say(Buffer.concat([welcome, isReadyForQuery, message('D', Buffer.from([0, 9, 0, 0]))]), {
      hangsUp: false,
    }),
  ],
  [
    'a row description cut short',
    say(Buffer.concat([welcome, isReadyForQuery, message('T', Buffer.from([0, 3, 65]))]), { hangsUp: false }),
  ],
  [
    'a message of no length',
    say(Buffer.concat([welcome, Buffer.from([0x54, 0, 0, 0, 0])]), { hangsUp: false }),
  ],
] as const satisfies readonly (readonly [string, Spoiling])[];

/** In two halves, each with a service of its own: most of the time is waiting. */
test.concurrent.each([0, 1])(
  'PostgreSQL, every second spoiling from number %d on',
  async (first) => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await testDatabase());
    const { host = '', port, user = '', database: name = '' } = database.clientConfig;
    const path = join(host, `.s.PGSQL.${port}`);
    const ports = [stack.use(await openSpoiledPort({ path })), stack.use(await openSpoiledPort({ path }))];
    const hosts = ports.map((each) => `127.0.0.1:${each.port}`).join(',');
    const service = await openService({ DATABASE_URL: `postgresql://${user}@${hosts}/${name}` }, stack, () =>
      knownOf(database),
    );
    await isWell(service);
    await spoil(
      ports,
      postgresSpoilings.filter((_, at) => at % 2 === first),
      service,
    );
  },
  600_000,
);

test.concurrent('a PostgreSQL that is gone, and for five seconds nobody takes its place', async () => {
  await using stack = new AsyncDisposableStack();
  const pair = stack.use(await openPostgresPair());
  const service = await openService({ DATABASE_URL: pair.url() }, stack, async () => {
    const { primary, user } = pair;
    const client = new pg.Client({ host: '127.0.0.1', port: primary.port, user, database: user });
    await client.connect();
    try {
      return await knownOf({ pool: client });
    } finally {
      await client.end();
    }
  });
  await isWell(service);
  await pair.primary.kill();
  const end = performance.now() + 5000;
  while (performance.now() < end) {
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    await Bun.sleep(200);
  }
  expect(await isReady(service.url)).toBe(false);
  await pair.promote();
  await isWell(service);
  for (const program of service.programs) expect(program.output()).toContain('the notice connection is down');
}, 300_000);

const redisSpoilings = [
  ['no connection', reset],
  ['garbage', say('\u0000garbage\r\n$x\r\n', { hangsUp: false })],
  ['garbage at once', say(random(500), { atOnce: true, hangsUp: false })],
  ['LOADING', say('-LOADING Redis is loading the dataset in memory\r\n', { hangsUp: false })],
  ['READONLY', say("-READONLY You can't write against a read only replica.\r\n", { hangsUp: false })],
  ['NOAUTH', say('-NOAUTH Authentication required.\r\n', { hangsUp: false })],
  ['cut in the middle of a reply', cutAfter(40)],
  ['cut later', cutAfter(6000)],
  ['a reply without an end', say('$1000000\r\nabc')],
  ['too many clients', say('-ERR max number of clients reached\r\n', { atOnce: true })],
] as const satisfies readonly (readonly [string, Spoiling])[];

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const tmdbSpoilings = [
  ['no connection', reset],
  ['cut in the headers', say('HTTP/1.1 200 OK\r\nContent-Ty')],
  ['cut in the body', say(`${head}Content-Length: 1000\r\n\r\n{"id":`)],
  ['cut in a chunk', say(`${head}Transfer-Encoding: chunked\r\n\r\n40\r\n{"id":`)],
  ['a chunk of no length', say(`${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{"id":`)],
  ['bad gzip', say(`${head}Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\n\u001f\u0008abcd`)],
  ['a header without an end', say(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(1_000_000)}`, { hangsUp: false })],
  ['no HTTP', say(random(3000))],
  ['cut later', cutAfter(3000)],
] as const satisfies readonly (readonly [string, Spoiling])[];

/** Redis and TMDb behind ports that can be spoiled. */
async function openWithRedis(stack: AsyncDisposableStack) {
  const database = stack.use(await testDatabase());
  const redis = stack.use(await testRedis());
  const redisPort = stack.use(await openSpoiledPort({ port: Number(new URL(redis.url).port) }));
  const tmdbPort = stack.use(await openSpoiledPort({ port: Number(new URL(sandbox.url).port) }));
  const service = await openService(
    {
      DATABASE_URL: databaseUrl(database),
      REDIS_URL: `redis://127.0.0.1:${redisPort.port}`,
      TMDB_BASE_URL: `http://127.0.0.1:${tmdbPort.port}${new URL(sandbox.url).pathname}`,
    },
    stack,
    () => knownOf(database),
  );
  await isWell(service);
  return { service, redisPort, tmdbPort };
}

describe.concurrent.skipIf(!hasRedis)('with Redis,', () => {
  test('Redis', async () => {
    await using stack = new AsyncDisposableStack();
    const { service, redisPort } = await openWithRedis(stack);
    await spoil([redisPort], redisSpoilings, service);
  }, 600_000);

  test('TMDb', async () => {
    await using stack = new AsyncDisposableStack();
    const { service, tmdbPort } = await openWithRedis(stack);
    await spoil([tmdbPort], tmdbSpoilings, service);
  }, 600_000);
});
