import { cors } from '@elysiajs/cors';
import { Elysia } from 'elysia';
import type { Log } from '#shared/log.ts';

interface CrossOriginOptions {
  /** Named by the operator. */
  origins: readonly string[];
  /** Outside production: whatever a developer serves on their own machine, at any port. */
  allowLoopback: boolean;
  log: Log;
  /** Says for whom another rule holds. */
  isOpen?: (url: string) => boolean;
}

/** How long a browser may remember what a preflight said. */
const rememberedSeconds = 600;
/** So many refused origins are told of; a crawler must not fill the log, nor our memory. */
const mostTold = 100;

/** For the origins the operator named (and developers' own), and no others. Preflights are answered like every other OPTIONS. */
export function crossOrigin({ origins, allowLoopback, log, isOpen = () => false }: CrossOriginOptions) {
  const named = new Set(origins);
  const told = new Set<string>();
  const isAllowed = (origin: string) => named.has(origin) || (allowLoopback && isLoopback(origin));
  const tellOf = (origin: string) => {
    if (told.has(origin) || told.size >= mostTold) return;
    told.add(origin);
    log.warn(
      { origin: origin.slice(0, 200) },
      'a page of another origin was refused: name it in CORS_ORIGINS',
    );
  };
  const app = new Elysia({ name: 'cross-origin' }).onRequest(({ request, set }) => {
    const origin = request.headers.get('origin');
    if (origin === null || isOpen(request.url)) return;
    if (!isAllowed(origin) && !isSameOrigin(origin, request)) tellOf(origin);
    if (request.method === 'OPTIONS' && request.headers.has('access-control-request-method'))
      set.headers['access-control-max-age'] = String(rememberedSeconds);
  });
  if (named.size === 0 && !allowLoopback) return app;
  return app.use(
    cors({
      origin: ({ headers, url }) => isAllowed(headers.get('origin') ?? '') && !isOpen(url),
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
      allowedHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'X-Request-Id', 'Idempotency-Key'],
      exposeHeaders: ['ETag', 'Retry-After', 'X-Request-Id'],
      // Tokens travel in a header of their own: cookies have no part in this.
      credentials: false,
      preflight: false,
    }),
  );
}

/** `http://localhost:5173`, `http://127.0.0.1:3000`, `http://app.localhost`, `http://[::1]:8080`. */
function isLoopback(origin: string): boolean {
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin || !/^https?:$/.test(url.protocol)) return false;
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** Pages of our own, such as the console: browsers name the origin there, too. */
const isSameOrigin = (origin: string, request: Request): boolean =>
  URL.parse(origin)?.host === (request.headers.get('host') ?? URL.parse(request.url)?.host);
