import { Elysia } from 'elysia';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { optionalViewer, signedIn } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { movieOfEach, type WithViewerFlags } from '../viewer/viewer-flags.ts';
import {
  AskedRecommendationsQuery,
  Recommendation,
  RecommendationsMeta,
  RecommendationsQuery,
} from './model.ts';
import type { RecommendationService } from './service.ts';

interface RecommendationRoutesDeps {
  recommendations: RecommendationService;
  withViewerFlags: WithViewerFlags;
  localeOf: AskedLocale;
  admission: Admission;
}

export function recommendationRoutes(deps: RecommendationRoutesDeps) {
  const { recommendations, withViewerFlags, localeOf, admission } = deps;
  return new Elysia({ name: 'recommendations' })
    .use(signedIn(admission))
    .use(strictQuery())
    .get(
      '/api/user/recommendations',
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const page = await recommendations.page(viewer, query, locale);
        const body = await withViewerFlags(page, viewer, movieOfEach);
        return sendReady({ request, set, viewer }, body, locale);
      },
      {
        query: RecommendationsQuery,
        ...describeRoute({
          tag: 'Accounts',
          summary: 'List movies for the caller, best first, with reasons',
          description:
            'Movies that the caller has liked, disliked, watched, hidden or named as a favorite are left out, and so are movies that their age does not allow. Movies that are not released yet are left out, too, unless you ask for them with `unreleased=true`. A new like counts at once. Of a series, the parts not seen yet come in the order of their release. The list has at most 500 movies, at most three of one collection, and at most two of one in the first ten. `strategy`: `personalized` as soon as the caller has said something of a movie (dislikes count, hidden movies do not), `preferences` with stated favorites alone, else `cold_start`.',
          data: [Recommendation],
          meta: RecommendationsMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503],
        }),
      },
    );
}

/** Without an account: what is liked stands in the question. */
export function askedRecommendationRoutes(deps: RecommendationRoutesDeps) {
  const { recommendations, withViewerFlags, localeOf, admission } = deps;
  return new Elysia({ name: 'asked-recommendations' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/recommendations',
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const page = await recommendations.asked(query, viewer, locale);
        const body = await withViewerFlags(page, viewer, movieOfEach);
        return sendReady({ request, set, viewer }, body, locale);
      },
      {
        query: AskedRecommendationsQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'List movies for a visitor, best first, with reasons',
          description:
            'The list that a user with these movies and genres as favorites would get, without an account: nothing is kept of the question. The movies asked with are left out, and so are movies that are not released yet. Adult titles are shown only to callers known to be 18 or older. Titles certified for more than the age of a signed-in caller are left out. The list has at most 500 movies, at most three of one collection, and at most two of one in the first ten. `strategy`: `preferences`, or `cold_start` where the mirror knows none of the movies and no genre was given.',
          data: [Recommendation],
          meta: RecommendationsMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503],
        }),
      },
    );
}
