import { Elysia, status } from 'elysia';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import { CursorPageMeta, PageMeta } from '../http/answers/model.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput, perBody, unknownParameter } from '../http/contract/failures.ts';
import { adminOnly } from '../http/plugins/guards.ts';
import { keptByNobody } from '../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../http/plugins/query.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { FailureParams, FailuresQuery, JobFailure, ReplayedJob } from './failure-model.ts';
import { MergeDecision, MergeParams, MergesQuery, MovieMerge } from './merge-model.ts';
import { EventsQuery, RequestedRun, RunParams, RunsQuery, SyncRun } from './model.ts';
import { MovieReport, MovieReportParams, QueuedFetch } from './movie-report-model.ts';
import { AdminOverview } from './overview-model.ts';
import type { AdminService } from './service.ts';
import { SyncHeaders, SyncOptions, syncOptionsOf } from './sync-input.ts';

const tag = 'Administration';
const perAdmin = [401, 403, 429, 500, 503] as const;

interface AdminRoutesDeps {
  admin: AdminService;
  security: Pick<SecurityLog, 'record'>;
  admission: Admission;
  addressOf: ClientAddress;
}

export function adminRoutes({ admin, security, admission, addressOf }: AdminRoutesDeps) {
  const actOf = ({ userId }: { userId: string }, request: Request) =>
    ({ outcome: 'done', userId, address: addressOf(request) }) as const;
  return new Elysia({ name: 'admin' })
    .use(adminOnly(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .post(
      '/api/admin/sync/:job',
      async ({ params: { job }, body, headers, viewer, request }) => {
        const { userId } = viewer;
        const key = headers['idempotency-key'];
        const run = await admin.requestRun({ job, userId, key, ...syncOptionsOf(body) });
        security.record({ event: 'sync_request', ...actOf(viewer, request), detail: job });
        return status(202, success(run));
      },
      {
        headers: SyncHeaders,
        ...describeRoute({
          tag,
          summary: 'Run a job now',
          description: `The jobs are ${syncJobNames.join(', ')}. While a run of the job is active, another one cannot start (409).`,
          data: RequestedRun,
          success: 202,
          // A schema on the route would say that the body must be there.
          ownBody: { schema: SyncOptions, required: false },
          failures: [
            ...perBody,
            { code: 'not_found', message: 'There is no job with this name.' },
            { code: 'already_running' },
            invalidInput('force', 'must be true or false'),
            ...perAdmin,
          ],
        }),
      },
    )
    .get(
      '/api/admin/sync/runs',
      async ({ query }) => {
        const { runs, meta } = await admin.runs.page(query);
        return success(runs, meta);
      },
      {
        query: RunsQuery,
        ...describeRoute({
          tag,
          summary: 'List runs, newest first',
          data: [SyncRun],
          meta: CursorPageMeta,
          failures: [422, ...perAdmin],
        }),
      },
    )
    .get('/api/admin/sync/runs/:id', async ({ params }) => success(await admin.runs.one(params.id)), {
      params: RunParams,
      ...describeRoute({
        tag,
        summary: 'Get one run, with its progress',
        data: SyncRun,
        failures: [
          { code: 'not_found', message: 'There is no run with this id.' },
          invalidInput('id', 'must be a UUID'),
          ...perAdmin,
        ],
      }),
    })
    .get(
      '/api/admin/sync/events',
      ({ query, request, server, viewer }) => {
        server?.timeout(request, 0);
        const isAllowed = () => admission.stillAdmits(request);
        return admin.streams.open({ request, userId: viewer.userId, isAllowed, job: query.job });
      },
      {
        query: EventsQuery,
        ...describeRoute({
          tag,
          summary: 'Follow runs live',
          description:
            "The stream starts with the newest run of each job. Then each run is sent whenever it changes (`event: run`). The stream ends when the access token expires: connect again with a new one. A browser’s `EventSource` cannot send the `Authorization` header, so read the stream with `fetch` (typed client: `parseAs: 'stream'`).",
          events: SyncRun,
          failures: [invalidInput('job', `must be one of ${syncJobNames.join(', ')}`), ...perAdmin],
        }),
      },
    )
    .get(
      '/api/admin/failures',
      async ({ query }) => {
        const { failures, total } = await admin.failures.page(query);
        return success(failures, pageMeta(query, total));
      },
      {
        query: FailuresQuery,
        ...describeRoute({
          tag,
          summary: 'List jobs that failed for good and have not succeeded since, newest first',
          data: [JobFailure],
          meta: PageMeta,
          failures: [422, ...perAdmin],
        }),
      },
    )
    .post(
      '/api/admin/failures/:id/replay',
      async ({ params, viewer, request }) => {
        const replayed = await admin.failures.replay(params.id, viewer.userId);
        security.record({ event: 'failure_replay', ...actOf(viewer, request), detail: params.id });
        return status(202, success(replayed));
      },
      {
        params: FailureParams,
        ...describeRoute({
          tag,
          summary: 'Run a failed job again',
          description: 'The failure stays in the list until the job succeeds.',
          data: ReplayedJob,
          success: 202,
          // It takes no body, but reads the one it is given.
          failures: [
            ...perBody,
            {
              code: 'not_found',
              message: 'There is no failed job with this id.',
            },
            { code: 'already_running' },
            invalidInput('id', 'must be a UUID'),
            ...perAdmin,
          ],
        }),
      },
    )
    .get(
      '/api/admin/movies/:tmdb_id',
      async ({ params }) => success(await admin.movies.one(params.tmdb_id)),
      {
        params: MovieReportParams,
        ...describeRoute({
          tag,
          summary: 'What the mirror knows of one movie',
          description: 'Its state and age, why fetching it failed, and who refers to it.',
          data: MovieReport,
          failures: [
            {
              code: 'movie_not_found',
              message: 'Nothing is known of this movie yet. You can have it fetched.',
            },
            invalidInput('tmdb_id', 'must be a whole number from 1 to 2147483647'),
            ...perAdmin,
          ],
        }),
      },
    )
    .post(
      '/api/admin/movies/:tmdb_id/fetch',
      async ({ params, viewer, request }) => {
        const queued = await admin.movies.fetch(params.tmdb_id);
        security.record({ event: 'movie_fetch', ...actOf(viewer, request), detail: String(params.tmdb_id) });
        return status(202, success(queued));
      },
      {
        params: MovieReportParams,
        ...describeRoute({
          tag,
          summary: 'Fetch one movie again',
          description: 'It goes before all other work. The report shows what became of it.',
          data: QueuedFetch,
          success: 202,
          failures: [
            ...perBody,
            invalidInput('tmdb_id', 'must be a whole number from 1 to 2147483647'),
            ...perAdmin,
          ],
        }),
      },
    )
    .get(
      '/api/admin/merges',
      async ({ query }) => {
        const { merges, total } = await admin.merges.page(query);
        return success(merges, pageMeta(query, total));
      },
      {
        query: MergesQuery,
        ...describeRoute({
          tag,
          summary: 'List movies that TMDb merged into others',
          description:
            'A movie that TMDb deleted is looked for under its IMDb id. If another movie has it, a merge is proposed. Without `state`, all but `none` are listed.',
          data: [MovieMerge],
          meta: PageMeta,
          failures: [422, ...perAdmin],
        }),
      },
    )
    .post(
      '/api/admin/merges/:tmdb_id',
      async ({ params, body, viewer, request }) => {
        const actor = { userId: viewer.userId, address: addressOf(request) };
        return success(await admin.merges.decide(params.tmdb_id, body.confirm, actor));
      },
      {
        params: MergeParams,
        ...describeRoute({
          tag,
          summary: 'Confirm or reject a merge',
          description:
            'After a confirmation, what users saved of the old movie is moved to the new one, and the old id answers 301. That cannot be undone.',
          body: MergeDecision,
          data: MovieMerge,
          failures: [
            ...perBody,
            { code: 'not_found', message: 'Nothing is proposed for this movie, or it is confirmed already.' },
            invalidInput('confirm', 'must be true or false'),
            ...perAdmin,
          ],
        }),
      },
    )
    .get('/api/admin/overview', async () => success(await admin.overview()), {
      ...describeRoute({
        tag,
        summary: 'Figures about the mirror, the queues, TMDb and the users',
        data: AdminOverview,
        failures: [...perAdmin, unknownParameter],
      }),
    });
}
