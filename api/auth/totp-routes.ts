import { Elysia, status } from 'elysia';
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
import type { ProvePassword } from './prove-password.ts';
import type { SecondFactors } from './second-factors.ts';
import {
  RecoveryCodes,
  TotpBegin,
  TotpConfirmation,
  TotpRemoval,
  TotpSetup,
  TotpState,
} from './totp-model.ts';

export interface TotpRoutesDeps {
  factors: SecondFactors;
  prove: ProvePassword;
  emailOf: (userId: string) => Promise<string>;
  security: Pick<SecurityLog, 'record'>;
  admission: Admission;
  addressOf: ClientAddress;
}

const perUser = [401, 429, 500, 503] as const;
/** With a body that proves that it is the user who sends it. */
const perProof = [{ code: 'invalid_credentials' }, ...perSmallBody] as const;
const wrongCode = 'The code is wrong.';

/** The second factor of one's own account. */
export function totpRoutes(deps: TotpRoutesDeps) {
  const { factors, prove, emailOf, security, admission, addressOf } = deps;
  return new Elysia({ name: 'auth-totp' })
    .use(signedIn(admission))
    .use(strictQuery())
    .use(keptByNobody())
    .get(
      '/api/auth/totp',
      async ({ viewer: { userId } }) => {
        const [enabled, left] = [await factors.isOn(userId), await factors.leftRecoveryCodes(userId)];
        return success({ enabled, recovery_codes_left: left });
      },
      {
        ...smallBody,
        ...describeRoute({
          tag: 'Accounts',
          summary: 'See whether your account has a second factor',
          data: TotpState,
          failures: [...perUser, unknownParameter],
        }),
      },
    )
    .post(
      '/api/auth/totp',
      async ({ viewer, body }) => {
        await prove(viewer, body.password);
        const { userId, sessionId } = viewer;
        return status(201, success(await factors.begin(userId, await emailOf(userId), sessionId)));
      },
      {
        ...smallBody,
        ...describeRoute({
          body: TotpBegin,
          tag: 'Accounts',
          summary: 'Begin to set up a second factor (TOTP)',
          description:
            'Put the secret into an authenticator app, then confirm it with a code within 15 minutes, in the same session.',
          data: TotpSetup,
          success: 201,
          failures: [
            ...perUser,
            ...perProof,
            { code: 'forbidden', message: 'A second factor is set up already. Remove it first.' },
            invalidInput('password', 'must not be empty'),
          ],
        }),
      },
    )
    .post(
      '/api/auth/totp/confirm',
      async ({ viewer, body, request }) => {
        const recoveryCodes = await factors.confirm(viewer, body.code, viewer.sessionId);
        if (recoveryCodes === undefined) throw new NexusError('invalid_credentials', wrongCode);
        const { userId } = viewer;
        security.record({ event: 'totp_on', outcome: 'done', userId, address: addressOf(request) });
        return success({ recovery_codes: recoveryCodes });
      },
      {
        ...smallBody,
        ...describeRoute({
          body: TotpConfirmation,
          tag: 'Accounts',
          summary: 'Confirm the second factor with a code',
          description:
            'From then on `login` needs a code. All other sessions end. Each recovery code works once in place of a code, and is shown only here.',
          data: RecoveryCodes,
          failures: [
            ...perUser,
            { code: 'invalid_credentials', message: wrongCode },
            ...perSmallBody,
            invalidInput('code', 'must be a code'),
          ],
        }),
      },
    )
    .delete(
      '/api/auth/totp',
      async ({ viewer, body, request, set }) => {
        await prove(viewer, body.password);
        const { userId, sessionId } = viewer;
        const taken = await factors.take(userId, body.code, { sessionId });
        if (taken === undefined || !(await factors.remove(userId)))
          throw new NexusError('invalid_credentials', wrongCode);
        security.record({ event: 'totp_off', outcome: 'done', userId, address: addressOf(request) });
        return done({ set });
      },
      {
        ...smallBody,
        ...describeRoute({
          body: TotpRemoval,
          tag: 'Accounts',
          summary: 'Remove the second factor',
          description: 'Needs the password, and a code or a recovery code.',
          failures: [...perUser, ...perProof, invalidInput('password', 'must not be empty')],
        }),
      },
    );
}
