import { Elysia } from 'elysia';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { signedIn } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { movieOfEach, type WithViewerFlags } from '../viewer/viewer-flags.ts';
import { Recommendation, RecommendationsMeta, RecommendationsQuery } from './model.ts';
import type { RecommendationService } from './service.ts';

interface RecommendationRoutesDeps {
  recommendations: RecommendationService;
  withViewerFlags: WithViewerFlags;
  admission: Admission;
}

export function recommendationRoutes(deps: RecommendationRoutesDeps) {
  const { recommendations, withViewerFlags, admission } = deps;
  return new Elysia({ name: 'recommendations' })
    .use(signedIn(admission))
    .use(strictQuery())
    .get(
      '/api/user/recommendations',
      async ({ query, request, set, viewer }) => {
        const page = await recommendations.page(viewer, query);
        return sendReady({ request, set, viewer }, await withViewerFlags(page, viewer, movieOfEach));
      },
      {
        query: RecommendationsQuery,
        ...describeRoute({
          tag: 'Accounts',
          summary: 'List movies for the caller, best first, with reasons',
          description:
            'Movies that the caller has liked, disliked, watched or named as a favorite are left out, and so are movies that their age does not allow. A new like counts at once. The list has at most 500 movies, and at most three of one collection.',
          data: [Recommendation],
          meta: RecommendationsMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503],
        }),
      },
    );
}
