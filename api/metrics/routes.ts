import { Elysia } from 'elysia';
import type { Registry } from 'prom-client';

/** For Prometheus, in its text format. Open, like the health checks: a proxy should not pass it on. */
export function metricsRoutes(registry: Registry) {
  return new Elysia({ name: 'metrics' }).get(
    '/metrics',
    async ({ set }) => {
      set.headers['content-type'] = registry.contentType;
      set.headers['cache-control'] = 'no-store';
      return registry.metrics();
    },
    { detail: { hide: true } },
  );
}
