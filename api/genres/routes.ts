import { Elysia } from 'elysia';
import { MirrorMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched, unknownParameter } from '../http/contract/failures.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { Genre } from './model.ts';
import type { GenreService } from './service.ts';

export function genreRoutes({ genres, admission }: { genres: GenreService; admission: Admission }) {
  return new Elysia({ name: 'genres' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/genres',
      async ({ request, set, viewer }) => sendReady({ request, set, viewer }, await genres.all()),
      {
        ...describeRoute({
          tag: 'Movies',
          summary: "List TMDb's genres by name",
          data: [Genre],
          meta: MirrorMeta,
          mirrored: true,
          failures: [401, unknownParameter, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
