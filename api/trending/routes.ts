import { Elysia } from 'elysia';
import { MirrorPageMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched } from '../http/contract/failures.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { eachMovie, type WithViewerFlags } from '../viewer/viewer-flags.ts';
import { TrendingMovie, TrendingQuery } from './model.ts';
import type { TrendingService } from './service.ts';

interface TrendingRoutesDeps {
  trending: TrendingService;
  withViewerFlags: WithViewerFlags;
  localeOf: AskedLocale;
  admission: Admission;
}

export function trendingRoutes({ trending, withViewerFlags, localeOf, admission }: TrendingRoutesDeps) {
  return new Elysia({ name: 'trending' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/movies/trending',
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const page = await trending.page(query, viewer, locale);
        return sendReady({ request, set, viewer }, await withViewerFlags(page, viewer, eachMovie), locale);
      },
      {
        query: TrendingQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'List trending movies in TMDb’s order',
          description:
            'Adult titles are shown only to callers known to be 18 or older. Titles certified for more than the age of a signed-in caller are left out.',
          data: [TrendingMovie],
          meta: MirrorPageMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
