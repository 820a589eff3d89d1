import { Elysia } from 'elysia';
import { PageMeta } from '../../http/answers/model.ts';
import { pageMeta } from '../../http/answers/page-meta.ts';
import type { Admission } from '../../http/callers/admission.ts';
import { done, success } from '../../http/contract/answer.ts';
import { describeRoute } from '../../http/contract/describe-route.ts';
import { invalidInput, perBody } from '../../http/contract/failures.ts';
import { signedIn } from '../../http/plugins/guards.ts';
import { keptByNobody } from '../../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../../http/plugins/query.ts';
import {
  Interaction,
  InteractionParams,
  InteractionsBody,
  InteractionsQuery,
  InteractionsSaved,
  maxItems,
  saidOf,
} from './model.ts';
import type { InteractionService } from './service.ts';

interface InteractionRoutesDeps {
  interactions: InteractionService;
  admission: Admission;
}

const perUser = [401, 429, 500, 503] as const;

export function interactionRoutes({ interactions, admission }: InteractionRoutesDeps) {
  return new Elysia({ name: 'interactions' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get(
      '/api/user/interactions',
      async ({ viewer, query }) => {
        const { items, total } = await interactions.page(viewer.userId, query);
        return success(items, pageMeta(query, total));
      },
      { query: InteractionsQuery, ...describeRoute(listDescription) },
    )
    .post(
      '/api/user/interactions',
      async ({ viewer, body }) => success(await interactions.save(viewer.userId, saidOf(body))),
      describeRoute({ ...saveDescription, body: InteractionsBody }),
    )
    .delete(
      '/api/user/interactions/:tmdb_id/:type',
      async ({ viewer, params, set }) => {
        await interactions.remove(viewer.userId, params.tmdb_id, params.type);
        return done({ set });
      },
      { params: InteractionParams, ...describeRoute(removeDescription) },
    );
}

const listDescription = {
  tag: 'Accounts',
  summary: 'What one has said of movies, newest first',
  description: '`movie` is null while nothing is known of it.',
  data: [Interaction],
  meta: PageMeta,
  failures: [422, ...perUser],
} as const;

const saveDescription = {
  tag: 'Accounts',
  summary: 'Say something of a movie, or of up to 500 things at once',
  description:
    'Saved all or none. Saying the same again changes nothing, its `at` stays. Of `liked` and `disliked` the later one stands, by `at` (which is now if it is left out, and at most now), then by order. Movies that are not mirrored yet are accepted and fetched; of those that nobody has named before, a user may name 5,000 a day (429).',
  data: InteractionsSaved,
  failures: [
    ...perUser,
    ...perBody,
    invalidInput('items', `must be a list of 1 to ${maxItems} interactions`),
  ],
} as const;

const removeDescription = {
  tag: 'Accounts',
  summary: 'Take back what one has said of a movie',
  description: 'Also 204 when there was nothing.',
  // It takes no body, but reads the one it is given.
  failures: [...perUser, ...perBody, invalidInput('tmdb_id', 'must be a whole number from 1 to 2147483647')],
} as const;
