import { Elysia } from 'elysia';
import { setLanguage } from '../../http/answers/set-language.ts';
import type { Admission } from '../../http/callers/admission.ts';
import type { ClientAddress } from '../../http/callers/client-address.ts';
import { done, success } from '../../http/contract/answer.ts';
import { describeRoute } from '../../http/contract/describe-route.ts';
import { invalidInput, perBody } from '../../http/contract/failures.ts';
import type { AskedLocale } from '../../http/input/asked-locale.ts';
import { signedIn } from '../../http/plugins/guards.ts';
import { keptByNobody } from '../../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../../http/plugins/query.ts';
import {
  Interaction,
  InteractionParams,
  InteractionsBody,
  InteractionsMeta,
  InteractionsQuery,
  InteractionsSaved,
  maxItems,
  saidOf,
} from './model.ts';
import type { InteractionService } from './service.ts';

interface InteractionRoutesDeps {
  interactions: InteractionService;
  localeOf: AskedLocale;
  admission: Admission;
  addressOf: ClientAddress;
  now: () => number;
}

const perUser = [401, 429, 500, 503] as const;

export function interactionRoutes(deps: InteractionRoutesDeps) {
  const { interactions, localeOf, admission, addressOf, now } = deps;
  return new Elysia({ name: 'interactions' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get(
      '/api/user/interactions',
      async ({ viewer, query, request, set }) => {
        const locale = localeOf({ request, query, viewer });
        setLanguage(set.headers, locale.language);
        const { items, meta } = await interactions.page(viewer.userId, query, locale);
        return success(items, meta);
      },
      { query: InteractionsQuery, ...describeRoute(listDescription) },
    )
    .post(
      '/api/user/interactions',
      async ({ viewer, body, request }) =>
        success(await interactions.save({ ...viewer, address: addressOf(request) }, saidOf(body, now()))),
      describeRoute({ ...saveDescription, body: InteractionsBody }),
    )
    .delete(
      '/api/user/interactions/:tmdb_id/:type',
      async ({ viewer, params, set }) => {
        await interactions.remove(viewer, params.tmdb_id, params.type);
        return done({ set });
      },
      { params: InteractionParams, ...describeRoute(removeDescription) },
    );
}

const listDescription = {
  tag: 'Accounts',
  summary: 'List your interactions, newest first',
  description:
    '`movie` is null while nothing is known about the movie. If TMDb has no movie with this id, `absent` is true: the interaction is kept, but it counts nowhere.',
  data: [Interaction],
  meta: InteractionsMeta,
  failures: [422, ...perUser],
} as const;

const saveDescription = {
  tag: 'Accounts',
  summary: 'Save one interaction, or up to 500 at once',
  description:
    'All items are saved, or none. Saving the same interaction again changes nothing: its `at` stays. Of `liked` and `disliked` the one with the later `at` counts; if they are equal, the later one in the list. `at` defaults to now. A time up to five minutes ahead counts as now, and so does a date that is tomorrow by UTC: somewhere it is today. A `rating` from 0.5 to 5 can go along with `watched`. There is one for each movie, `null` takes it away, and it changes neither `liked` nor `disliked`. `hidden` means that the movie is never recommended again. Movies that are not mirrored yet are accepted and fetched. A user may name 5,000 movies a day that nobody has named before (429).',
  data: InteractionsSaved,
  failures: [
    ...perUser,
    ...perBody,
    invalidInput('items', `must be a list of 1 to ${maxItems} interactions`),
  ],
} as const;

const removeDescription = {
  tag: 'Accounts',
  summary: 'Delete an interaction',
  description:
    'The answer is also 204 if there was no such interaction. With `watched` the rating is deleted, too.',
  // It takes no body, but reads the one it is given.
  failures: [...perUser, ...perBody, invalidInput('tmdb_id', 'must be a whole number from 1 to 2147483647')],
} as const;
