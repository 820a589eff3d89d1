import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import { describeRoute } from '../docs/describe-route.ts';
import type { HealthService } from './service.ts';

const neverStored = 'no-store';

export function healthRoutes({ health }: { health: HealthService }) {
  return new Elysia({ name: 'health' })
    .get(
      '/health/live',
      ({ set }) => {
        set.headers['cache-control'] = neverStored;
        return { status: 'success' as const, data: { live: true as const } };
      },
      {
        detail: describeRoute({
          tag: 'Operations',
          summary: 'Check that the process runs',
          data: 'Liveness',
          failures: [500],
        }),
      },
    )
    .get(
      '/health/ready',
      async ({ set }) => {
        const data = await health.readiness();
        const down = Object.entries(data).filter(([, state]) => state === 'down');
        if (down.length > 0)
          throw new NexusError('unavailable', `Not ready: ${down.map(([name]) => name).join(' and ')} down.`);
        set.headers['cache-control'] = neverStored;
        return { status: 'success' as const, data };
      },
      {
        detail: describeRoute({
          tag: 'Operations',
          summary: 'Check that PostgreSQL and the queue answer',
          data: 'Readiness',
          failures: [
            500,
            {
              code: 'unavailable',
              meaning: 'One of them does not answer.',
              message: 'Not ready: postgres down.',
            },
          ],
        }),
      },
    );
}
