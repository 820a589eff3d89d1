import { Elysia } from 'elysia';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import { describeRoute } from '../docs/describe-route.ts';
import type { Admission } from '../plugins/admission.ts';
import { adminOnly } from '../plugins/guards.ts';
import { keptByNobody } from '../plugins/kept-by-nobody.ts';
import { strictQuery } from '../plugins/query.ts';
import { pageMeta } from '../reads/page-meta.ts';
import { RunParams, RunsQuery } from './model.ts';
import type { AdminService } from './service.ts';
import { optionalSyncBody, SyncHeaders, syncOptionsOf } from './sync-input.ts';

const tag = 'Administration';
const success = 'success' as const;

export function adminRoutes({ admin, admission }: { admin: AdminService; admission: Admission }) {
  return new Elysia({ name: 'admin' })
    .use(adminOnly(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .post(
      '/api/admin/sync/:job',
      async ({ params: { job }, body, headers, viewer: { userId }, set }) => {
        const key = headers['idempotency-key'];
        const data = await admin.requestRun({ job, userId, key, ...syncOptionsOf(body) });
        set.status = 202;
        return { status: success, data };
      },
      {
        headers: SyncHeaders,
        detail: {
          ...describeRoute({
            tag,
            access: 'admin',
            summary: 'Ask for a run of a job now',
            description: `One of ${syncJobNames.join(', ')}. A run that is under way (its lease says so) keeps another from starting.`,
            data: 'RequestedRun',
            success: 202,
            failures: [400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503],
          }),
          ...optionalSyncBody,
        },
      },
    )
    .get(
      '/api/admin/sync/runs',
      async ({ query }) => {
        const { runs, total } = await admin.runs.page(query);
        return { status: success, data: runs, meta: pageMeta(query, total) };
      },
      {
        query: RunsQuery,
        detail: describeRoute({
          tag,
          access: 'admin',
          summary: 'What ran and what runs, newest first',
          data: ['SyncRun'],
          meta: 'PageMeta',
          failures: [401, 403, 422, 429, 500, 503],
        }),
      },
    )
    .get(
      '/api/admin/sync/runs/:id',
      async ({ params }) => ({ status: success, data: await admin.runs.one(params.id) }),
      {
        params: RunParams,
        detail: describeRoute({
          tag,
          access: 'admin',
          summary: 'One run, with its progress',
          data: 'SyncRun',
          failures: [401, 403, 404, 422, 429, 500, 503],
        }),
      },
    )
    .get('/api/admin/overview', async () => ({ status: success, data: await admin.overview() }), {
      detail: describeRoute({
        tag,
        access: 'admin',
        summary: 'The mirror, the queues, TMDb and the users in figures',
        data: 'AdminOverview',
        failures: [401, 403, 429, 500, 503],
      }),
    });
}
