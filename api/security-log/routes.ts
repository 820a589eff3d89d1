import { Elysia } from 'elysia';
import { CursorPageMeta } from '../http/answers/model.ts';
import type { Admission } from '../http/callers/admission.ts';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { adminOnly } from '../http/plugins/guards.ts';
import { keptByNobody } from '../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { EventsQuery, SecurityEvent } from './model.ts';
import type { SecurityEventReads } from './service.ts';

export function securityLogRoutes(deps: { events: SecurityEventReads; admission: Admission }) {
  const { events: reads, admission } = deps;
  return new Elysia({ name: 'security-log' })
    .use(adminOnly(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get(
      '/api/admin/log',
      async ({ query }) => {
        const { events, meta } = await reads.page(query);
        return success(events, meta);
      },
      {
        query: EventsQuery,
        ...describeRoute({
          tag: 'Administration',
          summary: 'Read the security log, newest first',
          description:
            'Who signed in or was refused, what accounts and administrators did. Kept for 90 days. If there are too many refusals at once, some are not written: `events_dropped` says how many.',
          data: [SecurityEvent],
          meta: CursorPageMeta,
          failures: [422, 401, 403, 429, 500, 503],
        }),
      },
    );
}
