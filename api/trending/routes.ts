import { Elysia } from 'elysia';
import { describeRoute } from '../docs/describe-route.ts';
import type { Admission } from '../plugins/admission.ts';
import { strictQuery } from '../plugins/query.ts';
import { optionalViewer } from '../plugins/viewer.ts';
import { sendReady } from '../reads/send-ready.ts';
import { TrendingQuery } from './model.ts';
import type { TrendingService } from './service.ts';

export function trendingRoutes({ trending, admission }: { trending: TrendingService; admission: Admission }) {
  return new Elysia({ name: 'trending' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/movies/trending',
      async ({ query, request, set, viewer }) =>
        sendReady({ request, set, viewer }, await trending.page(query, viewer?.dateOfBirth)),
      {
        query: TrendingQuery,
        detail: describeRoute({
          tag: 'Movies',
          summary: 'What is trending, in the order of TMDb',
          description:
            'Titles rated adult are left out, and those certified for an age that a signed-in caller has not reached.',
          data: ['TrendingMovie'],
          meta: 'MirrorPageMeta',
          mirrored: true,
          failures: [401, 422, 500, 503],
        }),
      },
    );
}
