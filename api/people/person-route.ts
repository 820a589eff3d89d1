import { Elysia } from 'elysia';
import { sendReady } from '../http/answers/send-ready.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { keyOfLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { audienceOf, keyOfAudience } from '../movies/audience.ts';
import { createRecordReads } from '../records/record-reads.ts';
import type { RecordRouteDeps } from '../records/record-route-deps.ts';
import { sendPending } from '../records/send-pending.ts';
import { Person, PersonMeta, PersonParams, PersonQuery } from './person-model.ts';
import { createReadPerson } from './read-person.ts';

const moviesOf = ({ filmography: { cast, crew } }: Person) => [...cast, ...crew].map(({ movie }) => movie);

export function personRoute(deps: RecordRouteDeps) {
  const { records, localization, withViewerFlags, localeOf, admission, addressOf } = deps;
  const { pool, now } = records;
  const readPerson = createReadPerson({ pool, localization });
  const answerPerson = createRecordReads('person', records);
  return new Elysia({ name: 'person' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/people/:id',
      async ({ params: { id }, query, request, set, viewer }) => {
        const { page, limit } = query;
        const locale = localeOf({ request, query, viewer });
        const audience = audienceOf(viewer, now());
        const answer = await answerPerson({
          id,
          key: `${page}/${limit}/${keyOfAudience(audience)}/${keyOfLocale(locale)}`,
          language: locale.language,
          address: addressOf(request),
          read: () => readPerson({ id, audience, locale, page, limit }),
        });
        if (answer.kind === 'pending') return sendPending(set, 'person');
        const body = await withViewerFlags(answer.body, viewer, moviesOf);
        return sendReady({ request, set, viewer }, body, { ...answer, ...locale });
      },
      {
        params: PersonParams,
        query: PersonQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'Get one person with biography and films',
          description:
            'A person who is not mirrored yet is fetched by the worker, like a movie. While TMDb cannot be reached, a person who is known only from movies is answered with what these say and `stale: true`. Adult titles are shown only to callers known to be 18 or older. Titles certified for more than the age of a signed-in caller are left out.',
          data: Person,
          meta: PersonMeta,
          mirrored: true,
          pending: true,
          failures: [
            401,
            { code: 'person_not_found' },
            { code: 'person_gone' },
            422,
            429,
            500,
            503,
            {
              code: 'upstream_unavailable',
              message:
                'TMDb cannot be reached right now, and this person is not mirrored yet. Please try again soon.',
            },
          ],
        }),
      },
    );
}
