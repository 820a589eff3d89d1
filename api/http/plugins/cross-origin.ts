import { cors } from '@elysiajs/cors';
import { Elysia } from 'elysia';

/** How long a browser may remember what a preflight said. */
const rememberedSeconds = 600;

/** For the origins the operator named, and no others. Preflights are answered like every other OPTIONS. */
export function crossOrigin(origins: readonly string[]) {
  return new Elysia({ name: 'cross-origin' })
    .use(
      cors({
        origin: [...origins],
        methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
        allowedHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'X-Request-Id', 'Idempotency-Key'],
        exposeHeaders: ['ETag', 'Retry-After', 'X-Request-Id'],
        // Tokens travel in a header of their own: cookies have no part in this.
        credentials: false,
        preflight: false,
      }),
    )
    .onRequest(({ request, set }) => {
      if (request.method === 'OPTIONS' && request.headers.has('access-control-request-method'))
        set.headers['access-control-max-age'] = String(rememberedSeconds);
    });
}
