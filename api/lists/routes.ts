import { Elysia } from 'elysia';
import type { MovieList } from '#shared/lists/list-entry.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched } from '../http/contract/failures.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { TrendingMovie } from '../trending/model.ts';
import { eachMovie, type WithViewerFlags } from '../viewer/viewer-flags.ts';
import { ListQuery, RegionalPageMeta } from './model.ts';
import type { ListService } from './service.ts';

interface ListRoutesDeps {
  lists: ListService;
  withViewerFlags: WithViewerFlags;
  localeOf: AskedLocale;
  admission: Admission;
}

export function listRoutes(deps: ListRoutesDeps) {
  return new Elysia({ name: 'lists' })
    .use(listRoute(deps, 'popular', 'List popular movies'))
    .use(listRoute(deps, 'top_rated', 'List top rated movies'))
    .use(listRoute(deps, 'now_playing', 'List movies now in cinemas'))
    .use(listRoute(deps, 'upcoming', 'List movies that come to cinemas soon'));
}

function listRoute<List extends MovieList>(
  { lists, withViewerFlags, localeOf, admission }: ListRoutesDeps,
  list: List,
  summary: string,
) {
  return new Elysia({ name: `list-${list}` })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      `/api/movies/${list}`,
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const page = await lists.page(list, query, viewer, locale);
        return sendReady({ request, set, viewer }, await withViewerFlags(page, viewer, eachMovie), locale);
      },
      {
        query: ListQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: `${summary}, in TMDb’s order`,
          description:
            'The list of a country, as TMDb last gave it. If its lists are not mirrored (`REGIONS`), those of the `DEFAULT_REGION` are shown, and `meta.region` says so. Adult titles are shown only to callers known to be 18 or older. Titles certified for more than the age of a signed-in caller are left out.',
          data: [TrendingMovie],
          meta: RegionalPageMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
