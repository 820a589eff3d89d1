import { codeOf, NexusError } from '#shared/errors.ts';
import { UserParams, UsersQuery } from '../admin/users/model.ts';
import type { Actor, AdminUsers } from '../admin/users/service.ts';
import { seeOther } from '../http/answers/see-other.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { queryOf } from '../http/plugins/query.ts';
import { forgetConsole } from './forget-console.ts';
import { nameIn } from './parts.ts';
import { readableQuery } from './readable-query.ts';
import { type SignedInPagesDeps, signedInPages } from './signed-in-pages.ts';
import { type UserNotice, userNotices, usersPage } from './users-page.ts';

export interface UsersPageDeps extends SignedInPagesDeps {
  users: AdminUsers;
  addressOf: ClientAddress;
  /** Whether the browser came by HTTPS. */
  isSecure: (request: Request) => boolean;
}

/** Whoever does one of these to themselves is signed out by it. */
const endings: readonly UserNotice[] = ['lock', 'end-sessions'];

const hidden = { detail: { hide: true } };

type Act = (id: string, actor: Actor) => Promise<unknown>;

/** Accounts, found and governed in the console. */
export function usersPageRoutes({ users, admission, addressOf, isSecure, noteActivity }: UsersPageDeps) {
  const acts: Partial<Record<UserNotice, Act>> = {
    'make-admin': (id, actor) => users.change(id, { role: 'admin' }, actor),
    'make-user': (id, actor) => users.change(id, { role: 'user' }, actor),
    lock: (id, actor) => users.change(id, { locked: true }, actor),
    unlock: (id, actor) => users.change(id, { locked: false }, actor),
    'remove-totp': (id, actor) => users.removeTotp(id, actor),
    'end-sessions': (id, actor) => users.endSessions(id, actor),
  };
  return signedInPages('console-users', { admission, noteActivity })
    .get(
      '/admin/users',
      async ({ request }) => {
        const asked = queryOf(request);
        const query = readableQuery(UsersQuery, asked);
        return usersPage({ ...(await users.page(query)), query, notice: nameIn(userNotices, asked.notice) });
      },
      hidden,
    )
    .post(
      '/admin/users/:id/reset-link',
      async ({ params, viewer, request }) => {
        const link = await users.makeResetLink(params.id, {
          userId: viewer.userId,
          address: addressOf(request),
        });
        const query = readableQuery(UsersQuery, { query: params.id });
        return usersPage({ ...(await users.page(query)), query, link });
      },
      { ...hidden, params: UserParams },
    )
    .post(
      '/admin/users/:id/:action',
      async ({ params, viewer, request, set }) => {
        const notice = nameIn(userNotices, params.action);
        const act = notice && acts[notice];
        if (act === undefined) throw new NexusError('route_not_found', 'There is nothing at this address.');
        const actor = { userId: viewer.userId, address: addressOf(request) };
        const said = await act(params.id, actor).then(() => notice, noticeOfFailure);
        if (said !== undefined && endings.includes(said) && params.id.toLowerCase() === actor.userId)
          forgetConsole({ request, set }, isSecure);
        return seeOther(set, `/admin/users?notice=${said}`);
      },
      { ...hidden, params: UserParams.loose() },
    );
}

function noticeOfFailure(error: unknown): UserNotice {
  if (codeOf(error) === 'last_admin') return 'last-admin';
  if (codeOf(error) === 'not_found') return 'missing';
  throw error;
}
