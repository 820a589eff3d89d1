import { Elysia } from 'elysia';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { ungated } from '../http/plugins/guards.ts';
import { Attribution, attribution } from './model.ts';

export function attributionRoutes() {
  return new Elysia({ name: 'attribution' }).use(ungated()).get(
    '/attribution',
    ({ set }) => {
      set.headers['cache-control'] = 'public, max-age=86400';
      return success(attribution);
    },
    {
      ...describeRoute({
        tag: 'About',
        summary: 'Where the data comes from',
        data: Attribution,
        failures: [500],
      }),
    },
  );
}
