import { Elysia } from 'elysia';
import { codeOf } from '#shared/errors.ts';
import type { SecurityEventName } from '#shared/security/security-event.ts';
import { forgetSession } from '../../auth/forget-session.ts';
import { InLanguage } from '../../http/answers/model.ts';
import { sendPieces } from '../../http/answers/send-pieces.ts';
import { setLanguage } from '../../http/answers/set-language.ts';
import type { Admission } from '../../http/callers/admission.ts';
import type { ClientAddress } from '../../http/callers/client-address.ts';
import type { Viewer } from '../../http/callers/viewer.ts';
import { done, success } from '../../http/contract/answer.ts';
import { describeRoute } from '../../http/contract/describe-route.ts';
import { invalidInput, unknownLanguage, unknownParameter } from '../../http/contract/failures.ts';
import type { AskedLocale } from '../../http/input/asked-locale.ts';
import { signedIn } from '../../http/plugins/guards.ts';
import { keptByNobody } from '../../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../../http/plugins/query.ts';
import { recordedRefusals } from '../../security-log/recorded-refusals.ts';
import type { SecurityLog } from '../../security-log/security-log.ts';
import { PreferencesQuery } from '../preferences/model.ts';
import type { PreferenceService } from '../preferences/service.ts';
import type { ExportService } from './export-service.ts';
import { AccountRemoval, Profile, ProfileChange, UserExport } from './model.ts';
import type { ProfileService } from './service.ts';

interface ProfileRoutesDeps {
  profiles: ProfileService;
  preferences: PreferenceService;
  localeOf: AskedLocale;
  exports: ExportService;
  security: Pick<SecurityLog, 'record'>;
  admission: Admission;
  addressOf: ClientAddress;
  /** Whether a browser came by HTTPS. */
  isSecure: (request: Request) => boolean;
}

const perUser = [401, 429, 500, 503] as const;
/** With a body that proves, by the password, that it is the user who sends it. */
const perBody = [400, { code: 'invalid_credentials' }, 413, 415] as const;

interface Asked {
  viewer: Viewer;
  request: Request;
}

interface Shown {
  query: { language?: string | undefined; region?: string | undefined };
  set: { headers: Record<string, string | number> };
}

const eventsOf = ({ password, email }: ProfileChange): SecurityEventName[] => [
  ...(password === undefined ? [] : ['password_change' as const]),
  ...(email === undefined ? [] : ['email_change' as const]),
];

export function profileRoutes(deps: ProfileRoutesDeps) {
  const { profiles, preferences: saved, localeOf, exports, security, admission, addressOf, isSecure } = deps;
  /** A wrong password is written down, too. */
  const recorded = async (events: SecurityEventName[], { viewer, request }: Asked, act: Promise<void>) => {
    const by = { userId: viewer.userId, address: addressOf(request) };
    try {
      await act;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'invalid_credentials' || code === 'totp_required' || code === 'too_many_requests') {
        security.record({ ...by, event: 'password_proof', outcome: 'refused', detail: events.join(' ') });
        if (error instanceof Error) recordedRefusals.add(error);
      }
      if (code === 'last_admin')
        security.record({ ...by, event: 'account_delete', outcome: 'refused', detail: 'last administrator' });
      throw error;
    }
    for (const event of events) security.record({ ...by, event, outcome: 'done' });
  };
  const profileOf = async ({ viewer, query, request, set }: Asked & Shown) => {
    // As it is now: a change of the country counts at once.
    const account = await profiles.read(viewer);
    const locale = localeOf({ request, query, viewer: account });
    setLanguage(set.headers, locale.language);
    const preferences = await saved.read(viewer.userId, locale);
    const { interactions, ...rest } = account;
    return success({ ...rest, preferences, interactions }, { language: { asked: locale.language } });
  };
  return new Elysia({ name: 'profile' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get('/api/user/profile', profileOf, {
      query: PreferencesQuery,
      ...describeRoute({
        tag: 'Accounts',
        summary: 'Get your profile, with preferences and counts',
        data: Profile,
        meta: InLanguage,
        failures: [...perUser, unknownLanguage],
      }),
    })
    .patch(
      '/api/user/profile',
      async ({ viewer, body, query, request, set }) => {
        await recorded(eventsOf(body), { viewer, request }, profiles.change(viewer, body));
        return profileOf({ viewer, query, request, set });
      },
      {
        query: PreferencesQuery,
        ...describeRoute({
          body: ProfileChange,
          tag: 'Accounts',
          summary: 'Change your name, date of birth, country, password or email',
          description:
            'With a `country`, its certifications, release dates and providers count for you. A changed password ends the other sessions. A new password or email also ends links to set a new password. A new email takes as much as a login does: the password, and a code where there is a second factor.',
          data: Profile,
          meta: InLanguage,
          failures: [
            ...perUser,
            ...perBody,
            { code: 'totp_required' },
            { code: 'email_taken' },
            invalidInput('name', 'must have 1 to 255 characters'),
          ],
        }),
      },
    )
    .delete(
      '/api/user/profile',
      async ({ viewer, body, request, set }) => {
        await recorded(['account_delete'], { viewer, request }, profiles.remove(viewer, body.password));
        forgetSession({ request, set }, isSecure);
        return done({ set });
      },
      {
        ...describeRoute({
          body: AccountRemoval,
          tag: 'Accounts',
          summary: 'Delete your account and all your data',
          failures: [
            ...perUser,
            ...perBody,
            { code: 'last_admin' },
            invalidInput('password', 'must not be empty'),
          ],
        }),
      },
    )
    .get(
      '/api/user/export',
      async ({ viewer, set }) => {
        set.headers['content-disposition'] = 'attachment; filename="nexus-export.json"';
        return sendPieces({ set }, await exports.read(viewer.userId));
      },
      {
        ...describeRoute({
          tag: 'Accounts',
          summary: 'Export all your data',
          data: UserExport,
          headers: { 'Content-Disposition': 'A name for the file.' },
          failures: [...perUser, unknownParameter],
        }),
      },
    );
}
