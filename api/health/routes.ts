import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { ungated } from '../http/plugins/guards.ts';
import { Liveness, Readiness } from './model.ts';
import type { HealthService } from './service.ts';

const neverStored = 'no-store';

export function healthRoutes({ health }: { health: HealthService }) {
  return new Elysia({ name: 'health' })
    .use(ungated())
    .get(
      '/health/live',
      ({ set }) => {
        set.headers['cache-control'] = neverStored;
        return success<Liveness>({ live: true });
      },
      {
        ...describeRoute({
          tag: 'Operations',
          summary: 'Check that the process runs',
          data: Liveness,
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
        return success(data);
      },
      {
        ...describeRoute({
          tag: 'Operations',
          summary: 'Check that PostgreSQL and the queue answer',
          data: Readiness,
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
