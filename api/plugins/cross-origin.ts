import { cors } from '@elysiajs/cors';

/** For the origins the operator named, and no others. Preflights are answered like every other OPTIONS. */
export function crossOrigin(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
    allowedHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'X-Request-Id', 'Idempotency-Key'],
    exposeHeaders: ['ETag', 'Retry-After', 'X-Request-Id'],
    // Tokens travel in a header of their own: cookies have no part in this.
    credentials: false,
    maxAge: 600,
    preflight: false,
  });
}
