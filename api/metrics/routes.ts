import { Elysia } from 'elysia';
import type { Registry } from 'prom-client';
import { describeRoute } from '../http/contract/describe-route.ts';
import { ungated } from '../http/plugins/guards.ts';

/** For Prometheus, in its text format. Open, like the health checks: a proxy should not pass it on. */
export function metricsRoutes(registry: Registry) {
  return new Elysia({ name: 'metrics' }).use(ungated()).get(
    '/metrics',
    async ({ set }) => {
      set.headers['content-type'] = registry.contentType;
      set.headers['cache-control'] = 'no-store';
      return registry.metrics();
    },
    {
      ...describeRoute({
        tag: 'Operations',
        summary: 'Metrics for Prometheus',
        description:
          'Metrics of the whole service, the same from every API process, and metrics of this process.',
        plain: {
          type: 'text/plain',
          description: 'The text format of Prometheus.',
          schema: { type: 'string' },
          example:
            '# HELP nexus_up Whether a store answers.\n# TYPE nexus_up gauge\nnexus_up{store="postgres"} 1\n',
        },
        failures: [500],
      }),
    },
  );
}
