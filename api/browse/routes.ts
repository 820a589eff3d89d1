import { Elysia } from 'elysia';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched } from '../http/contract/failures.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { MovieListItem } from '../movies/model.ts';
import { eachMovie, type WithViewerFlags } from '../viewer/viewer-flags.ts';
import { askedMovies, BrowseMeta, MoviesQuery } from './model.ts';
import type { BrowseService } from './service.ts';

interface BrowseRoutesDeps {
  browse: BrowseService;
  withViewerFlags: WithViewerFlags;
  localeOf: AskedLocale;
  admission: Admission;
}

export function browseRoutes({ browse, withViewerFlags, localeOf, admission }: BrowseRoutesDeps) {
  return new Elysia({ name: 'browse' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/movies',
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const page = await browse.page(askedMovies(query, locale.region), viewer, locale);
        return sendReady({ request, set, viewer }, await withViewerFlags(page, viewer, eachMovie), locale);
      },
      {
        query: MoviesQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'Search and browse the mirror',
          description:
            'With `query`, exact titles come first, then similarity and popularity decide. Adult titles are shown only to callers known to be 18 or older. Titles certified for more than the age of a signed-in caller are left out. `fetched_at` is the oldest of the movies shown. A rating without votes counts as unknown.',
          data: [MovieListItem],
          meta: BrowseMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
