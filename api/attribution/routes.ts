import { Elysia } from 'elysia';
import type { Admission } from '../http/callers/admission.ts';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { anybody } from '../http/plugins/guards.ts';
import { Attribution, attribution } from './model.ts';

export function attributionRoutes({ admission }: { admission: Admission }) {
  return new Elysia({ name: 'attribution' }).use(anybody(admission)).get(
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
        failures: [429, 500],
      }),
    },
  );
}
