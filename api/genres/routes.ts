import { Elysia } from 'elysia';
import { MirrorLanguageMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched, unknownLanguage } from '../http/contract/failures.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { Genre, GenresQuery } from './model.ts';
import type { GenreService } from './service.ts';

interface GenreRoutesDeps {
  genres: GenreService;
  localeOf: AskedLocale;
  admission: Admission;
}

export function genreRoutes({ genres, localeOf, admission }: GenreRoutesDeps) {
  return new Elysia({ name: 'genres' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/genres',
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query });
        return sendReady({ request, set, viewer }, await genres.all(locale), locale);
      },
      {
        query: GenresQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: "List TMDb's genres by name",
          data: [Genre],
          meta: MirrorLanguageMeta,
          mirrored: true,
          failures: [401, unknownLanguage, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
