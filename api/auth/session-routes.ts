import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import { done, success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { invalidInput, perSmallBody, unknownParameter } from '../http/contract/failures.ts';
import { smallBody } from '../http/input/body-rule.ts';
import { signedIn } from '../http/plugins/guards.ts';
import { keptByNobody } from '../http/plugins/kept-by-nobody.ts';
import { strictQuery } from '../http/plugins/query.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { forgetSession } from './forget-session.ts';
import { Session, SessionParams } from './model.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionRoutesDeps {
  sessions: SessionStore;
  security: Pick<SecurityLog, 'record'>;
  admission: Admission;
  addressOf: ClientAddress;
  /** Whether a browser came by HTTPS. */
  isSecure: (request: Request) => boolean;
}

const perUser = [401, 429, 500, 503] as const;

/** Where one is signed in. */
export function sessionRoutes({ sessions, security, admission, addressOf, isSecure }: SessionRoutesDeps) {
  return new Elysia({ name: 'auth-sessions' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get(
      '/api/auth/sessions',
      async ({ viewer }) => {
        const rows = await sessions.list(viewer.userId);
        return success(rows.map((row) => ({ ...row, current: row.id === viewer.sessionId })));
      },
      {
        ...smallBody,
        ...describeRoute({
          tag: 'Accounts',
          summary: 'List your sessions, the latest used first',
          data: [Session],
          failures: [...perUser, unknownParameter],
        }),
      },
    )
    .delete(
      '/api/auth/sessions',
      async ({ viewer: { userId, sessionId }, request, set }) => {
        const ended = await sessions.endOthers(userId, sessionId);
        if (ended > 0)
          security.record({
            event: 'session_end',
            outcome: 'done',
            userId,
            address: addressOf(request),
            detail: `${ended} others`,
          });
        return done({ set });
      },
      {
        ...smallBody,
        ...describeRoute({
          tag: 'Accounts',
          summary: 'End all your other sessions',
          // It takes no body, but reads the one it is given.
          failures: [...perUser, ...perSmallBody, unknownParameter],
        }),
      },
    )
    .delete(
      '/api/auth/sessions/:id',
      async ({ viewer: { userId, sessionId }, params, request, set }) => {
        if (!(await sessions.endOne(userId, params.id)))
          throw new NexusError('not_found', 'You have no session with this id.');
        security.record({ event: 'session_end', outcome: 'done', userId, address: addressOf(request) });
        if (params.id.toLowerCase() === sessionId) forgetSession({ request, set }, isSecure);
        return done({ set });
      },
      {
        params: SessionParams,
        ...smallBody,
        ...describeRoute({
          tag: 'Accounts',
          summary: 'End one of your sessions',
          failures: [
            ...perUser,
            ...perSmallBody,
            { code: 'not_found', message: 'You have no session with this id.' },
            invalidInput('id', 'must be a UUID'),
          ],
        }),
      },
    );
}
