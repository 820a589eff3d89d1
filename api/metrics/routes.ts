import { Elysia } from 'elysia';
import type { Registry } from 'prom-client';
import { NexusError } from '#shared/errors.ts';
import { shareReading } from '../http/answers/share-reading.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { ungated } from '../http/plugins/guards.ts';

export const metricsPath = '/metrics';

interface MetricsDeps {
  registry: Registry;
  /** Those of all processes that share the port; `undefined`: this is the only one. */
  readAll?: (() => Promise<string>) | undefined;
  /** Whether the caller wrote this path as it is. */
  isSentAsIs: (request: Request) => boolean;
}

/**
 * For Prometheus, in its text format. Open, like the health checks: a proxy should not pass it on. It keeps this path
 * inside as it is written, so it is answered only where it is written so.
 */
export function metricsRoutes({ registry, readAll, isSentAsIs }: MetricsDeps) {
  const read = shareReading(readAll ?? (() => registry.metrics()));
  return new Elysia({ name: 'metrics' }).use(ungated()).get(
    metricsPath,
    async ({ request, set }) => {
      if (!isSentAsIs(request)) throw new NexusError('route_not_found', 'There is nothing at this address.');
      set.headers['content-type'] = registry.contentType;
      set.headers['cache-control'] = 'no-store';
      return read();
    },
    {
      ...describeRoute({
        tag: 'Operations',
        summary: 'Metrics for Prometheus',
        description:
          'Metrics of the whole service, the same from every API process, and metrics of this process (with `API_PROCESSES`: of all processes that share its port).',
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
