import type { Catalogue } from './catalogue.ts';
import { answerControl, type Controls } from './control.ts';
import { refuse } from './errors.ts';
import { answerExport, refuseExport } from './export.ts';
import { createFaults } from './faults.ts';
import { misbehaveAs } from './faulty-answer.ts';
import { createGeneratedCatalogue, fewestMovies, mostMovies } from './generated-catalogue.ts';
import { createOverlay } from './overlay.ts';
import { answerImage } from './placeholder-image.ts';
import { createRateWindow } from './rate-window.ts';
import { openRealCatalogue } from './real-catalogue.ts';
import { createRequestLog, type LoggedRequest, readClock } from './request-log.ts';
import { answerRoute, type Route, routeOf } from './routes.ts';
import type { Sandbox } from './sandbox.ts';

export interface SandboxOptions {
  /** 0 takes any free port. */
  port?: number;
  host?: string;
  /** Whether other programs may watch and disturb it (`/__sandbox/…`): then everybody on this machine may. */
  isControlled?: boolean;
  /** 200 to 1,000,000; not used with real data. */
  movies?: number;
  seed?: number;
  /** Accepted as a bearer token and as `api_key` alike. */
  apiKeys?: readonly string[];
  /** Requests the API takes in any second; null takes all. */
  maxRps?: number | null;
  /** A folder of real records to serve instead of invented ones. */
  realData?: string;
  /** Decides which daily exports there are. */
  now?: () => number;
  /** Waited before every answer of the API. */
  latencyMs?: number;
}

export const defaultApiKey = 'nexus-sandbox-key';

function openCatalogue({
  realData,
  movies = 2_000,
  seed = 1,
}: SandboxOptions): Promise<Catalogue> | Catalogue {
  if (realData !== undefined) return openRealCatalogue(realData);
  if (!Number.isInteger(movies) || movies < fewestMovies || movies > mostMovies) {
    throw new RangeError(
      `movies must be a whole number from ${fewestMovies} to ${mostMovies}, not ${movies}`,
    );
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0x7fffffff) {
    throw new RangeError(`seed must be a whole number from 0 to 2147483647, not ${seed}`);
  }
  return createGeneratedCatalogue({ seed, movies });
}

const bearer = 'Bearer ';

function keyOf(request: Request, query: URLSearchParams): string {
  const header = request.headers.get('authorization');
  return header?.startsWith(bearer) ? header.slice(bearer.length) : (query.get('api_key') ?? '');
}

function withoutKey(path: string, query: URLSearchParams): string {
  if (query.size === 0) return path;
  const shown = new URLSearchParams(query);
  shown.delete('api_key');
  return shown.size === 0 ? path : `${path}?${decodeURIComponent(shown.toString())}`;
}

const isLoopback = (address: string) => /^(127\.|::1$|::ffff:127\.)/.test(address);

/** Starts the TMDb stand-in and returns what tests and programs need to use and to disturb it. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', seed = 1, maxRps = null, latencyMs = 0, now = Date.now } = options;
  const { isControlled = false } = options;
  const apiKeys = new Set(options.apiKeys ?? [defaultApiKey]);
  const catalogue = createOverlay(await openCatalogue(options), now);
  const faults = createFaults(seed);
  const window = createRateWindow(maxRps);
  const log = createRequestLog();

  async function answerApi(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    const route = routeOf(path);
    const logged = arrived(request, route, path, query, true);
    const response = await decide(request, route, query, logged);
    log.settle(logged, response.status);
    return response;
  }

  function arrived(request: Request, route: Route, path: string, query: URLSearchParams, limited: boolean) {
    const movieId = route.template.startsWith('/movie/{id}') ? Number(route.id) : undefined;
    return log.arrive(
      {
        method: request.method,
        target: withoutKey(path, query),
        route: `${request.method} ${route.template}`,
        limited,
      },
      movieId,
    );
  }

  async function decide(
    request: Request,
    route: Route,
    query: URLSearchParams,
    { target }: LoggedRequest,
  ): Promise<Response> {
    if (!window.admit(readClock())) return refuse(25);
    if (latencyMs > 0) await Bun.sleep(latencyMs);
    if (!apiKeys.has(keyOf(request, query))) return refuse(7);
    const movieId = route.template.startsWith('/movie/{id}') ? Number(route.id) : undefined;
    const fault = faults.take({ template: route.template, target, movieId });
    const answer = () =>
      request.method === 'GET' ? answerRoute(catalogue, route, query, now()) : refuse(34);
    return fault ? misbehaveAs(fault, request.signal, answer) : answer();
  }

  async function answerFile(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    const template = '/p/exports/{file}';
    const logged = arrived(request, { template, id: undefined }, path, query, false);
    const fault = faults.take({ template, target: path, movieId: undefined });
    const spoilt = [
      'truncated',
      'truncated-gzip',
      'short-list',
      'empty-list',
      'wrong-shape',
      'gzip-without-header',
    ];
    let response: Response;
    if (!fault || spoilt.includes(fault.kind)) response = answerExport(catalogue, path, now(), fault?.kind);
    else if (fault.kind === 'vanish') response = refuseExport();
    else response = await misbehaveAs(fault, request.signal, () => answerExport(catalogue, path, now()));
    log.settle(logged, response.status);
    return response;
  }

  const server = Bun.serve({
    port,
    hostname: host,
    idleTimeout: 0,
    async fetch(request, self) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname.startsWith('/3/')) return answerApi(request, pathname.slice(2), searchParams);
      if (pathname.startsWith('/p/exports/')) return answerFile(request, pathname, searchParams);
      if (pathname.startsWith('/t/p/')) return answerImage(pathname);
      if (isControlled && pathname.startsWith('/__sandbox/')) {
        if (!isLoopback(self.requestIP(request)?.address ?? ''))
          return new Response('Forbidden\n', { status: 403 });
        return answerControl(controls, request, pathname.slice('/__sandbox'.length));
      }
      return refuse(34);
    },
  });

  const origin = `http://${host}:${server.port}`;
  const controls: Controls = {
    url: `${origin}/3`,
    exportUrl: `${origin}/p/exports`,
    imageUrl: `${origin}/t/p`,
    port: server.port ?? port,
    identity: catalogue.identity,
    catalogue,
    stats: log.stats,
    resetStats: log.reset,
    requests: log.requests,
    misbehave: faults.set,
    limit: window.limit,
    setGone: catalogue.setGone,
    override: catalogue.override,
    addMovie: catalogue.addMovie,
    setTrending: catalogue.setTrending,
    listChanged: catalogue.listChanged,
    clearChanges: catalogue.clearChanges,
  };
  return { ...controls, stop: () => server.stop(true) };
}
