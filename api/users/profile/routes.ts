import { Elysia } from 'elysia';
import { describeRoute } from '../../docs/describe-route.ts';
import { invalidInput } from '../../docs/failures.ts';
import type { Admission } from '../../http/callers/admission.ts';
import type { Viewer } from '../../http/callers/viewer.ts';
import { signedIn } from '../../http/plugins/guards.ts';
import { keptByNobody } from '../../http/plugins/kept-by-nobody.ts';
import type { PreferenceService } from '../preferences/service.ts';
import type { ExportService } from './export-service.ts';
import { AccountRemoval, ProfileChange } from './model.ts';
import type { ProfileService } from './service.ts';

interface ProfileRoutesDeps {
  profiles: ProfileService;
  preferences: PreferenceService;
  exports: ExportService;
  admission: Admission;
}

const perUser = [401, 429, 500, 503] as const;
/** With a body that proves, by the password, that it is the user who sends it. */
const perBody = [400, { code: 'invalid_credentials' }, 413, 415] as const;

export function profileRoutes(deps: ProfileRoutesDeps) {
  const { profiles, preferences: saved, exports, admission } = deps;
  const profileOf = async (viewer: Viewer) => {
    const [account, preferences] = await Promise.all([profiles.read(viewer), saved.read(viewer.userId)]);
    const { interactions, ...rest } = account;
    return { status: 'success' as const, data: { ...rest, preferences, interactions } };
  };
  return new Elysia({ name: 'profile' })
    .use(signedIn(admission))
    .use(keptByNobody())
    .get('/api/user/profile', ({ viewer }) => profileOf(viewer), {
      detail: describeRoute({
        tag: 'Accounts',
        summary: 'Get your profile, with preferences and counts',
        data: 'Profile',
        access: 'user',
        failures: perUser,
      }),
    })
    .patch(
      '/api/user/profile',
      async ({ viewer, body }) => {
        await profiles.change(viewer, body);
        return profileOf(viewer);
      },
      {
        body: ProfileChange,
        detail: describeRoute({
          body: ProfileChange,
          tag: 'Accounts',
          summary: 'Change your name, date of birth or password',
          description: 'A changed password ends the other sessions.',
          data: 'Profile',
          access: 'user',
          failures: [...perUser, ...perBody, invalidInput('name', 'must have 1 to 255 characters')],
        }),
      },
    )
    .delete(
      '/api/user/profile',
      async ({ viewer, body, set }) => {
        await profiles.remove(viewer, body.password);
        set.status = 204;
      },
      {
        body: AccountRemoval,
        detail: describeRoute({
          body: AccountRemoval,
          tag: 'Accounts',
          summary: 'Delete your account and all your data',
          access: 'user',
          failures: [...perUser, ...perBody, invalidInput('password', 'must not be empty')],
        }),
      },
    )
    .get(
      '/api/user/export',
      async ({ viewer, set }) => {
        set.headers['content-disposition'] = 'attachment; filename="nexus-export.json"';
        set.headers['content-type'] = 'application/json';
        return new Response(enveloped(await exports.read(viewer.userId)));
      },
      {
        detail: describeRoute({
          tag: 'Accounts',
          summary: 'Export all your data',
          data: 'UserExport',
          headers: { 'Content-Disposition': 'A name for the file.' },
          access: 'user',
          failures: perUser,
        }),
      },
    );
}

/** As it is read, and no faster than it is taken. */
function enveloped(data: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = (async function* () {
    yield '{"status":"success","data":';
    yield* data;
    yield '}';
  })();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => void pieces.return(undefined),
  });
}
