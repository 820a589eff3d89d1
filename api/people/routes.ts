import { Elysia } from 'elysia';
import { MirrorMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched } from '../http/contract/failures.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { Actor, PeopleQuery } from './model.ts';
import type { PeopleService } from './service.ts';

export function peopleRoutes({ people, admission }: { people: PeopleService; admission: Admission }) {
  return new Elysia({ name: 'people' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/people',
      async ({ query, request, set, viewer }) =>
        sendReady({ request, set, viewer }, await people.find(query, viewer)),
      {
        query: PeopleQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'Find people, to choose favorites',
          description:
            'People in the cast or crew of a mirrored movie, with what they are known for. Exact names come first, then similarity and popularity decide.',
          data: [Actor],
          meta: MirrorMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
