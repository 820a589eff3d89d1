import { Elysia } from 'elysia';
import { MirrorLanguageMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched, unknownLanguage } from '../http/contract/failures.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import type { WithViewerFlags } from '../viewer/viewer-flags.ts';
import { QuickSearch, QuickSearchQuery } from './model.ts';
import type { QuickSearchService } from './service.ts';

interface QuickSearchRoutesDeps {
  search: QuickSearchService;
  withViewerFlags: WithViewerFlags;
  localeOf: AskedLocale;
  admission: Admission;
}

export function quickSearchRoutes({ search, withViewerFlags, localeOf, admission }: QuickSearchRoutesDeps) {
  return new Elysia({ name: 'quick-search' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/search',
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const found = await search.find(query.query ?? '', viewer, locale);
        const body = await withViewerFlags(found, viewer, ({ movies }) => movies);
        return sendReady({ request, set, viewer }, body, locale);
      },
      {
        query: QuickSearchQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'Find movies, people and collections while somebody types',
          description:
            'At most five of each, the best first: movies as `GET /api/movies` ranks them, people as `GET /api/people` does, and collections by their names. Adult titles are shown only to callers known to be 18 or older. Titles certified for more than the age of a signed-in caller are left out, and so are collections of which nothing else is left.',
          data: QuickSearch,
          meta: MirrorLanguageMeta,
          mirrored: true,
          failures: [401, unknownLanguage, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
