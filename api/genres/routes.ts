import { Elysia } from 'elysia';
import { describeRoute } from '../docs/describe-route.ts';
import { optionalViewer, type VerifyToken } from '../plugins/viewer.ts';
import { sendReady } from '../reads/send-ready.ts';
import type { GenreService } from './service.ts';

export function genreRoutes({ genres, verify }: { genres: GenreService; verify: VerifyToken }) {
  return new Elysia({ name: 'genres' })
    .use(optionalViewer(verify))
    .get(
      '/api/genres',
      async ({ request, set, viewer }) => sendReady({ request, set, viewer }, await genres.all()),
      {
        detail: describeRoute({
          tag: 'Movies',
          summary: "TMDb's genres, by name",
          data: ['Genre'],
          meta: 'MirrorMeta',
          mirrored: true,
          failures: [401, 500, 503],
        }),
      },
    );
}
