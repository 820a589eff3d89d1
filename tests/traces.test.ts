import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { startSandbox } from '#sandbox/server.ts';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { type Program, startProgram } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { testKey } from './support/service.ts';
import { until } from './support/until.ts';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  service: string;
}

interface Delivery {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Omit<Span, 'service'>[] }[];
  }[];
}

const secret = 'of this test alone, and never in a log line';
const spans: Span[] = [];
let collector: ReturnType<typeof Bun.serve>;
let sandbox: Sandbox;
let database: Database;
let api: Program;
let worker: Program;
let url: string;

beforeAll(async () => {
  collector = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { resourceSpans } = (await request.json()) as Delivery;
      for (const { resource, scopeSpans } of resourceSpans) {
        const name = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
        for (const scope of scopeSpans)
          for (const span of scope.spans) spans.push({ ...span, service: name });
      }
      return Response.json({});
    },
  });
  [sandbox, database] = await Promise.all([
    startSandbox({ movies: 1200, apiKeys: [testKey] }),
    testDatabase(),
  ]);
  const port = await freePort();
  const common = {
    DATABASE_URL: databaseUrl(database),
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
    JWT_SECRET: 'x'.repeat(40),
  };
  worker = startProgram('worker/main.ts', {
    ...common,
    TMDB_ACCESS_TOKEN: testKey,
    TMDB_BASE_URL: sandbox.url,
    TMDB_EXPORT_BASE_URL: sandbox.exportUrl,
    TMDB_MAX_RPS: '1000',
  });
  api = startProgram('api/main.ts', {
    ...common,
    PORT: String(port),
    ON_DEMAND_WAIT_MS: '10000',
    RATE_LIMIT: 'off',
  });
  url = `http://127.0.0.1:${port}`;
  await until(() => isReady(url), 30_000);
  const synced = async () =>
    (
      await database.pool.query(
        "select 1 from sync_runs where job = 'details' and status = 'succeeded' and seen > 0",
      )
    ).rowCount !== 0;
  await until(synced, 60_000);
}, 120_000);
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await worker?.[Symbol.asyncDispose]();
  await sandbox?.stop();
  await database?.[Symbol.asyncDispose]();
  await collector?.stop(true);
});

/** One that no list has named. */
async function unmirrored(): Promise<number> {
  const { rows } = await database.pool.query('select tmdb_id from movies');
  const known = new Set(rows.map((row) => row.tmdb_id));
  const ids = Array.from({ length: 1200 }, (_, position) => sandbox.catalogue.idAt(position));
  const id = ids.find((each) => !known.has(each));
  if (id === undefined) throw new Error('everything is mirrored');
  return id;
}

const linesOf = (program: Program): Record<string, unknown>[] =>
  program
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

describe('a request for a movie that the mirror lacks', () => {
  test('is one trace from the request through the queue to TMDb, and goes on from the caller’s', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const id = await unmirrored();
    const answer = await fetch(`${url}/api/movies/${id}`, {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': 'the-traced-one' },
    });
    expect(answer.status).toBe(200);
    const ofTrace = () => spans.filter((span) => span.traceId === traceId);
    // From the call up to the request, each the child of the one before. The job's own span ends, and comes, last.
    const pathOf = () => {
      const path: Span[] = [];
      let span = ofTrace().find(({ name }) => name === 'GET /movie/{id}');
      for (; span !== undefined; span = ofTrace().find(({ spanId }) => spanId === path.at(-1)?.parentSpanId))
        path.push(span);
      return path;
    };
    const isWhole = () => pathOf().at(-1)?.name === 'GET /api/movies/:tmdb_movie_id';
    await until(isWhole).catch(() => {});
    const path = pathOf();
    expect(path.at(-1)).toMatchObject({
      service: 'nexus-api',
      name: 'GET /api/movies/:tmdb_movie_id',
      parentSpanId: '00f067aa0ba902b7',
    });
    expect(path.length).toBeGreaterThanOrEqual(4);
    expect(path[0]?.service).toBe('nexus-worker');
  }, 60_000);

  test('leaves one line of the request and one of the job, with one request id', async () => {
    const ofRequest = (program: Program) =>
      linesOf(program).filter((line) => line.request_id === 'the-traced-one');
    await until(() => ofRequest(api).length > 0 && ofRequest(worker).length > 0);
    expect(ofRequest(api)).toEqual([
      expect.objectContaining({
        msg: 'answered',
        level: 'info',
        method: 'GET',
        route: '/api/movies/:tmdb_movie_id',
        status: 200,
        ms: expect.any(Number),
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      }),
    ]);
    expect(ofRequest(worker)).toEqual([
      expect.objectContaining({
        msg: 'job done',
        job: 'movies.fetch',
        outcome: 'done',
        attempt: 1,
        ms: expect.any(Number),
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      }),
    ]);
  }, 60_000);
});

describe('log lines', () => {
  test('are one for each answer, whatever becomes of it, and tell no secret', async () => {
    const ask = (path: string, init: RequestInit, id: string) =>
      fetch(`${url}${path}`, { ...init, headers: { ...init.headers, 'x-request-id': id } });
    await ask('/nothing?password=hidden-query', {}, 'log-404');
    await ask(
      '/api/movies/abc',
      { headers: { authorization: `Bearer ${secret.replaceAll(' ', '.')}` } },
      'log-401',
    );
    const body = JSON.stringify({ email: 'who@example.org', password: secret });
    await ask(
      '/api/auth/login',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body },
      'log-login',
    );
    const ids = ['log-404', 'log-401', 'log-login'];
    // Of what concerns security there is another line each, with the same id.
    const found = () =>
      linesOf(api).filter(
        ({ request_id, msg }) => ids.includes(String(request_id)) && msg !== 'security event',
      );
    await until(() => found().length >= 3);
    expect(found().map(({ request_id, status }) => ({ request_id, status }))).toEqual([
      { request_id: 'log-404', status: 404 },
      { request_id: 'log-401', status: 401 },
      { request_id: 'log-login', status: 401 },
    ]);
    for (const part of [secret, secret.replaceAll(' ', '.'), 'hidden-query', testKey, 'who@example.org'])
      expect(api.output() + worker.output()).not.toContain(part);
  }, 60_000);
});

describe('a collector that is away', () => {
  test('neither breaks nor slows anything, and the process still ends in time', async () => {
    const port = await freePort();
    await using alone = startProgram('api/main.ts', {
      DATABASE_URL: databaseUrl(database),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      JWT_SECRET: 'x'.repeat(40),
      PORT: String(port),
    });
    const at = `http://127.0.0.1:${port}`;
    await until(() => isReady(at), 30_000);
    for (let i = 0; i < 20; i++) expect((await fetch(`${at}/api/movies/trending`)).status).toBe(200);
    alone.kill('SIGTERM');
    expect(await alone.exited).toBe(0);
  }, 60_000);
});
