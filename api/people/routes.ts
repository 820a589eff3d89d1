import { Elysia } from 'elysia';
import { MirrorLanguageMeta } from '../http/answers/model.ts';
import { sendReady } from '../http/answers/send-ready.ts';
import type { Admission } from '../http/callers/admission.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { listNeverFetched } from '../http/contract/failures.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { Actor, PeopleQuery } from './model.ts';
import type { PeopleService } from './service.ts';

interface PeopleRoutesDeps {
  people: PeopleService;
  localeOf: AskedLocale;
  admission: Admission;
}

export function peopleRoutes({ people, localeOf, admission }: PeopleRoutesDeps) {
  return new Elysia({ name: 'people' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/people',
      async ({ query, request, set, viewer }) => {
        const locale = localeOf({ request, query });
        return sendReady({ request, set, viewer }, await people.find(query, viewer, locale), locale);
      },
      {
        query: PeopleQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'Find people, to choose favorites',
          description:
            'People in the cast or crew of a mirrored movie, with what they are known for. Exact names come first, then similarity and popularity decide.',
          data: [Actor],
          meta: MirrorLanguageMeta,
          mirrored: true,
          failures: [401, 422, 429, 500, 503, listNeverFetched],
        }),
      },
    );
}
