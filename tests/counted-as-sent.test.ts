import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Registry } from 'prom-client';
import type { App } from '#api/app.ts';
import { openAccount, type TestAccount } from './support/api/account-fixture.ts';
import { openTestApi, type TestApi } from './support/api/api-fixture.ts';
import { until } from './support/until.ts';

let api: TestApi;
let app: App;
let url: string;
let user: TestAccount;
let admin: TestAccount;
const registry = new Registry();

beforeAll(async () => {
  api = await openTestApi();
  [user, admin] = [await openAccount(api), await openAccount(api, { role: 'admin' })];
  // A port of its own: what counts is what goes over the wire.
  app = api.anotherApp({ metrics: registry, config: { rateLimit: false, onDemandWaitMs: 0 } });
  app.listen({ hostname: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${app.server?.port}`;
});
afterAll(async () => {
  await app.stop(true);
  await api[Symbol.asyncDispose]();
});

interface Sent {
  id: string;
  what: string;
  status: number;
}

/** Whoever these sign out cannot ask the rest; a stream of events does not end. */
const isLeftOut = ({ method, path }: Way) =>
  /(logout|sign-out|events)$/.test(path) || (method === 'DELETE' && path === '/api/user/profile');

interface Way {
  method: string;
  path: string;
}

/** Every route, with its neighbors that are none: another method, an address where there is nothing. */
function ways(): Way[] {
  const routes = app.routes
    .map(({ method, path }) => ({ method, path: path.replaceAll(/:[^/]+|\*/g, '1') }))
    .filter((way) => !isLeftOut(way));
  const reads = routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
  return [
    ...routes,
    ...reads.flatMap((path) => ['HEAD', 'OPTIONS', 'PUT'].map((method) => ({ method, path }))),
    ...['/nothing', '/admin/zzz', '/admin/queues/zzz', '/api/zzz', '/docs/zzz'].flatMap((path) =>
      ['GET', 'HEAD', 'POST'].map((method) => ({ method, path })),
    ),
  ];
}

/** As a browser and as a program, with input that is fine and input that is not. */
function* requests(): Generator<Way & { init: RequestInit }> {
  const callers: Record<string, string>[] = [{}, user.headers, admin.headers, admin.console];
  for (const { method, path } of ways())
    for (const caller of callers)
      for (const accept of path.startsWith('/admin') ? ['text/html', 'application/json'] : ['*/*']) {
        const headers = { accept, 'content-type': 'application/json', ...caller };
        if (!hasBody(method)) yield { method, path, init: { method, headers } };
        else for (const body of ['{}', '{']) yield { method, path, init: { method, headers, body } };
      }
}

const hasBody = (method: string) => !['GET', 'HEAD', 'OPTIONS'].includes(method);

async function ask(): Promise<Sent[]> {
  const sent: Sent[] = [];
  let count = 0;
  for (const { method, path, init } of requests()) {
    const id = `asked-${++count}`;
    const headers = new Headers(init.headers);
    headers.set('x-request-id', id);
    const answer = await fetch(url + path, { ...init, headers, redirect: 'manual' });
    await answer.arrayBuffer();
    const accept = headers.get('accept') ?? '';
    sent.push({ id, what: `${method} ${path} as ${accept}`, status: answer.status });
  }
  return sent;
}

const tally = (statuses: readonly number[]) =>
  Object.fromEntries([...Map.groupBy(statuses, (each) => each)].map(([status, all]) => [status, all.length]));

test('what is sent is what is counted and what is logged, for every route and every failure', async () => {
  const sent = await ask();
  expect(sent.length).toBeGreaterThan(1000);
  expect(new Set(sent.map(({ status }) => status)).size).toBeGreaterThan(10);

  const lines = () =>
    new Map(
      api.logged
        .map((line) => JSON.parse(line) as { request_id?: string; msg?: string; status?: number })
        .filter(({ msg }) => msg === 'answered')
        .map(({ request_id, status }) => [request_id, status]),
    );
  await until(() => {
    const known = lines();
    return sent.every(({ id }) => known.has(id));
  });
  const logged = lines();
  const wrong = sent.filter(({ id, status }) => logged.get(id) !== status);
  expect(wrong.map(({ id, ...each }) => ({ ...each, logged: logged.get(id) }))).toEqual([]);

  const metric = await registry.getSingleMetric('nexus_http_requests_total')?.get();
  const counted: Record<string, number> = {};
  for (const { labels, value } of metric?.values ?? [])
    counted[String(labels.status)] = (counted[String(labels.status)] ?? 0) + value;
  expect(counted).toEqual(tally(sent.map(({ status }) => status)));
}, 180_000);
