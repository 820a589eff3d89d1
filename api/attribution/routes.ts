import { Elysia } from 'elysia';
import { describeRoute } from '../docs/describe-route.ts';
import { ungated } from '../http/plugins/guards.ts';
import { presentAttribution } from './present.ts';

export function attributionRoutes() {
  return new Elysia({ name: 'attribution' }).use(ungated()).get(
    '/attribution',
    ({ set }) => {
      set.headers['cache-control'] = 'public, max-age=86400';
      return { status: 'success' as const, data: presentAttribution() };
    },
    {
      detail: describeRoute({
        tag: 'About',
        summary: 'Where the data comes from',
        data: 'Attribution',
        failures: [500],
      }),
    },
  );
}
