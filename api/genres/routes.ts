import { Elysia } from 'elysia';
import { describeRoute } from '../docs/describe-route.ts';
import { listNeverFetched } from '../docs/failures.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import type { GenreService } from './service.ts';

export function genreRoutes({ genres, admission }: { genres: GenreService; admission: Admission }) {
  return new Elysia({ name: 'genres' })
    .use(optionalViewer(admission))
    .get(
      '/api/genres',
      async ({ request, set, viewer }) => sendReady({ request, set, viewer }, await genres.all()),
      {
        detail: describeRoute({
          tag: 'Movies',
          summary: "List TMDb's genres by name",
          data: ['Genre'],
          meta: 'MirrorMeta',
          mirrored: true,
          access: 'optional',
          failures: [401, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
