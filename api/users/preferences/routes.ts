import { Elysia } from 'elysia';
import { InLanguage } from '../../http/answers/model.ts';
import { setLanguage } from '../../http/answers/set-language.ts';
import type { Admission } from '../../http/callers/admission.ts';
import type { ClientAddress } from '../../http/callers/client-address.ts';
import { success } from '../../http/contract/answer.ts';
import { describeRoute } from '../../http/contract/describe-route.ts';
import { invalidInput, unknownLanguage } from '../../http/contract/failures.ts';
import type { AskedLocale } from '../../http/input/asked-locale.ts';
import { signedIn } from '../../http/plugins/guards.ts';
import { keptByNobody } from '../../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../../http/plugins/query.ts';
import { Preferences, PreferencesBody, PreferencesQuery } from './model.ts';
import type { PreferenceService } from './service.ts';

interface PreferenceRoutesDeps {
  preferences: PreferenceService;
  localeOf: AskedLocale;
  admission: Admission;
  addressOf: ClientAddress;
}

export function preferenceRoutes({ preferences, localeOf, admission, addressOf }: PreferenceRoutesDeps) {
  return new Elysia({ name: 'preferences' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get(
      '/api/user/preferences',
      async ({ viewer, query, request, set }) => {
        const locale = localeOf({ request, query, viewer });
        setLanguage(set.headers, locale.language);
        return success(await preferences.read(viewer.userId, locale), {
          language: { asked: locale.language },
        });
      },
      { query: PreferencesQuery, ...describeRoute(readDescription) },
    )
    .post(
      '/api/user/preferences',
      async ({ viewer, body, query, request, set }) => {
        const locale = localeOf({ request, query, viewer });
        setLanguage(set.headers, locale.language);
        const namer = { ...viewer, address: addressOf(request) };
        return success(await preferences.save(namer, body, locale), { language: { asked: locale.language } });
      },
      { query: PreferencesQuery, ...describeRoute({ ...saveDescription, body: PreferencesBody }) },
    );
}

const readDescription = {
  tag: 'Accounts',
  summary: 'Get your favorite genres, actors and movies',
  data: Preferences,
  meta: InLanguage,
  failures: [401, unknownLanguage, 429, 500, 503],
} as const;

const saveDescription = {
  tag: 'Accounts',
  summary: 'Save your favorite genres, actors and movies',
  description:
    'Each given list replaces the saved one, in the given order. A list that is left out stays as it is. At most 50 genres, 200 actors and 500 movies. If the mirror does not know a genre or a person, nothing is saved, and `details` names each one by its position. A movie that is not mirrored yet is accepted and fetched. Until then, all its fields but the id are null. A user may name 5,000 movies a day that nobody has named before (429).',
  data: Preferences,
  meta: InLanguage,
  failures: [400, 401, 413, 415, invalidInput('genres', 'must be a list of at most 50 ids'), 429, 500, 503],
} as const;
