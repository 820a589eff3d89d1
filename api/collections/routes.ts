import { Elysia } from 'elysia';
import { sendReady } from '../http/answers/send-ready.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput } from '../http/contract/failures.ts';
import { keyOfLocale } from '../http/input/asked-locale.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { audienceOf, keyOfAudience } from '../movies/audience.ts';
import { createRecordReads } from '../records/record-reads.ts';
import type { RecordRouteDeps } from '../records/record-route-deps.ts';
import { sendPending } from '../records/send-pending.ts';
import { Collection, CollectionMeta, CollectionParams, CollectionQuery } from './model.ts';
import { createReadCollection } from './read-collection.ts';

export function collectionRoutes(deps: RecordRouteDeps) {
  const { records, localization, withViewerFlags, localeOf, admission, addressOf } = deps;
  const answerCollection = createRecordReads('collection', records);
  const readCollection = createReadCollection({ pool: records.pool, localization });
  return new Elysia({ name: 'collections' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/collections/:id',
      async ({ params: { id }, query, request, set, viewer }) => {
        const locale = localeOf({ request, query, viewer });
        const audience = audienceOf(viewer, records.now());
        const answer = await answerCollection({
          id,
          key: `${keyOfAudience(audience)}/${keyOfLocale(locale)}`,
          language: locale.language,
          address: addressOf(request),
          read: () => readCollection({ id, audience, locale }),
        });
        if (answer.kind === 'pending') return sendPending(set, 'collection');
        const body = await withViewerFlags(answer.body, viewer, ({ parts }) => parts);
        return sendReady({ request, set, viewer }, body, { ...answer, ...locale });
      },
      {
        params: CollectionParams,
        query: CollectionQuery,
        ...describeRoute({
          tag: 'Movies',
          summary: 'Get one collection with its movies',
          description:
            'A collection that is not mirrored yet is fetched by the worker, like a movie. For a signed-in caller, `viewer` says of each movie whether it was watched. While TMDb cannot be reached, a collection that is known only from movies is answered with those and `stale: true`. Titles that are not for the caller are left out, as in lists.',
          data: Collection,
          meta: CollectionMeta,
          mirrored: true,
          pending: true,
          failures: [
            401,
            { code: 'collection_not_found' },
            { code: 'collection_gone' },
            invalidInput('id', 'must be a whole number from 1 to 2147483647'),
            429,
            500,
            503,
            {
              code: 'upstream_unavailable',
              message:
                'TMDb cannot be reached right now, and this collection is not mirrored yet. Please try again soon.',
            },
          ],
        }),
      },
    );
}
