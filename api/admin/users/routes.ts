import { Elysia, status } from 'elysia';
import { forgetSession } from '../../auth/forget-session.ts';
import { CursorPageMeta } from '../../http/answers/model.ts';
import type { Admission } from '../../http/callers/admission.ts';
import type { ClientAddress } from '../../http/callers/client-address.ts';
import { done, success } from '../../http/contract/answer.ts';
import { describeRoute } from '../../http/contract/describe-route.ts';
import { invalidInput, perBody } from '../../http/contract/failures.ts';
import { adminOnly } from '../../http/plugins/guards.ts';
import { keptByNobody } from '../../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../../http/plugins/query.ts';
import { AdminUser, ResetLink, UserChange, UserParams, UsersQuery } from './model.ts';
import type { AdminUsers } from './service.ts';

interface AdminUserRoutesDeps {
  users: AdminUsers;
  admission: Admission;
  addressOf: ClientAddress;
  /** Whether a browser came by HTTPS. */
  isSecure: (request: Request) => boolean;
}

const tag = 'Administration';
const perAdmin = [401, 403, 429, 500, 503] as const;
const perUser = [
  ...perBody,
  { code: 'not_found', message: 'There is no user with this id.' },
  ...perAdmin,
] as const;
const invalidId = invalidInput('id', 'must be a UUID');

export function adminUserRoutes({ users, admission, addressOf, isSecure }: AdminUserRoutesDeps) {
  const actorOf = ({ viewer, request }: { viewer: { userId: string }; request: Request }) => ({
    userId: viewer.userId,
    address: addressOf(request),
  });
  return new Elysia({ name: 'admin-users' })
    .use(adminOnly(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get(
      '/api/admin/users',
      async ({ query }) => {
        const { users: found, meta } = await users.page(query);
        return success(found, meta);
      },
      {
        query: UsersQuery,
        ...describeRoute({
          tag,
          summary: 'List and search users, the newest first',
          data: [AdminUser],
          meta: CursorPageMeta,
          failures: [422, ...perAdmin],
        }),
      },
    )
    .patch(
      '/api/admin/users/:id',
      async ({ params, body, viewer, request, set }) => {
        const user = await users.change(params.id, body, actorOf({ viewer, request }));
        if (body.locked && user.id === viewer.userId) forgetSession({ request, set }, isSecure);
        return success(user);
      },
      {
        params: UserParams,
        ...describeRoute({
          body: UserChange,
          tag,
          summary: 'Change the role of a user, lock or unlock the account',
          description:
            'The sessions of a locked account end at once, and it cannot sign in. There is always one administrator.',
          data: AdminUser,
          failures: [...perUser, { code: 'last_admin' }, invalidInput('locked', 'must be true or false')],
        }),
      },
    )
    .delete(
      '/api/admin/users/:id/sessions',
      async ({ params, viewer, request, set }) => {
        await users.endSessions(params.id, actorOf({ viewer, request }));
        if (params.id.toLowerCase() === viewer.userId) forgetSession({ request, set }, isSecure);
        return done({ set });
      },
      {
        params: UserParams,
        ...describeRoute({
          tag,
          summary: 'End all sessions of a user',
          failures: [...perUser, invalidId],
        }),
      },
    )
    .delete(
      '/api/admin/users/:id/totp',
      async ({ params, viewer, request, set }) => {
        await users.removeTotp(params.id, actorOf({ viewer, request }));
        return done({ set });
      },
      {
        params: UserParams,
        ...describeRoute({
          tag,
          summary: 'Remove the second factor of another user, who has lost it',
          description: 'Your own needs your password and a code: `DELETE /api/auth/totp`.',
          failures: [...perUser, invalidId],
        }),
      },
    )
    .post(
      '/api/admin/users/:id/reset-link',
      async ({ params, viewer, request }) =>
        status(201, success(await users.makeResetLink(params.id, actorOf({ viewer, request })))),
      {
        params: UserParams,
        ...describeRoute({
          tag,
          summary: 'Make a link with which another user can set a new password',
          description:
            'It works once, within an hour. Give it to the user yourself: it is not sent. There is none for your own account: change your password with the one you have.',
          data: ResetLink,
          success: 201,
          failures: [...perUser, invalidId],
        }),
      },
    );
}
