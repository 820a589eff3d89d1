import { Elysia } from 'elysia';
import { pathOf } from '../http/input/path-of.ts';

/** Lets the pages of named origins use the cookie of the refresh token, and only where that is used. */
export function credentialsAcrossOrigins(origins: readonly string[]) {
  return new Elysia({ name: 'credentials-across-origins' }).onRequest(({ request, set }) => {
    const origin = request.headers.get('origin');
    if (origin !== null && origins.includes(origin) && pathOf(request.url).startsWith('/api/auth/'))
      set.headers['access-control-allow-credentials'] = 'true';
  });
}
